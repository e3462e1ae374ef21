"""The commands of “searcher”, in modules by subject, each loaded when a command of it is asked for."""

from __future__ import annotations

from typing import Final

#: The module and the member that each command is.
COMMANDS: Final = {
    "alerts": "searches.alerts",
    "annotate": "ingest.annotate",
    "completion": "completion.completion",
    "copy": "collection.copy",
    "delete": "articles.delete",
    "export": "export.export",
    "extract": "ingest.extract",
    "index": "ingest.index",
    "log": "collection.log",
    "match": "searches.match",
    "mcp": "serve.mcp",
    "names": "names.names",
    "open": "articles.open_article",
    "person": "people.person",
    "problems": "ingest.problems",
    "rebuild": "ingest.rebuild",
    "related": "articles.related",
    "saved": "searches.saved",
    "serve": "serve.serve",
    "show": "articles.show",
    "speakers": "articles.speakers",
    "stats": "collection.stats",
    "synonyms": "names.synonyms",
    "tag": "articles.tag",
    "together": "people.together",
    "verify": "collection.verify",
    "versions": "articles.versions",
    "watch": "watch.watch",
}
