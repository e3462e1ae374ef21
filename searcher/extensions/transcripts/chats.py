"""Chat exports of WhatsApp and Telegram. Each message is a turn, with its date and time as the moment."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from searcher.article import Article
from searcher.readers import dates
from searcher.readers.finish import clean_body
from searcher.readers.turns import Turn, recording_article

#: “12/03/24, 10:01 - Ann: …”, and on iOS “[12.03.24, 10:01:22] Ann: …”; logs have seconds but no brackets.
_HEAD = re.compile(
    r"[\u200e\u200f\u202a]*(\[)?(?P<day>\d{1,4}[./-]\d{1,2}[./-]\d{2,4}),?\s"
    r"(?P<time>\d{1,2}[:.]\d\d(?(1)(?:[:.]\d\d)?)(?:\s?[ap]\.?\s?m\.?)?)(?(1)\]| -)\s(?P<rest>.*)",
    re.I,
)
_SENT = re.compile(r"(?:~\s?)?([^:\n\u200e]{1,80}):\s(.*)", re.S)
#: Messages written by the program: "<Media omitted>". On iOS, they begin with this mark.
_MADE = re.compile(r"\u200e|<[^<>]{1,60}>\s*$")
_MIN_MESSAGES = 2  # minimum number of messages with a sender


def parse_chat(text: str, origin: str) -> Article | None:
    """Return the article of a chat, dated by its first message, or None for other texts."""
    said: list[tuple[str, str, list[str]]] = []
    for line in text.strip("\ufeff\n ").split("\n"):
        if head := _HEAD.match(line):
            said.append((head["day"], head["time"], [head["rest"]]))
        elif said:
            said[-1][2].append(line)
        else:
            return None
    messages = [(day, time, "\n".join(lines).strip()) for day, time, lines in said]
    if sum(_SENT.fullmatch(message) is not None for _, _, message in messages) < _MIN_MESSAGES:
        return None
    numbers = [[int(part) for part in re.findall(r"\d+", day)] for day, _, _ in messages]
    # Any day after the 12th shows whether the month comes first.
    american = next((second > 12 for first, second, _ in numbers if 12 < max(first, second) < 32), None)
    made = recording_article(origin, _turns(messages, american))
    return replace(made, published=_date(messages[0][0], american))


def _turns(messages: Iterable[tuple[str, str, str]], american: bool | None) -> Iterator[Turn | str]:
    last = ""
    for day, time, text in messages:
        shown_day = f"{known:%Y-%m-%d}" if (known := _date(day, american)) else day
        if shown_day != last:
            yield shown_day
        last, sent = shown_day, _SENT.fullmatch(text)
        if sent is None or _MADE.match(sent[2]):
            yield text
        else:
            named = sent[1] if re.search(r"[^\W\d_]", sent[1]) else None  # a phone number is not a name
            yield Turn(sent[2], named, f"{shown_day} {time}", label=f"{sent[1]}:")


def _date(day: str, american: bool | None) -> dt.datetime | None:
    """Parse a printed day. Return None if it is ambiguous."""
    first, second, third = re.findall(r"\d+", day)
    if len(first) == 4:
        return dates.parse(f"{first}-{second:0>2}-{third:0>2}")
    if american is None and "." not in day and first != second:
        return None
    number, month = (second, first) if american else (first, second)
    return dates.parse(f"20{third[-2:]}-{month:0>2}-{number:0>2}")


def parse_chats(value: Any) -> list[Mapping[str, Any]]:
    """Return the chats in a Telegram export, or an empty list for other JSON."""
    listed = value.get("chats") if isinstance(value, Mapping) else None
    entries = listed.get("list") if isinstance(listed, Mapping) else [value]
    return [one for one in entries if _is_chat(one)] if isinstance(entries, list) else []


def _is_chat(value: Any) -> bool:
    messages = value.get("messages") if isinstance(value, Mapping) and {"type", "id"} <= {*value} else None
    return (
        isinstance(messages, list)
        and bool(messages)
        and all(isinstance(one, Mapping) and {"id", "type", "date"} <= {*one} for one in messages)
    )


def chat_articles(chat: Mapping[str, Any], origin: str) -> Iterator[Article]:
    """Yield an article for each post of a channel, or one for a chat, dated by its first message."""
    name = str(chat.get("name") or "")
    rows = [(one, _text_of(one.get("text"))) for one in chat["messages"] if one["type"] == "message"]
    if "channel" in str(chat["type"]):
        for one, text in rows:
            if body := clean_body(text):
                yield Article("", "", body, published=dates.parse(str(one["date"])), source=name or None)
        return
    turns = (
        Turn(text, sent, str(one["date"]).replace("T", " "), label=f"{sent}:" if sent else "")
        for one, text in rows
        for sent in [str(one.get("from") or "") or None]
    )
    made = recording_article(origin, turns, name)
    if made.body:
        yield replace(made, published=dates.parse(str(rows[0][0]["date"])))


def _text_of(text: Any) -> str:
    """Return the text of a message, which may be a list of strings and formatted parts."""
    parts = text if isinstance(text, list) else [text]
    said = (one.get("text") if isinstance(one, Mapping) else one for one in parts)
    return "".join(one for one in said if isinstance(one, str)).strip()
