"""Records of parliaments in XML: who says what, in which debate, and where in the record."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from searcher import readers
from searcher.article import Article
from searcher.errors import ReadError
from tests.readers.samples import SAMPLE_FOLDER

PARLAMINT, AKOMA, PUBLICWHIP, VOLUME, BUNDESTAG, AUSTRALIA, AUSTRALIA_SPANS, CANADA = (
    (SAMPLE_FOLDER / f"{name}.xml").read_text("utf-8")
    for name in (
        *("parlamint", "akoma", "publicwhip", "volume", "bundestag"),
        *("australia", "australia-spans", "canada"),
    )
)
#: What stands in the place of “%s” in the corpus, or in a file beside it.
PEOPLE = """<listPerson xmlns="http://www.tei-c.org/ns/1.0"><person xml:id="ida"><persName>
<forename>Ida</forename><surname>Brandt</surname></persName></person><person xml:id="ole"><persName>
<forename>Ole</forename><nameLink>van</nameLink><surname>Quill</surname></persName>
<affiliation role="member" ref="#party.P" from="2019-01-01"/></person>
<org xml:id="party.P" role="politicalParty"><orgName full="abb">Pier</orgName></org></listPerson>"""


def debates(data: str, name: str = "a.xml") -> list[Article]:
    return list(readers.read_bytes(data.encode("utf-8"), name))


def turns(article: Article) -> list[tuple[str | None, str | None, str]]:
    return [(quote.speaker, quote.moment, quote.text) for quote in article.speech]


def test_an_utterance_is_of_the_person_in_the_list_and_stands_on_its_page() -> None:
    (article,) = debates(PARLAMINT % PEOPLE)

    assert [
        ("Ida Brandt", "p. 12", "The sitting is open."),
        ("Ole van Quill", "p. 12", "Boats sail.\n\nThey sail soon."),
        ("A voice", "p. 13", "Never!"),
    ] == turns(article)


def test_a_sitting_gives_its_body_its_day_and_the_title_of_the_debate() -> None:
    (article,) = debates(PARLAMINT % PEOPLE)

    assert ("Ferries", "Parliament of Skerry", "Sitting 7", dt.datetime(2021, 3, 4)) == (
        article.title,
        article.source,
        article.section,
        article.published,
    )


def test_what_is_noted_is_kept_and_said_by_nobody() -> None:
    (article,) = debates(PARLAMINT % PEOPLE)

    assert "laughter" in article.body
    assert not any("laughter" in quote.text for quote in article.quotes)


def test_a_list_tells_chairs_and_parties() -> None:
    (article,) = debates(PARLAMINT % PEOPLE)

    assert [("Chair", None), (None, "Pier"), (None, None)] == [(q.role, q.party) for q in article.speech]


def test_a_list_of_persons_may_lie_beside_or_above_a_year(tmp_path: Path) -> None:
    (tmp_path / "2021").mkdir()
    file = tmp_path / "2021" / "ParlaMint-XX_2021-03-04.xml"
    file.write_text(PARLAMINT % "", "utf-8")
    (tmp_path / "ParlaMint-XX-listPerson.xml").write_text(PEOPLE, "utf-8")
    (article,) = readers.read(file)

    assert "Ole van Quill" == article.speech[1].speaker


def test_annotated_words_are_parted_as_they_were_written() -> None:
    words = '<s><w>Boats</w><w join="right">sail</w><pc>.</pc></s>'
    (article,) = debates((PARLAMINT % PEOPLE).replace("The sitting is open.", words))

    assert "Boats sail." == article.speech[0].text


def test_a_debate_in_akoma_ntoso_has_speakers_roles_and_times() -> None:
    (article,) = debates(AKOMA)
    (quote,) = article.speech

    assert ("Ferries", "Questions", "Assembly of Skerry") == (article.title, article.section, article.source)
    assert ("Ida Brandt", "Minister", "14:05", "Soon.") == (
        quote.speaker,
        quote.role,
        quote.moment,
        quote.text,
    )


def test_parlparse_has_columns_and_characters_by_name() -> None:
    opening, ferries = debates(PUBLICWHIP)

    assert [("Mr. Speaker", "col. 1", "Order!")] == turns(opening)
    assert [("Ida Brandt", "col. 2", "Soon—\n\nvery soon.")] == turns(ferries)
    assert ("FERRIES", "House of Commons", "http://hansard.example/1") == (
        ferries.title,
        ferries.source,
        ferries.url,
    )


def test_a_chair_is_no_person_by_name() -> None:
    opening, ferries = debates(PUBLICWHIP)

    assert ["unnamed", "person"] == [one.speech[0].speaker_kind for one in (opening, ferries)]
    assert "Minister for Boats" == ferries.speech[0].role


def test_a_surname_alone_is_the_one_speaker_of_the_sitting_who_has_it() -> None:
    (article,) = debates(VOLUME)

    assert [("Ole Quill", None, "asked when."), ("Ole Quill", "col. 2", "Soon.")] == turns(article)


def test_a_plenarprotokoll_has_an_article_for_each_item_of_the_agenda() -> None:
    opening, ferries = debates(BUNDESTAG)

    assert ["Plenarprotokoll 19/68", "Punkt 1: Fähren"] == [opening.title, ferries.title]
    assert [
        ("Ulf Pier", "p. 7", "Ich rufe auf."),
        ("Ida von Brandt", "p. 7", "Bald.\n\nSehr bald."),
        ("Ulf Pier", "p. 8", "Danke."),
    ] == turns(ferries)
    assert [("Präsident", None), (None, "SPD")] == [(q.role, q.party) for q in ferries.speech[:2]]


def test_the_id_of_a_debate_stays_when_another_one_changes() -> None:
    ids = [article.id for article in debates(BUNDESTAG)]
    changed = debates(BUNDESTAG.replace("Guten Morgen", "Guten Tag"))

    assert ids == [article.id for article in changed]


def test_a_long_debate_is_parted_between_turns() -> None:
    long = BUNDESTAG.replace("Bald.", "Bald. " * 3_000).replace("Danke.", "Danke. " * 1_000)

    assert ["Plenarprotokoll 19/68", "Punkt 1: Fähren", "Punkt 1: Fähren (2)"] == [
        article.title for article in debates(long)
    ]


@pytest.mark.parametrize("name", ["a.xml", "a.tei"])
def test_a_record_is_told_by_its_root(name: str) -> None:
    assert 3 == len(debates(PARLAMINT % PEOPLE, name)[0].speech)


def test_entities_that_are_no_characters_are_refused() -> None:
    with pytest.raises(ReadError, match="entities"):
        debates(PUBLICWHIP.replace('"&#8212;"', '"&lol;&lol;"'))


def test_a_talk_in_australia_goes_on_after_an_interruption() -> None:
    (article,) = debates(AUSTRALIA)

    assert [
        ("Orla O'Keane", "12:31", "The wall will hold.\n\nIt was built to last."),
        ("Cy Poe", "p. 8", "Never!"),
        ("Orla O'Keane", "12:31", "It will."),
    ] == turns(article)


def test_a_day_in_australia_has_its_chamber() -> None:
    (article,) = debates(AUSTRALIA)

    assert ("House of Representatives (Australia)", dt.datetime(2004, 3, 4), "The Wall") == (
        article.source,
        article.published,
        article.title,
    )


def test_a_talker_in_australia_has_an_office_and_a_party() -> None:
    said = debates(AUSTRALIA)[0].speech[0]

    assert ("Minister for Ports", "HP") == (said.role, said.party)


def test_paragraphs_of_the_senate_of_australia_belong_to_the_name_before_them() -> None:
    (article,) = debates(AUSTRALIA_SPANS)

    assert [
        ("Orla O'Keane", "p. 7", "The wall will hold.\n\nIt was built to last."),
        ("The PRESIDENT", None, "Order!"),
        ("Orla O'Keane", "p. 7", "It will."),
    ] == turns(article)


def test_an_intervention_in_canada_has_its_time() -> None:
    (article,) = debates(CANADA)

    assert [
        ("Orla Keane", "14:05", "Mr. Speaker, the wall will hold.\n\nIt was built to last."),
        ("Cy Poe", "14:10", "Who pays?"),
        ("Ida Brandt", "14:10", "Order."),
    ] == turns(article)


def test_an_office_and_a_party_in_canada_are_told_from_an_electorate() -> None:
    (article,) = debates(CANADA)

    assert [("Minister of State (Ports)", "Lib."), (None, "CPC")] == [
        (one.role, one.party) for one in article.speech[:2]
    ]
