"""Records of parliaments and hearings in pages, in text and in open data."""

from __future__ import annotations

import datetime as dt
import json

from searcher import readers
from searcher.article import Article
from tests.readers.samples import SAMPLE_FOLDER


def debates(name: str) -> list[Article]:
    return list(readers.read(SAMPLE_FOLDER / name))


def turns(article: Article) -> list[tuple[str | None, str | None, str | None, str]]:
    return [(quote.speaker, quote.role, quote.moment, quote.text) for quote in article.speech]


def test_the_congressional_record_gives_speakers_and_pages() -> None:
    (article,) = debates("congress.html")

    assert ("FERRIES AND PIERS", "US Senate", dt.datetime(1997, 1, 28)) == (
        article.title,
        article.source,
        article.published,
    )
    assert [
        ("McQuill", None, "p. S704", "Mr. President, boats sail.\n\nThey sail soon."),
        ("The PRESIDING OFFICER", "The PRESIDING OFFICER", "p. S705", "Without objection, it is so ordered."),
    ] == turns(article)


def test_the_record_in_json_gives_the_same() -> None:
    header = {"vol": "143", "num": "8", "month": "January", "day": "28", "year": "1997", "pages": "S704"}
    said = {"kind": "speech", "speaker": "Mr. QUILL", "text": "  Mr. QUILL. Boats\nsail.\n", "turn": 0}
    made = {"header": {**header, "chamber": "Senate"}, "content": [said], "title": "FERRIES"}
    (article,) = readers.read_bytes(json.dumps(made).encode(), "a.json")

    assert [("Quill", None, "p. S704", "Boats sail.")] == turns(article)
    assert ("FERRIES", "US Senate") == (article.title, article.source)


def test_in_a_hearing_what_is_put_in_is_said_by_nobody() -> None:
    (article,) = debates("house.txt")

    assert [
        ("Ida Brandt", "Chairwoman", "The hearing will come to order."),
        ("Quill", None, "Thank you."),
    ] == [(quote.speaker, quote.role, quote.text) for quote in article.speech]


def test_who_presides_is_called_by_name() -> None:
    (article,) = debates("assemblee.html")

    assert [
        ("Ida Brandt", "présidente", None, "La parole est à M. Quill."),
        ("Ole Quill", "ministre des bateaux", None, "Bientôt.\n\nTrès bientôt."),
    ] == turns(article)


def test_paragraphs_of_one_speaker_are_one_turn() -> None:
    (article,) = debates("syceron.xml")

    assert ("Ferries", dt.datetime(2024, 5, 30)) == (article.title, article.published)
    assert [("Ida Brandt", None, None, "Bientôt.\n\nOui.")] == turns(article)


def test_the_senate_gives_names_as_attributes() -> None:
    (article,) = debates("senat.xml")

    assert [("Ida Brandt", None, None, "Bientôt.")] == turns(article)
    assert "Ferries" == article.title


def test_the_verbatim_report_of_the_european_parliament_gives_times_and_groups() -> None:
    (article,) = debates("europarl.xml")

    assert [("Ida Brandt", None, "17:02", "Soon.")] == turns(article)
    assert ("1. Ferries", "PPE") == (article.title, article.speech[0].party)


def test_a_page_of_the_verbatim_report_gives_the_same() -> None:
    (article,) = debates("europarl.html")

    assert [("Ida Brandt", "rapporteur", None, "Soon.\n\nVery soon.")] == turns(article)
    assert ("PPE", "en") == (article.speech[0].party, article.language)


def test_a_page_of_the_commons_gives_columns_and_full_names() -> None:
    (article,) = debates("hansard.html")

    assert [
        ("Ole Quill", None, "col. 771", "When?"),
        ("Ida Brandt", "The Minister for Boats", "col. 771", "Soon."),
        ("Ole Quill", None, "col. 771", "Good."),
    ] == turns(article)
