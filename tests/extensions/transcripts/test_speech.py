"""Captions and transcripts: whole turns, who speaks and when; and what is none of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import read_bytes
from searcher.readers.dispatch import Dispatcher

#: Files as programs write them, each with what is said in it: by whom, when, and the words it begins with.
CASES = json.loads(Path(__file__).with_name("speech.json").read_text("utf-8"))


def article(name: str, content: str) -> Article:
    (found,) = read_bytes(content.encode(), name)
    return found


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_turns_are_told_as_programs_write_them(case: dict[str, Any]) -> None:
    content = case["content"] if isinstance(case["content"], str) else json.dumps(case["content"])

    said = article(case["name"], content).speech

    assert case["said"] == [[quote.moment, quote.speaker, quote.text] for quote in said]


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_what_is_said_stands_in_the_body(case: dict[str, Any]) -> None:
    content = case["content"] if isinstance(case["content"], str) else json.dumps(case["content"])

    found = article(case["name"], content)

    assert [quote.text for quote in found.quotes] == [found.body[q.start : q.end] for q in found.quotes]


def test_a_label_stands_before_the_turn_as_it_is_printed() -> None:
    found = article("a.txt", "Ada Quill: Yes.\nBo Moss: No.\nAda Quill: Why?\nBo Moss: So.\n")

    assert "Ada Quill: Yes.\n\nBo Moss: No." == found.body[:29]


def test_role_and_name_are_told_apart() -> None:
    (first, *_) = article("a.srt", CAPTIONS_WITH_ROLES).speech

    assert ("ORLA KEANE", "Minister for Ports") == (first.speaker, first.role)


CAPTIONS_WITH_ROLES = """1
00:00:01,000 --> 00:00:02,000
ORLA KEANE (Minister for Ports): The wall is needed.

2
00:00:03,000 --> 00:00:04,000
CY POE: Who pays?

3
00:00:05,000 --> 00:00:06,000
CY POE, GREENS: I asked who pays.
"""


def test_a_recording_has_the_title_and_day_of_its_file() -> None:
    found = article("2026-03-04 Harbour_talk.en.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nThe tide is in.\n")

    assert ("2026-03-04 Harbour talk", "2026-03-04") == (found.title, str(found.published)[:10])


def test_a_recording_is_the_same_under_another_name() -> None:
    cues = "WEBVTT\n\n00:01.000 --> 00:02.000\nThe tide is in.\n"

    assert article("a.vtt", cues).id == article("b.vtt", cues).id


@pytest.mark.parametrize(
    "text",
    [
        "The Harbour\n\nQ: Who pays?\n\nA: The county.\n\nQ: When?\n\nA: In May.\n\nQ: Why?\n\nA: It must.\n",
        "Pancakes\n\nFor The Dough: flour, milk.\n\nFor The Sauce: butter.\n\nTo Serve: sugar.\n",
        "Tonight\n\n20:15 The Long Tide\n21:45 News\n22:15 Harbour Lights\n23:30 Weather\n23:45 Close\n",
        "MERIDIAN: Will it hold?\n\nKEANE: It will. Orla Keane, 51, said so at length and in the rain.\n",
        "Plan\n\n"
        + "Harbour Growth: the growth of the harbour slows.\n\nNext Action: the next action is ours.\n\n" * 3,
        "Repairs\n\n" + "Step 1: Dry the wall.\n\nStep 2: Paint the wall.\n\nStep 3: Wait.\n\n" * 3,
        "".join(
            f"{key}: The crew of quay {n} reports by noon.\n\n"
            for n in range(5)
            for key in ("Daily Goal", "Crew List", "Tide Table", "Night Watch")
        ),
        "\n\n".join(
            f"{name}: {'The wall stands, and so does the town. ' * 140}" for name in ["Ada", "Bo"] * 3
        ),
        "Choices\n\n" + "Decision: Stone.\n\nRationale: It lasts.\n\nConsequences: It costs more.\n\n" * 6,
        "Shows\n\n00:10 Tides\n* Ada: A lamp\n* Bo: Tea\n05:55 Lamps\n* Ada: A rope\n* Bo: A flag\n9:12 X\n",
        "Usage\n\n" + "Usage: run the pump by night.\n\n" * 22 + "Bo Moss: None.\n",
        "".join(f"2026-01-01 10:00:{n:02} INFO: Pump {n} is on.\n" for n in range(30)),
        "Letters\n\n" + "DEAR ABBA: The wall is wet.\n\nDEAR MOSS: The wall is dry.\n\n" * 3,
        "Leave\n\n" + "Harbour Policy:\n* Leave for night shifts.\n\nHarbour Facts:\n* Days of rest.\n\n" * 4,
        "文本\n\n" + "错误：本文介绍如何快速启动系统。\n\n正确：本文介绍如何快速启动 系统。\n\n" * 6,
    ],
    ids=[
        "questions and answers",
        "a recipe",
        "a programme",
        "one exchange",
        "a plan",
        "steps",
        "a form",
        "essays in turns",
        "decisions",
        "notes about a show",
        "one field",
        "a log",
        "letters",
        "headings above lists",
        "wrong and right spelling",
    ],
)
def test_an_ordinary_text_is_no_transcript(text: str) -> None:
    assert () == article("a.txt", text).speech


QUARREL = "Ada Quill: It will hold on.\n\nBo Moss: Who says so?\n\n" * 3


def speakers(text: str) -> list[str | None]:
    return [one.speaker for one in article("a.txt", text).speech]


def test_short_words_after_a_time_are_words() -> None:
    said = [
        "Good evening to the harbour.",
        "Exactly.",
        "The wall holds.",
        "Of course.",
        "Exactly.",
        "It does.",
    ]

    assert {None} == {*speakers("".join(f"00:00:{n:02} {words}\n\n" for n, words in enumerate(said)))}


def test_a_label_in_the_middle_of_a_line_begins_a_turn() -> None:
    assert ["Ada Quill", "Bo Moss"] * 4 == speakers(
        QUARREL + "Ada Quill: The masons do. Bo Moss: Who pays?\n"
    )


def test_a_label_without_a_space_after_its_colon_begins_a_turn() -> None:
    assert ["Ada Quill", "Bo Moss"] * 4 == speakers(
        QUARREL + "Ada Quill:The masons do.\n\nBo Moss: Who pays?\n"
    )


def test_initials_that_occur_once_begin_a_turn() -> None:
    said = "AQ: The wall holds.\n\nBM: The tide is in.\n\n" * 10

    assert ["CP", "AQ"] == speakers(said + "CP: I agree with both.\n\nAQ: Good to know.\n")[-2:]


def test_a_first_name_whose_word_occurs_in_the_text_is_a_label() -> None:
    said = "Mark: Please mark the wall.\n\nOrla: I will mark it.\n\n" * 4

    assert ["Mark", "Orla"] * 4 == speakers(said)


def test_a_list_of_those_present_is_nobodys_words() -> None:
    turns = "Orla: The wall holds.\n\nBrigid: It does for now.\n\n" * 4

    assert {"Orla", "Brigid"} == {*speakers(f"{turns}Present: Orla, Brigid\n\nRegrets: Bo\n\n{turns}")}


def test_a_first_name_stands_for_the_only_full_name_with_it() -> None:
    said = "Orla Keane: It will hold.\n\nBo Moss: Who says so?\n\nOrla: I do say so.\n\nBo: Who will pay?\n\n"

    assert ["Orla Keane", "Bo Moss"] * 4 == speakers(said * 2)


def test_an_unsure_label_that_occurs_again_ends_the_turn_before_it() -> None:
    lines = [f"{name}：第{n}號碼頭的費用太高了。" for n, name in enumerate(["主席", "林委員"] * 4)]
    field = "委員會意見：請院會依照委員會意見處理這一件事情。"

    said = article("a.txt", "\n\n".join(line for pair in lines for line in (pair, field))).speech

    assert [line.partition("：")[2] for line in lines] == [one.text for one in said]


BRIEFING = """MS. HALL: The wall will hold.

Q    Who pays?

MS. HALL: The county pays.

DR. POE: The county pays most of it.

Q    And the rest?

MS. HALL: The town.
"""


def test_a_question_keeps_its_label_and_names_nobody() -> None:
    found = article("a.txt", BRIEFING)

    assert ("Q Who pays?", None, None) == (
        found.body.split("\n\n")[1],
        found.speech[1].speaker,
        found.speech[1].speaker_kind,
    )


def test_a_label_that_occurs_once_is_less_sure() -> None:
    said = article("a.txt", BRIEFING).speech

    assert {"MS. HALL": 1.0, "DR. POE": 0.9} == {one.speaker: one.confidence for one in said if one.speaker}


def test_a_role_is_unnamed() -> None:
    said = article("a.txt", BRIEFING.replace("MS. HALL", "MODERATOR").replace("DR. POE", "MS. HALL")).speech

    assert ("MODERATOR", "unnamed") == (said[0].speaker, said[0].speaker_kind)


def test_labels_in_a_page_begin_turns() -> None:
    names = ["Ms. HALL", "HON. J.R. POE", "Ms. HALL", "HON. J.R. POE", "Ms. HALL"]
    said = ["The wall of Port Aurel will hold, and it was built to last for a hundred years of storms."] * 5
    lines = "".join(f"<p><b>{name}:</b> {words}</p>" for name, words in zip(names, said))

    found = article("a.html", f"<html><body><article><h1>The wall</h1>{lines}</article></body></html>")

    assert [*zip(names, said)] == [(one.speaker, one.text) for one in found.speech]


def test_labels_of_captions_that_come_once_each_name_nobody() -> None:
    said = ["PORT AUREL: The wall holds.", "OLD TOWN: The tide is in.", "NORTH QUAY: All quiet."]
    lines = [*said, "It rained.", "It rained on.", "Nobody came.", "The lamp went out.", "Then it was dark."]
    cues = (f"00:00:0{n}.000 --> 00:00:0{n + 1}.000\n{one}\n\n" for n, one in enumerate(lines))

    assert {None} == {one.speaker for one in article("a.vtt", "WEBVTT\n\n" + "".join(cues)).speech}


def test_a_surname_that_two_people_of_a_transcript_have_is_neither_of_them() -> None:
    names = ["Ada Quill", "Bo Quill", "Quill", "Ada Quill", "Bo Quill", "Quill"]
    said = "\n\n".join(f"{name}: The wall of Port Aurel will hold." for name in names)

    assert names == [one.speaker for one in article("a.txt", said).speech]


def test_nested_turns_in_json_are_a_transcript() -> None:
    turns = [
        {"speaker": {"name": name}, "text_blocks": [{"text": "It holds."}]}
        for name in ["Ada Quill", "Bo Moss"] * 2
    ]
    found = article(
        "a.json", json.dumps({"title": "The wall", "date": "2026-03-04", "sections": [{"turns": turns}]})
    )

    assert ("The wall", "2026-03-04", ["Ada Quill", "Bo Moss"] * 2) == (
        found.title,
        str(found.published)[:10],
        [one.speaker for one in found.speech],
    )


def test_records_with_speakers_on_several_days_are_articles() -> None:
    records = [
        {"speaker": n, "date": f"2026-03-0{d}", "text": "It holds."}
        for d, n in enumerate(["Ada", "Bo"] * 3, 1)
    ]

    assert 6 == len(list(read_bytes(json.dumps(records).encode(), "a.json")))


def events(name: str, content: str) -> list[Any]:
    return list(Dispatcher().data(content.encode(), name))


def test_a_time_that_is_none_is_named_by_its_line_and_its_words_are_kept() -> None:
    cues = "1\n00:00:0x,000 --> 00:00:02,000\nHello.\n\n2\n00:00:03,000 --> 00:00:04,000\nWorld.\n"

    found, problem = events("a.srt", cues)

    assert ("Hello. World.", "Line 2: “00:00:0x,000 --> 00:00:02,000” is not a time") == (
        found.body,
        str(problem).split(" like 00:01")[0],
    )


def test_captions_without_times_are_refused() -> None:
    with pytest.raises(ReadError, match=r"There are no times in it like 00:01:02,500"):
        article("a.srt", "Hello.\n\nWorld.\n")


def test_a_text_without_turns_says_so() -> None:
    found, doubt = events("a.otr", json.dumps({"text": "<p>Hello there.</p>", "media": "a.mp3"}))

    assert ("Hello there.", "a.mp3", "It has neither speakers nor times.") == (
        found.body,
        found.medium,
        str(doubt)[:34],
    )


@pytest.mark.parametrize(
    ("second", "said"),
    [("Two.", ["One. Two. Three."]), ("<v Bo Moss>Two.", ["One.", "Two."])],
)
def test_a_cue_without_a_name_goes_on_where_captions_name_few(second: str, said: list[str]) -> None:
    cues = enumerate(["<v Ada Quill>One.", second, "Three."], 1)
    text = "WEBVTT\n\n" + "\n".join(f"00:0{n}.000 --> 00:0{n + 1}.000\n{cue}\n" for n, cue in cues)

    assert said == [quote.text for quote in article("a.vtt", text).speech if quote.speaker]
