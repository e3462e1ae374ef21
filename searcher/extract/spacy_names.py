"""spaCy in place of the built-in tagger of names: ``pip install article-searcher[spacy]`` and a model.

Register it as the extractor "names" in the package that brings it along::

    [project.entry-points."searcher.extractors"]
    names = "searcher.extract.spacy_names:find_names"

The environment variable ``SEARCHER_SPACY_MODEL`` names the model (default: ``en_core_web_sm``). Its entities
are mended and consolidated as the built-in tagger's are.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from searcher.article import Article
from searcher.errors import UsageError
from searcher.extract.names import Kind, NameSpan, joined_text, mentions_of
from searcher.plugins import install_command

MODEL_VARIABLE: Final = "SEARCHER_SPACY_MODEL"
_DEFAULT: Final = "en_core_web_sm"
# OntoNotes labels, and those of models trained on CoNLL or WikiNER.
_KINDS: Final[dict[str, Kind]] = {
    "PERSON": "PER",
    "PER": "PER",
    "ORG": "ORG",
    "GPE": "LOC",
    "LOC": "LOC",
    "NORP": "NORP",
    "FAC": "Facility",
    "PRODUCT": "Product",
    "WORK_OF_ART": "Misc",
    "EVENT": "Misc",
    "MISC": "Misc",
}
# spaCy's pipeline gives no probabilities.
_CONFIDENCE: Final = 0.7
# Only what finding entities needs.
_UNUSED: Final = ("parser", "lemmatizer", "attribute_ruler", "tagger", "morphologizer", "senter")


def find_names(article: Article) -> Article:
    """The article with its mentions as spaCy finds them. Raises UsageError without spaCy or its model."""
    return replace(article, mentions=mentions_of(article, list(_spans(joined_text(article)))))


def _spans(text: str) -> Iterator[NameSpan]:
    for entity in _pipeline(os.environ.get(MODEL_VARIABLE) or _DEFAULT)(text).ents:
        kind = _KINDS.get(entity.label_)
        if kind:
            yield NameSpan(entity.start_char, entity.end_char, kind, _CONFIDENCE)


@functools.cache
def _pipeline(model: str) -> Any:
    try:
        import spacy  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise UsageError(f"spaCy is not installed. Run: {install_command('spacy')}") from None
    try:
        loaded = spacy.load(model, exclude=_UNUSED)
    except OSError:
        raise UsageError(f"spaCy has no model “{model}”. Run: python -m spacy download {model}") from None
    loaded.max_length = 10_000_000  # characters; the limit guards the parser's memory, which is not used
    return loaded
