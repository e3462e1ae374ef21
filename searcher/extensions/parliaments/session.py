"""Sessions: turn headings, speakers and notes into an article for each debate."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from searcher.article import Article
from searcher.readers.finish import line, short_digest
from searcher.readers.turns import Turn, recorded_article


@dataclass(frozen=True, slots=True)
class Session:
    """A session: the chamber or committee, the day, and the name of the session."""

    body: str
    day: dt.datetime | None
    name: str
    language: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a debate or topic. A higher ``level`` is nested deeper. ``key`` identifies the part in
    every edition of the record."""

    title: str
    level: int = 1
    key: str = ""
    url: str | None = None


#: A part of a record. A string is a note, a vote or a motion.
Item = Heading | Turn | str


#: Maximum length of one article of a debate: about ten minutes of reading.
_MAX_PART_CHARACTERS = 20_000


def debate_articles(session: Session, items: Iterable[Item], listed: Iterable[str] = ()) -> Iterator[Article]:
    """Yield an article for each debate or topic. ``listed`` are full names of possible speakers.

    Long debates are divided between turns. A heading without turns belongs to the next debate: as its section
    if it is of a higher level, else as a paragraph.
    """
    above: list[Heading] = []
    part: list[Turn | str] = []
    counts = Counter[str]()
    size = 0
    for item in _with_full_names(list(items), listed):
        if not isinstance(item, Heading):
            said = len(item.text) if isinstance(item, Turn) else 0
            if said and size and size + said > _MAX_PART_CHARACTERS:
                yield _article(session, above, part, counts)
                part, size = [], 0
            part.append(item)
            size += said
            continue
        size = 0
        if any(isinstance(one, Turn) for one in part):
            yield _article(session, above, part, counts)
            part = []
        elif above and above[-1].level >= item.level:
            part.append(above[-1].title)
        above = [*(one for one in above if one.level < item.level), item]
    if part:
        yield _article(session, above, part, counts)


def merge_continued(items: Iterable[tuple[Item, bool]]) -> Iterator[Item]:
    """Join each item that continues a turn to that turn. Notes within the turn follow it."""
    pending: Turn | None = None
    texts: list[str] = []
    notes: list[str] = []
    for item, continues in items:
        if pending is not None and not isinstance(item, Heading) and (continues or isinstance(item, str)):
            (texts if continues else notes).append(item.text if isinstance(item, Turn) else item)
            continue
        if pending is not None:
            yield replace(pending, text="\n\n".join(texts))
            yield from notes
        pending, texts, notes = None, [], []
        if isinstance(item, Turn):
            pending, texts = item, [item.text]
        else:
            yield item
    if pending is not None:
        yield replace(pending, text="\n\n".join(texts))
        yield from notes


def _article(
    session: Session, above: Sequence[Heading], part: Sequence[Turn | str], counts: Counter[str]
) -> Article:
    last = above[-1] if above else Heading(session.name)
    key = last.key or " – ".join(one.title for one in above)
    counts[key] += 1
    where = f"{session.body}\n{session.day}\n{session.name}\n{key}\n{counts[key]}"
    article = Article(
        id=short_digest(where),
        title=f"{last.title or session.name}{f' ({counts[key]})' if counts[key] > 1 else ''}",
        url=last.url or session.url, source=session.body or None, published=session.day,
        language=session.language,
        section=" – ".join(one.title for one in above[:-1]) or (session.name if above else None),
    )  # fmt: skip
    return recorded_article(article, part)


def _with_full_names(items: Sequence[Item], listed: Iterable[str]) -> Iterator[Item]:
    """Replace a surname by the full name if only one speaker of the session has it."""
    full = defaultdict[str, set[str]](set)
    for name in listed:
        full[name.split()[-1].casefold()].add(name)
    for item in items:
        if isinstance(item, Turn) and item.speaker and " " in item.speaker:
            full[item.speaker.split()[-1].casefold()].add(item.speaker)
    for item in items:
        if isinstance(item, Turn) and item.speaker and len(full_names := full[item.speaker.casefold()]) == 1:
            item = replace(item, speaker=next(iter(full_names)))
        yield item


#: Honorifics before a name.
_HONORIFIC = re.compile(
    r"(?:(?:the )?(?:(?:right )?hon(?:ourable|\.)?)|mr|mrs|ms|miss|dr|prof(?:essor)?|rev|mme|mlle|mm?)"
    r"(?:\.\s*|\s+)",
    re.I,
)
#: Speakers without a personal name: chairs, clerks, groups.
_OFFICE = re.compile(
    r"(?:the|mr\.?|madam|m\. le|mme la|le|la|les|un|une|plusieurs|several|an?|some|hon\.) "
    r"(?=(?:deputy |acting |temporary |assistant |vice)*[-\w.’']*"
    r"(?:speaker|president|président|présidente|chair\w*|"
    r"officer|clerk|députée?s?|members?|senators?|sénateurs?|rapporteure?|ministre|ministers?|secr[eé]ta\w+|"
    r"voix|lords?|convener|prime|chief|reporter|witness\w*)\b)|the (?-i:[A-Z]{2})|"
    r"(?:speaker|president|chairman|chairwoman)$",
    re.I,
)
_BRACKETS = re.compile(r"\s*[(\[]((?:[^()\[\]]|\([^()]*\))*)[)\]]")


def parse_turn(printed: str, text: str, moment: str = "", role: str | None = None) -> Turn:
    """Return a turn from a label: "The Minister for Energy (Mr David Hunt):", "Ann Clwyd (Lab):"."""
    label = line(printed).strip(" :.,–—-")
    before = _BRACKETS.sub("", label).strip(" ,") or label.strip("()[]")
    inside = [
        one for one in map(str.strip, _BRACKETS.findall(label)) if one and not one.startswith("in the ")
    ]
    if not _OFFICE.match(before):
        name, _, after = before.partition(", ")
        return Turn(text, full_name(name), moment, role or after, inside[-1] if inside else None, printed)
    named = next((full_name(_BRACKETS.sub("", one)) for one in inside if " " in one), None)
    return Turn(
        text, named or before, moment, role or before, None, printed, "person" if named else "unnamed"
    )


def full_name(written: str) -> str:
    """Return a name without honorifics, and not in capitals."""
    name = written.strip()
    while (match := _HONORIFIC.match(name)) and match.end() < len(name):
        name = name[match.end() :]
    name = re.sub(r"(?<=[A-Z]) of [A-Z].*$", "", name)  # “BROWN of Ohio”
    return re.sub(r"(?:Mc|Mac|Van|De|La|[A-Z]['’])?[^\W\d_a-zß-öø-ÿ]{2,}", _running_word, name)


def _running_word(word: re.Match[str]) -> str:
    """Return a word with only its first letter, and the one after a prefix, in capitals."""
    match = re.match(r"(Mc|Mac|Van|De|La|[A-Z]['’])?(.*)", word[0])
    return (match[1] or "") + match[2].capitalize() if match else word[0]
