"""A session on record: what its debates are called, who speaks in them, and how each becomes an article."""

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
    """What a record says of a session: the body that sat, the day, and what the session is called."""

    body: str
    day: dt.datetime | None
    name: str
    language: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a debate or a topic; one of a deeper ``level`` stands within those above it. ``key`` is
    the name that the record has for the part, the same in each edition of it."""

    title: str
    level: int = 1
    key: str = ""
    url: str | None = None


#: What a record consists of; a text is what nobody says: a note, a vote, a motion.
Item = Heading | Turn | str


#: Characters of a part of a debate, some ten minutes of reading: what is found in it is marked in all of it.
_MAX_PART_CHARACTERS = 20_000


def articles(session: Session, items: Iterable[Item], listed: Iterable[str] = ()) -> Iterator[Article]:
    """An article for each debate or topic; ``listed`` are full names of people who may speak.

    A long debate is several, parted between turns. A heading under which nobody speaks goes to the next
    debate: as its section where it stands above it, as a paragraph where it stands beside it.
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


def merge(items: Iterable[tuple[Item, bool]]) -> Iterator[Item]:
    """Items, of which each that continues goes on with the turn before it; notes follow that turn."""
    held: Turn | None = None
    texts: list[str] = []
    noted: list[str] = []
    for item, continues in items:
        if held is not None and not isinstance(item, Heading) and (continues or isinstance(item, str)):
            (texts if continues else noted).append(item.text if isinstance(item, Turn) else item)
            continue
        if held is not None:
            yield replace(held, text="\n\n".join(texts))
            yield from noted
        held, texts, noted = None, [], []
        if isinstance(item, Turn):
            held, texts = item, [item.text]
        else:
            yield item
    if held is not None:
        yield replace(held, text="\n\n".join(texts))
        yield from noted


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
    """The same items; a surname alone is the one speaker of the session who has it."""
    full = defaultdict[str, set[str]](set)
    for name in listed:
        full[name.split()[-1].casefold()].add(name)
    for item in items:
        if isinstance(item, Turn) and item.speaker and " " in item.speaker:
            full[item.speaker.split()[-1].casefold()].add(item.speaker)
    for item in items:
        if isinstance(item, Turn) and item.speaker and len(found := full[item.speaker.casefold()]) == 1:
            item = replace(item, speaker=next(iter(found)))
        yield item


#: What stands before a name and is none of its words.
_HONORIFIC = re.compile(
    r"(?:(?:the )?(?:(?:right )?hon(?:ourable|\.)?)|mr|mrs|ms|miss|dr|prof(?:essor)?|rev|mme|mlle|mm?)"
    r"(?:\.\s*|\s+)",
    re.I,
)
#: Speakers that are no people of one's own name: chairs, clerks, many at once.
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


def turn_of(printed: str, text: str, moment: str = "", role: str | None = None) -> Turn:
    """The turn of whom a label names: “The Minister for Energy (Mr David Hunt):”, “Ann Clwyd (Lab):”."""
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
    """A name without what stands before it, its capitals as in running text."""
    name = written.strip()
    while (found := _HONORIFIC.match(name)) and found.end() < len(name):
        name = name[found.end() :]
    name = re.sub(r"(?<=[A-Z]) of [A-Z].*$", "", name)  # “BROWN of Ohio”
    return re.sub(r"(?:Mc|Mac|Van|De|La|[A-Z]['’])?[^\W\d_a-zß-öø-ÿ]{2,}", _running_word, name)


def _running_word(word: re.Match[str]) -> str:
    """A word in capitals, or the rest of one, with the first letter alone in capitals."""
    found = re.match(r"(Mc|Mac|Van|De|La|[A-Z]['’])?(.*)", word[0])
    return (found[1] or "") + found[2].capitalize() if found else word[0]
