"""Turns of speech: paragraphs of an article's body, each also a quotation with its speaker.

Caption cues are joined into turns. Text that rolls or grows on the screen is used once. A turn lasts
until the speaker changes; if no speakers are named, a turn is a paragraph of a few sentences.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final, NamedTuple

from searcher import plugins
from searcher.article import Article, Quote, SpeakerKind
from searcher.names.normalise import word_set
from searcher.readers import dates
from searcher.readers.base import inner_path, report_progress
from searcher.readers.finish import clean_body, line, short_digest

#: Mark headings and entirely bold lines of Markdown.
HEADING, BOLD = "\U000f0100", "\U000f0101"
#: A clock time; and a time of four parts, with days or with frames.
TIME: Final = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
FOUR_PARTS: Final = re.compile(r"-?\d+:\d+:\d+:\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Turn:
    """The words of one speaker until the next one speaks, in one or more paragraphs.

    ``speaker`` is the full name in the record, or None. ``label`` is printed before the words, for example
    "Ms Keane (Minister):". The other fields are as in :class:`Quote`.
    """

    text: str
    speaker: str | None = None
    moment: str | None = None
    role: str | None = None
    party: str | None = None
    label: str = ""
    speaker_kind: SpeakerKind | None = "person"
    confidence: float = 1.0


def recorded_article(article: Article, parts: Iterable[Turn | str]) -> Article:
    """Return an article with these parts as its body. Strings are headings and notes, not speech."""
    pieces: list[str] = []
    quotes: list[Quote] = []
    length = 0
    for part in parts:
        report_progress()
        words = clean_body(part.text if isinstance(part, Turn) else part)
        label = _clean(part.label) if isinstance(part, Turn) else ""
        piece = f"{label} {words}" if label and words else label or words
        if not piece:
            continue
        if isinstance(part, Turn) and words:
            quotes.append(_quote(part, words, label, length, len(quotes)))
        pieces.append(piece)
        length += len(piece) + len("\n\n")
    return replace(article, body="\n\n".join(pieces), quotes=tuple(quotes))


def with_turns(article: Article) -> Article:
    """Return an article with the turns of its body, or as it is if the body is not a transcript."""
    find = plugins.find_optional("searcher.speech", "text")
    spoken = find(article.body) if find else None
    return recorded_article(article, [*spoken[0].split("\n\n"), *spoken[1]]) if spoken else article


def _quote(turn: Turn, words: str, label: str, at: int, number: int) -> Quote:
    start = at + (len(label) + 1 if label else 0)
    speaker = _clean(turn.speaker or "") or None
    named = bool(speaker and label)
    return Quote(
        words, speaker, "speech", start, start + len(words), turn.confidence,
        speaker_kind=turn.speaker_kind if speaker else None, speaker_start=at if named else None,
        speaker_end=at + len(label.rstrip(" :")) if named else None, utterance=number,
        moment=line(turn.moment or "") or None, role=line(turn.role or "") or None,
        party=line(turn.party or "") or None,
    )  # fmt: skip


def _clean(text: str) -> str:
    """Return the text as one line, cleaned like a body so that offsets match."""
    return line(clean_body(text))


#: Suffixes of caption file names: a language, or the way the captions were made.
_NAME_SUFFIX = re.compile(r"[._-](?:[a-z]{2}(?:-[A-Za-z]{2,4})?|orig|auto|captions?|subtitles?|transcript)$")
_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


def recording_article(
    origin: str, turns: Iterable[Turn | str], title: str = "", language: str | None = None
) -> Article:
    """Return the article of a recording. Its id depends on its words, and not on its file name."""
    name = inner_path(origin).stem
    while suffix := _NAME_SUFFIX.search(name):
        name = name[: suffix.start()]
    day = _DAY.search(name)
    file_title = " ".join(re.sub(r"[._]+", " ", name).split())
    published = dates.parse(day[0]) if day else None
    article = recorded_article(
        Article("", title or file_title, language=language, published=published), turns
    )
    return replace(article, id=short_digest(article.body))


class Cue(NamedTuple):
    """A caption or recognised segment: its start in seconds, its lines, and its speaker."""

    start: float | None
    text: str
    speaker: str | None = None


def format_clock(seconds: float | None) -> str | None:
    """Format seconds as the moment of a quotation: 0:12:34."""
    if seconds is None:
        return None
    minutes, rest = divmod(abs(int(seconds)), 60)
    sign = "-" if seconds < 0 else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{rest:02}"


def parse_clock(time: str) -> float:
    """Return the seconds of a clock time, below 0 for a time before a launch."""
    match = FOUR_PARTS.search(time) or re.search(TIME, time)
    clock = match[0] if match else "0"
    is_negative = clock.startswith("-") or (match is not None and time[: match.start()].endswith("-"))
    parts = [float(part.replace(",", ".")) for part in clock.lstrip("-").split(":")]
    seconds = sum((part * 60.0**power for power, part in enumerate(reversed(parts))), 0.0)
    return -seconds if is_negative else seconds


def parse_seconds(value: Any) -> float | None:
    """Parse a number of seconds or a clock time. Return None for other values."""
    if isinstance(value, str):
        if re.fullmatch(TIME, value.strip()):
            return parse_clock(value)
        return float(value) if re.fullmatch(r"\d+(?:\.\d+)?", value) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


class Label(NamedTuple):
    """A speaker label. ``name`` is "" for unnamed people ("Q"). ``strong`` labels are very likely speakers:
    they are in capitals, generic, or have several words."""

    printed: str
    name: str
    role: str | None
    kind: SpeakerKind
    strong: bool


#: Generic labels: placeholders written by programs, sounds in captions, and roles without a name.
_GENERIC = re.compile(
    r"(?:speaker|spk|sprecher(?:in)?|locuteur|intervenant|hablante|orador|falante|participant|unknown)[ _-]*"
    r"(?:speaker|\d{1,3}|[a-z])?|(?:un)?(?:identified|known).{0,20}"
    r"|(?:wo)?man\b.{0,12}|(?:fe)?male\b.{0,16}|boy|girl|audience.{0,12}|all|both|crowd|voice.{0,12}"
    r"|moderator(?:in)?|moderadora?|interviewe[re]|operator|narrator|announcer|translator|interpreter|staff|(?:co-?)?host|guest"
    r"|caller|analyst|teacher|student|doctor|patient|therapist|client|customer|agent|attorney|prosecutor|judge|officer"
    r"|(?:the )?(?:chair(?:man|woman|person)?|court|witness|clerk|coroner|examiner)",
    re.I,
)
#: Labels of unnamed people who ask or answer questions.
_UNNAMED_WORDS = word_set(
    "question questions questioner interlocutor interlocutora intervención "
    "reporter reporters journalist journalists press answer frage zusatzfrage "
    "nachfrage antwort zuruf pregunta respuesta periodista pergunta resposta jornalista réponse journaliste "
    "domanda risposta giornalista вопрос ответ журналист 问 答 問 記者 记者 質問 回答 שאלה תשובה "
    "질문 답변 기자"
)
#: Words before the colon of notes and header fields, and titles without a name.
_NO_SPEAKER = word_set(
    "mr mrs ms dr hon note notes warning update source ps nb subject date time place title email phone tel "
    "fax tags contact address http https info warn error debug fatal critical example todo fixme xxx present "
    "regrets apologies absent excused attendees attending participants agenda minutes action actions "
    "resolution resolved motion vote ayes nays noes decision summary purpose "
    "時間 时间 地點 地点 来源 來源 日時 場所 正确 错误 正確 錯誤"
)
_SMALL = word_set(
    "de da do dos la le du von van der den zu zur of the and y e i al el bin ibn und et for für"
)
_MAX_LABEL_CHARACTERS, _MAX_LABEL_WORDS = 60, 7
#: Letters of scripts without spaces between words, about two per word.
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
#: Punctuation and words that do not occur in names. Hebrew titles may contain a quotation mark.
_NOT_IN_NAMES = re.compile(
    r"[!?;“”…，。、！？；「」]|\.\.|(?<!\w)[\"״]|[\"״](?!\w)|^\w+\.$|[ap]\.m\."
    r"|^(?:tagesordnungspunkt|(?:agenda )?item) \d|^dear\b",
    re.I,
)


#: "ORLA KEANE, MINISTER FOR PORTS, RAIL AND ROADS": in capitals, a role may contain commas.
_CAPITALS_AND_ROLE = re.compile(r"([^\W\d_a-z]+(?: [^\W\d_a-z]+)+), ([^.a-z]+)")


def word_count(text: str) -> int:
    """Return the number of words; scripts without spaces count two letters as a word."""
    return len(text.split()) + len(UNSPACED.findall(text)) // 2


def parse_label(printed: str, *, any_case: bool = False) -> Label | None:
    """Parse a label such as "MS KEANE (Minister):". Return None if it cannot be one.

    Args:
        printed: The label as printed.
        any_case: Accept a name in lower case.
    """
    text = " ".join(printed.strip(" \t*_[]:：>-–").split())
    text = text.removesuffix(".") if re.search(r"\s.*\w{4}\.$", text) else text
    unnamed, _, asking = text.rstrip(".").partition(" ")
    letter = len(unnamed) == 1 and unnamed.isupper()
    if (letter or unnamed.casefold() in _UNNAMED_WORDS) and (not asking or asking[0] in "#(0123456789"):
        return Label(printed, "", None, "unnamed", False)
    if len(text) < 2 or not text[0].isalpha():
        return None
    name, role = text, None
    if bracket := re.fullmatch(r"(.{2,}?)\s*[(\[](.{1,80})[)\]]", text):
        name, role = bracket[1], bracket[2]
    elif comma := re.fullmatch(r"([^,]{2,}),\s*([^,.]+)", text) or _CAPITALS_AND_ROLE.fullmatch(text):
        name, role = comma[1], comma[2]
        if _is_role_before_name(name, role):
            name, role = role, name
    name = name.partition(",")[0] if len(name) > _MAX_LABEL_CHARACTERS else name
    if unnamed.casefold() in _UNNAMED_WORDS and asking.isupper():  # “FRAGE KEANE:”
        name = name.removeprefix(unnamed).strip()
    words = name.split()
    long = len(name) > _MAX_LABEL_CHARACTERS or word_count(name) > _MAX_LABEL_WORDS
    if long or _NOT_IN_NAMES.search(name) or name.casefold() in _NO_SPEAKER:
        return None
    if _GENERIC.fullmatch(name):
        return Label(printed, name, role, "unnamed", True)
    named = [word for word in words if word.isupper() or word.casefold() not in _SMALL]
    if not named or not (any_case or not any(word[0].islower() and not word[-1].isupper() for word in named)):
        return None
    cased = any(char.islower() or char.isupper() for char in name)
    return Label(printed, name, role, "person", len(named) > 1 or is_capitals(name) or not cased)


def _is_role_before_name(before: str, after: str) -> bool:
    """Return True for "Minister for Ports, Orla Keane": only the second part starts with a first name."""
    from searcher.names.people import is_first_name

    parts = before.split(), after.split()
    before_named, after_named = (len(part) > 1 and is_first_name(part[0].lower()) for part in parts)
    return len(parts[0]) > 1 and after_named and not before_named


def is_capitals(name: str) -> bool:
    """Return True if a name of three letters or more is printed in capitals."""
    return name.isupper() and sum(map(str.isalpha, name)) > 2


_LABELLED = re.compile(
    r"(?P<mark>>>+\s*|[-–]\s*)?(?P<label>[^\W\d_][^:：\n]{0,60}?|\[[^\]\n:]{2,50}\])\s*(?::(?=\s|$)|：)"
)
_CHANGE = re.compile(r">>+\s*")
#: Minimum number of labels, occurrences per label on average, and share of cues with a label.
_MIN_LABELS, _MIN_TIMES_EACH, _MIN_SHARE_OF_CUES = 3, 1.5, 0.5
#: Minimum number of cues that a single word must label to be a speaker.
_MIN_PLAIN_TIMES = 4
#: Captions roll if at least this share of cues repeats lines of the previous cue.
_MIN_SHARE_ROLLING = 0.2
#: End a paragraph at a sentence end after this many characters, and in any case at the maximum.
_PARAGRAPH_CHARACTERS, _MAX_PARAGRAPH_CHARACTERS = 400, 900
SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")


class _Piece(NamedTuple):
    """A part of a cue by one speaker. ``label`` is printed before it; ``new`` marks a change of speaker."""

    start: float | None
    text: str
    speaker: str | None
    role: str | None = None
    kind: SpeakerKind = "person"
    label: str = ""
    new: bool = False


def join_cues(cues: Iterable[Cue]) -> list[Turn]:
    unrolled = _unrolled_cues(list(cues))
    voiced = sum(cue.speaker is not None for cue in unrolled)
    labels = _labels(unrolled)
    pieces = [piece for cue in unrolled for piece in _pieces(cue, labels)]
    # Captions name the speaker either at a change or in every cue.
    carried = any(piece.label for piece in pieces) or 0 < voiced * 2 < len(unrolled)
    made: list[_Growing] = []
    for piece in pieces:
        last = made[-1] if made else None
        same = last is not None and (
            (piece.speaker is not None and piece.speaker == last.first.speaker)
            or (piece.speaker is None and not piece.new and (carried or last.first.speaker is None))
        )
        if last is None or not same or (last.first.speaker is None and last.ended):
            made.append(_Growing(piece))
        else:
            last.add(piece.text)
    return [growing.turn() for growing in made]


class _Growing:
    def __init__(self, first: _Piece) -> None:
        self.first = first
        self._paragraphs: list[list[str]] = []
        self._size = _MAX_PARAGRAPH_CHARACTERS
        self.add(first.text)

    @property
    def ended(self) -> bool:
        """True if the last paragraph is long enough."""
        whole = self._size >= _PARAGRAPH_CHARACTERS and bool(SENTENCE_END.search(self._paragraphs[-1][-1]))
        return whole or self._size >= _MAX_PARAGRAPH_CHARACTERS

    def add(self, text: str) -> None:
        if not self._paragraphs or self.ended:
            self._paragraphs.append([])
            self._size = 0
        self._paragraphs[-1].append(text)
        self._size += len(text) + 1

    def turn(self) -> Turn:
        one = self.first
        text = "\n\n".join(" ".join(parts) for parts in self._paragraphs)
        return Turn(text, one.speaker, format_clock(one.start), one.role, None, one.label, one.kind)


def cue_turn(cue: Cue) -> Turn:
    """Return a cue with a named speaker as a separate turn."""
    label = parse_label(cue.speaker or "", any_case=True) or Label(
        "", cue.speaker or "", None, "person", False
    )
    printed = f"{cue.speaker}:" if cue.speaker else ""
    return Turn(cue.text, label.name or None, format_clock(cue.start), label.role, None, printed, label.kind)


def _unrolled_cues(cues: list[Cue]) -> list[Cue]:
    """Remove text that the previous cue already showed: lines that roll up, or a line that grows."""
    lines = [cue.text.split("\n") for cue in cues]
    fresh = [lines[0], *(_fresh(before, now) for before, now in pairwise(lines))] if lines else []
    again = sum(new != now for new, now in zip(fresh, lines))
    if again < max(2, _MIN_SHARE_ROLLING * len(cues)):
        return cues
    return [cue._replace(text="\n".join(new)) for cue, new in zip(cues, fresh) if new]


def _fresh(before: list[str], now: list[str]) -> list[str]:
    """Return the lines of a cue that the previous one did not show."""
    for size in range(min(len(before), len(now)), 0, -1):
        if before[-size:] == now[:size]:
            return now[size:]
    previous, text = " ".join(before), " ".join(now)
    return [text[len(previous) + 1 :]] if text.startswith(f"{previous} ") else now


def _labels(cues: Sequence[Cue]) -> frozenset[str]:
    """Return the labels, as printed, that name speakers in these cues."""
    if any(cue.speaker for cue in cues):
        return frozenset()
    counts: Counter[str] = Counter()
    begins: Counter[str] = Counter()
    small: Counter[str] = Counter()  # names of users, in lower case
    strong: set[str] = set()
    for cue in cues:
        for number, one in enumerate(cue.text.split("\n")):
            match = _LABELLED.match(one)
            if (
                match
                and not number
                and match["label"][0].islower()
                and parse_label(match["label"], any_case=True)
            ):
                small[match["label"]] += 1
            elif match and (label := parse_label(match["label"])):
                counts[match["label"]] += 1
                begins[match["label"]] += not number
                strong |= {match["label"]} if label.strong or match["mark"] else set()
    labelled = sum(counts.values())
    if labelled + small.total() >= _MIN_SHARE_OF_CUES * len(cues) and labelled >= _MIN_LABELS:
        return frozenset(counts) | {label for label, number in small.items() if number >= _MIN_PLAIN_TIMES}
    plain = {label for label, number in begins.items() if number >= _MIN_PLAIN_TIMES}
    if len(strong) + len(plain) > 1:
        strong |= plain
    strong |= {label for label in counts if any(label in other.split() for other in strong)}
    strong_counts = {label: number for label, number in counts.items() if label in strong}
    if sum(strong_counts.values()) < max(_MIN_LABELS, _MIN_TIMES_EACH * len(strong_counts)):
        return frozenset()
    return frozenset(strong_counts)


def _pieces(cue: Cue, labels: frozenset[str]) -> Iterator[_Piece]:
    report_progress()
    if cue.speaker:
        speaker = parse_label(cue.speaker)
        kind: SpeakerKind = speaker.kind if speaker else "person"
        yield _Piece(cue.start, " ".join(cue.text.split()), cue.speaker, None, kind)
        return
    open_piece: _Piece | None = None
    for one in cue.text.split("\n"):
        match = _LABELLED.match(one)
        label = parse_label(match["label"], any_case=True) if match and match["label"] in labels else None
        change = _CHANGE.match(one)
        if open_piece and (label or change):
            yield open_piece
            open_piece = None
        if label and match:
            rest = one[match.end() :].strip()
            open_piece = _Piece(
                cue.start, rest, label.name or None, label.role, label.kind, match[0].strip(), True
            )
        elif change:
            open_piece = _Piece(cue.start, one[change.end() :].strip(), None, label=">>", new=True)
        elif open_piece:
            open_piece = open_piece._replace(text=f"{open_piece.text} {one}".strip())
        else:
            open_piece = _Piece(cue.start, one, None)
    if open_piece:
        yield open_piece
