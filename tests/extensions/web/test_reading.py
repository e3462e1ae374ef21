"""An article as HTML: quotations, names and matches lie within one another."""

from __future__ import annotations

import re
from dataclasses import replace

from bs4 import BeautifulSoup
from markupsafe import Markup

from searcher import Article, Mention, Quote
from searcher.extensions.web.marks import MAX_HUES, reading

BODY = "Ann Lee said: “We win.”\n\n“Not yet,” Bo Ek told Lee. <b>"


def article(*quotes: Quote) -> Article:
    mentions = (Mention("Ann Lee", "person", 0, 7), Mention("Bo Ek", "person", 37, 42))
    return Article("a", "Ann & Bo", BODY, mentions=mentions, quotes=quotes)


def quote(said: str, speaker: str | None) -> Quote:
    start = BODY.index(said)
    return Quote(said, speaker, "direct", start, start + len(said))


def body(of: Article, *marks: tuple[int, int]) -> list[str]:
    return [str(one) for one in reading(of, (), marks).paragraphs]


def test_plain_text_is_escaped() -> None:
    [_, last] = body(Article("a", "", BODY))

    assert "“Not yet,” Bo Ek told Lee. &lt;b&gt;" == last


def test_names_are_links() -> None:
    [first, _] = body(article())

    assert '<a class="person" href="/person/Ann%20Lee">Ann Lee</a> said: “We win.”' == first


def test_a_quotation_names_its_speaker() -> None:
    [first, _] = body(article(quote("We win.", "Ann Lee")))

    assert first.endswith(
        'said: “<span class="quote direct s0" id="q15"><span class="who">Ann Lee<span class="hidden">: '
        "</span></span>We win.</span>”"
    )


def test_a_speaker_is_named_once_where_they_go_on() -> None:
    shown = "".join(body(article(quote("We", "Ann Lee"), quote("win.", "Ann Lee"))))

    assert 1 == shown.count('class="who"')


def test_a_speaker_is_named_again_in_the_next_paragraph() -> None:
    shown = body(article(quote("We win.", "Ann Lee"), quote("Not yet,", "Ann Lee")))

    assert [1, 1] == [paragraph.count('class="who"') for paragraph in shown]


def test_a_match_in_a_name_in_a_quotation() -> None:
    [first, _] = body(article(quote("Ann Lee said", "Bo Ek")), (4, 7))

    assert '<a class="person" href="/person/Ann%20Lee">Ann <mark id="m1">Lee</mark></a> said</span>' in first


def test_what_crosses_a_border_is_parted_there() -> None:
    # The match begins in the name and ends behind it.
    [first, _] = body(article(), (4, 12))

    assert first.startswith(
        '<a class="person" href="/person/Ann%20Lee">Ann <mark id="m1">Lee</mark></a><mark>'
    )


def test_a_quotation_over_two_paragraphs_has_one_place() -> None:
    first, last = body(article(quote(BODY[15:33], "Ann Lee")))

    assert (1, 0) == (first.count('id="q15"'), last.count('id="q15"'))
    assert last.startswith('<span class="quote direct s0">')


def test_who_is_there() -> None:
    read = reading(article(quote("We win.", "Ann Lee")), (), ())

    assert ({"Ann Lee": 1}, {"Ann Lee": 1, "Bo Ek": 1}, {}) == (
        read.speakers,
        read.people,
        read.organisations,
    )


def test_whom_nobody_can_be_sure_of_has_a_question_mark_and_is_not_counted() -> None:
    doubtful = replace(quote("We win.", "Ann Lee"), confidence=0.6)
    read = reading(article(doubtful), (), ())

    assert {} == read.speakers
    assert 'class="who">Ann Lee?<' in read.paragraphs[0]


def test_reported_speech_that_nobody_can_be_sure_of_is_not_marked() -> None:
    doubtful = replace(quote("We win.", "Ann Lee"), kind="indirect", confidence=0.6)

    assert "quote" not in body(article(doubtful))[0]


def test_where_each_begins_to_speak() -> None:
    """What lies within another's quotation is not marked, so that nothing leads there."""
    quotes = (quote("win.", "Ann Lee"), quote("We", "Ann Lee"), quote("Ann Lee said", "Bo Ek"))
    read = reading(article(*quotes, quote("Lee said", "Cy")), (), ())

    assert {"Ann Lee": BODY.index("We"), "Bo Ek": 0} == read.first_said


def test_there_are_so_many_colours() -> None:
    quotes = tuple(Quote("x", f"S{number}", "direct", number, number + 1) for number in range(MAX_HUES + 3))
    read = reading(Article("a", "", "x" * 40, quotes=quotes), (), ())

    assert MAX_HUES - 1 == max(read.hues.values())


def test_the_title_is_marked() -> None:
    assert Markup("Ann &amp; <mark>Bo</mark>") == reading(article(), ((6, 8),), ()).title


def test_passages_end_where_a_paragraph_does_or_nothing_matches_for_long() -> None:
    text = f"Ice and ice.\n\nIce. {'Snow fell. ' * 20}Ice."
    places = tuple(found.span() for found in re.finditer("[Ii]ce", text))
    read = reading(Article("a", "", text), (), places, here=3)

    marks = [BeautifulSoup(paragraph, "lxml").select("mark") for paragraph in read.paragraphs]
    assert 3 == read.passages
    assert [["m1", None], ["m2", "m3"]] == [[mark.get("id") for mark in row] for row in marks]
    assert ["m3"] == [mark.get("id") for row in marks for mark in row if mark.get("class")]
