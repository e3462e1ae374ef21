"""Records that are known by their keys: answers of programming interfaces, and exports of reading lists.

For each the keys that tell it and where the fields of an article stand in it. A dotted path reaches into
objects, ``*`` into every item of a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Shape", "reach", "shape_of"]


@dataclass(frozen=True, slots=True)
class Shape:
    """``keys`` are paths that all must lead somewhere. ``paths`` name for each field of an article where it
    may stand, the best first. ``source`` is the outlet where the record does not name it."""

    name: str
    keys: tuple[str, ...]
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: str | None = None


def _shape(name: str, keys: str, source: str | None = None, /, **paths: str) -> Shape:
    return Shape(name, tuple(keys.split()), {field: tuple(p.split()) for field, p in paths.items()}, source)


#: The surest first. https://developer.wordpress.org/rest-api/reference/posts/,
#: https://open-platform.theguardian.com/documentation/, https://developer.nytimes.com/docs/articlesearch-product/1,
#: https://iptc.org/std/ninjs/, https://www.jsonfeed.org/version/1.1/, and the exports of each service.
_SHAPES = (
    _shape(
        "WordPress",
        "content.rendered title.rendered",
        title="title.rendered",
        body="content.rendered",
        url="link",
        id="",
        published="date date_gmt",
        authors="_embedded.author.*.name author_name yoast_head_json.author",
        source="yoast_head_json.og_site_name",
        tags="_embedded.wp:term.*.*.name",
        section="",
    ),
    _shape(
        "Guardian",
        "webTitle webUrl",
        "The Guardian",
        title="fields.headline headline webTitle",
        body="fields.body body blocks.body.*.bodyHtml fields.bodyText bodyText blocks.body.*.bodyTextSummary",
        url="webUrl",
        published="webPublicationDate",
        authors="fields.byline byline",
        source="fields.publication publication",
        section="sectionName",
        tags="tags.*.webTitle",
    ),
    _shape(
        "New York Times",
        "web_url headline.main",
        "The New York Times",
        title="headline.main",
        body="full_text body lead_paragraph abstract snippet",
        url="web_url",
        id="",
        published="pub_date",
        authors="byline.original byline.person.*.lastname",
        section="section_name news_desk",
        tags="keywords.*.value",
    ),
    _shape(
        "ninjs 2",
        "bodies.*.value",
        title="headlines.*.value",
        body="bodies.*.value",
        id="uri",
        url="altids.web",
        published="firstcreated versioncreated contentcreated",
        authors="by people.*.name infosources.*.name",
        source="infosources.*.name organisations.*.name",
        tags="subjects.*.name",
    ),
    *(
        _shape(
            "ninjs",
            f"{body} headline",
            title="headline",
            body="body_html body_xhtml body_text",
            id="uri guid",
            url="canonical url",
            published="firstpublished firstcreated versioncreated contentcreated",
            authors="byline authors.*.name by",
            source="source copyrightholder provider",
            section="service.*.name",
            tags="subject.*.name keywords",
        )
        for body in ("body_html", "body_xhtml")
    ),
    _shape(
        "Karakeep",
        "content.type createdAt",
        title="title content.title",
        body="content.htmlContent content.text content.content",
        url="content.url content.sourceUrl",
        id="",
        published="content.datePublished",
        authors="content.author",
        source="content.publisher",
        tags="tags.*.name tags",
    ),
    _shape(
        "Linkwarden",
        "textContent url name",
        title="name",
        body="textContent",
        url="url",
        id="",
        published="publishedAt",
        tags="tags.*.name",
        section="",
    ),
    _shape(
        "Readwise Reader",
        "source_url category reading_progress",
        title="title",
        body="html_content content html full_text",
        url="source_url",
        id="",
        published="published_date",
        authors="author",
        source="site_name",
        section="",
        tags="tags.*.name tags",
    ),
    _shape(
        "wallabag",
        "is_archived content",
        title="title",
        body="content",
        url="given_url url",
        id="",
        published="published_at",
        authors="published_by",
        source="domain_name",
        language="language",
        tags="tags.*.label tags",
    ),
    _shape(
        "Omnivore",
        "slug savedAt",
        title="title",
        body="content",
        url="originalArticleUrl url",
        id="",
        published="publishedAt",
        authors="author",
        source="siteName",
        tags="labels.*.name labels",
    ),
    *(
        _shape(
            "JSON Feed",
            key,
            title="title",
            body="content_html content_text summary",
            url="external_url url",
            id="",
            published="date_published date_modified",
            authors="authors.*.name author.name",
            source="source",
            language="language",
            tags="tags",
        )
        for key in ("content_html", "content_text")
    ),
)


def shape_of(record: Mapping[str, Any]) -> Shape | None:
    """The shape that a record has; None where it is none of those that are known."""
    return next((shape for shape in _SHAPES if all(_leads(record, key) for key in shape.keys)), None)


def _leads(record: Mapping[str, Any], path: str) -> bool:
    if path not in record and path.partition(".")[0] not in record:
        return False  # most records have none of the keys
    return reach(record, path) not in (None, [], {})


def reach(record: Any, path: str) -> Any:
    """What stands at a path; None where it leads nowhere. A key that has dots in it is found as it is."""
    if isinstance(record, Mapping) and path in record:
        return record[path]
    value = record
    first, _, rest = path.partition(".")
    if first == "*":
        items = (
            value if isinstance(value, list) else list(value.values()) if isinstance(value, Mapping) else []
        )
        found = (reach(item, rest) if rest else item for item in items)
        return list(_flat(found))
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, Mapping) or first not in value:
        return None
    return reach(value[first], rest) if rest else value[first]


def _flat(found: Iterator[Any]) -> Iterator[Any]:
    for one in found:
        if isinstance(one, list):
            yield from one
        elif one is not None:
            yield one
