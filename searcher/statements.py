"""Group the utterances of all articles into statements, and choose a speaker for each.

Utterances are one statement if their folded words are equal or nearly equal, or if one is part of the other.
Both are measured with *shingles*, the word n-grams of a text (A. Broder, "On the resemblance and containment
of documents", 1997): a changed word breaks a few of them, and words missing at the start or the end break
none. An utterance that is much longer than another, as a speech is, contains it but is a different statement.
Articles that disagree about the speaker vote, each story once.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar
from zlib import crc32

from searcher.analysis.terms import MARKS, fold
from searcher.article import Article, Quote, SpeakerKind
from searcher.languages import UNSPACED
from searcher.results.statements import LIKELY_CONFIDENCE, Change, Vote

if TYPE_CHECKING:
    from difflib import SequenceMatcher

#: A word, or a single character of a script that does not separate words.
_WORD = re.compile(f"[{UNSPACED}]|(?:(?![{UNSPACED}])[\\w{MARKS}'’])+")


def folded_words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text, without punctuation and apostrophes."""
    return tuple(_WORD.findall(fold(text.replace("’", "'"))))


def located_words(text: str) -> list[tuple[str, int, int]]:
    """Return each folded word with its start and end offsets in the text."""
    words = ((fold(match[0].replace("’", "'")), *match.span()) for match in _WORD.finditer(text))
    return [word for word in words if word[0]]


#: Maximum number of printed words between two matching runs. A run farther away matches by chance.
_MAX_GAP_WORDS = 8
#: Maximum number of words compared on each side. The run time grows with their product.
_MAX_REMEMBERED_WORDS, _MAX_PRINTED_WORDS = 400, 2000

_WordWithPlace = tuple[str, int, int]
#: The key by which an engine identifies an utterance.
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a printed text differs from remembered words.

    Attributes:
        share: Share of the remembered words that were printed, 0 to 1.
        whole: The printed text has exactly these words.
        changes: The differences, in order.
    """

    share: float
    whole: bool
    changes: tuple[Change, ...]


def compare_words(remembered: str, printed: str) -> Comparison:
    """Compare remembered words with the most similar part of a printed text."""
    words = located_words(remembered)[:_MAX_REMEMBERED_WORDS]
    printed_words = located_words(printed)[:_MAX_PRINTED_WORDS]
    first, last = _window([word for word, _, _ in words], [word for word, _, _ in printed_words])
    matcher = _matcher([word for word, _, _ in words], [word for word, _, _ in printed_words[first:last]])
    shared = sum(block.size for block in matcher.get_matching_blocks())
    changes = tuple(
        Change(
            _text_of_words(remembered, words[a:b]),
            _text_of_words(printed, printed_words[first + c : first + d]),
        )
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    )
    return Comparison(
        shared / max(1, len(words)), not changes and last - first == len(printed_words), changes
    )


def _window(remembered: Sequence[str], printed: Sequence[str]) -> tuple[int, int]:
    """Return the range of printed words to compare: the longest common run, the runs near it, and as many
    words on either side as the remembered text has there."""
    matcher = _matcher(remembered, printed)
    longest = matcher.find_longest_match()
    if not longest.size:
        return 0, 0
    before = [block for block in matcher.get_matching_blocks() if block.b < longest.b and block.size]
    after = [block for block in matcher.get_matching_blocks() if block.b > longest.b and block.size]
    a, b = longest.a, longest.b
    for block in reversed(before):
        if b - (block.b + block.size) > _MAX_GAP_WORDS:
            break
        a, b = block.a, block.b
    a_end, b_end = longest.a + longest.size, longest.b + longest.size
    for block in after:
        if block.b - b_end > _MAX_GAP_WORDS:
            break
        a_end, b_end = block.a + block.size, block.b + block.size
    return max(0, b - a), min(len(printed), b_end + len(remembered) - a_end)


def _matcher(remembered: Sequence[str], printed: Sequence[str]) -> SequenceMatcher[str]:
    from difflib import SequenceMatcher  # imported here because it is slow to load and rarely needed

    return SequenceMatcher(None, remembered, printed, autojunk=False)


def _text_of_words(text: str, words: Sequence[_WordWithPlace]) -> str:
    return text[words[0][1] : words[-1][2]] if words else ""


#: Number of words in a shingle.
SHINGLE = 2


@dataclass(frozen=True, slots=True)
class MinOverlap:
    """The words that two utterances must share: all of at least ``equal`` words, or a run of ``run``
    words."""

    equal: int
    run: int


#: One word may differ per this many shingles of the shorter utterance, so utterances of fewer than eight
#: words must be equal ("nothing to do with us" is not "everything to do with us"). A changed word breaks two
#: shingles.
SHINGLES_PER_CHANGE = 7
#: Required overlap of utterances by one speaker, and by any two speakers. Chosen by
#: ``benchmarks.quality statements``.
ONE_SPEAKER, ANY_SPEAKER = MinOverlap(equal=1, run=4), MinOverlap(equal=5, run=6)

#: A transcribed turn with fewer words is never matched to another statement. Chosen on 985 transcripts.
MIN_WORDS_ON_RECORD: Final = 5

#: Maximum ratio of the lengths of two utterances of one statement. Chosen on PolNeAR and 87 transcripts.
MAX_LENGTH_RATIO: Final = 2.75
#: An utterance contains a shorter one if it has more than this share of its four-word runs. Chosen likewise.
MIN_CONTAINED_SHARE: Final = 2 / 3
#: Minimum words of an utterance that is contained in one by another speaker. Shorter utterances coincide by
#: chance ("It's too early to tell").
MIN_WORDS_OF_OTHER_SPEAKER: Final = 8

#: An utterance is compared with at most this many others that share a run of words with it ("in the U.S.").
MAX_COMPARED = 100


@dataclass(frozen=True, slots=True)
class ComparedUtterance:
    """An utterance, as it is compared with others.

    Attributes:
        words: Its words, as :func:`folded_words` or :func:`word_numbers` return them.
        speaker: Name of the speaker across articles, or its number.
        reported: Indirect speech, in the words of the reporter.
        is_unique: Never the same statement as another utterance.
    """

    words: tuple[Any, ...]
    speaker: Any = None
    reported: bool = False
    is_unique: bool = False
    shingles: frozenset[tuple[Hashable, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shingles", frozenset(_runs(self.words, SHINGLE)))

    def keys(self) -> Iterator[tuple[Hashable | None, tuple[Hashable, ...]]]:
        """Yield keys of which the utterances of one statement share at least one: all words, or a run of
        them, with the speaker or for any speaker."""
        if self.is_unique:
            return
        yield None, self.words
        for run in _runs(self.words, ANY_SPEAKER.run):
            yield None, run
        if self.speaker is not None:
            for run in _runs(self.words, ONE_SPEAKER.run):
                yield self.speaker, run


def word_numbers(words: Iterable[str]) -> tuple[int, ...]:
    """Return a checksum of each word. Indexes store them to compare utterances."""
    return tuple(crc32(word.encode("utf-8", "surrogatepass")) for word in words)


def traces(numbers: Sequence[int]) -> set[int]:
    """Return checksums of runs of words, given the checksums of the words. Utterances of one statement, and
    those that contain one another, share at least one of them."""
    packed, size = array("I", numbers).tobytes(), 4 * min(ONE_SPEAKER.run, len(numbers))
    return {crc32(packed[at : at + size]) for at in range(0, len(packed) - size + 1, 4)} if numbers else set()


def is_unrepeatable(kind: str, words: Collection[object]) -> bool:
    """Return True for a short turn on record, such as "Thank you very much.": people repeat these words on
    every occasion, so that it is never the same statement as another."""
    return kind == "speech" and len(words) < MIN_WORDS_ON_RECORD


def is_same_statement(one: ComparedUtterance, other: ComparedUtterance) -> bool:
    """Return True if two utterances are one statement. Indirect speech of two people must be equal: what
    different reports share are mostly names."""
    if one.is_unique or other.is_unique or is_much_longer(*sorted((len(one.words), len(other.words)))):
        return False
    one_speaker = one.speaker is not None and one.speaker == other.speaker
    required = ONE_SPEAKER if one_speaker else ANY_SPEAKER
    if one.words == other.words:
        return len(one.words) >= required.equal
    if not one_speaker and (one.reported or other.reported):
        return False
    if min(len(one.words), len(other.words)) < required.run:
        return False
    if not _is_close(one, other):
        return False
    return not set(_runs(one.words, required.run)).isdisjoint(_runs(other.words, required.run))


def holds(long: ComparedUtterance, short: ComparedUtterance) -> bool:
    """Return True if a much longer utterance contains a short one. A few words of another speaker do not
    count: they coincide by chance."""
    if not is_much_longer(len(short.words), len(long.words)) or len(short.words) < ANY_SPEAKER.equal:
        return False
    if len(short.words) < MIN_WORDS_OF_OTHER_SPEAKER and len({short.speaker, long.speaker} - {None}) > 1:
        return False
    runs = set(_runs(short.words, ONE_SPEAKER.run))
    shared = len(runs.intersection(_runs(long.words, ONE_SPEAKER.run)))
    return shared > MIN_CONTAINED_SHARE * len(runs) and _is_close(long, short)


def is_much_longer(short: Any, long: Any) -> Any:
    """Return True if ``long`` words are too many for one statement with ``short`` words. Takes arrays too."""
    return long > MAX_LENGTH_RATIO * short


def can_be_same(short: Any, long: Any, one_speaker: Any, reported: Any) -> Any:
    """Return False for pairs of utterances that :func:`is_same_statement` would reject by their numbers of
    words, whether they have one speaker, and whether one is indirect. A cheap check that takes arrays.
    """
    return ~is_much_longer(short, long) & (
        one_speaker | ((short >= ANY_SPEAKER.equal) & (~reported | (short == long)))
    )


def _is_close(one: ComparedUtterance, other: ComparedUtterance) -> bool:
    shingles = min(len(one.shingles), len(other.shingles))
    broken = shingles - len(one.shingles & other.shingles)
    return broken <= SHINGLE * (shingles // SHINGLES_PER_CHANGE)


def _runs(words: tuple[Hashable, ...], length: int) -> Iterator[tuple[Hashable, ...]]:
    """Yield all runs of ``length`` words."""
    return zip(*(words[start:] for start in range(length)))


def merged_statement_ids(
    pairs: Iterable[tuple[Key, Key]],
    id_of: Callable[[Key], int],
    saying_of: Callable[[Key], ComparedUtterance],
) -> dict[int, int]:
    """Merge statements that have utterances in common, given ``pairs`` of utterances that may be the same.

    Return a map from the id of each merged statement to its new id, the lowest of the merged ones. The result
    does not depend on the order of the utterances, and equals that of :func:`group_utterances`.
    """
    parents: dict[int, int] = {}

    def root(id: int) -> int:
        while (above := parents.get(id)) is not None:
            id = above
        return id

    for one, other in pairs:
        low, high = sorted((root(id_of(one)), root(id_of(other))))
        if low != high and is_same_statement(saying_of(one), saying_of(other)):
            parents[high] = low
    return {id: root(id) for id in parents}


def group_utterances(sayings: Iterable[ComparedUtterance]) -> list[list[int]]:
    """Group utterances into statements. Return the numbers of the utterances of each, in order.

    This is the definition that engines must match: if two utterances are the same as a third, all three are
    one statement. Each is compared with the last MAX_COMPARED utterances that share a key with it.
    """
    known: list[ComparedUtterance] = []
    first_of: dict[ComparedUtterance, int] = {}
    with_key: defaultdict[Hashable, list[int]] = defaultdict(list)
    joined = UnionFind(0)
    for saying in sayings:
        number = joined.append()
        known.append(saying)
        if (first := first_of.setdefault(saying, number)) != number:
            if is_same_statement(saying, saying):
                joined.join(first, number)
            continue
        keys = set(saying.keys())
        for other in {other for key in keys for other in with_key[key][-MAX_COMPARED:]}:
            if joined.root(other) != joined.root(number) and is_same_statement(saying, known[other]):
                joined.join(other, number)
        for key in keys:
            with_key[key].append(number)
    return joined.all()


class UnionFind:
    """Groups of numbers (union-find)."""

    def __init__(self, size: int) -> None:
        self._parents = array("q", range(size))

    def append(self) -> int:
        """Add a number as a new group, and return it."""
        self._parents.append(len(self._parents))
        return self._parents[-1]

    def root(self, number: int) -> int:
        parents = self._parents
        while parents[number] != number:
            parents[number] = number = parents[parents[number]]
        return number

    def join(self, one: int, other: int) -> int:
        """Join the groups of two numbers. Return their root, the lowest number of the group."""
        low, high = sorted((self.root(one), self.root(other)))
        self._parents[high] = low
        return low

    def all(self) -> list[list[int]]:
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for number in range(len(self._parents)):
            groups[self.root(number)].append(number)
        return list(groups.values())


#: Kinds of quotations that are always a whole utterance.
_WHOLE_KINDS: Final = ("indirect", "speech")


def first_parts(quotes: Sequence[Quote]) -> list[int]:
    """Return, for each quotation of an article in text order, the number of the first part of its
    utterance."""
    firsts: dict[int, int] = {}
    return [
        number if quote.kind in _WHOLE_KINDS else firsts.setdefault(quote.utterance, number)
        for number, quote in enumerate(quotes)
    ]


def utterance_parts(article: Article, quote: Quote) -> tuple[Quote, ...]:
    """Return all parts of the utterance that a quotation of the article belongs to, in text order."""
    if quote.kind in _WHOLE_KINDS:
        return (quote,)
    parts = (part for part in article.quotes if part.kind not in _WHOLE_KINDS)
    same_utterance = (part for part in parts if part.utterance == quote.utterance)
    return tuple(sorted(same_utterance, key=lambda part: (part.start, part.end)))


#: Weight of the longest copy of a story if its copies disagree, because shorter copies often omit the
#: attribution. Chosen on PolNeAR's training half by ``benchmarks.quality votes``.
_WEIGHT_OF_LONGEST: Final = 3


class Ballot(NamedTuple):
    """The speaker that one place names. ``length`` returns the number of words of its article; it is called
    only if the copies of a story disagree."""

    story: str | int
    speaker: str | None
    confidence: float
    kind: SpeakerKind | None = "person"
    length: Callable[[], int] = int  # returns 0 if unknown


def count_votes(ballots: Iterable[Ballot]) -> tuple[Vote, ...]:
    """Return the speakers, most votes first.

    The copies of a story have one vote together. Descriptions such as “a nurse” do not count if a likely
    speaker is named. An organisation speaks through people: a likely person comes before it with as many
    stories.
    """
    cast = [ballot for ballot in ballots if ballot.speaker is not None]
    if any(ballot.kind != "unnamed" and ballot.confidence >= LIKELY_CONFIDENCE for ballot in cast):
        cast = [ballot for ballot in cast if ballot.kind != "unnamed"]
    of_stories = _ballots_of_stories(cast)
    confidences: defaultdict[str, list[float]] = defaultdict(list)
    for ballot in of_stories:
        confidences[ballot.speaker or ""].append(ballot.confidence)
    votes = (Vote(name, round(sum(values), 4), len(values)) for name, values in confidences.items())
    ordered = sorted(votes, key=lambda vote: (-vote.weight, -vote.stories, vote.speaker))
    organisations = {ballot.speaker for ballot in of_stories if ballot.kind == "organisation"}
    if ordered and ordered[0].speaker in organisations:
        most = ordered[0].stories

        def is_person(vote: Vote) -> bool:
            is_likely = vote.weight >= LIKELY_CONFIDENCE * vote.stories
            return vote.stories >= most and is_likely and vote.speaker not in organisations

        ordered.sort(key=is_person, reverse=True)
    return tuple(ordered)


def _ballots_of_stories(ballots: Sequence[Ballot]) -> list[Ballot]:
    """Return one ballot per story, with the highest confidence for the speaker that its copies elect."""
    copies: defaultdict[str | int, list[Ballot]] = defaultdict(list)
    for ballot in ballots:
        copies[ballot.story].append(ballot)
    return [_winner(of_story) for of_story in copies.values()]


def _winner(copies: Sequence[Ballot]) -> Ballot:
    """Return the ballot of a story. Copies that disagree vote by confidence, the longest with more weight."""
    by_speaker: defaultdict[str, list[Ballot]] = defaultdict(list)
    for ballot in copies:
        by_speaker[ballot.speaker or ""].append(ballot)
    speaker = next(iter(by_speaker))
    if len(by_speaker) > 1:
        lengths = [ballot.length() for ballot in copies]
        weights: defaultdict[str, float] = defaultdict(float)
        for ballot, length in zip(copies, lengths):
            weight = _WEIGHT_OF_LONGEST if length == max(lengths) else 1
            weights[ballot.speaker or ""] += weight * ballot.confidence
        speaker = max(weights, key=lambda name: (weights[name], name))
    return max(by_speaker[speaker], key=lambda ballot: ballot.confidence)
