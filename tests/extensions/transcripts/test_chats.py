"""Chats of WhatsApp and the tweets of an archive: who wrote what, and when."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from searcher.article import Article
from searcher.readers import read_bytes

ANDROID = """13/03/24, 10:01 - Messages and calls are end-to-end encrypted.
13/03/24, 10:02 - Ada Quill: The ferry is late again.
And so is the tram.
14/03/24, 9:05 - Bo Moss: See https://tallow.example/a: it says why.
14/03/24, 9:06 - +44 7700 900123: <Media omitted>
14/03/24, 9:07 - +44 7700 900123: Thank you both.
"""
IOS = """[3/12/24, 10:02:22 AM] Ada Quill: The ferry is late again.
\u200e[3/13/24, 9:05:01 PM] Bo Moss: \u200eimage omitted
[3/13/24, 9:05:10 PM] Bo Moss: It says why.
"""


def chat(content: str, name: str = "WhatsApp Chat with Bo.txt") -> Article:
    (found,) = read_bytes(content.encode(), name)
    return found


def test_a_message_is_a_turn_with_its_sender_and_moment() -> None:
    said = [(one.speaker, one.moment, one.text) for one in chat(ANDROID).quotes]

    assert [
        ("Ada Quill", "2024-03-13 10:02", "The ferry is late again.\nAnd so is the tram."),
        ("Bo Moss", "2024-03-14 9:05", "See https://tallow.example/a: it says why."),
        (None, "2024-03-14 9:07", "Thank you both."),
    ] == said


def test_a_chat_of_ios_is_read_as_one_of_android() -> None:
    said = [(one.speaker, one.moment, one.text) for one in chat(IOS, "_chat.txt").quotes]

    assert [
        ("Ada Quill", "2024-03-12 10:02:22 AM", "The ferry is late again."),
        ("Bo Moss", "2024-03-13 9:05:10 PM", "It says why."),
    ] == said


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("13/03/24", dt.datetime(2024, 3, 13)),
        ("03/13/2024", dt.datetime(2024, 3, 13)),
        ("3.4.24", dt.datetime(2024, 4, 3)),
        ("2024/04/03", dt.datetime(2024, 4, 3)),
        ("03/04/24", None),
    ],
)
def test_a_chat_has_the_day_of_its_first_message_if_that_is_sure(
    day: str, expected: dt.datetime | None
) -> None:
    found = chat(f"{day}, 10:02 - Ada Quill: The ferry is late.\n{day}, 10:03 - Bo Moss: Yes, again.\n")

    assert expected == found.published


@pytest.mark.parametrize(
    "content",
    [
        "2024-03-12 10:02:22 - root: It has started.\n\n2024-03-12 10:02:23 - root: It has stopped.\n",
        "12/03/24, 10:02 - The harbour office: a note.\n",
        "Minutes\n12/03/24, 10:02 - Ada Quill: Yes.\n12/03/24, 10:03 - Bo Moss: No.\n",
    ],
)
def test_a_log_or_a_note_is_no_chat(content: str) -> None:
    assert () == chat(content, "a.txt").quotes


def test_the_tweets_of_an_archive_are_read() -> None:
    tweet = (
        '{"tweet": {"created_at": "Wed May 04 02:18:49 +0000 2016", "full_text": "The ferry is late again."}}'
    )
    found = chat(f"window.YTD.tweets.part0 = [ {tweet} ]", "tweets.js")

    assert ("The ferry is late again.", dt.datetime(2016, 5, 4, 2, 18)) == (found.body, found.published)


def telegram(kind: str, messages: list[dict[str, object]]) -> dict[str, object]:
    return {"name": "Tallow residents", "type": kind, "id": 7, "messages": messages}


MESSAGES: list[dict[str, object]] = [
    {"id": 1, "type": "service", "date": "2024-03-12T08:00:00", "action": "create_group", "text": ""},
    {
        "id": 2,
        "type": "message",
        "date": "2024-03-13T10:02:22",
        "from": "Ada Quill",
        "text": "It is late again.",
    },
    {
        "id": 3,
        "type": "message",
        "date": "2024-03-14T09:05:00",
        "from": "Bo Moss",
        "text": ["See ", {"type": "link", "text": "https://tallow.example/a"}, ": it says why."],
    },
]


def test_a_chat_of_telegram_has_a_turn_for_each_message() -> None:
    found = chat(json.dumps(telegram("private_group", MESSAGES)), "result.json")

    assert [
        ("Ada Quill", "2024-03-13 10:02:22", "It is late again."),
        ("Bo Moss", "2024-03-14 09:05:00", "See https://tallow.example/a: it says why."),
    ] == [(one.speaker, one.moment, one.text) for one in found.quotes]


def test_a_post_of_a_channel_is_an_article_of_its_source() -> None:
    export = {"chats": {"list": [telegram("public_channel", MESSAGES)]}}
    found = read_bytes(json.dumps(export).encode(), "result.json")

    assert [
        ("It is late again.", "Tallow residents", dt.datetime(2024, 3, 13, 10, 2, 22)),
        ("See https://tallow.example/a: it says why.", "Tallow residents", dt.datetime(2024, 3, 14, 9, 5)),
    ] == [(one.body, one.source, one.published) for one in found]


def test_a_record_with_no_messages_is_no_chat() -> None:
    record = {"id": 7, "type": "story", "title": "Ferry", "text": "The ferry is late again.", "messages": []}
    (found,) = read_bytes(json.dumps(record).encode(), "result.json")

    assert "The ferry is late again." == found.body
