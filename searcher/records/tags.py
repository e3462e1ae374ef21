"""Tags of one's own: what somebody put on an article or took off it, whatever its file says of tags.

They are kept in the store beside the index, and put on an article whenever it is written: so they
survive loading and rebuilding, and every engine searches, narrows and counts them as it does other tags. A
case and a note are tags as well, values of the fields “case” and “note”. Who the speakers of a transcript
are, by the labels that it gives them, is kept so too: as values of the field “speaker”, which no tag can be;
and whom one article means by a form of a name, as values of the fields “person” and “organisation”.

A change is kept before the index has it, and is *pending* until it does: what stops it on the way is made
good by the next change or load.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from searcher.article import Article, Quote
from searcher.errors import UsageError
from searcher.fields import CASE, NOTE, may_be_own, own_name, tag_of
from searcher.records.log import TAG, Log, LogEntry
from searcher.records.store import Store, from_sql, to_sql

if TYPE_CHECKING:
    from sqlite3 import Connection

#: Characters of a tag or a note: every engine keeps values of this length whole.
MAX_LENGTH = 2_000

_DECIDE = """
INSERT INTO tags (id, tag, present, pending, at) VALUES (?, ?, ?, 1, ?)
ON CONFLICT (id, tag) DO UPDATE SET present = excluded.present, pending = 1, at = excluded.at
WHERE present != excluded.present
"""
#: What a decision about a speaker begins with: “speaker=SPEAKER_00=Anna Kowalska”.
_NAMED = "speaker="
#: What a decision about a name in one article begins with; form, name and other name are parted by tabs.
_WITHIN = ("person=", "organisation=")
_ROWS = "SELECT tag, present FROM tags WHERE id = ? ORDER BY at, tag"


@dataclass(frozen=True, slots=True)
class TagChange:
    """A change to tags: those to put on, those to take off, and whether earlier notes go."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    renote: bool = False

    @classmethod
    def of_speakers(cls, names: Mapping[str, str]) -> Self:
        """Check who the speakers of a transcript are, by its labels; "" for nobody. Raises UsageError."""
        given = {" ".join(label.split()): " ".join(name.split()) for label, name in names.items()}
        for label, name in given.items():
            if not label or "=" in label or max(len(label), len(name)) > MAX_LENGTH // 4:
                raise UsageError(f'“{label[:80]}” cannot be named: write SPEAKER_00="Anna Kowalska".')
        return cls(
            tuple(f"{_NAMED}{label}={name}" for label, name in given.items() if name),
            tuple(f"{_NAMED}{label}=" for label, name in given.items() if not name),
        )

    @classmethod
    def of_form(cls, kind: str, form: str, names: Iterable[str], other: str) -> Self:
        """Check whom a form stands for instead of these names, in some articles. Raises UsageError."""
        other = " ".join(other.split())
        if f"{kind}=" not in _WITHIN or not other or len(form) + len(other) > MAX_LENGTH // 4:
            raise UsageError("Within an article a person or an organisation is given another name.")
        made = cls(tuple(f"{kind}={form}\t{name}\t{other}" for name in sorted(names) if name != other))
        if not made.add:
            raise UsageError(f"“{form}” is {other} there already, or nobody: name a form as it is printed.")
        return made

    @property
    def labels(self) -> frozenset[str]:
        """The labels of speakers that are named, or were."""
        return frozenset(label for tag in (*self.add, *self.remove) if (label := _label(tag)))

    @classmethod
    def of(cls, add: Iterable[str], remove: Iterable[str], case: str | None, note: str | None) -> Self:
        """Check what is given: tags, of which ``desk=foreign`` is a value of a field of one's own, the case
        to put articles in, and a note, which takes the place of an earlier one ("": there is none). Raises
        UsageError."""
        adding = [_checked_tag(tag) for tag in add]
        removing = tuple(dict.fromkeys(form for tag in remove for form in _forms(tag)))
        if case is not None:
            adding.append(_checked_tag(tag_of(CASE, case)))
        if note is not None and note.strip():
            adding.append(_checked_tag(tag_of(NOTE, note)))
        if twice := set(adding).intersection(removing):
            raise UsageError(f"“{min(twice)}” cannot be put on and taken off at once.")
        if not (adding or removing) and note is None:
            raise UsageError("What is to change? Write +TAG or -TAG, or give a case or a note.")
        return cls(tuple(adding), removing, note is not None)

    @property
    def own_fields(self) -> tuple[str, ...]:
        """The fields of one's own that the tags are values of."""
        own = (tag.partition("=")[0] for tag in self.add if "=" in tag and not _names(tag))
        return tuple(dict.fromkeys(own))


@dataclass(frozen=True, slots=True)
class Tagged:
    """What was decided about the tags of one article: those put on it, and those taken off."""

    id: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    @property
    def change(self) -> TagChange:
        """The change that decides the same: a note takes the place of an earlier one."""
        noted = any(map(_is_note, self.add))
        return TagChange(self.add, self.remove, noted)

    @property
    def named(self) -> list[tuple[str, str, str]]:
        """The forms of a name that stand for somebody else in this article: kind, form and whose name."""
        told = (tag.replace("=", "\t", 1).split("\t") for tag in self.add if tag.startswith(_WITHIN))
        return [(kind, form, name) for kind, form, _, name in told]

    def to_dict(self) -> dict[str, Any]:
        return {"id": self.id, "add": list(self.add), "remove": list(self.remove)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return what :meth:`to_dict` gave. Raises UsageError for anything else."""
        add, remove = data.get("add", []), data.get("remove", [])
        texts = [data.get("id"), *(add if isinstance(add, list) else [None])]
        texts += remove if isinstance(remove, list) else [None]
        if not all(isinstance(text, str) and text for text in texts):
            raise UsageError('A line of tags is {"id": "…", "add": ["…"], "remove": ["…"]}.')
        return cls(data["id"], tuple(tag if _names(tag) else _checked_tag(tag) for tag in add), tuple(remove))


class OwnTags:
    """The tags of one's own in the store of an index. Every method may raise as those of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def decide(self, ids: Iterable[str], change: TagChange) -> str:
        """Keep a change to the tags of some articles. Returns the step of the log."""
        return self._decide((id, change) for id in ids)

    def take(self, decided: Iterable[Tagged]) -> str:
        """Keep what was decided elsewhere. Returns the step of the log."""
        return self._decide((one.id, one.change) for one in decided)

    def _decide(self, changes: Iterable[tuple[str, TagChange]]) -> str:
        made: list[LogEntry] = []
        with self._store.transaction() as db:
            for article, change in changes:
                id = to_sql(article)
                known = _kept_tags(db, id)
                removed = list(change.remove)
                if change.renote:
                    removed += [tag for tag, present in known if present and _is_note(tag)]
                if labels := change.labels:
                    removed += [tag for tag, present in known if present and _label(tag) in labels]
                rows = [(tag, False) for tag in removed if tag not in change.add]
                rows += [(tag, True) for tag in change.add]
                first = _next(db, id)
                db.executemany(
                    _DECIDE, ((id, to_sql(tag), present, first + n) for n, (tag, present) in enumerate(rows))
                )
                made += [LogEntry(TAG, article, *row) for row in dict.fromkeys(rows) if row not in known]
            return Log(self._store).record(made)

    def tidy_pending(self) -> tuple[Tagged, ...]:
        """Take earlier notes off the articles that wait for the index, and return what it may not have."""
        if not (pending := tuple(self._decisions("WHERE pending"))):
            return ()
        with self._store.transaction() as db:
            for id in (to_sql(one.id) for one in pending):
                kept = _kept_tags(db, id)
                late = [one for one, decided in zip(kept, _with_one_note(kept)) if one != decided]
                db.executemany(_DECIDE, ((id, to_sql(tag), False, _next(db, id)) for tag, _ in late))
            return tuple(self._decisions("WHERE pending"))

    def settle(self, done: Iterable[Tagged]) -> None:
        """Note that the index has what was pending; what was decided anew meanwhile stays pending."""
        query = "UPDATE tags SET pending = 0 WHERE id = ? AND tag = ? AND present = ?"
        with self._store.transaction() as db:
            for one in done:
                rows = [(tag, True) for tag in one.add] + [(tag, False) for tag in one.remove]
                db.executemany(query, ((to_sql(one.id), to_sql(tag), present) for tag, present in rows))

    def all(self) -> tuple[Tagged, ...]:
        """Everything that was decided, by article."""
        return tuple(self._decisions())

    def names(self) -> list[str]:
        """Return every tag that was put on an article, once."""
        with self._store.reading() as db:
            found = db.execute("SELECT DISTINCT tag FROM tags WHERE present")
            return [tag for (kept,) in found if not _names(tag := from_sql(kept))]

    def put_on(self, articles: Iterable[Article]) -> list[Article]:
        """Return articles with the tags that were decided about them."""
        if not (listed := list(articles)):
            return listed
        with self._store.reading() as db:
            return [_tagged_article(db, article) for article in listed]

    def _decisions(self, where: str = "") -> Iterator[Tagged]:
        query = f"SELECT id, tag, present FROM tags {where} ORDER BY at, id, tag"  # noqa: S608
        kept: dict[str, list[tuple[str, bool]]] = {}
        with self._store.reading() as db:
            for id, tag, present in db.execute(query):
                kept.setdefault(from_sql(id), []).append((from_sql(tag), bool(present)))
        for id, rows in kept.items():
            decided = _with_one_note(rows)
            add, remove = (
                tuple(tag for tag, is_on in decided if is_on is wanted) for wanted in (True, False)
            )
            yield Tagged(id, add, remove)


def _kept_tags(db: Connection, id: str | bytes) -> list[tuple[str, bool]]:
    """Return the tags of an article that were decided, as they are kept, in their order."""
    return [(from_sql(tag), bool(present)) for tag, present in db.execute(_ROWS, (id,))]


def _with_one_note(rows: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Return the tags of an article without its notes but the last: two machines may write some at once."""
    notes = [tag for tag, present in rows if present and _is_note(tag)]
    return [(tag, present and tag not in notes[:-1]) for tag, present in rows]


def _is_note(tag: str) -> bool:
    return tag.startswith(tag_of(NOTE, ""))


def _next(db: Connection, id: str | bytes) -> int:
    """Return the time of a decision: later than all before, whatever the clocks of other machines say."""
    (last,) = db.execute("SELECT max(at) FROM tags WHERE id = ?", (id,)).fetchone()
    return max(time.time_ns(), (last or 0) + 1)


def _tagged_article(db: Connection, article: Article) -> Article:
    if not (rows := _with_one_note(_kept_tags(db, to_sql(article.id)))):
        return article
    names = {_label(tag): tag.split("=", 2)[2] for tag, present in rows if present and _label(tag)}
    labels = {_label(tag) for tag, _ in rows if _label(tag)}
    for tag, present in rows:
        if tag.startswith(_WITHIN):
            article = _renamed_article(article, tag, back=not present)
    rows = [row for row in rows if not _names(row[0])]
    removed = {tag for tag, present in rows if not present}
    tags = (*(tag for tag in article.tags if tag not in removed), *(tag for tag, present in rows if present))
    quotes = tuple(_by_label(quote, names, labels) for quote in article.quotes) if labels else article.quotes
    return replace(article, tags=tuple(dict.fromkeys(tags)), quotes=quotes)


def _renamed_article(article: Article, tag: str, *, back: bool) -> Article:
    """Return an article in which a form of a name stands for somebody else, or for whom it did before. Who
    is quoted goes along where nobody there has the first name any more."""
    kind, _, parts = tag.partition("=")
    form, old, new = parts.split("\t")
    old, new = (new, old) if back else (old, new)
    mentions = tuple(
        replace(one, name=new) if (one.kind, one.name, article.printed(one)) == (kind, old, form) else one
        for one in article.mentions
    )
    if mentions == article.mentions:
        return article
    alone = all((one.kind, one.name) != (kind, old) for one in mentions)
    quotes = (replace(one, speaker=new) if alone and one.speaker == old else one for one in article.quotes)
    return replace(article, mentions=mentions, quotes=tuple(quotes))


def _by_label(quote: Quote, names: Mapping[str, str], labels: Collection[str]) -> Quote:
    """Return a turn by whom its label was named."""
    label = quote.label or quote.speaker
    if label is None or quote.kind != "speech" or label not in labels:
        return quote
    if (name := names.get(label)) is None:
        nobody = any(map(str.isdigit, label))  # as programs number those whom they do not know
        return replace(quote, speaker=label, label=None, speaker_kind="unnamed" if nobody else "person")
    return replace(quote, speaker=name, label=label, speaker_kind="person")


def _label(tag: str) -> str:
    """The label of whom a decision names, "" of any other tag."""
    return tag.removeprefix(_NAMED).partition("=")[0] if tag.startswith(_NAMED) else ""


def _names(tag: str) -> bool:
    """Tell whether a decision names somebody, and is no tag that is shown."""
    return bool(_label(tag)) or tag.startswith(_WITHIN)


def _forms(text: str) -> tuple[str, ...]:
    """A tag that is to go as it is written, and as it is kept: files bring tags that could not be put on.
    Raises UsageError where there is none."""
    if not (plain := " ".join(text.split())):
        raise UsageError("A tag to be taken off has a name.")
    name, equals, value = plain.partition("=")
    field = name.strip().lower()
    kept = tag_of(field, value.strip()) if equals and may_be_own(field) else plain
    return tuple(dict.fromkeys((text, plain, kept)))


def _checked_tag(text: str) -> str:
    """A tag as it is kept, in one line if it is no note; ``FIELD=VALUE`` is a value of a field of one's own.
    Raises UsageError."""
    lines = text.strip().splitlines() if _is_note(text) else [text]
    tag = "\n".join(" ".join(line.split()) for line in lines)
    name, equals, value = tag.partition("=")
    if not tag or tag[0] in "+-":
        raise UsageError(f"“{text}” cannot be a tag: write a word, or several in quotation marks.")
    if not tag.isascii() and tag.encode(errors="ignore").decode() != tag:
        raise UsageError(f"“{text}” holds bytes that are no UTF-8: a tag is text.")
    if len(tag) > MAX_LENGTH:
        raise UsageError(f"A tag or a note has {MAX_LENGTH:,} characters at most, and this one {len(tag):,}.")
    if not equals:
        return tag
    name, value = name.strip().lower(), value.strip()
    if not value:
        raise UsageError(f"“{text}” has no value after the “=”.")
    if not may_be_own(name):
        raise UsageError(f"“{name}” is no field of your own: a tag puts no value in it.")
    return tag_of(own_name(name), value)
