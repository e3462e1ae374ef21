"""The texts whose annotation is kept, and how it is told."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from searcher import readers
from searcher.article import Article
from searcher.extract.encoder.model import shared_encoder

HERE = Path(__file__).parent
#: What was told of them by the version that the first row names (scripts/pin_articles.py).
ROWS_FILE = HERE / "annotated.jsonl"


def texts() -> dict[str, Article]:
    """The articles of the samples and of pages in many languages, and short ones full of who said what."""
    paths = [*(HERE.parents[1] / "seeds").iterdir(), *HERE.parent.glob("readers/html/languages/*.html")]
    read = {
        f"{path.name} {number}": event
        for path in sorted(paths)
        for number, event in enumerate(readers.events(path))
        if isinstance(event, Article)
    }
    short = [each.partition("\n") for each in (HERE / "texts.txt").read_text("utf-8").split("--- ")[1:]]
    return read | {
        f"{language} {n}": Article(str(n), body=body.strip(), language=language)
        for n, (language, _, body) in enumerate(short)
    }


def rounding() -> str:
    """A digest of what the encoder answers to some pieces: processors, and versions of ONNX Runtime, round
    otherwise, and what is hardly likely or hardly unlikely comes out otherwise with them."""
    pieces = np.arange(1_000, 1_200, dtype=np.int32)
    window = shared_encoder().run(pieces, np.zeros(len(pieces), np.int8))
    return sha256(np.ascontiguousarray(window.vectors).tobytes()).hexdigest()[:16]


def found_in(article: Article) -> dict[str, Any]:
    """What was found in an article, and apart from it how surely."""
    names = [[one.kind, one.name, one.part, one.start, one.end] for one in article.mentions]
    quotes = [
        [
            one.kind,
            one.speaker_kind,
            one.speaker,
            one.start,
            one.end,
            one.speaker_start,
            one.speaker_end,
            one.utterance,
        ]
        for one in article.quotes
    ]
    return {
        "names": names,
        "quotes": quotes,
        "places": list(article.places),
        "contacts": list(article.contacts),
        "sure": [round(one.confidence, 3) for rows in (article.mentions, article.quotes) for one in rows],
    }
