"""Read the JSON-LD of pages (https://schema.org/NewsArticle)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

_ARTICLES = frozenset({
    "article", "newsarticle", "reportagenewsarticle", "opinionnewsarticle", "analysisnewsarticle",
    "backgroundnewsarticle", "reviewnewsarticle", "askpublicnewsarticle", "advertisercontentarticle",
    "satiricalarticle", "blogposting", "liveblogposting", "socialmediaposting", "techarticle",
    "scholarlyarticle", "report", "review", "webpage", "interview", "medicalscholarlyarticle", "column",
    "press", "release", "pressrelease", "recipe", "podcastepisode", "videoobject",
})  # fmt: skip
_WEAK = frozenset({"webpage", "videoobject", "recipe", "podcastepisode", "review"})
_SCRIPT_WRAPPING = re.compile(r"^\s*(?://\s*)?<!\[CDATA\[|(?://\s*)?\]\]>\s*$|^\s*<!--|-->\s*$")
_MAX_OBJECTS = 400  # maximum number of objects; some pages list whole shops
_INNER = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "liveBlogUpdate", "hasPart")


def load(blocks: Iterable[str]) -> list[dict[str, Any]]:
    """Return all objects in JSON-LD scripts, including nested ones. Broken scripts are repaired or
    ignored."""
    out: list[dict[str, Any]] = []
    for block in blocks:
        value = _parse(block)
        if value is not None:
            out.extend(_objects(value, _MAX_OBJECTS - len(out)))
    return out


def _parse(block: str) -> Any:
    block = _SCRIPT_WRAPPING.sub("", block).strip().rstrip(";")
    mended = re.sub(r",\s*([}\]])", r"\1", block)
    for attempt in dict.fromkeys((block, mended, html.unescape(mended))):
        try:
            return json.loads(attempt, strict=False)
        except ValueError:
            continue
        except RecursionError:
            return None
    return None


def _objects(value: Any, limit: int) -> Iterator[dict[str, Any]]:
    stack = [(value, 0)]
    while stack and limit > 0:
        item, depth = stack.pop()
        if isinstance(item, list):
            stack.extend((part, depth) for part in reversed(item[:100]))
        elif isinstance(item, dict):
            limit -= 1
            yield item
            if depth < 4:
                inner = [item[name] for name in _INNER if isinstance(item.get(name), (dict, list))]
                stack.extend((part, depth + 1) for part in reversed(inner))


def articles(objects: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the objects that describe an article, most complete first, entries of a live blog last."""
    described, entries = [], set[int]()
    for item in objects:
        updates = item.get("liveBlogUpdate")
        entries.update(map(id, updates if isinstance(updates, list) else [updates]))
        kinds = _types_of(item)
        if kinds & _ARTICLES and not (
            kinds <= _WEAK and "headline" not in item and "articleBody" not in item
        ):
            described.append(item)
    return sorted(described, key=lambda item: (id(item) not in entries, _fullness(item)), reverse=True)


def pages(objects: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the objects that describe the page, whose date is a fallback for the article's."""
    return [item for item in objects if "webpage" in _types_of(item)]


def is_news(item: dict[str, Any]) -> bool:
    """Return True if an object describes a newspaper article."""
    return any(kind.endswith("newsarticle") for kind in _types_of(item))


def is_body(item: dict[str, Any]) -> bool:
    """Return True if an object describes an organisation."""
    return any(kind.endswith("organization") or kind == "corporation" for kind in _types_of(item))


def _types_of(item: dict[str, Any]) -> set[str]:
    kinds = item.get("@type")
    return {str(kind).lower().rsplit("/", 1)[-1] for kind in (kinds if isinstance(kinds, list) else [kinds])}


def _fullness(item: dict[str, Any]) -> int:
    strong = 0 if _types_of(item) <= _WEAK else 4
    return strong + sum(
        weight * bool(item.get(name))
        for name, weight in (("articleBody", 3), ("headline", 2), ("datePublished", 1), ("author", 1))
    )


def text_of(value: Any) -> str:
    """Return a JSON-LD value as a string without tags and entities."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    if not isinstance(value, str):
        return ""
    return " ".join(html.unescape(re.sub(r"</?[a-zA-Z][^<>]{0,300}>", " ", html.unescape(value))).split())


def article_body(objects: Iterable[dict[str, Any]]) -> str:
    """Return the longest ``articleBody`` or ``text`` as plain text with line breaks, or ""."""
    texts = (item.get("articleBody") or item.get("text") for item in objects)
    return max(map(_plain_text, texts), key=len, default="")


def _plain_text(value: Any) -> str:
    if isinstance(value, list):
        value = "\n".join(map(str, value))
    if not isinstance(value, str):
        return ""
    value = html.unescape(value)
    value = re.sub(r"<(?:/p|br|/div|/li|/h\d)\b[^<>]{0,200}>", "\n", value)
    return re.sub(r"</?[a-zA-Z][^<>]{0,300}>", "", value)
