"""The people and organisations of an article, each with its full name; in English also the places.

The tagger (:mod:`.tagger`) marks names, :mod:`.repair` corrects the marks with the whole article, and
:mod:`.consolidation` groups the mentions of one person or organisation.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from searcher import plugins
from searcher.article import Article, Mention, MentionKind
from searcher.errors import UsageError
from searcher.extract.article_text import body_offset, joined_text, language_of
from searcher.extract.names.consolidation import (
    Cluster,
    consolidate,
    is_generic,
    organisation_words,
    without_possessive,
)
from searcher.extract.names.repair import repair, repaired_names_and_places
from searcher.extract.names.tagger import Kind, NameSpan, shared_tagger
from searcher.languages import ENGLISH
from searcher.plugins import install_command

__all__ = ["Cluster", "Kind", "NameSpan", "find_names", "find_names_by_spacy", "joined_text", "mentions_of"]

_KINDS: dict[str, MentionKind] = {"PER": "person", "ORG": "organisation"}


def find_names(article: Article) -> Article:
    """Return the article with new mentions in title and body, none in an unsupported language."""
    language = language_of(article)
    if language == ENGLISH:
        text = joined_text(article)
        names, places = repaired_names_and_places(text, shared_tagger().tag(text))
        mentions = _mentions_of(article, text, names)
        return replace(article, mentions=mentions, places=tuple(_places(text, places)))
    find = plugins.find_optional("searcher.annotators", "names") if language else None
    clusters = find(article, language) if find else ()
    return replace(article, mentions=_in_order(clusters, body_offset(article)), places=())


def mentions_of(article: Article, spans: Sequence[NameSpan]) -> tuple[Mention, ...]:
    """Return the mentions for any tagger's spans in :func:`joined_text`, those of the title first."""
    text = joined_text(article)
    return _mentions_of(article, text, repair(text, spans))


def _mentions_of(article: Article, text: str, spans: Sequence[NameSpan]) -> tuple[Mention, ...]:
    # Omit generic names like "Department" and "the Bank", unless the article has the full name.
    clusters = (
        cluster
        for cluster in consolidate(text, spans)
        if cluster.spans[0].kind == "PER" or not is_generic(organisation_words(cluster.name))
    )
    return _in_order(clusters, body_offset(article))


def _places(text: str, spans: Iterable[NameSpan]) -> Iterator[str]:
    """Yield each place once, in capitals only if it is never written otherwise."""
    names = dict.fromkeys(without_possessive(" ".join(text[one.start : one.end].split())) for one in spans)
    known = {name.casefold(): name for name in names if not name.isupper()}
    yield from dict.fromkeys(known.get(name.casefold(), name) for name in names)


def _in_order(clusters: Iterable[Cluster], offset: int) -> tuple[Mention, ...]:
    pairs = ((span, cluster) for cluster in clusters for span in cluster.spans)
    return tuple(_mention(span, cluster, offset) for span, cluster in sorted(pairs, key=lambda pair: pair[0]))


def _mention(span: NameSpan, cluster: Cluster, offset: int) -> Mention:
    kind, name = _KINDS[span.kind], cluster.name.replace("\u00ad", "")  # remove soft hyphens
    if span.start < offset:
        return Mention(name, kind, span.start, span.end, span.confidence, "title")
    return Mention(name, kind, span.start - offset, span.end - offset, span.confidence)


#: Maps the labels of OntoNotes, CoNLL and WikiNER to kinds.
_KINDS_OF_SPACY: Final[dict[str, Kind]] = {
    "PERSON": "PER", "PER": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "NORP": "NORP",
    "FAC": "Facility", "PRODUCT": "Product", "WORK_OF_ART": "Misc", "EVENT": "Misc", "MISC": "Misc",
}  # fmt: skip
_SPACY_CONFIDENCE: Final = 0.7  # fixed, because spaCy does not return probabilities
#: Components of a spaCy pipeline that are not loaded.
_UNUSED: Final = ("parser", "lemmatizer", "attribute_ruler", "tagger", "morphologizer", "senter")


def find_names_by_spacy(article: Article) -> Article:
    """Do the same with the spaCy model in SEARCHER_SPACY_MODEL. Raises UsageError if it is missing."""
    pipeline = _spacy(os.environ.get("SEARCHER_SPACY_MODEL") or "en_core_web_sm")
    entities = pipeline(joined_text(article)).ents
    kinds = ((one, _KINDS_OF_SPACY.get(one.label_)) for one in entities)
    spans = [NameSpan(one.start_char, one.end_char, kind, _SPACY_CONFIDENCE) for one, kind in kinds if kind]
    return replace(article, mentions=mentions_of(article, spans))


@functools.cache
def _spacy(model: str) -> Any:
    try:
        import spacy  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise UsageError(f"spaCy is not installed. Run: {install_command('spacy')}") from None
    try:
        loaded = spacy.load(model, exclude=_UNUSED)
    except OSError:
        raise UsageError(f"spaCy has no model “{model}”. Run: python -m spacy download {model}") from None
    loaded.max_length = 10_000_000  # in characters; the default protects the parser, which is not loaded
    return loaded
