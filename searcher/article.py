"""The data types of articles, which readers create, extractors annotate and engines store."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from searcher import plugins

MentionKind = Literal["person", "organisation"]
QuoteKind = Literal["direct", "partial", "indirect", "speech"]
SpeakerKind = Literal["person", "organisation", "unnamed"]
#: Value of ``annotator`` until names and quotations have been extracted.
PENDING: Final = "pending"
#: Values of ``annotator`` after zero, one and two extractions that were stopped for taking too long.
PENDING_STATES: Final = (PENDING, "pending after 1 attempt", "pending after 2 attempts")
#: Fields of an article that are lists of strings. ``_TUPLES`` adds lists of other types.
VALUE_LISTS: Final = ("authors", "tags", "places", "contacts")
_TUPLES: Final = (*VALUE_LISTS, "mentions", "quotes")
_SECTIONS: Final = r"\s*[;|>›»]\s*"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an article mentions a person or an organisation.

    Attributes:
        name: The consolidated name within the article ("Yann LeCun").
        start: Offset into the body (or the title), in characters, so that ``body[start:end]`` is the name as
            written ("LeCun").
        confidence: From 0 to 1.
        part: Whether the offsets refer to the title or the body.
    """

    name: str
    kind: MentionKind
    start: int
    end: int
    confidence: float = 1.0
    part: Literal["title", "body"] = "body"


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation, or a turn in a transcript or record (``kind`` is ``"speech"``).

    Attributes:
        text: The words between the outer quotation marks, verbatim; in indirect speech, the words attributed;
            in speech, the whole turn. Equals ``body[start:end]``.
        speaker: The full name if known; the words used ("a nurse") if ``speaker_kind`` is ``"unnamed"``; None
            if unknown.
        confidence: Confidence in the speaker, from 0 to 1.
        speaker_start: Start of the words that name the speaker in the body ("he" included), if any.
        utterance: Number shared by the parts of one utterance (``“…,” she said. “…”``), counted from 0 within
            the article.
        moment: Position in a record ("0:12:34", "col. 123", "p. 12", "§ 4").
        role: Role in which the speaker spoke, from a record ("Minister of Finance").
        party: Party of the speaker, from a record.
        label: The record's name for the speaker, if the user assigned another.
    """

    text: str
    speaker: str | None
    kind: QuoteKind
    start: int
    end: int
    confidence: float = 1.0
    speaker_kind: SpeakerKind | None = None
    speaker_start: int | None = None
    speaker_end: int | None = None
    utterance: int = 0
    moment: str | None = None
    role: str | None = None
    party: str | None = None
    label: str | None = None


class Displayed:
    """Results that notebooks show as HTML, rendered by the ``html`` plug-in of ``searcher.displays``."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        html: str = plugins.find("searcher.displays", "html")(self)
        return html


@dataclass(frozen=True, slots=True, repr=False)
class Article(Displayed):
    """An article, cleaned, with mentions and quotations once it is annotated.

    Attributes:
        body: Paragraphs separated by an empty line.
        published: The publisher's local time without a time zone; midnight if only the day is known. Dates
            and ISO 8601 strings are converted (ValueError if invalid).
        language: ISO 639-1 code.
        origin: Where the article was read (a path, or ``archive.zip!member``).
        digest: SHA-256 of the source bytes.
        cleaner: Version of the readers.
        story: Id shared by near-identical copies.
        annotator: Version of the extraction, one of :data:`PENDING_STATES` before it, or None.
        medium: The recording that this is the transcript of (a path relative to ``origin``, or an address).
        places: Places mentioned.
        contacts: E-mail addresses, telephone numbers and accounts mentioned.
    """

    id: str
    title: str = ""
    body: str = ""
    url: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    published: dt.datetime | None = None
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    origin: str | None = None
    digest: str | None = None
    cleaner: str | None = None
    story: str | None = None
    annotator: str | None = None
    mentions: tuple[Mention, ...] = ()
    quotes: tuple[Quote, ...] = ()
    medium: str | None = None
    places: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "published", wall_clock(self.published))
        for name in _TUPLES:
            value = getattr(self, name)
            if type(value) is not tuple:
                object.__setattr__(self, name, (value,) if isinstance(value, str) else tuple(value))

    def __repr__(self) -> str:
        return f"<Article {self.id}: {self.title!r}>"

    def _stored_quotes(self) -> Sequence[Quote]:
        """Return the quotations, which in a stored article may lack their words."""
        return self.quotes

    @property
    def people(self) -> tuple[str, ...]:
        """The people mentioned, in order of first mention."""
        return self._names("person")

    @property
    def organisations(self) -> tuple[str, ...]:
        """The organisations mentioned, in order of first mention."""
        return self._names("organisation")

    @property
    def speakers(self) -> tuple[str, ...]:
        """The named speakers of quotations that are not indirect."""
        return tuple(
            dict.fromkeys(
                quote.speaker
                for quote in self._stored_quotes()
                if quote.speaker and quote.kind != "indirect" and quote.speaker_kind != "unnamed"
            )
        )

    @property
    def speech(self) -> tuple[Quote, ...]:
        """The recorded turns, which come from the reader. All other quotations are extracted from the
        text."""
        return tuple(quote for quote in self.quotes if quote.kind == "speech")

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of its speakers."""
        return tuple(dict.fromkeys(quote.role for quote in self._stored_quotes() if quote.role))

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties of its speakers."""
        return tuple(dict.fromkeys(quote.party for quote in self._stored_quotes() if quote.party))

    def name_as_written(self, mention: Mention) -> str:
        """Return a mentioned name as it is written."""
        text = self.title if mention.part == "title" else self.body
        return " ".join(text[mention.start : mention.end].split())

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections of the article. Commas separate sections only if there are at least three."""
        parts = re.split(_SECTIONS, self.section or "")
        listed = parts[0].split(",") if len(parts) == 1 and parts[0].count(",") > 1 else parts
        return tuple(dict.fromkeys(filter(None, map(str.strip, listed))))

    @property
    def is_pending(self) -> bool:
        """Return True if names and quotations have not been extracted yet."""
        return self.annotator in PENDING_STATES

    def without_annotations(self) -> Article:
        """Return the article as its reader made it, without extracted information."""
        return replace(self, mentions=(), quotes=self.speech, places=(), contacts=(), annotator=None)

    def _names(self, kind: MentionKind) -> tuple[str, ...]:
        return tuple(dict.fromkeys(m.name for m in self.mentions if m.kind == kind))

    def to_dict(self) -> dict[str, Any]:
        """Return every field, ready for JSON. ``published`` is ISO 8601, without a time if that is
        midnight."""
        out = _fields_of(self)
        out["published"] = format_iso(self.published)
        for name in VALUE_LISTS:
            out[name] = list(out[name])
        for name in ("mentions", "quotes"):
            out[name] = [_fields_of(one) for one in out[name]]
        return out

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Article:
        """Create an article from the result of :meth:`to_dict`. Unknown keys raise TypeError."""
        fields = dict(data)
        fields["mentions"] = tuple(Mention(**m) for m in fields.get("mentions", ()))
        fields["quotes"] = tuple(Quote(**q) for q in fields.get("quotes", ()))
        return cls(**fields)


def _fields_of(made: Article | Mention | Quote) -> dict[str, Any]:
    return {name: getattr(made, name) for name in made.__match_args__}


#: Target length of a part, which is a few paragraphs, and maximum length of a passage, both in characters.
PART, MAX_PASSAGE = 1_000, 420
#: Where to end a part without an empty line nearby. A word of five letters is not an abbreviation.
_PART_END: Final = r"\n\n|\w{5}[.!?]\s+(?=[\"'“‘«(\[]?[^\Wa-z_])"


def part_ends(body: str) -> list[int]:
    """Return the end positions of the parts of a body: at empty lines, or else at ends of sentences."""
    ends, part_end = [0], re.compile(_PART_END)
    while ends[-1] < len(body):
        near = ends[-1] + PART
        at = body.find("\n\n", near, near + PART)
        match = part_end.search(body, near) if at < 0 else None
        ends.append(match.end() if match else at + 2 if at >= 0 else len(body))
    return ends[1:]


def seconds_of(moment: str | None) -> float | None:
    """Return the seconds of a moment that is a time ("0:12:34"), or None."""
    time = re.fullmatch(r"(\d+):(\d\d):(\d\d)", moment or "")
    return int(time[1]) * 3600.0 + int(time[2]) * 60 + int(time[3]) if time else None


def wall_clock(moment: dt.datetime | dt.date | str | None) -> dt.datetime | None:
    """Convert a date or time to a naive datetime in the publisher's local time.

    Raises ValueError for strings that are not ISO 8601, and TypeError for other types.
    """
    if moment is None or moment == "":
        return None
    if isinstance(moment, str):
        moment = dt.datetime.fromisoformat(moment)
    if isinstance(moment, dt.datetime):
        return moment if moment.tzinfo is None else moment.replace(tzinfo=None)
    if not isinstance(moment, dt.date):
        raise TypeError(f"published is a date, a moment or a text in ISO 8601, not {type(moment).__name__}")
    return dt.datetime(moment.year, moment.month, moment.day)


def format_iso(moment: dt.datetime | None) -> str | None:
    """Format a datetime as ISO 8601, without a time if that is midnight."""
    if moment is None:
        return None
    if moment.time() == dt.time():
        return moment.date().isoformat()
    return moment.isoformat()
