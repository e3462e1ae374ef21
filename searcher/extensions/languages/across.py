"""Translate query words into the other languages of an index, using only words that the index contains.

Pieces of words with the same meaning have similar vectors in the encoder (``extract/encoder``), whatever
their language. The vector of a word is the mean of its pieces minus the mean of its language, rotated and
quantised to 96 bytes (``across.npz``, made by ``training/across.py``). A file next to the index stores one
for each stem group that occurs in two articles. Searches in one language do not load it.

Invariants:
    ``across.npz`` belongs to the encoder's ``embedding.npz``. Files next to indexes contain vectors made with
    both; only a change of their width is detected.
"""

from __future__ import annotations

import math
import zipfile
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property, lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from searcher import analysis
from searcher.analysis.terms import STEM, STOP_WORDS, fold, is_surface, stem_language
from searcher.engines import scoring
from searcher.extract.encoder.model import SPACE, Unigram, embeddings
from searcher.files import atomic_file
from searcher.languages import ENGLISH, common_words, is_piece, pack_codes, pieces_and_scores
from searcher.names.similarity import can_share_first_letter, transliteration_probability
from searcher.query.stop_words import is_stop_word, stop_words_of
from searcher.query.tree import And, Expr, Not, Term, all_of, any_of, leaves, rewrite
from searcher.results.articles import Equivalent, Hit
from searcher.search.words_across import Translation

if TYPE_CHECKING:
    from searcher.engines.base import Engine, StemGroup

Floats = NDArray[np.float32]

#: The weight of a piece is its negative log probability minus ``_COMMON``, and at least ``_LEAST_WEIGHT``, so
#: that common endings count for little.
_COMMON, _LEAST_WEIGHT = 4.0, 0.1
#: Minimum articles and letters of a word. Rarer words are mostly typos, and shorter ones abbreviations.
MIN_ARTICLES, MIN_LETTERS = 2, 3
#: Maximum surface forms averaged per stem group, most frequent first, with weights 1, 1/2, 1/3, ….
_MAX_FORMS = 4
#: Candidates that are rarer in their language than the query word is in its own lose this much of the cosine
#: per unit of log frequency (benchmarks/quality/README.md).
_RARER_COSINE = 0.055
#: Coefficients of the log odds that a neighbour is a translation: a constant, and the weights of its score
#: and of the distance to the best score in the language (benchmarks/quality/README.md).
_BELIEF: Final = (-4.7, 8.5, -6.5)
#: Subtracted from these log odds if the query word is not a single piece. Fitted to dictionaries of eight
#: languages.
_LOG_ODDS_OF_PIECES: Final = 1.7
#: Maximum translations of a word per language, and minimum log odds of a translation before that subtraction.
MAX_TRANSLATIONS, _MIN_ODDS = 3, -1.4
#: A word is treated as a name if it is part of a name in at least this share of its articles. The limit is
#: lower for words typed with a capital (benchmarks/quality/README.md).
_MIN_SHARE_SMALL, _MIN_SHARE_CAPITAL = 0.5, 0.1
#: Spellings of a name in two scripts may differ by this many letters. A stem with fewer than
#: _MIN_STEM_LETTERS letters is not compared, because “дан” is also the stem of “данным”.
_MAX_LETTERS_MORE, _MIN_STEM_LETTERS = 4, 4
#: Words embedded per batch, and rows compared per block. 2,048 rows fit into the processor's cache.
_BATCH_WORDS, _BLOCK_ROWS = 1 << 14, 1 << 11
#: Indexes with up to _FEW_WORDS words update the file after every change. Larger ones wait until the number
#: of articles has changed by more than one in _SHARE_CHANGED.
_FEW_WORDS, _SHARE_CHANGED = 20_000, 50


class _Pieces:
    """The encoder's pieces, folded like the words of an index, with the mean vector of the originals."""

    def __init__(self) -> None:
        written, logarithms = pieces_and_scores()
        numbers: dict[str, int] = {}
        likely = np.exp(np.array(logarithms))
        likely[: _UNKNOWN_ROW + 1] = 0  # marks
        of_row = [numbers.setdefault(_folded_piece(piece), len(numbers)) for piece in written]
        self._order = np.argsort(of_row, kind="stable").astype(np.int32)
        self._first = np.searchsorted(np.array(of_row)[self._order], np.arange(len(numbers) + 1))
        self._likely = likely
        self._scores = np.log(np.maximum(np.bincount(of_row, likely), 1e-30))
        self._cut = Unigram(list(numbers), self._scores.tolist(), of_row[_UNKNOWN_ROW])
        self._rows = embeddings()

    def vectors(self, words: Sequence[str]) -> Floats:
        """Return the rotated weighted means of the pieces of folded words."""
        cut = [[piece for unit in self._cut.units(word) for piece in unit.pieces] or [0] for word in words]
        sizes = np.array([len(pieces) for pieces in cut])
        used, at = np.unique(np.concatenate(cut), return_inverse=True)
        turned = np.concatenate(
            [self._vectors(used[n : n + _BATCH_WORDS]) for n in range(0, len(used), _BATCH_WORDS)]
        )
        weights = np.maximum(-self._scores[used] - _COMMON, _LEAST_WEIGHT).astype(np.float32)[at, None]
        starts = _starts(sizes)
        sums = np.add.reduceat(turned[at] * weights, starts)
        means: Floats = (sums / np.add.reduceat(weights, starts)).astype(np.float32)
        return means

    def _vectors(self, pieces: NDArray[Any]) -> Floats:
        sizes = self._first[pieces + 1] - self._first[pieces]
        begins = _starts(sizes)
        rows = self._order[np.repeat(self._first[pieces] - begins, sizes) + np.arange(sizes.sum())]
        shares = np.maximum(self._likely[rows], 1e-30).astype(np.float64)
        sums = np.add.reduceat(self._rows[rows] * shares[:, None], begins)
        means: Floats = (sums / np.add.reduceat(shares, begins)[:, None]).astype(np.float32)
        return means @ fitted().turn


_UNKNOWN_ROW: Final = 3  # row of the unknown piece; the rows before it are marks


def _folded_piece(piece: str) -> str:
    return SPACE + fold(piece[1:]) if piece[:1] == SPACE else fold(piece)


class Fitted(NamedTuple):
    """The rotation matrix, and the mean vector of each language and of all languages ("")."""

    turn: Floats
    means: Mapping[str, Floats]


@cache
def fitted() -> Fitted:
    """Return the parameters that ship with the package."""
    with np.load(Path(__file__).with_name("across.npz"), allow_pickle=False) as stored:
        means = dict(zip(str(stored["languages"]).split(","), stored["means"].astype(np.float32)))
        return Fitted(stored["turn"].astype(np.float32), means)


@cache
def _pieces() -> _Pieces:
    return _Pieces()


def vectors(words: Sequence[str], languages: Sequence[str]) -> Floats:
    """Return the vectors of folded words, minus the means of their languages."""
    means = fitted().means
    own = np.array([means.get(code, means[""]) for code in languages], np.float32)
    centred: Floats = _pieces().vectors(words) - own
    return centred


class WordTable:
    """The words of an index with their vectors. Thread-safe.

    A key is a language and a stem, “de:klima”. Keys are sorted, so that each language is a range.
    """

    def __init__(
        self,
        state: str,
        total: int,
        keys: Sequence[str],
        words: Sequence[str],
        articles: NDArray[np.uint32],
        vectors: NDArray[np.int8],
    ) -> None:
        """Make a table.

        Args:
            state: State of the index when it was read.
            total: Number of articles then.
            words: Most frequent form of each stem group.
            articles: Number of articles with each stem group.
        """
        self.state, self.total = state, total
        self.keys, self.words, self.articles, self.vectors = keys, words, articles, vectors
        floats = (
            vectors[n : n + _BLOCK_ROWS].astype(np.float32) for n in range(0, max(1, len(keys)), _BLOCK_ROWS)
        )
        norms = np.concatenate([np.einsum("ij,ij->i", part, part) for part in floats])
        self._norms = np.sqrt(np.maximum(norms, 1))
        #: Words by row, spelt as in the articles, with accents. Filled when words are displayed.
        self.spellings: dict[int, str] = {}
        codes = Counter(key.partition(":")[0] for key in keys)
        ends = accumulate(codes.values())
        self.ranges = {code: (end - number, end) for (code, number), end in zip(codes.items(), ends)}
        self._often = np.log(np.maximum(articles, 1)).astype(np.float32)
        for first, end in self.ranges.values():
            self._often[first:end] -= self._often[first:end].mean()
        self.translations = lru_cache(maxsize=1024)(self._near)
        self._spelt = lru_cache(maxsize=1024)(self._spelt_elsewhere)

    @classmethod
    def from_engine(cls, engine: Engine, before: WordTable | None = None) -> Self:
        """Read the words of an engine. Vectors in ``before`` are reused."""
        storage = engine.storage()
        state, total = storage.version(), engine.count()
        groups = dict(_stem_groups(storage.stem_groups()))
        keys = sorted(groups)
        words = [groups[key][0][0] for key in keys]
        known = {key: row for row, key in enumerate(before.keys)} if before else {}
        made = np.empty((len(keys), fitted().turn.shape[1]), np.int8)
        new: list[int] = []
        for row, key in enumerate(keys):
            if before and key in known:
                made[row] = before.vectors[known[key]]
            else:
                new.append(row)
        for start in range(0, len(new), _BATCH_WORDS):
            rows = new[start : start + _BATCH_WORDS]
            made[rows] = _packed_vectors([groups[keys[row]][0] for row in rows], [keys[row] for row in rows])
        return cls(state, total, keys, words, np.array([groups[k][1] for k in keys], np.uint32), made)

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Read a file. Return None if it is missing, damaged, or of another width."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                keys, words = (bytes(stored[name]).decode().split("\n") for name in ("keys", "words"))
                about = str(stored["state"]), int(stored["total"])
                articles, made = stored["articles"], stored["means"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        fits = made.shape == (len(keys), fitted().turn.shape[1]) and len(keys) == len(words) == len(articles)
        return cls(*about, keys, words, articles, made) if fits else None

    def write(self, path: Path) -> None:
        """Write a file. Raises OSError."""
        keys, words = (
            np.frombuffer("\n".join(texts).encode(), np.uint8) for texts in (self.keys, self.words)
        )
        with atomic_file(path) as new, new.open("wb") as file:
            np.savez(
                file,
                state=self.state,
                total=self.total,
                keys=keys,
                words=words,
                articles=self.articles,
                means=self.vectors,
            )

    def is_current(self, state: str, total: int) -> bool:
        """Return True if the table is recent enough for an index in this state."""
        if state == self.state:
            return True
        return len(self.keys) > _FEW_WORDS and abs(total - self.total) * _SHARE_CHANGED <= self.total

    def translate(
        self, expr: Expr, named: Callable[[str], float] = lambda _: 0.0
    ) -> tuple[Expr, Mapping[str, Sequence[Translation]]]:
        """Translate the words of a tree.

        Exact words, phrases and negated parts are not translated. Words that are names, by the share of
        articles that ``named`` returns, are searched for in other scripts instead. Excluding a translation
        from the query (“climate -Klimax”) rejects it, without excluding articles.

        Returns:
            The tree without rejected translations, and the translations of each word.
        """
        terms = [term.text for term in _plain_terms(expr)]
        stop_words = stop_words_of(terms)
        words = [word for word in terms if word.casefold() not in stop_words]
        own = self.language_of(words)
        translations = {
            word: self._same_names(word, named)
            if named(word) >= (_MIN_SHARE_SMALL if word[:1].islower() else _MIN_SHARE_CAPITAL)
            else self.translations(word, own)
            for word in words
        }
        offered = {one.row for group in translations.values() for one in group}
        rejected: set[int] = set()
        parts = []
        for part in expr.parts if isinstance(expr, And) else (expr,):
            inner = part.part if isinstance(part, Not) else None
            rows = (
                offered.intersection(self.matching_rows(inner.text))
                if isinstance(inner, Term)
                else set[int]()
            )
            rejected |= rows
            parts += [] if rows else [part]
        accepted = {
            word: [one for one in group if one.row not in rejected] for word, group in translations.items()
        }
        return all_of(*parts), {word: group for word, group in accepted.items() if group}

    def with_translations(self, hit: Hit, where: Expr, *, explained: bool) -> Hit:
        """Add the matched translations to a hit, and name them in its explanation if ``explained``."""
        leaves_of_query = (one.leaf for one in scoring.weigh(where))
        terms = {leaf.text for leaf in leaves_of_query if isinstance(leaf, Term) and leaf.belief < 1}
        words = {text: self._word_of(text) for text in terms}
        matched = tuple(dict.fromkeys(words[part] for part, _ in hit.explanation if part in words))
        parts = tuple((words.get(part, part), points) for part, points in hit.explanation)
        return replace(hit, matched_translations=matched, explanation=parts if explained else ())

    def _word_of(self, text: str) -> str:
        row = bisect_left(self.keys, text[1:])
        known = text[:1] == STEM and self.keys[row : row + 1] == [text[1:]]
        return self.spellings.get(row, self.words[row]) if known else text

    def language_of(self, words: Sequence[str]) -> str:
        """Return the language with most of the words, and among those the one with most articles."""
        counts: dict[str, list[int]] = defaultdict(list)
        for word in words:
            for row in self.matching_rows(word):
                counts[self.keys[row].partition(":")[0]].append(int(self.articles[row]))
        return max(counts, key=lambda code: (len(counts[code]), sum(counts[code])), default=ENGLISH)

    def matching_rows(self, word: str) -> list[int]:
        """Return the rows of the stem groups that match a word."""
        languages = (ENGLISH, *(code for code in self.ranges if code not in ("", ENGLISH)))
        positions = analysis.query_terms(word, False, languages)
        keys = map(_key, positions[0]) if len(positions) == 1 else ()
        places = ((bisect_left(self.keys, key), key) for key in keys)
        return [row for row, key in places if row < len(self.keys) and self.keys[row] == key]

    def _near(self, word: str, own: str) -> Sequence[Translation]:
        """Return the translations of a word, most likely first."""
        if is_stop_word(word) or word.casefold() in common_words(own) or len(analysis.query_terms(word)) != 1:
            return ()
        same = self.matching_rows(word)
        mine = [row for row in same if self.keys[row].startswith(f"{own}:")]
        vector = self.vectors[mine[0]].astype(np.float32) if mine else vectors([fold(word)], [own])[0]
        vector /= np.linalg.norm(vector) or 1.0
        rare = scoring.idf(int(self.articles[mine[0]]) if mine else 1, self.total)
        forms = {word.lower(), word.lower().capitalize(), *(self.words[row] for row in mine[:1])}
        doubt = 0.0 if is_piece(forms) else _LOG_ODDS_OF_PIECES
        # A word that no article contains is mostly a name or a typo.
        min_odds = _MIN_ODDS if mine else _MIN_ODDS + doubt
        translations = []
        for code, (first, end) in self.ranges.items():
            if code == own:
                continue
            scores = self.scores(first, end, vector, mine[0] if mine else None)
            odds = _log_odds(scores, scores.max())
            # Filter first, because sorting all scores is slower.
            candidates = np.flatnonzero(odds >= min_odds)
            for at in candidates[np.argsort(-scores[candidates])][:MAX_TRANSLATIONS].tolist():
                if first + at not in same:
                    belief = 1 / (1 + math.exp(doubt - float(odds[at])))
                    translations.append(self._translation(first + at, code, belief, rare))
        return sorted(translations, key=lambda one: -one.translation.belief)

    def _same_names(self, word: str, named: Callable[[str], float]) -> Sequence[Translation]:
        """Return the same name in other scripts, if it is mostly a name there."""
        rare = scoring.idf(
            max((int(self.articles[row]) for row in self.matching_rows(word)), default=1), self.total
        )
        return [
            self._translation(row, self.keys[row].partition(":")[0], sure, rare)
            for row, form, sure in self._spelt(word)
            if all(named(one.capitalize()) for one in {form, self.words[row]})
        ]

    def _spelt_elsewhere(self, word: str) -> Sequence[tuple[int, str, float]]:
        """Return row, form and confidence of possible spellings of a name in other scripts."""
        folded = fold(word) or word
        letters, lengths = self._first_letters
        initials = [
            letter for letter in np.unique(letters).tolist() if can_share_first_letter(folded[0], chr(letter))
        ]
        similar = np.isin(letters, initials) & (np.abs(lengths - len(folded)) <= _MAX_LETTERS_MORE)
        spellings = []
        for row in np.flatnonzero(similar).tolist():
            stem = self.keys[row].partition(":")[2]
            for form in (self.words[row], *([stem] if len(stem) >= _MIN_STEM_LETTERS else ())):
                if sure := transliteration_probability(folded, form):
                    spellings.append((row, form, sure))
                    break
        return spellings

    @cached_property
    def _first_letters(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The first letters and the lengths of all words."""
        letters = np.array([ord(one[0]) for one in self.words], np.int32)
        return letters, np.array([*map(len, self.words)], np.int32)

    def scores(self, first: int, end: int, vector: Floats, row: int | None) -> Floats:
        """Return the scores of a range of words for a unit vector (that of the word in ``row``, if any)."""
        cuts = [*range(first, end, _BLOCK_ROWS), end]
        parts = [self.vectors[a:b].astype(np.float32) @ vector for a, b in pairwise(cuts)]
        cosines: Floats = np.concatenate(parts) / self._norms[first:end]
        if row is None:
            return cosines
        rarer: Floats = np.maximum(self._often[row] - self._often[first:end], 0)
        return cosines - _RARER_COSINE * rarer

    def _translation(self, row: int, code: str, belief: float, rare: float) -> Translation:
        """Return a translation as a leaf. A rare translation does not outrank the word itself."""
        articles = int(self.articles[row])
        weight = belief * min(1.0, rare / scoring.idf(articles, self.total))
        text = STEM + self.keys[row] if code else self.words[row]
        term = Term(text, exact=not code, belief=weight)  # without stems of any language
        return Translation(Equivalent(self.words[row], code, belief, articles), term, row)

    @staticmethod
    def add_translations(expr: Expr, translations: Mapping[str, Sequence[Translation]]) -> Expr:
        """Return a tree in which translations are alternatives to their words."""

        def with_translations(leaf: Expr) -> Expr:
            if not isinstance(leaf, Term) or leaf.exact or leaf.text not in translations:
                return leaf
            translated = [replace(one.term, field=leaf.field) for one in translations[leaf.text]]
            return any_of(leaf, *translated)

        return rewrite(expr, with_translations)


def _log_odds(scores: Floats, best: np.float32) -> Floats:
    base, by_score, by_gap = _BELIEF
    odds: Floats = base + by_score * scores + by_gap * (best - scores)
    return odds


def _plain_terms(expr: Expr) -> list[Term]:
    """Return the words of a tree that are neither negated nor exact."""
    return [leaf for leaf in leaves(expr, in_quotes=True) if isinstance(leaf, Term) and not leaf.exact]


def _stem_groups(groups: Iterable[StemGroup]) -> Iterator[tuple[str, tuple[list[str], int]]]:
    """Yield the key of each stem group, its most frequent forms, and its number of articles."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    articles = Counter[str]()
    for tokens, number in groups:
        keys = set()
        for terms, times in tokens.items():
            word = terms[0]
            key = _key(next((form for form in terms if not is_surface(form)), word))
            if len(word) >= MIN_LETTERS and word.isalpha() and word not in _common_words():
                forms[key][word] += times
                keys.add(key)
        for key in keys:
            articles[key] += number
    for key, counts in forms.items():
        if articles[key] >= MIN_ARTICLES:
            yield key, ([word for word, _ in counts.most_common(_MAX_FORMS)], articles[key])


def _packed_vectors(forms: Sequence[Sequence[str]], keys: Sequence[str]) -> NDArray[np.int8]:
    """Return the weighted mean vector of the forms of each key, quantised to eight bits."""
    sizes = [len(words) for words in forms]
    languages = [key.partition(":")[0] for key, size in zip(keys, sizes) for _ in range(size)]
    each = vectors([word for words in forms for word in words], languages)
    each /= np.array([place for size in sizes for place in range(1, size + 1)], np.float32)[:, None]
    sums = np.add.reduceat(each, _starts(np.array(sizes)))
    highest = np.maximum(np.abs(sums).max(axis=1, keepdims=True), 1e-9)
    packed_sums: NDArray[np.int8] = np.rint(sums * (127 / highest)).astype(np.int8)
    return packed_sums


def _starts(sizes: NDArray[Any]) -> NDArray[np.int64]:
    starts: NDArray[np.int64] = np.cumsum(sizes, dtype=np.int64) - sizes
    return starts


def _key(form: str) -> str:
    """Return the key of a stem, or of a word without one: “de:klima”, “en:climat”, “:климат”."""
    if form[0] != STEM:
        return f":{form}"
    return form[1:] if stem_language(form) else f"{ENGLISH}:{form[1:]}"


@cache
def _common_words() -> frozenset[str]:
    """Return the most common words of all languages, folded."""
    return STOP_WORDS.union(fold(word) for code in pack_codes() for word in common_words(code))
