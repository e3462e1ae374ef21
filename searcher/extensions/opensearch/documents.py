"""The documents of an article: one for itself, and one child per quotation."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import itertools
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Self

from searcher import analysis
from searcher.analysis.terms import Terms
from searcher.article import Article, Quote, format_iso, wall_clock
from searcher.engines.base import Deferred
from searcher.engines.field_values import indices_by_position, values_of
from searcher.errors import IndexDamaged
from searcher.extensions.opensearch.index_settings import VALUE_FIELDS
from searcher.fields import QUOTE_FIELDS
from searcher.languages import word_language

#: Upper limit of checksums. The sum of a billion checksums is exact as a double.
_MAX_CHECK = 1 << 20
#: Article fields needed to show where a statement occurs.
KNOWN: Final = ("id", "title", "url", "source", "published", "language", "origin", "story", "tags")


def short_hash(text: str) -> str:
    """Return a short ASCII id for any text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def document_key(id: str, generation: int) -> str:
    return f"{short_hash(id)}@{generation}"


def story_key(article: Article) -> str:
    """Return a key shared by the articles of a story."""
    return f"story {article.story}" if article.story else f"article {article.id}"


def routing_key(article: Article) -> str:
    """Return the routing key. All articles of a story and their quotations are in one shard."""
    return short_hash(story_key(article))


def documents_of(article: Article, generation: int, order: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the documents of an article with their ids: the article, then its quotations."""
    language = word_language(article.language)
    key = document_key(article.id, generation)
    title, body = (analysis.index_terms(text, language) for text in (article.title, article.body))
    quoted_terms = [analysis.index_terms(quote.text, language) for quote in article.quotes]
    common: dict[str, Any] = {"from": generation, "order": order, **_times(article.published)}
    stored = json.dumps(article.to_dict(), separators=(",", ":"))
    yield (
        key,
        {
            **common,
            "kind": "article",
            "id": article.id,
            "title": _encoded(title),
            "body": _encoded(body),
            "words": _surfaces(title, body),
            "length": len(title) + len(body),
            "body_length": len(body),
            **_values_of_fields(article),
            "speaks": sorted({quote.speaker for quote in article.quotes if quote.speaker}),
            "story_key": story_key(article),
            "quotations": len(quoted_terms),
            "quoted_length": sum(map(len, quoted_terms)),
            "check": checksum(stored),
            "stored": stored,
        },
    )
    utterances = [_utterance(key, article, quote, len(body)) for quote in article.quotes]
    for position, number in enumerate(indices_by_position(article.quotes)):
        quote, terms = article.quotes[number], quoted_terms[number]
        yield (
            f"{key}#{number}",
            {
                **common,
                "kind": {"name": "quotation", "parent": key},
                "said": _encoded(terms),
                "said_words": _surfaces(terms),
                "said_length": len(terms),
                **{column: getattr(quote, field) for field, column in QUOTE_FIELDS.items()},
                "said_as": [quote.kind, *(["unnamed"] if quote.speaker_kind == "unnamed" else [])],
                "confidence": quote.confidence,
                "number": number,
                "position": position,
                **utterances[number],
            },
        )


def _utterance(document: str, article: Article, quote: Quote, length: int) -> dict[str, Any]:
    """Return the fields by which an utterance is compared, and shown without reading its article."""
    from searcher.results.statements import Place
    from searcher.statements import folded_words, is_unrepeatable, traces, utterance_parts, word_numbers

    place = Place(article, utterance_parts(article, quote))
    first_part, words = place.parts[0], folded_words(place.text)
    is_alone = is_unrepeatable(first_part.kind, words)
    key = article.id, first_part.start, first_part.end
    saying = " ".join(words), place.best_part.speaker, first_part.kind == "indirect", is_alone
    shown_fields = {name: value for name in KNOWN if (value := getattr(article, name)) is not None}
    shown_fields["published"] = format_iso(article.published)
    parts = [[getattr(part, name) for name in Quote.__match_args__] for part in place.parts]
    packed = "\n".join(
        json.dumps(one, separators=(",", ":")) for one in ((key, saying), (shown_fields, parts, length))
    )
    return {
        "utterance": base64.b64encode(packed.encode()).decode(),
        "utterance_key": f"{document}#{first_part.start}-{first_part.end}",
        "utterance_words": len(words),
        "traces": [] if is_alone else sorted(map(str, traces(word_numbers(words)))),
    }


class ArticleLater(Deferred, Article):
    """An article that knows the fields in KNOWN and reads the others on first access."""

    __slots__ = ("_read",)
    _read: Callable[[], Article | None]

    @classmethod
    def begun(cls, known: Mapping[str, Any], read: Callable[[], Article | None]) -> Self:
        article, give = object.__new__(cls), object.__setattr__
        for name in KNOWN:
            give(article, name, known.get(name))
        give(article, "published", wall_clock(known["published"]))
        give(article, "tags", tuple(known["tags"]))
        give(article, "_read", read)
        return article

    def eager(self) -> Article:
        return Article(*(getattr(self, name) for name in Article.__match_args__))

    if not TYPE_CHECKING:  # Keeps misspelt attributes a type error.

        def __getattr__(self, name: str) -> Any:
            if name not in Article.__match_args__:
                raise AttributeError(name)
            if (article := self._read()) is None:
                raise IndexDamaged(f"The article {self.id} no longer exists: search again.")
            for field in set(Article.__match_args__).difference(KNOWN):
                object.__setattr__(self, field, getattr(article, field))
            return getattr(self, name)


def stored_article(document: Mapping[str, Any]) -> Article:
    return Article.from_dict(json.loads(document["stored"]))


def checksum(stored: str) -> int:
    return zlib.crc32(stored.encode()) % _MAX_CHECK


def _encoded(terms: Sequence[Terms]) -> str:
    return " ".join(map("|".join, terms))


def _surfaces(*texts: Sequence[Terms]) -> list[str]:
    return list(filter(analysis.is_surface, set[str]().union(*itertools.chain(*texts))))


def _values_of_fields(article: Article) -> dict[str, list[str]]:
    values_by_field = {name: list(values_of(article, name)) for name in VALUE_FIELDS}
    return {name: values for name, values in values_by_field.items() if values}


def _times(published: dt.datetime | None) -> dict[str, Any]:
    if published is None:
        return {}
    clock = published.hour * 3600 + published.minute * 60 + published.second
    return {"day": published.date().isoformat(), "second": published.toordinal() * 86400 + clock}
