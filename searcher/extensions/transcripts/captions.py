"""Captions and subtitles: WebVTT (https://www.w3.org/TR/webvtt1/), SRT, SBV, TTML
(https://www.w3.org/TR/ttml2/) and the XML of YouTube; one article a file."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from searcher.errors import ReadError
from searcher.readers.base import Event, FormatReader, read_whole, report_progress
from searcher.readers.encodings import decode, refuse_binary
from searcher.readers.paragraphs import MAX_LINES
from searcher.readers.records import RecordErrors
from searcher.readers.turns import Cue, join_cues, recording_article
from searcher.readers.xml import attribute, local, parse_xml, text_of

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,3}))?"
_CUE_TIMES = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}")
_TIMES_OF_SBV = re.compile(rf"{_CLOCK},{_CLOCK}\s*$")
_NO_CUE = re.compile(r"WEBVTT|NOTE\b|STYLE\b|REGION\b|Kind:|Language:|Style:|##")
_LANGUAGE = re.compile(r"^Language:\s*([A-Za-z]{2,3})\b", re.M)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,200})>")
#: Marks within a line: tags of WebVTT and SRT, times of words, places on the screen ({\an8}).
_TAG = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,100}\}")


def parse_captions(text: str, troubles: RecordErrors) -> Iterator[Cue]:
    """Yield the cues of WebVTT, SRT or SBV. Report invalid times with their line."""
    cue: tuple[float | None, list[str]] | None = None
    webvtt = text.lstrip("\ufeff").startswith("WEBVTT")
    for first, block in _blocks(text, strict=webvtt):
        report_progress()
        at = next((n for n, line in enumerate(block) if _start(line) is not None or "-->" in line), None)
        if at is None:
            # Except in WebVTT, a cue may contain blank lines.
            if cue is not None and not webvtt and not "".join(block).strip().isdigit():
                cue[1].extend(block)
            continue
        if webvtt and _NO_CUE.match(block[0]) and not _CUE_TIMES.match(block[at]):
            continue
        for number, line in enumerate(block[at:], first + at):
            start = _start(line)
            if start is None and "-->" in line:
                reason = f"“{line.strip()[:60]}” is not a time like 00:01:02,500 --> 00:01:04,000."
                troubles.add(number, ReadError(reason))
                yield from _voice_cues(cue)
                cue = (None, [])
            elif start is not None:
                if cue is not None and number > first + at and cue[1] and cue[1][-1].strip().isdigit():
                    cue[1].pop()  # the last line is the number of the new cue
                yield from _voice_cues(cue)
                cue = (start, [])
            elif cue is not None:
                cue[1].append(line)
    yield from _voice_cues(cue)


def _blocks(text: str, *, strict: bool) -> Iterator[tuple[int, list[str]]]:
    """Yield blocks of lines with the number of the first. ``strict``: lines of spaces are not blank."""
    block: list[str] = []
    number = 0
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        if line.strip("\ufeff" if strict else "\ufeff \t"):
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []
    if block:
        yield number - len(block) + 1, block


def _start(line: str) -> float | None:
    """Return the start time in a line with times."""
    match = _CUE_TIMES.match(line) or _TIMES_OF_SBV.match(line)
    return _seconds(*match.groups()[:4]) if match else None


def _seconds(hours: str | None, minutes: str, seconds: str, rest: str | None) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + (float(f"0.{rest}") if rest else 0.0)


def _voice_cues(cue: tuple[float | None, list[str]] | None) -> Iterator[Cue]:
    """Yield a cue for each voice."""
    start, lines = cue or (None, [])
    text = "\n".join(lines)
    before, *voiced = _VOICE.split(text)
    for voice, said in ((None, before), *zip(voiced[::2], voiced[1::2])):
        if cleaned := _clean(said):
            yield Cue(start, cleaned, html.unescape(voice).strip() if voice else None)


def _clean(text: str) -> str:
    lines = (" ".join(html.unescape(_TAG.sub("", line)).split()) for line in text.split("\n"))
    return "\n".join(filter(None, lines))


class CaptionsReader(FormatReader):
    """``.vtt``, ``.srt``, ``.sbv``."""

    needs_whole_file = True

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        text = decode(read_whole(stream))
        refuse_binary(text)
        if text.count("\n") > MAX_LINES:
            raise ReadError(f"It has more than {MAX_LINES:,} lines, too many for one recording.")
        troubles, language = RecordErrors("Line"), _LANGUAGE.search(text[:1000])
        turns = join_cues(parse_captions(text, troubles))
        if turns:
            yield recording_article(origin, turns, language=language[1] if language else None)
        elif not any(troubles.errors()):
            raise ReadError("There are no times in it like 00:01:02,500 --> 00:01:04,000.")
        yield from troubles.errors()


class TtmlReader(FormatReader):
    """``.ttml``, ``.dfxp``, and the XML of YouTube."""

    needs_whole_file = True

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        root = parse_xml(read_whole(stream))
        troubles = RecordErrors("Line")
        turns = join_cues(_cues_of_xml(root, troubles))
        if turns:
            title = next((text_of(one) for one in root.iter() if local(one) == "title"), "")
            yield recording_article(origin, turns, title, attribute(root, "lang") or None)
        elif not any(troubles.errors()):
            raise ReadError(f"Line {root.sourceline or 1}: There are no captions in it (<{local(root)}>).")
        yield from troubles.errors()


def _cues_of_xml(root: Any, troubles: RecordErrors) -> Iterator[Cue]:
    rates = {name.rsplit("}", 1)[-1]: value for name, value in root.attrib.items()}
    agents = {
        attribute(agent, "id"): text_of(next((e for e in agent if local(e) == "name"), agent))
        for agent in root.iter()
        if local(agent) == "agent"
    }
    for element in root.iter():
        report_progress()
        if local(element) not in ("p", "text"):
            continue
        said = _clean("".join(_pieces(element)))
        if not said:
            continue
        start = _begin(element, rates)
        if start is None:
            troubles.add(element.sourceline or 0, ReadError("A caption has no start time."))
            continue
        agent = next((a for e in _enclosing_elements(element) if (a := attribute(e, "agent"))), "")
        yield Cue(start, said, agents.get(agent) or None)


def _enclosing_elements(element: Any) -> Iterator[Any]:
    """Yield an element, its ancestors, and its only child, if it has exactly one."""
    yield element
    yield from element.iterancestors()
    if len(element) == 1:
        yield element[0]


def _pieces(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield "\n" if local(child) == "br" else ""
        yield from _pieces(child) if local(child) != "metadata" else ()
        yield child.tail or ""


def _begin(element: Any, rates: dict[str, str]) -> float | None:
    for one in _enclosing_elements(element):
        for name, scale in (("begin", 1.0), ("start", 1.0), ("t", 0.001)):
            if (value := attribute(one, name)) and (seconds := _time(value, rates)) is not None:
                return seconds * scale
    return None


def _time(value: str, rates: dict[str, str]) -> float | None:
    """Convert a TTML time, a clock time or a number with a unit, to seconds."""
    clock = re.fullmatch(r"(\d+):(\d+):(\d+)(?:[.,](\d+)|:(\d+)(?:\.\d+)?)?", value.strip())
    if clock:
        frames = float(clock[5] or 0) / float(rates.get("frameRate") or 30)
        return _seconds(clock[1], clock[2], clock[3], clock[4]) + frames
    offset = re.fullmatch(r"(\d+(?:\.\d+)?)(h|m|s|ms|f|t)?", value.strip())
    if not offset:
        return None
    number = float(offset[1])
    if offset[2] == "f":
        return number / float(rates.get("frameRate") or 30)
    if offset[2] == "t":
        return number / float(rates.get("tickRate") or 1)
    return number * {"h": 3600.0, "m": 60.0, "ms": 0.001}.get(offset[2] or "s", 1.0)
