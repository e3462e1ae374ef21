"""What words that name a source say somebody said."""

from __future__ import annotations

import pytest

from searcher.article import Article, Mention, Quote
from searcher.extensions.languages.reported_speech import named_source_reports


def article(body: str, name: str, kind: str = "person") -> Article:
    start = body.index(name)
    return Article("1", body=body, mentions=(Mention(name, kind, start, start + len(name)),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "body", "said"),
    [
        ("de", "Es regnet. Laut Anna Roe bleibt der Hafen geschlossen.", "bleibt der Hafen geschlossen"),
        (
            "de",
            "Der Hafen bleibt heute geschlossen, laut Anna Roe. Es regnet.",
            "Der Hafen bleibt heute geschlossen",
        ),
        ("nl", "De haven blijft volgens Anna Roe dicht.", "De haven blijft volgens Anna Roe dicht"),
        ("no", "Men ifølge Anna Roe er havna stengt nå.", "er havna stengt nå"),
        ("fi", "Anna Roe mukaan satama on tänään kiinni.", "satama on tänään kiinni"),
        ("es", "Según Anna Roe, el Sr. Paz dejó el puerto ayer.", "el Sr. Paz dejó el puerto ayer"),
        ("pt", "Foi em 2010. Segundo Anna Roe, o porto ficou fechado.", "o porto ficou fechado"),
    ],
)
def test_what_the_sentence_says_beside_its_source(language: str, body: str, said: str) -> None:
    (one,) = named_source_reports(article(body, "Anna Roe"), language, (), 3)

    quote = one.quote
    assert (said, "Anna Roe", "indirect", 3) == (quote.text, quote.speaker, quote.kind, quote.utterance)
    assert quote.text == body[quote.start : quote.end]


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        ("Laut Quillby Bank steigen die Preise bald.", "Quillby Bank", "organisation"),
        ("Anna Roe lachte laut über den Hafen dort.", "Anna Roe", "person"),
        ("Laut Anna Roe regnet es.", "Anna Roe", "person"),
    ],
)
def test_bodies_other_words_and_a_few_words_are_no_report(body: str, name: str, kind: str) -> None:
    assert [] == list(named_source_reports(article(body, name, kind), "de", (), 0))


def test_what_somebody_owns_is_no_source() -> None:
    body = "Ifølge Roes biografi var havna stengt den dagen."
    of_hers = Article("1", body=body, mentions=(Mention("Anna Roe", "person", 7, 11),))

    assert [] == list(named_source_reports(of_hers, "no", (), 0))


def test_a_sentence_ends_behind_an_acronym() -> None:
    body = "Det meldte EU. Ifølge Anna Roe er havna stengt nå."

    assert ["er havna stengt nå"] == [
        one.quote.text for one in named_source_reports(article(body, "Anna Roe"), "no", (), 0)
    ]


def test_a_sentence_that_holds_a_quotation_is_left_to_it() -> None:
    body = "Laut Anna Roe bleibt der Hafen „bis auf Weiteres“ geschlossen."
    start = body.index("bis")
    quote = Quote("bis auf Weiteres", "Anna Roe", "partial", start, start + 16)

    assert [] == list(named_source_reports(article(body, "Anna Roe"), "de", (quote,), 0))
