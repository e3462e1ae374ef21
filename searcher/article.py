"""The data type of articles, which readers produce, extractors enrich and engines store."""

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
#: The annotator of an article whose names and quotations are to come.
PENDING: Final = "pending"
#: That of an article for which the search for names was never, once or twice stopped for taking too long.
PENDING_STATES: Final = (PENDING, "pending after 1 attempt", "pending after 2 attempts")
#: The fields of an article that are lists of texts, and all that are lists.
VALUE_LISTS: Final = ("authors", "tags", "places", "contacts")
_TUPLES: Final = (*VALUE_LISTS, "mentions", "quotes")
_SECTIONS: Final = r"\s*[;|>›»]\s*"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an article names a person or an organisation.

    ``name`` is the consolidated name within the article ("Yann LeCun"); ``start`` and ``end`` are
    offsets (in characters) into the article's body, or its title where ``part`` is ``"title"``, so that
    ``body[start:end]`` is the name as written ("LeCun"). ``confidence`` lies in 0..1.
    """

    name: str
    kind: MentionKind
    start: int
    end: int
    confidence: float = 1.0
    part: Literal["title", "body"] = "body"


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation, or a turn of a transcript or a record (``kind`` is ``"speech"``).

    ``text == body[start:end]``: the words between the outer quotation marks, verbatim; for indirect
    speech the words attributed, of speech the whole turn. Parts of one utterance that the author split
    (``“…,” she said. “…”``) share the same ``utterance`` number, counted from 0 within the article.
    ``speaker`` is the full name where it is known, the words used ("a nurse") where
    ``speaker_kind`` is ``"unnamed"``, None where nobody is to be found.
    ``speaker_start`` and ``speaker_end`` are the place in the body that names the speaker ("he"
    included), where there is one. ``confidence`` (0..1) is that of the speaker. What a record says besides:
    the ``moment`` at which it was said ("0:12:34", "col. 123", "p. 12", "§ 4"), and the ``role``
    ("Minister of Finance") and the ``party`` in which the speaker said it. ``label`` is what it calls the
    speaker, where somebody named that one by hand.
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
    """What notebooks show as HTML, by what the plug-ins have for them."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        shown: str = plugins.find("searcher.displays", "html")(self)
        return shown


@dataclass(frozen=True, slots=True)
class Article(Displayed):
    r"""An article, cleaned, with mentions and quotes once it is annotated.

    ``body`` holds paragraphs separated by ``"\n\n"``. ``published`` is the publisher's own wall
    clock without a time zone; midnight means that only the day is known. A date or a string is
    accepted and converted (ValueError where that is no ISO 8601). ``language`` is an ISO 639-1 code.
    ``origin`` says where it was read (a path, or ``archive.zip!member``), ``digest`` is the SHA-256
    of the source bytes, ``cleaner`` the version of the reader that made it, ``story`` the id that
    near-identical copies share, ``annotator`` the version of the extraction that found mentions and
    quotes (:data:`PENDING_STATES`: one is to come, None: none is), ``medium`` where the recording is of which
    this is the transcript (a path beside ``origin``, or an address). ``places`` are those that it names, and
    ``contacts`` what people can be reached by: addresses, telephone numbers, accounts.
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

    def _sayings(self) -> Sequence[Quote]:
        """Return its quotations; those of a stored article may lack their words."""
        return self.quotes

    @property
    def people(self) -> tuple[str, ...]:
        """The people that it names, each once, in order of first mention."""
        return self._names("person")

    @property
    def organisations(self) -> tuple[str, ...]:
        """The organisations that it names, each once, in order of first mention."""
        return self._names("organisation")

    @property
    def speakers(self) -> tuple[str, ...]:
        """The named speakers of its quotations that are not indirect, each once."""
        return tuple(
            dict.fromkeys(
                quote.speaker
                for quote in self._sayings()
                if quote.speaker and quote.kind != "indirect" and quote.speaker_kind != "unnamed"
            )
        )

    @property
    def speech(self) -> tuple[Quote, ...]:
        """Its turns on record, which its reader gave it; all other quotations are found in its text."""
        return tuple(quote for quote in self.quotes if quote.kind == "speech")

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles in which somebody speaks in it, each once."""
        return tuple(dict.fromkeys(quote.role for quote in self._sayings() if quote.role))

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties of those who speak in it, each once."""
        return tuple(dict.fromkeys(quote.party for quote in self._sayings() if quote.party))

    def printed(self, mention: Mention) -> str:
        """Return the form of a name that a mention is printed in."""
        text = self.title if mention.part == "title" else self.body
        return " ".join(text[mention.start : mention.end].split())

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections that it stands in, each by itself: of three or more with commas between them too."""
        parts = re.split(_SECTIONS, self.section or "")
        listed = parts[0].split(",") if len(parts) == 1 and parts[0].count(",") > 1 else parts
        return tuple(dict.fromkeys(filter(None, map(str.strip, listed))))

    @property
    def is_pending(self) -> bool:
        """Return True if names and quotations are to come."""
        return self.annotator in PENDING_STATES

    def unannotated(self) -> Article:
        """Return the article as its reader made it: without what is found in its text."""
        return replace(self, mentions=(), quotes=self.speech, places=(), contacts=(), annotator=None)

    def _names(self, kind: MentionKind) -> tuple[str, ...]:
        return tuple(dict.fromkeys(m.name for m in self.mentions if m.kind == kind))

    def to_dict(self) -> dict[str, Any]:
        """Return every field, ready for JSON; ``published`` is ISO 8601, a bare day at midnight."""
        out = _fields_of(self)
        out["published"] = iso(self.published)
        for name in VALUE_LISTS:
            out[name] = list(out[name])
        for name in ("mentions", "quotes"):
            out[name] = [_fields_of(one) for one in out[name]]
        return out

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Article:
        """Return the article of a dict from :meth:`to_dict`. Unknown keys raise TypeError."""
        fields = dict(data)
        fields["mentions"] = tuple(Mention(**m) for m in fields.get("mentions", ()))
        fields["quotes"] = tuple(Quote(**q) for q in fields.get("quotes", ()))
        return cls(**fields)


def _fields_of(made: Article | Mention | Quote) -> dict[str, Any]:
    """Return the fields as they are; dataclasses.asdict would copy each."""
    return {name: getattr(made, name) for name in made.__match_args__}


#: Characters of a part, a few paragraphs; and the most that a passage of an article has.
PART, MAX_PASSAGE = 1_000, 420
#: Where one ends that no empty line ends soon: no abbreviation has five letters.
_PART_END: Final = r"\n\n|\w{5}[.!?]\s+(?=[\"'“‘«(\[]?[^\Wa-z_])"


def parts_of(body: str) -> list[int]:
    """Return where the parts of a body end, so that no sentence is in two: at an empty line, each, or where
    there is none for long, at the end of a sentence."""
    ends, part_end = [0], re.compile(_PART_END)
    while ends[-1] < len(body):
        near = ends[-1] + PART
        at = body.find("\n\n", near, near + PART)
        found = part_end.search(body, near) if at < 0 else None
        ends.append(found.end() if found else at + 2 if at >= 0 else len(body))
    return ends[1:]


def seconds_of(moment: str | None) -> float | None:
    """Return the seconds of a moment that is a time ("0:12:34"); None of any other."""
    time = re.fullmatch(r"(\d+):(\d\d):(\d\d)", moment or "")
    return int(time[1]) * 3600.0 + int(time[2]) * 60 + int(time[3]) if time else None


def wall_clock(moment: dt.datetime | dt.date | str | None) -> dt.datetime | None:
    """Convert a moment to a naive datetime in the publisher's own time.

    Raises ValueError for a string that is no ISO 8601 date or time, and TypeError for what is none of these.
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


def iso(moment: dt.datetime | None) -> str | None:
    """Write a moment as ISO 8601, as a bare day where the time is midnight."""
    if moment is None:
        return None
    if moment.time() == dt.time():
        return moment.date().isoformat()
    return moment.isoformat()
