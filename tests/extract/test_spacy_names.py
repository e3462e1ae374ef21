"""spaCy as the tagger of names."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from searcher.article import Article
from searcher.errors import UsageError
from searcher.extract.names import find_names_by_spacy

ARTICLE = Article(
    "1",
    "Ada Quill leaves Google",
    "LONDON - Ada Quill left Google on Tuesday. Quill told Reuters that she was tired.",
)
installed = find_spec("spacy") is not None


@pytest.mark.skipif(not installed, reason="spaCy is not installed")
def test_its_entities_are_consolidated(monkeypatch: pytest.MonkeyPatch) -> None:
    from spacy import util

    english = [name for name in util.get_installed_models() if name.startswith("en_core_web_")]
    if not english:
        pytest.skip("no English model of spaCy's is installed")
    monkeypatch.setenv("SEARCHER_SPACY_MODEL", english[0])
    found = find_names_by_spacy(ARTICLE)

    assert ("Ada Quill",) == found.people
    assert "Google" in found.organisations


@pytest.mark.skipif(not installed, reason="spaCy is not installed")
def test_a_model_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHER_SPACY_MODEL", "no_such_model")

    with pytest.raises(UsageError, match="no_such_model"):
        find_names_by_spacy(ARTICLE)


@pytest.mark.skipif(installed, reason="spaCy is installed")
def test_without_spacy_the_message_says_what_to_install() -> None:
    with pytest.raises(UsageError, match="pip install 'spacy>="):
        find_names_by_spacy(ARTICLE)
