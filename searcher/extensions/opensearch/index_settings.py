"""Settings and mappings of the OpenSearch indexes of one index.

``NAME`` is small: it holds the state, the lease and the text files, one document each. ``NAME-7`` holds
articles, their quotations as children, and the names of their values.
"""

from __future__ import annotations

from typing import Any, Final

from searcher.fields import FIELDS, QUOTE_FIELDS, Kind

#: Version of the format of documents.
FORMAT: Final = 6
VALUE_FIELDS: Final = tuple(f.name for f in FIELDS if f.kind is Kind.VALUES)

#: Maximum length in characters of all terms at one position: four terms of 64 characters per language.
_MAX_TOKEN = 4096
#: Maximum length of a searchable value in characters. Lucene accepts 32,766 bytes.
_MAX_VALUE = 8191
#: Number of segments per merge. OpenSearch's default is 10. With 20, loading 100,000 articles takes 13 % less
#: work, because more is left to the last merge.
_MERGED = 20
#: Maximum offset of a hit.
_MAX_WINDOW = 1_000_000

_VALUE = {"type": "keyword", "ignore_above": _MAX_VALUE}
_NUMBER = {"type": "long"}
_WORDS = {"type": "text", "analyzer": "terms", "norms": False}
#: Words are only counted here, because the indexed texts can be searched for them.
_COUNTED = {**_VALUE, "index": False}
_UNSEARCHED = {"type": "object", "enabled": False}


def small_index(copies: int) -> dict[str, Any]:
    return {
        "settings": {"number_of_shards": 1, **_safe(copies)},
        "mappings": _mapped({"what": _VALUE, "name": _VALUE, "stored": _UNSEARCHED}),
    }


def article_index(shards: int, copies: int) -> dict[str, Any]:
    """Return the body that creates the index of articles.

    A position of a text is a word with all its terms, ``start|startup|~start``, which the analyzer puts at
    one position. Documents become visible when a commit refreshes the index.
    """
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
    """Return settings under which a write needs a second copy, so that it survives the loss of a node.

    Missing copies are replaced after 10 s, so that writers do not wait long. Segment replication is not used,
    because promoted replicas lose the routing of documents.
    """
    return {
        "number_of_replicas": copies,
        "write.wait_for_active_shards": str(min(2, copies + 1)),
        "unassigned.node_left.delayed_timeout": "10s",
    }


_COMMON = {
    "kind": {"type": "join", "relations": {"article": "quotation"}},
    "from": _NUMBER,  # The generation that added the document.
    "to": _NUMBER,  # The generation that replaced or deleted it.
    "ended": _NUMBER,  # The time of its replacement or deletion, in seconds.
}
_ARTICLE = {
    **dict.fromkeys(("title", "body"), _WORDS),
    **dict.fromkeys(
        ("order", "length", "body_length", "second", "quotations", "quoted_length", "check"), _NUMBER
    ),
    # “speaks” contains all speakers, including unnamed ones and those of indirect speech.
    **dict.fromkeys(("id", "speaks", "story_key", *VALUE_FIELDS), _VALUE),
    "words": _COUNTED,
    "day": {"type": "date", "format": "strict_date"},
    "stored": _UNSEARCHED,
}
_QUOTATION = {
    "said": _WORDS,
    "said_words": _COUNTED,
    **dict.fromkeys(("said_as", *QUOTE_FIELDS.values()), _VALUE),
    **dict.fromkeys(("said_length", "number", "position"), _NUMBER),
    # “statement” is the id of the statement, and “decided” the generation that assigned it.
    **dict.fromkeys(("statement", "decided", "utterance_words"), _NUMBER),
    "utterance_key": _VALUE,  # Shared by all parts of an utterance.
    "utterance": {"type": "binary", "doc_values": True},  # Readable without the rest of the document.
    "traces": {"type": "keyword", "doc_values": False},
    "confidence": {"type": "double"},
}
_NAME = {
    **dict.fromkeys(("name_key", "name_kind", "name_group", "name_value", "name", "name_words"), _VALUE),
    "name_differs": {"type": "boolean"},
    "weight": _NUMBER,
}
