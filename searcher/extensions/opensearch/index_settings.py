"""The settings and mappings of the indexes that make up one index of Searcher.

``NAME`` is small: it holds the state, the lease of the writer and the texts beside the index, each a
document. ``NAME-7`` holds the articles, with their quotations as children, and the names of their values.
"""

from __future__ import annotations

from typing import Any, Final

from searcher.fields import FIELDS, OF_QUOTES, Kind

#: The format of the documents: raised where an index of an earlier one cannot be read any more.
FORMAT: Final = 6
VALUE_FIELDS: Final = tuple(f.name for f in FIELDS if f.kind is Kind.VALUES)

#: Characters of one position with all its terms (four of 64 at most, in each of its languages).
_MAX_TOKEN = 4096
#: Characters of a value that can be searched: Lucene takes 32,766 bytes.
_MAX_VALUE = 8191
#: Segments of one size that are merged at a time, where a cluster by itself takes 10: of 100,000 articles
#: a load is 13 % less work, since its end merges what is left.
_MERGED = 20
#: Hits that may be asked for by their place.
_MAX_WINDOW = 1_000_000

_VALUE = {"type": "keyword", "ignore_above": _MAX_VALUE}
_NUMBER = {"type": "long"}
_WORDS = {"type": "text", "analyzer": "terms", "norms": False}
#: Words that are counted: they are searched as terms of the texts, which are indexed anyway.
_COUNTED = {**_VALUE, "index": False}
_UNSEARCHED = {"type": "object", "enabled": False}


def small_index(copies: int) -> dict[str, Any]:
    """Return what makes the index ``NAME``."""
    return {
        "settings": {"number_of_shards": 1, **_safe(copies)},
        "mappings": _mapped({"what": _VALUE, "name": _VALUE, "stored": _UNSEARCHED}),
    }


def article_index(shards: int, copies: int) -> dict[str, Any]:
    """Return what makes the index of the articles. A position of a text is a word with all its terms,
    ``start|startup|~start``, which the analyzer puts at one place. Nothing is seen before a commit refreshes
    it."""
    return {
        "settings": {
            "number_of_shards": shards,
            **_safe(copies),
            "refresh_interval": "-1",
            **{f"merge.policy.{name}": _MERGED for name in ("segments_per_tier", "max_merge_at_once")},
            "max_result_window": _MAX_WINDOW,
            "analysis": {
                "tokenizer": {"positions": {"type": "whitespace", "max_token_length": _MAX_TOKEN}},
                "filter": {
                    "terms": {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^|]+)"]}
                },
                "analyzer": {"terms": {"type": "custom", "tokenizer": "positions", "filter": ["terms"]}},
            },
        },
        "mappings": _mapped({**_COMMON, **_ARTICLE, **_QUOTATION, **_NAME}),
    }


def _mapped(properties: dict[str, Any]) -> dict[str, Any]:
    return {"dynamic": False, "_meta": {"searcher": FORMAT}, "properties": properties}


def _safe(copies: int) -> dict[str, Any]:
    """A write is acknowledged once another copy has it: a node that dies takes nothing with it then. So that
    writers do not wait for long, the copies that it had are soon made elsewhere. Copies index for themselves:
    those of segment replication lose the routing of documents when they take the place of the first one."""
    return {
        "number_of_replicas": copies,
        "write.wait_for_active_shards": str(min(2, copies + 1)),
        "unassigned.node_left.delayed_timeout": "10s",
    }


_COMMON = {
    "kind": {"type": "join", "relations": {"article": "quotation"}},
    "from": _NUMBER,  # the generation that brought the document, …
    "to": _NUMBER,  # … and the one that ended it, …
    "ended": _NUMBER,  # … with the second at which it was written
}
_ARTICLE = {
    **dict.fromkeys(("title", "body"), _WORDS),
    **dict.fromkeys(
        ("order", "length", "body_length", "second", "quotations", "quoted_length", "check"), _NUMBER
    ),
    # “speaks” is who speaks in it, those of indirect speech and without a name among them.
    **dict.fromkeys(("id", "speaks", "story_key", *VALUE_FIELDS), _VALUE),
    "words": _COUNTED,
    "day": {"type": "date", "format": "strict_date"},
    "stored": _UNSEARCHED,
}
_QUOTATION = {
    "said": _WORDS,
    "said_words": _COUNTED,
    **dict.fromkeys(("said_as", *OF_QUOTES.values()), _VALUE),
    **dict.fromkeys(("said_length", "number", "position"), _NUMBER),
    # The id of the statement that it is part of, and the generation that decided this.
    **dict.fromkeys(("statement", "decided", "utterance_words"), _NUMBER),
    "utterance_key": _VALUE,  # the same for all parts of an utterance
    "utterance": {"type": "binary", "doc_values": True},  # read without the rest of the document
    "traces": {"type": "keyword", "doc_values": False},
    "confidence": {"type": "double"},
}
_NAME = {
    **dict.fromkeys(("name_key", "name_kind", "name_group", "name_value", "name", "name_words"), _VALUE),
    "name_differs": {"type": "boolean"},
    "weight": _NUMBER,
}
