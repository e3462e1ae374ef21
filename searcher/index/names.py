"""The people and organisations of an index: records, lists of names, and your decisions about names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from searcher.article import Article
from searcher.errors import IndexDamaged, UsageError
from searcher.index.session import Session
from searcher.names import decisions
from searcher.names.decisions import Curation
from searcher.names.table import NameTable
from searcher.query.arguments import as_list, check_count, check_kind, check_several, check_text
from searcher.query.request import Search
from searcher.query.tree import Expr
from searcher.results import Hit
from searcher.search.answers import with_resolved_names
from searcher.search.own_fields import matching_values

if TYPE_CHECKING:
    # Searches do not need these.
    from searcher.names.doubts import NameDoubt, NameForm
    from searcher.results.names import NameMatch
    from searcher.search.network import Network
    from searcher.search.record import Record


class Names:
    """The names of an index (:attr:`Index.names`).

    Methods with a ``field`` take any value field, such as "person", and raise UsageError for an unknown one.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    # People and organisations

    def record(self, name: str) -> Record:
        """Return what the index has about a person: statements by year, topic and source, the people
        mentioned with them, and their most widely printed statements. Raises AmbiguousName if several people
        have this name.
        """
        from searcher.search.record import record_of

        return record_of(self._session.answers(), check_text("name", name))

    def network(self, name: str = "", query: str | Expr | Search = "", limit: int = 20) -> Network:
        """Return the names that articles mention together with a person or organisation, most frequent first.

        Without ``name``, return the most frequent names and the links between them. ``query`` filters the
        articles. Raises the errors of :meth:`Index.search`.
        """
        from searcher.search.network import network

        request = self._session.article_request(query, {})
        limit = check_count("limit", limit)
        return network(self._session.answers(), check_text("name", name), request, limit)

    # Lists of names

    @staticmethod
    def read_list(data: bytes, origin: str = "", column: str = "") -> list[str]:
        """Return the names in a file: one per line, or in a column of a CSV file.

        Raises UsageError if the file has several columns and none is chosen.
        """
        from searcher.search.name_list import parse_names

        return parse_names(data, origin, column)

    def match(self, names: Iterable[str], query: str | Expr | Search = "") -> list[NameMatch]:
        """Return who each name of a list may be, how likely that is, and how often they are mentioned and
        quoted.

        ``query`` filters the articles. Raises the errors of :meth:`Index.search`.
        """
        from searcher.search.name_list import match_names

        answers, request = self._session.answers(), self._session.article_request(query, {})
        return match_names(answers, list(check_several("names", names)), answers.condition(request))

    def scan(self, names: Iterable[str], *, snippets: bool = True) -> Iterator[Hit]:
        """Yield every article that mentions someone on a list, or contains the words of a name on it."""
        from searcher.search.name_list import scan_articles

        checked = list(check_several("names", names))
        return scan_articles(self._session.answers(), checked, snippets=snippets)

    # Forms of names

    def resolve(self, field: str, name: str) -> frozenset[str]:
        """Return the names, as :meth:`Index.values` lists them, that a name or a form of one stands for."""
        names, field = self._table(field)
        return matching_values(names, self._session.fields, field, check_text("name", name))

    def resolve_article(self, article: Article) -> Article:
        """Return an article whose people, organisations, speakers, source and authors have the names that
        they have across articles. Its text does not change.
        """
        return with_resolved_names(
            check_kind("article", article, Article), self._session.answers().engine.names()
        )

    def forms(self, field: str, name: str) -> Mapping[str, tuple[NameForm, ...]]:
        """Return the forms of each name that ``name`` stands for: the number of articles, and why it is a
        form.
        """
        from searcher.names.doubts import forms

        return forms(*self._table(field), check_text("name", name))

    def full_names(self, field: str, names: Iterable[str]) -> Mapping[str, str]:
        """Return the full names of organisations that are listed by a short one, such as BBC."""
        from searcher.names.doubts import full_names

        return full_names(*self._table(field), names)

    def doubts(self, field: str) -> list[NameDoubt]:
        """Return the short forms that were, or were not, joined with a name without certainty, most frequent
        first.
        """
        from searcher.names.doubts import doubts

        return doubts(*self._table(field))

    def _table(self, field: str) -> tuple[NameTable, str]:
        return self._session.answers().engine.names(), self._session.fields.value_field(field).name

    # Decisions

    @property
    def decisions(self) -> Curation:
        """Your decisions about names. Raises IndexDamaged if their file cannot be understood."""
        _ = self._session.engine  # raises an error if the index is closed
        decided = self._session.decided_names.current()
        if decided.identities is None:
            raise IndexDamaged(decided.problem)
        return decided.identities.curation

    @property
    def warnings(self) -> tuple[str, ...]:
        """Errors in the file of decisions. Until they are mended, the last decisions without errors apply."""
        problem = self._session.decided_names.current().problem
        return (problem,) if problem else ()

    def decide(self, changed: Curation) -> str:
        """Replace the decisions about names. They apply immediately.

        Return the id of the step in the log, or "" if nothing has changed.
        """
        from searcher.records.log import Log, LogEntry

        check_kind("What is decided about names", changed, Curation)
        store = self._session.store
        with store.transaction():
            new, removed = decisions.save(self._session.texts, changed, store)
            entries = [LogEntry(*one, added=False) for one in sorted(removed)]
            entries += [LogEntry(*one) for one in sorted(new)]
            step = Log(store).record(entries)
        self._session.share()
        self._session.answers()
        return step

    def name_speakers(self, ids: str | Iterable[str], names: Mapping[str, str]) -> int:
        """Name the speakers of transcripts by their labels: ``{"SPEAKER_00": "Anna Kowalska"}``; "" undoes
        it.

        Return the number of articles that changed. Stored like tags. Raises IndexLocked, and UsageError for
        an invalid label.
        """
        from searcher.ingest import loader
        from searcher.records.tags import TagChange

        checked = {check_text("A label", label): check_text("A name", name) for label, name in names.items()}
        change = TagChange.name_speakers(checked)
        return loader.tag(self._session.engine, self._session.records(), as_list(ids), change)

    def rename_in_article(self, id: str, kind: str, form: str, name: str = "") -> int:
        """Set the person or organisation that a form of a name means in one article: ``name``, or the form
        itself.

        Quotations follow if no one else in the article had the old name. Return the number of articles that
        changed. Stored like tags. Raises IndexLocked, and UsageError if the article does not contain the
        form.
        """
        from searcher.ingest import loader
        from searcher.records.tags import TagChange

        article = self._session.engine.get(check_text("id", id))
        form = " ".join(check_text("A form", form).split())
        if article is None:
            raise UsageError(f"There is no article with the id “{id}”.")
        names = {
            one.name for one in article.mentions if one.kind == kind and article.name_as_written(one) == form
        }
        change = TagChange.rename_form(kind, form, names, check_text("A name", name) or form)
        return loader.tag(self._session.engine, self._session.records(), [id], change)
