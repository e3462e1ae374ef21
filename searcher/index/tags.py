"""Your own tags, cases, notes and field values on the articles of an index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from searcher.index.session import Session
from searcher.query.arguments import as_list, check_kind, check_several, check_text

if TYPE_CHECKING:
    # Searches do not need this.
    from searcher.records.tags import TagDecisions


class Tags:
    """Your own tags (:attr:`Index.tags`). Loading and rebuilding leave them as they are."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def update(
        self,
        ids: str | Iterable[str],
        add: str | Iterable[str] = (),
        remove: str | Iterable[str] = (),
        *,
        case: str | None = None,
        note: str | None = None,
    ) -> int:
        """Add tags to articles, or remove tags from them. Return the number of articles that changed.

        The tag ``desk=foreign`` sets a field of your own. ``case`` adds the articles to a case, and ``note``
        sets the note of each ("" removes it); both can be searched, filtered and counted like other fields.
        The next search sees the change, in any process. Raises IndexLocked, and UsageError for an invalid
        tag.
        """
        from searcher.ingest import loader
        from searcher.records.tags import TagChange

        for name, text in (("case", case), ("note", note)):
            if text is not None:
                check_text(name, text)
        change = TagChange.of(as_list(add), as_list(remove), case, note)
        return loader.tag(self._session.engine, self._session.records(), as_list(ids), change)

    def all(self) -> tuple[TagDecisions, ...]:
        """Return every tag, case and note that was added to or removed from an article."""
        from searcher.records.tags import OwnTags

        return OwnTags(self._session.store).all()

    def names(self) -> frozenset[str]:
        """Return the tags that were added to articles, without the values of your own fields."""
        from searcher.records.tags import OwnTags

        return frozenset(self._session.fields.group_tags(OwnTags(self._session.store).names())["tag"])

    def merge(self, tagged: Iterable[TagDecisions]) -> int:
        """Add tags that :meth:`all` returned, from this or another index. Return the number of articles that
        changed.

        Articles that are added later get their tags, too. Raises IndexLocked.
        """
        from searcher.ingest import loader
        from searcher.records.tags import TagDecisions

        checked = [check_kind("A tag", one, TagDecisions) for one in check_several("Tags", tagged)]
        return loader.import_tags(self._session.engine, self._session.records(), checked)
