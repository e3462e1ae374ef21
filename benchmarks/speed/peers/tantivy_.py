"""Tantivy, compiled from Rust."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.speed.corpus import Question
from benchmarks.speed.peers.peer import Peer

tantivy: Any = import_module("tantivy")  # with types that lack much

FACETS = ("people", "orgs", "source", "topics", "year")
_MEMORY_BYTES = 256_000_000  # of its writer: about what ours takes


class Tantivy(Peer):
    shared = True

    def __init__(self) -> None:
        self._writer: Any = None

    def index(self, articles: Iterable[dict[str, Any]], folder: Path) -> None:
        index = tantivy.Index(_schema(), path=str(folder))
        writer = index.writer(heap_size=_MEMORY_BYTES, num_threads=1)
        for article in articles:
            writer.add_document(_document(article))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self.refresh()
        simple = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        self._analyzer = (
            simple.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.stemmer("english")).build()
        )

    def refresh(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()

    def add(self, articles: Iterable[dict[str, Any]]) -> None:
        self._writer = self._writer or self._index.writer(heap_size=_MEMORY_BYTES, num_threads=1)
        for article in articles:
            self._writer.add_document(_document(article))
        self._writer.commit()

    def ask(self, question: Question) -> tuple[list[str], int]:
        query = self._query(*question)
        if question.kind == "sortdate":
            found = self._searcher.search(query, 10, order_by_field="date", order=tantivy.Order.Desc)
        else:
            found = self._searcher.search(query, 10)
        documents = [self._searcher.doc(address) for _, address in found.hits]
        facets = {"facet": FACETS[:2], "whole": FACETS}.get(question.kind, ())
        if facets:
            self._searcher.aggregate(
                query, {name: {"terms": {"field": name, "size": 1000}} for name in facets}
            )
        if question.kind == "whole":
            snippets = tantivy.SnippetGenerator.create(self._searcher, query, self._index.schema, "text")
            for document in documents:
                snippets.snippet_from_doc(document).to_html()
        return [document["id"][0] for document in documents], found.count

    def _query(self, kind: str, words: tuple[str, ...]) -> Any:
        query, must, should = tantivy.Query, tantivy.Occur.Must, tantivy.Occur.Should
        match kind:
            case "term1":
                return self._word(words[0])
            case "phrase":
                return query.phrase_query(self._index.schema, "text", [self._stem(word) for word in words])
            case "prefix":
                return query.regex_query(self._index.schema, "text", words[0] + ".*")
            case "and2" | "and3":
                return query.boolean_query([(must, self._word(word)) for word in words])
            case "multi2":
                either = [[(should, self._word(word, f)) for f in ("title", "text")] for word in words]
                return query.boolean_query([(must, query.boolean_query(one)) for one in either])
            case "range":
                low, high = (dt.datetime.fromisoformat(day) for day in words[1:])
                dated = query.range_query(self._index.schema, "date", tantivy.FieldType.Date, low, high)
                within = query.const_score_query(dated, 0.0)
                return query.boolean_query([(must, self._word(words[0])), (must, within)])
            case _:
                return query.boolean_query([(should, self._word(word)) for word in words])

    def _word(self, word: str, field: str = "text") -> Any:
        return tantivy.Query.term_query(self._index.schema, field, self._stem(word))

    def _stem(self, word: str) -> str:
        return str((self._analyzer.analyze(word) or [word])[0])


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("title", stored=True, tokenizer_name="en_stem")
    builder.add_text_field("text", stored=True, tokenizer_name="en_stem", index_option="position")
    for name in FACETS:
        builder.add_text_field(name, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_date_field("date", fast=True, indexed=True, stored=True)
    return builder.build()


def _document(article: dict[str, Any]) -> Any:
    document = tantivy.Document()
    document.add_text("id", article["id"])
    document.add_text("title", article["title"])
    document.add_text("text", article["title"] + "\n" + article["body"])
    document.add_date("date", dt.datetime.fromisoformat(article["date"]))
    document.add_text("source", article["source"])
    document.add_text("year", article["date"][:4])
    for name in ("people", "orgs", "topics"):
        for value in article[name]:
            document.add_text(name, value)
    return document
