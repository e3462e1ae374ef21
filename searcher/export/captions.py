"""Turns of speech as captions (WebVTT)."""

from __future__ import annotations

from collections.abc import Iterator

from searcher.article import Article, seconds_of

#: Seconds in which a word is spoken, where nothing tells when the next one begins to speak.
_SECONDS_A_WORD = 0.4


def webvtt(article: Article) -> Iterator[str]:
    """Yield the parts of a file of captions (https://www.w3.org/TR/webvtt1/), a cue for each turn."""
    yield f"WEBVTT\n\nNOTE {_cue_line(article.title or article.id)}\n"
    turns = sorted(article.speech, key=lambda turn: turn.start)
    starts = [seconds_of(turn.moment) for turn in turns]
    later: list[float | None] = [None]
    for own in reversed(starts[1:]):
        later.append(later[-1] if own is None else own)
    last = 0.0
    for turn, own, end in zip(turns, starts, reversed(later)):
        start = max(last, own or 0.0)
        last = start + max(1.0, _SECONDS_A_WORD * len(turn.text.split()))
        last = min(last, end) if end is not None and end > start else last
        voice = f"<v {_cue_line(turn.speaker)}>" if turn.speaker else ""
        words = "\n".join(map(_cue_line, filter(str.strip, turn.text.split("\n"))))
        yield f"\n{_cue_time(start)} --> {_cue_time(last)}\n{voice}{words}\n"


def _cue_line(text: str) -> str:
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cue_time(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{round(seconds % 1 * 1000) % 1000:03}"
