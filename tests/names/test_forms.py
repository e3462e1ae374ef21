from __future__ import annotations

import pytest

from searcher.article import Article
from searcher.extract.names import NameSpan, mentions_of
from searcher.names.forms import LEGAL_FORMS
from tests.names import resolve


@pytest.mark.parametrize("form", sorted(LEGAL_FORMS))
def test_what_is_one_body_within_an_article_is_one_across(form: str) -> None:
    full = f"Quillby Steel {form.upper()}"
    body = f"{full} will close a mill. Nobody at Quillby Steel would say when."
    spans = [
        NameSpan(0, len(full), "ORG"),
        NameSpan(body.index("Quillby Steel", 1), body.index(" would"), "ORG"),
    ]

    within = {mention.name for mention in mentions_of(Article("1", "", body), spans)}
    across = resolve("organisation", {full: 1, "Quillby Steel": 2})

    assert (1, 1) == (len(within), len(set(across.values())))
