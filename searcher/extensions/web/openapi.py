"""The description of the JSON API (OpenAPI 3.1), built from tables of parameters and answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

from searcher.article import QuoteKind
from searcher.extensions.web.guard import MAX_HITS
from searcher.query.arguments import Match
from searcher.query.tree import Sort

_Schema = Mapping[str, Any]

_TEXT: Final[_Schema] = {"type": "string"}
_OPTIONAL: Final[_Schema] = {"type": ["string", "null"]}
_INTEGER: Final[_Schema] = {"type": "integer"}
_NUMBER: Final[_Schema] = {"type": "number"}
_OBJECT: Final[_Schema] = {"type": "object"}
_FLAG: Final[_Schema] = {"type": "integer", "enum": [0, 1]}


def _list(items: _Schema, **bounds: int) -> dict[str, Any]:
    return {"type": "array", "items": items, **bounds}


def _object(**properties: _Schema) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _schema(name: str) -> dict[str, str]:
    return _ref("schemas", name)


#: The parameters of searches: description and schema.
_PARAMETERS: Final[Mapping[str, tuple[str, _Schema]]] = {
    "q": ("The query, in the query language.", _TEXT),
    "person": ("Articles must mention one of these people. Any other value field works too.", _list(_TEXT)),
    "not_person": ("Articles must not mention these people. Likewise: not_source, …", _list(_TEXT)),
    "after": ("First day: 2024, 2024-05 or 2024-05-06.", _TEXT),
    "before": ("Last day.", _TEXT),
    "match_all": ("Fields of which articles must have all values, not just one.", _list(_TEXT)),
    "match": ("all: every word; any: at least one.", {"type": "string", "enum": [*get_args(Match)]}),
    "sort": ("Order of the results.", {"type": "string", "enum": [*get_args(Sort)]}),
    "limit": ("Results per page.", {"type": "integer", "minimum": 1, "maximum": MAX_HITS}),
    "offset": (
        "Number of results to skip. Beyond the last result, the answer is empty and has a note.",
        {"type": "integer", "minimum": 0},
    ),
    "facet": ("Facets to count: facet=speaker&facet=year, or facet=speaker,year.", _list(_TEXT)),
    "collapse": ("1: group the copies of a story.", _FLAG),
    "snippets": ("0: leave out snippets.", _FLAG),
    "said_by": ("Speakers; quotations by any of them.", _list(_TEXT)),
    "about": ("Query for the articles of the quotations. The quotations need not match it.", _TEXT),
    "kind": ("Kinds of quotations.", _list({"type": "string", "enum": [*get_args(QuoteKind)]})),
    "unreported": ("1: statements on record that no article reports.", _FLAG),
    "print_only": ("1: statements in print that are not on record.", _FLAG),
    "min_confidence": (
        "Minimum confidence in the speaker. Default: 0.7 if speakers are given.",
        {"type": "number", "minimum": 0, "maximum": 1},
    ),
}  # fmt: skip
_OF_ALL: Final = (
    "q",
    "person",
    "not_person",
    "after",
    "before",
    "match_all",
    "match",
    "sort",
    "limit",
    "offset",
)
_OF_ARTICLES: Final = (*_OF_ALL, "facet", "collapse", "snippets")
_OF_QUOTES: Final = (*_OF_ALL, "said_by", "about", "kind", "unreported", "print_only", "min_confidence")

_MARKS: Final = _list(_list(_INTEGER, minItems=2, maxItems=2))
_QUOTATION_FIELDS: Final[Mapping[str, _Schema]] = {
    "query": _TEXT, "total": _INTEGER, "relaxed": {"const": False}, "any_word": _INTEGER,
    "reading": _schema("Reading"), "suggestions": {"type": "object", "additionalProperties": _TEXT},
}  # fmt: skip
_FACETS: Final[_Schema] = {"type": "object", "additionalProperties": _list(_schema("FacetValue"))}


def _answer(name: str, **properties: _Schema) -> dict[str, Any]:
    return _object(schema={"const": f"searcher.{name}/1"}, **properties)


_SCHEMAS: Final[Mapping[str, _Schema]] = {
    "Error": _object(error=_TEXT),
    "FacetValue": _object(value=_TEXT, count=_INTEGER, selected={"type": "boolean"}),
    "Snippet": _object(text=_TEXT, marks=_MARKS, start=_INTEGER),
    "Hit": _object(
        id=_TEXT, title=_TEXT, title_marks=_MARKS, source=_OPTIONAL, authors=_list(_TEXT),
        published=_OPTIONAL, url=_OPTIONAL, language=_OPTIONAL, origin=_OPTIONAL, score=_NUMBER,
        snippets=_list(_schema("Snippet")),
    ),
    "Reading": _object(sentence=_TEXT, command=_TEXT, search=_OBJECT),
    "Search": _answer(
        "search", **_QUOTATION_FIELDS, collapsed={"type": "boolean"}, articles=_INTEGER, facets=_FACETS,
        hits=_list(_schema("Hit")),
    ),
    "Quote": _object(
        text=_TEXT, marks=_MARKS, speaker=_OPTIONAL, speaker_kind=_OPTIONAL, kind=_TEXT, confidence=_NUMBER,
        start=_INTEGER, end=_INTEGER, before=_TEXT, after=_TEXT, score=_NUMBER, article=_OBJECT,
    ),
    "Quotes": _answer("quotes", **_QUOTATION_FIELDS, quotes=_list(_schema("Quote"))),
    "Statement": _object(
        text=_TEXT, marks=_MARKS, speaker=_OPTIONAL, confidence=_NUMBER, votes=_list(_OBJECT),
        sources=_list(_TEXT), score=_NUMBER, places=_list(_OBJECT),
    ),
    "Statements": _answer(
        "statements",
        **_QUOTATION_FIELDS,
        places=_INTEGER,
        facets=_FACETS,
        statements=_list(_schema("Statement")),
    ),
    "Article": _answer(
        "article", id=_TEXT, title=_TEXT, body=_TEXT, url=_OPTIONAL, source=_OPTIONAL, authors=_list(_TEXT),
        published=_OPTIONAL, language=_OPTIONAL, section=_OPTIONAL, tags=_list(_TEXT), origin=_OPTIONAL,
        digest=_OPTIONAL, story=_OPTIONAL, mentions=_list(_OBJECT), quotes=_list(_OBJECT),
    ),
    "FacetAnswer": _answer("facet", field=_TEXT, total=_INTEGER, values=_list(_schema("FacetValue"))),
    "Inbox": _answer("inbox", files=_INTEGER),
}  # fmt: skip


def _parameter(name: str, about: str, schema: _Schema) -> dict[str, Any]:
    parameter = {"name": name, "in": "query", "description": about, "schema": schema}
    return {**parameter, "explode": True} if schema["type"] == "array" else parameter


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _TEXT}


def _shared(names: Iterable[str]) -> list[dict[str, str]]:
    return [_ref("parameters", name) for name in names]


def _responses(
    schema: _Schema, *errors: str, status: str = "200", about: str = "The answer."
) -> dict[str, Any]:
    answer = {"description": about, "content": {"application/json": {"schema": schema}}}
    return {status: answer, **{error: _ref("responses", "Error") for error in errors}}


def _get(summary: str, schema: str, parameters: list[dict[str, Any]], *errors: str) -> dict[str, Any]:
    responses = _responses(_schema(schema), "400", *errors)
    return {"get": {"summary": summary, "parameters": parameters, "responses": responses}}


def description() -> dict[str, Any]:
    """Return the OpenAPI document."""
    find = _parameter("_find", "Part of a value. Case and accents do not matter.", _TEXT)
    upload = _object(file={"type": "string", "contentMediaType": "application/octet-stream"})
    paths = {
        "/api/search": _get("Find articles", "Search", _shared(_OF_ARTICLES)),
        "/api/quotes": _get("Find quotations", "Quotes", _shared(_OF_QUOTES)),
        "/api/statements": _get(
            "Find statements: each quotation once, with all articles that have it",
            "Statements",
            _shared((*_OF_QUOTES, "facet")),
        ),
        "/api/article/{id}": _get("Get an article", "Article", [_in_path("id")], "404"),
        "/api/facets/{field}": _get(
            "Get the values of a facet", "FacetAnswer", [_in_path("field"), find, *_shared(_OF_ARTICLES)]
        ),
        "/api/inbox": {
            "post": {
                "summary": "Add files: a multipart form, as SingleFile sends it. Requires a token.",
                "requestBody": {"content": {"multipart/form-data": {"schema": upload}}},
                "responses": _responses(
                    _schema("Inbox"), "400", "404", status="202", about="The files are stored and being read."
                ),
            }
        },
        "/api/openapi.json": {"get": {"summary": "This description", "responses": _responses(_OBJECT)}},
    }  # fmt: skip
    error = {
        "description": "The error message.",
        "content": {"application/json": {"schema": _schema("Error")}},
    }
    about = (
        "The same answers as the page, as JSON. If a key changes meaning or is removed, the number at the "
        "end of the schema rises. If the server has a token, send it: Authorization: Bearer TOKEN."
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Searcher", "version": "1", "description": about},
        "paths": paths,
        "components": {
            "parameters": {name: _parameter(name, *rest) for name, rest in _PARAMETERS.items()},
            "responses": {"Error": error},
            "schemas": _SCHEMAS,
        },
    }
