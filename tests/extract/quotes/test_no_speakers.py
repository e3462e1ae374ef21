"""What looks like a name or like speech and is neither."""

from __future__ import annotations

import pytest

from searcher.article import Mention
from searcher.extract.quotes.tokens import Tokens, find_names

ROE = (Mention("Ann Roe", "person", 0, 7),)  # at the start of the body


@pytest.mark.parametrize(
    ("written", "speaker"),
    [
        ("“We have the votes,” said an Aurel Democrat.", "an Aurel Democrat"),
        ("“The vote was close,” a Chairman said.", "a Chairman"),
        ("Analysts said the plan was “bold but late.”", "Analysts"),
        ("“It was a fair vote,” said a Poe supporter who was there.", "a Poe supporter"),
        ("“We saw no ship,” the Aurel harbour officials said.", "the Aurel harbour officials"),
    ],
)
def test_a_group_or_role_is_nobody_named(find, written, speaker):
    body = f"Ann Roe met Robert Poe at the town hall.\n\n{written}"
    found = find(body, (*ROE, Mention("Robert Poe", "person", 12, 22)))

    assert [(speaker, "unnamed")] == [(q.speaker, q.speaker_kind) for q in found.quoted]


def test_the_first_word_of_a_sentence_is_no_name(find):
    found = find(
        "Ann Roe keeps bees.\n\nNote that she calls the old hive “a palace of wax and patience.”", ROE
    )

    assert ["Ann Roe"] == [quote.speaker for quote in found.quoted]


def test_a_name_that_the_names_stage_left_out_is_no_person(find):
    found = find("Ann Roe trades in silver.\n\n“We want a stable price,” said West Quillby.", ROE)

    assert [("West Quillby", "unnamed")] == [(q.speaker, q.speaker_kind) for q in found.quoted]


@pytest.mark.parametrize(("written", "names"), [("그는 SNS에 글을 남겼다.", []), ("SNS wrote it.", ["SNS"])])
def test_a_word_of_two_scripts_is_no_name(written, names):
    assert names == [name.entity.name for name in find_names(Tokens(written, []), ())]


def test_facts_under_headings_are_no_transcript(find):
    lines = ["Location: The Location is the old mill.", "Pricing: The Pricing is by the hour."] * 2

    assert [] == find("\n\n".join(lines)).said


@pytest.mark.parametrize(
    "written",
    [
        "I found more to do or saw films where I thought “How hard can it be to make one?” and went on.",
        "CRM or CAD come with it (“a gift for every guest who comes in May, as long as there are any”).",
        "Cases differ. Another good way is to ask for a cheap one: “Find me a plain red for ten.”",
    ],
)
def test_who_nothing_says_speaks_is_no_speaker(find, written):
    found = find(f"Ann Roe keeps bees.\n\n{written}", ROE)

    assert not {quote.speaker for quote in found.quoted} - {None}


def test_what_others_say_is_given_to_nobody_surely(find):
    found = find(
        "Ann Roe keeps bees.\n\nAs others have it, “this lens is all that a beginner needs to buy.”", ROE
    )

    assert not [quote.speaker for quote in found.quoted if quote.confidence >= 0.7]


@pytest.mark.parametrize("told", ["You say", "You can say", "Don’t say", "Let’s say", "I’d say"])
def test_the_reader_is_no_speaker(find, told):
    found = find(
        f"Ann Roe keeps bees.\n\nGuests come late. {told}: “It is time to go home now, my friends.”", ROE
    )

    assert not {quote.speaker for quote in found.quoted} - {None}


def test_a_fragment_without_a_verb_of_speech_is_less_sure(find):
    bees = "Ann Roe keeps bees.\n\n"
    said = find(f"{bees}The plan was what Ann Roe calls “an honest, patient and fair attempt.”", ROE)
    used = find(f"{bees}That is why Ann Roe is for “an honest, patient and fair attempt.”", ROE)

    sure = [quote for quote in (*said.quoted, *used.quoted) if quote.confidence > 0.7]

    assert list(said.quoted) == sure


def test_a_noun_without_a_verb_of_speech_is_a_doubtful_speaker_of_a_clause(find):
    found = find(
        "Ann Roe teaches English.\n\n“We practise what people say on the road,” Roe said. "
        "“It takes an hour.”\n\n"
        "The lesson for the drivers of Monday: “My car won’t start this morning, and I am late for work.”",
        ROE,
    )

    assert 0.6 > found.quoted[-1].confidence
