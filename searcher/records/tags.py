"""Tags that users add to articles or remove from them, independent of the tags in files.

They are stored next to the index and applied whenever an article is written, so they survive loading and
rebuilding, and engines treat them like other tags. A case and a note are values of the own fields “case” and
“note”. Two more decisions are stored in the same way and never shown as tags: the names of speakers in a
transcript, as values of “speaker”, and the name that a form means in one article, as values of “person” and
“organisation”.

A change is stored before it reaches the index and stays *pending* until then. After an interruption, the next
change or load applies it.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from searcher.article import Article, Quote
from searcher.errors import UsageError
from searcher.fields import CASE, NOTE, can_be_custom_field, custom_field_name, custom_tag
from searcher.records.log import TAG, Log, LogEntry
from searcher.records.store import Store, from_sql, to_sql

if TYPE_CHECKING:
    from sqlite3 import Connection

#: Maximum length of a tag or a note in characters. All engines store values of this length.
MAX_LENGTH = 2_000

_DECIDE = """
INSERT INTO tags (id, tag, present, pending, at) VALUES (?, ?, ?, 1, ?)
ON CONFLICT (id, tag) DO UPDATE SET present = excluded.present, pending = 1, at = excluded.at
WHERE present != excluded.present
"""
#: Prefix of a decision about a speaker: “speaker=SPEAKER_00=Anna Kowalska”.
_SPEAKER_PREFIX = "speaker="
#: Prefixes of a decision about a name in one article. Form, old name and new name are separated by tabs.
_FORM_PREFIXES = ("person=", "organisation=")
_ROWS = "SELECT tag, present FROM tags WHERE id = ? ORDER BY at, tag"


@dataclass(frozen=True, slots=True)
class TagChange:
    """Tags to add, tags to remove, and whether to replace earlier notes."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    replaces_note: bool = False

    @classmethod
    def name_speakers(cls, names: Mapping[str, str]) -> Self:
        """Validate names for speaker labels; an empty name clears one. Raises UsageError."""
        name_by_label = {" ".join(label.split()): " ".join(name.split()) for label, name in names.items()}
        for label, name in name_by_label.items():
            if not label or "=" in label or max(len(label), len(name)) > MAX_LENGTH // 4:
                raise UsageError(f'“{label[:80]}” cannot be named: write SPEAKER_00="Anna Kowalska".')
        return cls(
            tuple(f"{_SPEAKER_PREFIX}{label}={name}" for label, name in name_by_label.items() if name),
            tuple(f"{_SPEAKER_PREFIX}{label}=" for label, name in name_by_label.items() if not name),
        )

    @classmethod
    def rename_form(cls, kind: str, form: str, names: Iterable[str], other: str) -> Self:
        """Validate the name that a form means in some articles, instead of ``names``. Raises UsageError."""
        other = " ".join(other.split())
        if f"{kind}=" not in _FORM_PREFIXES or not other or len(form) + len(other) > MAX_LENGTH // 4:
            raise UsageError("Only a person or an organisation can get another name within an article.")
        change = cls(tuple(f"{kind}={form}\t{name}\t{other}" for name in sorted(names) if name != other))
        if not change.add:
            raise UsageError(f"“{form}” already means {other} there, or is not printed there.")
        return change

    @property
    def labels(self) -> frozenset[str]:
        """The speaker labels that this change names or clears."""
        return frozenset(label for tag in (*self.add, *self.remove) if (label := _label_of(tag)))

    @classmethod
    def of(cls, add: Iterable[str], remove: Iterable[str], case: str | None, note: str | None) -> Self:
        """Validate tags, a case and a note. ``desk=foreign`` is a value of an own field. A note replaces
        earlier ones; an empty one removes them. Raises UsageError."""
        adding = [_checked_tag(tag) for tag in add]
        removing = tuple(dict.fromkeys(form for tag in remove for form in _tag_spellings(tag)))
        if case is not None:
            adding.append(_checked_tag(custom_tag(CASE, case)))
        if note is not None and note.strip():
            adding.append(_checked_tag(custom_tag(NOTE, note)))
        if twice := set(adding).intersection(removing):
            raise UsageError(f"“{min(twice)}” cannot be added and removed at the same time.")
        if not (adding or removing) and note is None:
            raise UsageError("Nothing to change: write +TAG or -TAG, or give a case or a note.")
        return cls(tuple(adding), removing, note is not None)

    @property
    def own_fields(self) -> tuple[str, ...]:
        names = (tag.partition("=")[0] for tag in self.add if "=" in tag and not _is_hidden(tag))
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class TagDecisions:
    """The tags that were added to an article and removed from it."""

    id: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    @property
    def change(self) -> TagChange:
        """The change that makes the same decisions."""
        noted = any(map(_is_note, self.add))
        return TagChange(self.add, self.remove, noted)

    @property
    def renamed_forms(self) -> list[tuple[str, str, str]]:
        """The forms with another meaning in this article: kind, form and new name."""
        parts = (tag.replace("=", "\t", 1).split("\t") for tag in self.add if tag.startswith(_FORM_PREFIXES))
        return [(kind, form, name) for kind, form, _, name in parts]

    def to_dict(self) -> dict[str, Any]:
        return {"id": self.id, "add": list(self.add), "remove": list(self.remove)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Validate the output of :meth:`to_dict`. Raises UsageError."""
        add, remove = data.get("add", []), data.get("remove", [])
        texts = [data.get("id"), *(add if isinstance(add, list) else [None])]
        texts += remove if isinstance(remove, list) else [None]
        if not all(isinstance(text, str) and text for text in texts):
            raise UsageError('A line of tags is {"id": "…", "add": ["…"], "remove": ["…"]}.')
        return cls(
            data["id"],
            tuple(tag if _is_hidden(tag) else _checked_tag(tag) for tag in add),
            tuple(remove),
        )


class OwnTags:
    """The tags in the store of an index. All methods raise the errors of :class:`Store`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def decide(self, ids: Iterable[str], change: TagChange) -> str:
        """Store a change to the tags of articles. Returns the id of the log step."""
        return self._decide((id, change) for id in ids)

    def import_decisions(self, decided: Iterable[TagDecisions]) -> str:
        """Store imported decisions. Returns the id of the log step."""
        return self._decide((one.id, one.change) for one in decided)

    def _decide(self, changes: Iterable[tuple[str, TagChange]]) -> str:
        entries: list[LogEntry] = []
        with self._store.transaction() as db:
            for article, change in changes:
                id = to_sql(article)
                stored = _kept_tags(db, id)
                removed = list(change.remove)
                if change.replaces_note:
                    removed += [tag for tag, present in stored if present and _is_note(tag)]
                if labels := change.labels:
                    removed += [tag for tag, present in stored if present and _label_of(tag) in labels]
                rows = [(tag, False) for tag in removed if tag not in change.add]
                rows += [(tag, True) for tag in change.add]
                first = _next_time(db, id)
                db.executemany(
                    _DECIDE, ((id, to_sql(tag), present, first + n) for n, (tag, present) in enumerate(rows))
                )
                entries += [LogEntry(TAG, article, *row) for row in dict.fromkeys(rows) if row not in stored]
            return Log(self._store).record(entries)

    def pending_decisions(self) -> tuple[TagDecisions, ...]:
        """Remove all but the last note of pending articles, and return the pending decisions."""
        if not (pending := tuple(self._decisions("WHERE pending"))):
            return ()
        with self._store.transaction() as db:
            for id in (to_sql(one.id) for one in pending):
                stored = _kept_tags(db, id)
                superseded = [one for one, decided in zip(stored, _with_one_note(stored)) if one != decided]
                db.executemany(
                    _DECIDE, ((id, to_sql(tag), False, _next_time(db, id)) for tag, _ in superseded)
                )
            return tuple(self._decisions("WHERE pending"))

    def mark_applied(self, done: Iterable[TagDecisions]) -> None:
        """Mark decisions as applied, unless they have changed meanwhile."""
        query = "UPDATE tags SET pending = 0 WHERE id = ? AND tag = ? AND present = ?"
        with self._store.transaction() as db:
            for one in done:
                rows = [(tag, True) for tag in one.add] + [(tag, False) for tag in one.remove]
                db.executemany(query, ((to_sql(one.id), to_sql(tag), present) for tag, present in rows))

    def all(self) -> tuple[TagDecisions, ...]:
        return tuple(self._decisions())

    def names(self) -> list[str]:
        with self._store.reading() as db:
            rows = db.execute("SELECT DISTINCT tag FROM tags WHERE present")
            return [tag for (value,) in rows if not _is_hidden(tag := from_sql(value))]

    def apply_to(self, articles: Iterable[Article]) -> list[Article]:
        if not (listed := list(articles)):
            return listed
        with self._store.reading() as db:
            return [_tagged_article(db, article) for article in listed]

    def _decisions(self, where: str = "") -> Iterator[TagDecisions]:
        query = f"SELECT id, tag, present FROM tags {where} ORDER BY at, id, tag"  # noqa: S608
        by_article: dict[str, list[tuple[str, bool]]] = {}
        with self._store.reading() as db:
            for id, tag, present in db.execute(query):
                by_article.setdefault(from_sql(id), []).append((from_sql(tag), bool(present)))
        for id, rows in by_article.items():
            decided = _with_one_note(rows)
            added = tuple(tag for tag, present in decided if present)
            yield TagDecisions(id, added, tuple(tag for tag, present in decided if not present))


def _kept_tags(db: Connection, id: str | bytes) -> list[tuple[str, bool]]:
    return [(from_sql(tag), bool(present)) for tag, present in db.execute(_ROWS, (id,))]


def _with_one_note(rows: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Keep only the last note, because two machines may add one each."""
    notes = [tag for tag, present in rows if present and _is_note(tag)]
    return [(tag, present and tag not in notes[:-1]) for tag, present in rows]


def _is_note(tag: str) -> bool:
    return tag.startswith(custom_tag(NOTE, ""))


def _next_time(db: Connection, id: str | bytes) -> int:
    """Return a time later than all decisions, even if the clocks of machines differ."""
    (last,) = db.execute("SELECT max(at) FROM tags WHERE id = ?", (id,)).fetchone()
    return max(time.time_ns(), (last or 0) + 1)


def _tagged_article(db: Connection, article: Article) -> Article:
    if not (rows := _with_one_note(_kept_tags(db, to_sql(article.id)))):
        return article
    names = {_label_of(tag): tag.split("=", 2)[2] for tag, present in rows if present and _label_of(tag)}
    labels = {_label_of(tag) for tag, _ in rows if _label_of(tag)}
    for tag, present in rows:
        if tag.startswith(_FORM_PREFIXES):
            article = _renamed_article(article, tag, back=not present)
    rows = [row for row in rows if not _is_hidden(row[0])]
    removed = {tag for tag, present in rows if not present}
    tags = (*(tag for tag in article.tags if tag not in removed), *(tag for tag, present in rows if present))
    quotes = (
        tuple(_named_turn(quote, names, labels) for quote in article.quotes) if labels else article.quotes
    )
    return replace(article, tags=tuple(dict.fromkeys(tags)), quotes=quotes)


def _renamed_article(article: Article, tag: str, *, back: bool) -> Article:
    """Apply or revert the name that a form means. Quotations follow if the old name no longer occurs."""
    kind, _, parts = tag.partition("=")
    form, old, new = parts.split("\t")
    old, new = (new, old) if back else (old, new)
    mentions = tuple(
        replace(one, name=new)
        if (one.kind, one.name, article.name_as_written(one)) == (kind, old, form)
        else one
        for one in article.mentions
    )
    if mentions == article.mentions:
        return article
    is_gone = all((one.kind, one.name) != (kind, old) for one in mentions)
    quotes = (replace(one, speaker=new) if is_gone and one.speaker == old else one for one in article.quotes)
    return replace(article, mentions=mentions, quotes=tuple(quotes))


def _named_turn(quote: Quote, names: Mapping[str, str], labels: Collection[str]) -> Quote:
    label = quote.label or quote.speaker
    if label is None or quote.kind != "speech" or label not in labels:
        return quote
    if (name := names.get(label)) is None:
        nobody = any(map(str.isdigit, label))  # Transcription programs number unknown speakers.
        return replace(quote, speaker=label, label=None, speaker_kind="unnamed" if nobody else "person")
    return replace(quote, speaker=name, label=label, speaker_kind="person")


def _label_of(tag: str) -> str:
    return tag.removeprefix(_SPEAKER_PREFIX).partition("=")[0] if tag.startswith(_SPEAKER_PREFIX) else ""


def _is_hidden(tag: str) -> bool:
    """Return True for decisions about names, which are not shown as tags."""
    return bool(_label_of(tag)) or tag.startswith(_FORM_PREFIXES)


def _tag_spellings(text: str) -> tuple[str, ...]:
    """Return the spellings of a tag to remove: as written, and as stored. Files contain tags that cannot be
    added. Raises UsageError if it is empty."""
    if not (plain := " ".join(text.split())):
        raise UsageError("Name the tag to remove.")
    name, equals, value = plain.partition("=")
    field = name.strip().lower()
    stored = custom_tag(field, value.strip()) if equals and can_be_custom_field(field) else plain
    return tuple(dict.fromkeys((text, plain, stored)))


def _checked_tag(text: str) -> str:
    """Return a tag as stored: on one line unless it is a note. Raises UsageError."""
    lines = text.strip().splitlines() if _is_note(text) else [text]
    tag = "\n".join(" ".join(line.split()) for line in lines)
    name, equals, value = tag.partition("=")
    if not tag or tag[0] in "+-":
        raise UsageError(f"“{text}” cannot be a tag: write a word, or several in quotation marks.")
    if not tag.isascii() and tag.encode(errors="ignore").decode() != tag:
        raise UsageError(f"“{text}” is not valid UTF-8.")
    if len(tag) > MAX_LENGTH:
        raise UsageError(f"A tag or a note has at most {MAX_LENGTH:,} characters, not {len(tag):,}.")
    if not equals:
        return tag
    name, value = name.strip().lower(), value.strip()
    if not value:
        raise UsageError(f"“{text}” has no value after the “=”.")
    if not can_be_custom_field(name):
        raise UsageError(f"“{name}” is not a field of your own: a tag cannot set it.")
    return custom_tag(custom_field_name(name), value)
