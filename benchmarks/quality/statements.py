"""Are utterances of different articles known to be one statement?

A made collection of known truth, :data:`MAX_PLACES` places. The statements are quotations of PolNeAR
(``quotes/``), of Reuters (``corpus/``) and of saved pages (``pages/``), each carried by one to twelve
articles as outlets carry them: as it is, with other marks, corrected, cut short, or split by its attribution.
One place in five names nobody or somebody else of the article. A quotation that shares eight words in a row
with one before it is left out, since nobody knows whether the two are one.

The quotations come from articles of two halves: the limits were chosen on the one (``development``), and the
other (``held out``) was looked at when they stood.
"""

from __future__ import annotations

import json
import random
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from searcher.statements import Ballot, ComparedUtterance, count_votes, folded_words, group_utterances

MAX_PLACES = 50_000
HALVES = ("development", "held out")
#: Share of statements that so many articles carry.
_CARRIED = ((1, 0.45), (2, 0.2), (3, 0.12), (5, 0.12), (8, 0.07), (12, 0.04))
_QUOTED = re.compile(r"[“\"]([^“”\"\n]{8,900})[”\"]")
#: Words in a row that two quotations may not share, since nobody knows whether they are one.
_MIN_SHARED = 8


class Original(NamedTuple):
    """A quotation as it was printed, who said it, and who else speaks in the article."""

    text: str
    speaker: str
    others: tuple[str, ...]
    article: str


class Place(NamedTuple):
    """An original as one article carries it."""

    statement: int
    parts: tuple[str, ...]
    speaker: str | None
    confidence: float
    true_speaker: str

    @property
    def saying(self) -> ComparedUtterance:
        return ComparedUtterance(folded_words(" ".join(self.parts)), self.speaker)


class Score(NamedTuple):
    """Pairs of places: found to be one statement, truly one, and both."""

    found: int
    true: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.found

    @property
    def recall(self) -> float:
        return self.right / self.true


def main(data: Path) -> None:
    """Print precision and recall of pairs, what was lost by how it was changed, and what votes do."""
    for name, places in _collections(data).items():
        statements = group_utterances([place.saying for place in places])
        score = _score(places, statements)
        print(f"{name}: {len(places):,} places of {len({p.statement for p in places}):,} statements")
        print(f"  one statement: precision {score.precision:.4f}, recall {score.recall:.4f}")
        alone, voted = _speakers(places, statements)
        print(f"  right speaker: {alone:.4f} of the places, {voted:.4f} by vote\n")


def measure(data: Path) -> dict[str, float]:
    """Precision and recall of pairs, and the share of places with the right speaker by vote."""
    figures = {}
    for name, places in _collections(data).items():
        statements = group_utterances([place.saying for place in places])
        score = _score(places, statements)
        figures[f"{name} precision"] = score.precision
        figures[f"{name} recall"] = score.recall
        figures[f"{name} speaker by vote"] = _speakers(places, statements)[1]
    return figures


def _score(places: Sequence[Place], statements: Iterable[Sequence[int]]) -> Score:
    pairs, right = 0, 0
    for numbers in statements:
        pairs += _pairs(len(numbers))
        right += sum(map(_pairs, Counter(places[n].statement for n in numbers).values()))
    return Score(pairs, sum(map(_pairs, Counter(p.statement for p in places).values())), right)


def _pairs(size: int) -> int:
    return size * (size - 1) // 2


def _speakers(places: Sequence[Place], statements: Iterable[Sequence[int]]) -> tuple[float, float]:
    """The share of places whose speaker is right, as each names it and as the statement votes."""
    alone = voted = 0
    for numbers in statements:
        ballots = [Ballot(str(n), places[n].speaker, places[n].confidence) for n in numbers]
        votes = count_votes(ballots)
        for number in numbers:
            alone += places[number].speaker == places[number].true_speaker
            voted += bool(votes) and votes[0].speaker == places[number].true_speaker
    return alone / len(places), voted / len(places)


# The made collection


def _collections(data: Path) -> dict[str, list[Place]]:
    """Half of the places are of each half of the articles."""
    halves: dict[str, list[Original]] = {name: [] for name in HALVES}
    for original in _distinct(_originals(data)):
        halves[HALVES[zlib.crc32(original.article.encode()) % 2]].append(original)
    return {name: _places(halves[name], MAX_PLACES // 2, random.Random(name)) for name in HALVES}


def _originals(data: Path) -> Iterator[Original]:
    yield from _of_polnear(data / "quotes" / "polnear-train.jsonl")
    with (data / "corpus" / "reuters-21578.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            yield from _of_text(f"reuters {article['id']}", article["body"].replace("\n", " "))
    for path in sorted((data / "pages").glob("*/*.json")):
        truth = json.loads(path.read_text("utf-8"))
        yield from _of_text(path.name, str(truth.get("body") or truth.get("articleBody") or ""))


def _of_polnear(path: Path) -> Iterator[Original]:
    """What stands between quotation marks in an article of PolNeAR, with its speaker."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            said = [
                (
                    article["text"][start:end].strip("“”\" '"),
                    quote["speaker_canonical"] or quote["speaker_text"],
                )
                for quote in article["quotes"]
                if quote["type"] != "indirect"
                for start, end in quote.get("fragments") or [(quote["start"], quote["end"])]
            ]
            speakers = dict.fromkeys(speaker for _, speaker in said if speaker)
            for text, speaker in said:
                if speaker:
                    others = tuple(other for other in speakers if other != speaker)
                    yield Original(text, speaker, others, article["id"])


def _of_text(name: str, text: str) -> Iterator[Original]:
    """What stands between quotation marks in a text; two people of its own say all of it."""
    for number, match in enumerate(_QUOTED.finditer(text)):
        speakers = [f"{name} A", f"{name} B"]
        speaker = speakers.pop(number % 2)
        yield Original(match[1], speaker, tuple(speakers), name)


def _distinct(originals: Iterable[Original]) -> Iterator[Original]:
    seen: set[tuple[str, ...]] = set()
    for original in originals:
        words = folded_words(original.text)
        runs = {words[i : i + _MIN_SHARED] for i in range(max(1, len(words) - _MIN_SHARED + 1))}
        if len(words) >= 3 and seen.isdisjoint(runs):
            seen |= runs
            yield original


def _places(originals: Sequence[Original], wanted: int, chance: random.Random) -> list[Place]:
    """Carry the originals by articles, in an order by chance, until there are so many places."""
    shuffled = list(originals)
    chance.shuffle(shuffled)
    sizes, shares = zip(*_CARRIED)
    vocabulary = defaultdict(list)
    for original in shuffled:
        for word in original.text.split():
            vocabulary[len(word)].append(word)
    places: list[Place] = []
    for statement, original in enumerate(shuffled):
        times = chance.choices(sizes, shares)[0]
        places += (_carried(statement, original, vocabulary, chance) for _ in range(times))
    chance.shuffle(places)
    return places[:wanted]


def _carried(
    statement: int, original: Original, vocabulary: dict[int, list[str]], chance: random.Random
) -> Place:
    words = original.text.split()
    if chance.random() < 0.25:
        words = _cut(words, chance)
    if chance.random() < 0.25:
        words = _corrected(words, vocabulary, chance)
    if chance.random() < 0.4:
        words = chance.choice(_REMARKING)(words)
    parts = _split(words, chance) if chance.random() < 0.2 else (" ".join(words),)
    speaker, confidence = _named(original, chance)
    return Place(statement, parts, speaker, confidence, original.speaker)


def _named(original: Original, chance: random.Random) -> tuple[str | None, float]:
    """A wrong speaker is less sure than a right one, but not always."""
    drawn = chance.random()
    if drawn < 0.1:
        return None, 0.0
    if drawn < 0.2 and original.others:
        return chance.choice(original.others), chance.uniform(0.4, 0.95)
    return original.speaker, chance.uniform(0.6, 1.0)


def _cut(words: list[str], chance: random.Random) -> list[str]:
    """Leave out the beginning, the end or both: at least two words in five remain, and eight words."""
    least = max(8, len(words) * 2 // 5)
    if len(words) <= least:
        return words
    length = chance.randint(least, len(words) - 1)
    start = chance.choice((0, len(words) - length, chance.randint(0, len(words) - length)))
    return words[start : start + length]


def _corrected(words: list[str], vocabulary: dict[int, list[str]], chance: random.Random) -> list[str]:
    """Change, leave out, put in or explain a word in ten, at least one."""
    out = list(words)
    for _ in range(max(1, len(words) // 10)):
        if len(out) < 5:
            break
        at = chance.randrange(len(out))
        word = out[at]
        other = chance.choice(vocabulary[len(word)])
        out[at : at + 1] = chance.choice(
            (
                [other],
                [],
                [word, other],
                [f"[{word}"[:2] + f"{word[1:]}]"],
                [f"[the {other}]"],
                [word[:-1] + "e"],
            )
        )
    return out


def _split(words: list[str], chance: random.Random) -> tuple[str, ...]:
    """Put the attribution between two parts, which end and begin with other marks for it."""
    if len(words) < 4:
        return (" ".join(words),)
    at = chance.randint(1, len(words) - 1)
    first, second = " ".join(words[:at]).rstrip(".,;") + ",", " ".join(words[at:])
    return first, second[:1].upper() + second[1:]


_REMARKING: tuple[Callable[[list[str]], list[str]], ...] = (
    lambda words: [word.replace("’", "'").replace("“", '"').replace("—", "-") for word in words],
    lambda words: [word.replace("'", "’").rstrip(",;") for word in words],
    lambda words: [word.upper() for word in words],
    lambda words: [*words[:-1], words[-1].rstrip(".,") + " …"],
)
