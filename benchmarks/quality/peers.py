"""Other engines on the same texts and queries: title and body as one, English stems, any of the words."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

#: For each query the places of the documents found, with their scores.
Ranking = dict[str, dict[int, float]]


def _sqlite(texts: Sequence[str], queries: Mapping[str, str], top: int) -> Ranking:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE articles USING fts5(text, tokenize='porter unicode61')")
    base.executemany("INSERT INTO articles(rowid, text) VALUES (?, ?)", enumerate(texts))
    ask = "SELECT rowid, -rank FROM articles WHERE articles MATCH ? ORDER BY rank LIMIT ?"
    ranking: Ranking = {}
    for name, text in queries.items():
        any_word = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text))
        ranking[name] = dict(base.execute(ask, (any_word, top)).fetchall()) if any_word else {}
    return ranking


def _tantivy(texts: Sequence[str], queries: Mapping[str, str], top: int) -> Ranking:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("place", stored=True)
    builder.add_text_field("text", tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer(64_000_000, 1)
    for place, text in enumerate(texts):
        writer.add_document(tantivy.Document(place=place, text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    found = index.searcher()
    ranking: Ranking = {}
    for name, text in queries.items():
        words = " ".join(re.findall(r"\w+", text)).lower()  # lower case: AND, OR and NOT are words here
        hits = found.search(index.parse_query(words, ["text"]), top).hits if words else []
        ranking[name] = {int(found.doc(address)["place"][0]): score for score, address in hits}
    return ranking


def _bm25s(texts: Sequence[str], queries: Mapping[str, str], top: int) -> Ranking:
    import bm25s
    import Stemmer

    options: dict[str, Any] = {
        "stopwords": "en",
        "stemmer": Stemmer.Stemmer("english"),
        "show_progress": False,
    }
    engine = bm25s.BM25()
    engine.index(bm25s.tokenize(list(texts), **options), show_progress=False)
    words = bm25s.tokenize(list(queries.values()), return_ids=False, **options)
    places, scores = engine.retrieve(words, k=min(top, len(texts)), show_progress=False)
    return {
        name: {int(place): float(score) for place, score in zip(row, points) if score > 0}
        for name, row, points in zip(queries, places, scores)
    }


PEERS: dict[str, Callable[[Sequence[str], Mapping[str, str], int], Ranking]] = {
    "SQLite FTS5": _sqlite,
    "tantivy": _tantivy,
    "bm25s": _bm25s,
}
