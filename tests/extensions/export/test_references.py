"""References, as independent readers understand them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from searcher import Article, Quote
from searcher.formats.export import export_parts
from searcher.formats.reference import Author, citation, coins, meta, reference
from searcher.results import Hit
from searcher.results.quotations import QuoteHit

HARD = r"100 % of {Müller & Sons} cost $5_000 #1 ~ \ “ok” ^"
ARTICLE = Article(
    "a/1 b",
    HARD,
    "Body.",
    url="https://example.org/a?b=1&c=%20#d",
    source="The Harbour & Post",
    authors=("Ludwig van Beethoven", "Reuters staff", "Ida Brandt"),
    published="2024-05-06",  # type: ignore[arg-type]  # converted
    language="en",
    tags=("sea", "ships"),
)
BARE = Article("bare", "", "Body.")


def written(name: str, *articles: Article) -> str:
    return "".join(export_parts(name, [Hit(one, 0.0) for one in articles]))


def test_zotero_and_others_read_ris() -> None:
    rispy = pytest.importorskip("rispy", reason="a development tool: pip install -e '.[dev]'")
    [read, bare] = rispy.loads(written("ris", ARTICLE, BARE))

    assert ("NEWS", HARD) == (read["type_of_reference"], read["title"])
    assert ["van Beethoven, Ludwig", "Reuters staff", "Brandt, Ida"] == read["authors"]
    assert ("The Harbour & Post", "2024", "2024/05/06") == (
        read["secondary_title"],
        read["year"],
        read["date"],
    )
    assert (ARTICLE.url, ["sea", "ships"]) == (read["urls"][0], read["keywords"])
    assert "Body." == bare["title"]


def test_latex_reads_bibtex() -> None:
    bibtexparser = pytest.importorskip("bibtexparser", reason="a development tool: pip install -e '.[dev]'")
    read = bibtexparser.parse_string(written("bibtex", ARTICLE, BARE))
    entry, bare = read.entries

    assert [] == read.failed_blocks
    assert "vanbeethoven2024-a-1-b" == entry.key
    assert "van Beethoven, Ludwig and {Reuters staff} and Brandt, Ida" == entry["author"]
    assert r"The Harbour \& Post" == entry["journal"]
    assert ("2024-05-06", "2024") == (entry["date"], entry["year"])
    assert "bare" == bare.key


def test_citation_processors_read_csl() -> None:
    citeproc = pytest.importorskip("citeproc", reason="a development tool: pip install -e '.[dev]'")
    from citeproc.source.json import CiteProcJSON

    source = CiteProcJSON(json.loads(written("csl", ARTICLE, BARE)))
    read = source["a/1 b"]

    assert citeproc.types.ARTICLE_NEWSPAPER == read.type
    assert HARD == str(read.title)
    assert ["van Beethoven", "Brandt"] == [one.family for one in read.author if one.get("family")]
    assert 2024 == read.issued.year
    assert "bare" in source


def test_nothing_found_is_valid_too() -> None:
    assert ([], "", "") == (json.loads(written("csl")), written("ris"), written("bibtex"))


@pytest.mark.parametrize("name", ["ris", "bibtex"])
def test_no_field_begins_a_line_of_its_own(name: str) -> None:
    evil = replace(ARTICLE, title="One\r\nER  - \r\nTY  - JOUR\n}\n@book{x,", source="a\nb")

    assert len(written(name, ARTICLE).splitlines()) == len(written(name, evil).splitlines())


def test_statements_become_notes_of_their_article() -> None:
    said = [Quote(text, "Ann Lee", "direct", 0, 1) for text in ("One.", "Two.")]
    hits = [QuoteHit(quote, ARTICLE, 0.0, speaker="Ann Lee") for quote in said]
    [item] = json.loads("".join(export_parts("csl", hits, quotes=True)))

    assert "Ann Lee: “One.”; Ann Lee: “Two.”" == item["note"]


def test_the_note_doubts_a_speaker_who_is_not_sure() -> None:
    quote = Quote("One.", "Ann Lee", "direct", 0, 1, confidence=0.5)
    [item] = json.loads(
        "".join(export_parts("csl", [QuoteHit(quote, ARTICLE, 0.0, speaker="Ann Lee")], quotes=True))
    )

    assert "Ann Lee?: “One.”" == item["note"]


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("山田 太郎", Author("山田 太郎")),
        ("김 민수", Author("김 민수")),
        ("山田, 太郎", Author("山田", "太郎")),
        ("Ida Brandt", Author("Brandt", "Ida")),
        ("Brandt, Ida", Author("Brandt", "Ida")),
        ("Ludwig van Beethoven", Author("van Beethoven", "Ludwig")),
        ("Voltaire", Author("Voltaire")),
        ("Reuters staff", Author("Reuters staff")),
        ("村上春樹", Author("村上春樹")),
        ("", Author("")),
    ],
)
def test_names_of_authors(name: str, author: Author) -> None:
    assert (author,) == reference(replace(ARTICLE, authors=(name,))).authors


def test_an_address_ends_no_field_of_bibtex() -> None:
    cited = written("bibtex", replace(ARTICLE, url="https://example.org/a b?c=%20{d}#e"))

    assert r"url = {https://example.org/a%20b?c=\%20%7Bd%7D\#e}" in cited


def test_a_citation_in_words() -> None:
    article = replace(ARTICLE, title="Is it so?", authors=("Ida Brandt",), url="https://example.org/")

    assert "Brandt, Ida. Is it so? The Harbour & Post, 2024-05-06. https://example.org/" == citation(
        reference(article)
    )
    assert "Body." == citation(reference(BARE))


@pytest.mark.parametrize(
    ("given", "cited"),
    [
        ({"authors": ("Mara E. Lindqvist",), "title": "Ships."}, "Lindqvist, Mara E. Ships."),
        ({"title": "Ships", "source": "Harbour Foundation, Inc."}, "Ships. Harbour Foundation, Inc."),
    ],
)
def test_a_citation_has_no_two_full_stops(given: dict[str, Any], cited: str) -> None:
    assert cited == citation(reference(replace(BARE, **given)))


def test_a_page_tells_what_it_shows() -> None:
    cited = reference(ARTICLE)

    assert "rft.jtitle=The+Harbour+%26+Post&rft.date=2024-05-06" in coins(cited)
    assert ("citation_publication_date", "2024/05/06") in list(meta(cited))


def test_a_table_has_no_formulas() -> None:
    assert "'=1+1" in written("csv", replace(ARTICLE, title="=1+1"))


def test_the_first_paragraph_is_the_abstract() -> None:
    made = reference(Article("1", "Ferry", "The ferry sank.\n\nNobody was hurt.", tags=("sea", "note=mine")))

    assert ("The ferry sank.", ("sea",)) == (made.abstract, made.tags)


def test_a_number_belongs_to_the_family() -> None:
    made = reference(Article("1", "Ferry", "The ferry sank.", authors=("Jan Sobieski III",)))

    assert (Author("Sobieski III", "Jan"),) == made.authors


@pytest.mark.parametrize("name", ["ris", "csv"])
def test_an_article_without_a_title_is_called_by_its_first_words(name: str) -> None:
    assert "The ferry sails again" in written(name, Article("bare", "", "The ferry sails again."))
