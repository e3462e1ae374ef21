"""Articles as entities of FollowTheMoney, which OpenAleph and its kin read: one JSON object a line.

An article is an Article, who is named a Person or an Organization with the forms of the name as aliases, each
of the two an article names a Mention, and a quotation a Note about its speaker
(https://followthemoney.tech/explorer/).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from searcher.sanitize import json_safe

__all__ = ["entities"]

_ARTICLES = """
SELECT id, title, body, source, published, language, url, origin,
  (SELECT json_group_array(name) FROM authors WHERE article = id),
  (SELECT json_group_array(tag) FROM tags WHERE article = id)
FROM articles
"""
_FORMS = "SELECT name, json_group_array(form) FROM names WHERE kind = ? GROUP BY name ORDER BY name"
_MENTIONS = """
SELECT article, person, organisation, json_group_array(DISTINCT form) FROM mentions
GROUP BY article, person, organisation
"""
_QUOTATIONS = """
SELECT q.article, q.starts, q.ends, q.text, q.speaker, q.person, q.organisation, a.url, a.source
FROM quotations q JOIN articles a ON a.id = q.article
"""


def entities(database: sqlite3.Connection) -> Iterator[str]:
    """Yield the entities of a database of an export, a line each."""
    for kind, schema in (("person", "Person"), ("organisation", "Organization")):
        for name, forms in database.execute(_FORMS, (kind,)):
            others = [form for form in json.loads(forms) if form != name]
            yield _entity(_id(kind, name), schema, name=[name], alias=others)
    for id, title, body, source, day, language, url, origin, authors, tags in database.execute(_ARTICLES):
        yield _entity(
            _id("article", id), "Article", title=[title or id], bodyText=[body], publisher=[source],
            publishedAt=[day], language=[language], sourceUrl=[url], fileName=[origin],
            author=json.loads(authors), keywords=json.loads(tags),
        )  # fmt: skip
    for article, person, body, forms in database.execute(_MENTIONS):
        kind, name = ("person", person) if person else ("organisation", body)
        detected = "Person" if person else "Organization"
        yield _entity(
            _id("mention", article, kind, name), "Mention", document=[_id("article", article)],
            resolved=[_id(kind, name)], name=json.loads(forms), detectedSchema=[detected],
        )  # fmt: skip
    for article, start, end, text, speaker, person, body, url, source in database.execute(_QUOTATIONS):
        about = [_id("article", article)]
        about += [_id("person", person)] if person else [_id("organisation", body)] if body else []
        yield _entity(
            _id("quotation", article, f"{start}-{end}"), "Note", name=[_said(text, speaker)],
            description=[text], entity=about, publisher=[source], sourceUrl=[url],
        )  # fmt: skip


def _said(text: str, speaker: str | None) -> str:
    return f"{speaker}: “{text}”" if speaker else f"“{text}”"


def _id(*parts: str) -> str:
    """An id that is the same in every export."""
    return hashlib.sha1("\0".join(("searcher", *parts)).encode(), usedforsecurity=False).hexdigest()


def _entity(id: str, schema: str, **properties: Iterable[Any]) -> str:
    given = {name: [value for value in values if value] for name, values in properties.items()}
    known = {name: values for name, values in given.items() if values}
    entity = {"id": id, "schema": schema, "properties": known}
    return json_safe(json.dumps(entity, ensure_ascii=False)) + "\n"
