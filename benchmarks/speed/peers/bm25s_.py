"""bm25s: scores of all words precomputed, any of the words only, all in memory."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.speed.corpus import Question
from benchmarks.speed.peers.peer import NoMeans, Peer

bm25s: Any = import_module("bm25s")  # without types
Stemmer: Any = import_module("Stemmer")


class Bm25s(Peer):
    def index(self, articles: Iterable[dict[str, Any]], folder: Path) -> None:
        texts, ids = [], []
        for article in articles:
            ids.append(article["id"])
            texts.append(article["title"] + "\n" + article["body"])
        tokens = bm25s.tokenize(
            texts, stopwords="en", stemmer=Stemmer.Stemmer("english"), show_progress=False
        )
        model = bm25s.BM25()
        model.index(tokens, show_progress=False)
        model.save(str(folder))
        (folder / "ids").write_text("\n".join(ids), "utf-8")

    def open(self, folder: Path) -> None:
        self._model = bm25s.BM25.load(str(folder))
        self._ids = (folder / "ids").read_text("utf-8").split("\n")
        self._stemmer = Stemmer.Stemmer("english")

    def ask(self, question: Question) -> tuple[list[str], int]:
        """Raises NoMeans for what it has no means to answer."""
        if question.kind not in ("term1", "or2", "or3"):
            raise NoMeans(question.kind)
        found, _ = self._model.retrieve([self._stemmer.stemWords(question.words)], k=10, show_progress=False)
        return [self._ids[n] for n in found[0]], -1
