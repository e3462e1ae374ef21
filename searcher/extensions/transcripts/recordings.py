"""Transcripts in the JSON of speech recognition programs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from searcher.errors import Doubt
from searcher.extensions.transcripts.chats import chat_articles, parse_chats
from searcher.extensions.transcripts.text import transcript_of
from searcher.readers import dates
from searcher.readers.base import Event, report_progress
from searcher.readers.html.blocks import paragraphs_of_markup
from searcher.readers.turns import Cue, Turn, cue_turn, join_cues, parse_seconds, recording_article


def recording_events(value: Any, origin: str) -> Iterator[Event] | None:
    """Return the articles of chats or a recording in JSON, or None for other values."""
    if chats := parse_chats(value):
        return (article for chat in chats for article in chat_articles(chat, origin))
    said = parse_recording(value) or parse_dialogue(value)
    return _recorded_events(said, origin) if said else None


def _recorded_events(said: Recording, origin: str) -> Iterator[Event]:
    made = recording_article(origin, said.turns, said.title, said.language)
    yield replace(made, medium=said.medium, published=dates.parse(said.day) or made.published)
    if not made.quotes:
        yield Doubt("It has neither speakers nor times. It is read as one text.")


class Recording(NamedTuple):
    """The transcript of a recording."""

    turns: list[Turn | str]
    language: str | None = None
    medium: str | None = None
    title: str = ""
    day: str = ""


#: Field names of the words, and of the start time with its unit in seconds.
_SAID: Final = (
    "text", "body", "transcript", "sentence", "utf8", "content", "value", "word", "punctuated_word", "speech",
    "utterance", "spoken", "dialogue", "line", "statement", "quote",
)  # fmt: skip
_BEGAN: Final = (
    ("start", 1.0), ("startTime", 1.0), ("start_time", 1.0), ("begin", 1.0), ("ts", 1.0), ("timestamp", 1.0),
    ("time", 0.001), ("tStartMs", 0.001), ("startMs", 0.001), ("offset", 1.0),
)  # fmt: skip
_BY: Final = ("speaker", "speaker_label", "speakerId", "speaker_id", "speaker_name", "speakerName")
#: Field names of the blocks of a turn.
_BLOCKS: Final = ("text_blocks", "blocks", "paragraphs", "lines", "sentences")
#: Fields of articles, which are not turns even if they have a speaker.
_ARTICLE_FIELDS: Final = frozenset({"title", "headline", "url", "link", "source", "publisher"})
#: Minimum number of turns, and of turns per speaker on average. Maximum nesting of turns.
_MIN_TURNS, _MIN_TURNS_EACH, _MAX_DEPTH = 4, 1.3, 8
#: Field names of the parts of a recording, outermost first.
_PARTS: Final = ("segments", "transcription", "paragraphs", "monologues", "events", "utterances")


def parse_recording(value: Any) -> Recording | None:
    """Return the recording in a JSON value, or None."""
    facts = value if isinstance(value, Mapping) else {}
    if isinstance(facts.get("text"), str) and {"media", "media-time"} & {*facts}:
        return _of_otranscribe(facts)
    root = value
    for name in ("transcript", "results", "speech"):
        if isinstance(root, Mapping) and isinstance(root.get(name), Mapping):
            root = root[name]
    parts: Any = root if isinstance(root, list) else None
    if isinstance(root, Mapping):
        parts = next((root[name] for name in _PARTS if isinstance(root.get(name), list) and root[name]), None)
    if not parts or not all(isinstance(one, Mapping) for one in parts):
        return None
    words = root.get("words") if isinstance(root, Mapping) else None
    cues = list(_cues(parts, words if isinstance(words, list) else [], _names(root)))
    timed = sum(cue.start is not None for cue in cues)
    spoken = sum(_spoken_by(one) is not None for one in parts) * 2 > len(parts)
    is_uniform = isinstance(root, Mapping) or spoken or all({*one} <= _OF_CUES for one in parts)
    if not cues or not is_uniform or timed < 0.9 * len(cues):
        return None
    result = facts.get("result")
    language = facts.get("language") or (result.get("language") if isinstance(result, Mapping) else None)
    return Recording(
        list(join_cues(cues)),
        language if isinstance(language, str) else None,
        title=str(facts.get("title") or ""),
    )


def parse_dialogue(value: Any) -> Recording | None:
    """Return the dialogue in a JSON value: nested lists of turns with a speaker and words, or None."""
    facts = value if isinstance(value, Mapping) else {}
    parts = list(_turns_in(value))
    cues = [Cue(_began(part), _said_in(part), _spoken_by(part)) for part in parts]
    names = Counter(cue.speaker for cue in cues if cue.speaker)
    named = names.total() * 2 > len(cues) and names.total() >= max(_MIN_TURNS, _MIN_TURNS_EACH * len(names))
    days = {str(part.get("date")) for part in parts}
    if len(names) < 2 or not named or len(days) > 1 or any(_ARTICLE_FIELDS & {*part} for part in parts):
        return None
    title = next((text for name in ("title", "name") if isinstance(text := facts.get(name), str)), "")
    return Recording(
        [cue_turn(cue) for cue in cues if cue.text], title=title, day=str(facts.get("date") or "")
    )


def _turns_in(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Yield the turns in a JSON value, in order."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, Mapping) and _said_in(value) and any(name in value for name in _BY):
        yield value
        return
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _turns_in(part, depth + 1)


def _said_in(part: Mapping[str, Any]) -> str:
    """Return the words of a turn, which may consist of blocks."""
    blocks: list[Any] = next((part[name] for name in _BLOCKS if isinstance(part.get(name), list)), [])
    pieces = (_said_text(one) if isinstance(one, Mapping) else str(one) for one in blocks)
    return _said_text(part) or "\n\n".join(filter(None, pieces))


#: Field names of bare lists of captions. A list with other fields is not a recording.
_OF_CUES: Final = frozenset(
    {*_SAID, *(name for name, _ in _BEGAN), *_BY}
    | {"end", "endTime", "end_time", "duration", "dur", "id", "words", "confidence", "seek", "tokens", "lang"}
)


def _cues(
    parts: Iterable[Mapping[str, Any]], words: Sequence[Any], names: Mapping[str, str]
) -> Iterator[Cue]:
    at = 0
    for part in parts:
        report_progress()
        inner: list[Any] = next(
            (part[n] for n in ("words", "elements", "segs", "sentences") if isinstance(part.get(n), list)), []
        )
        own = [one for one in inner if isinstance(one, Mapping)]
        start = _began(part)
        if start is None:
            start = next((time for one in own if (time := _began(one)) is not None), None)
        said = _said_text(part)
        if not said and own:
            said = _joined_words(_said_text(one) for one in own)
        if not said and words:  # take the words of the recording by their times
            end = parse_seconds(part.get("end"))
            first = at
            while at < len(words) and (end is None or (_began(words[at]) or 0.0) < end):
                at += 1
            said = _joined_words(_said_text(one) for one in words[first:at])
        by = _spoken_by(part) or next((by for one in own if (by := _spoken_by(one))), None)
        if said:
            yield Cue(start, said, names.get(by, by) if by else None)


def _joined_words(pieces: Iterable[str]) -> str:
    """Join words, adding spaces if they have none, without spaces before punctuation."""
    texts = [piece for piece in pieces if piece]
    spaced = any(piece[:1].isspace() or piece[-1:].isspace() for piece in texts)
    text = "".join(texts) if spaced else " ".join(texts)
    return re.sub(r" ([.,!?;:])", r"\1", " ".join(text.split()))


def _said_text(part: Mapping[str, Any]) -> str:
    text: str = next((part[name] for name in _SAID if isinstance(part.get(name), str)), "")
    if not text and isinstance(part.get("alternatives"), list) and part["alternatives"]:
        first = part["alternatives"][0]
        return _said_text(first) if isinstance(first, Mapping) else ""
    return text


def _began(part: Mapping[str, Any]) -> float | None:
    for name, unit in _BEGAN:
        if (number := parse_seconds(part.get(name))) is not None:
            return number * unit
    offsets = part.get("offsets")  # of whisper.cpp, in thousandths
    number = parse_seconds(offsets.get("from")) if isinstance(offsets, Mapping) else None
    return None if number is None else number / 1000


def _spoken_by(part: Mapping[str, Any]) -> str | None:
    for name in _BY:
        by = part.get(name)
        if isinstance(by, Mapping):
            by = by.get("name") or by.get("id")
        if isinstance(by, str | int) and not isinstance(by, bool) and str(by).strip():
            return str(by).strip() if isinstance(by, str) else f"Speaker {by}"
    return None


def _names(root: Any) -> Mapping[str, str]:
    """Return the names of speakers by their ids in the parts."""
    speakers = root.get("speakers") if isinstance(root, Mapping) else None
    if isinstance(speakers, Mapping):
        return {str(key): str(name) for key, name in speakers.items() if isinstance(name, str)}
    listed = speakers if isinstance(speakers, list) else ()
    named = [one for one in listed if isinstance(one, Mapping) and isinstance(one.get("name"), str)]
    names = {str(one.get("id")): one["name"] for one in named if one["name"]}
    return {**names, **{f"Speaker {id}": name for id, name in names.items()}}


def _of_otranscribe(value: Mapping[str, Any]) -> Recording | None:
    """Read a file of oTranscribe: HTML with time marks, and the name of the recording."""
    lines = paragraphs_of_markup(value["text"].replace("<br", "<p><br"))
    transcript = transcript_of("\n".join(lines))
    medium = value.get("media")
    turns: list[Turn | str] = [transcript[0], *transcript[1]] if transcript else [*lines]
    return Recording(turns, medium=medium if isinstance(medium, str) else None)
