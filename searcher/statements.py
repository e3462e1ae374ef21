"""Statements: what somebody said, once, whole, with every article that carries it.

An article carries an *utterance*, whose parts its attribution may split. Utterances of different articles
are one statement where their words, folded, are the same, nearly the same, or one is a part of the other.
Both measures are of *shingles*, the runs of some words in a text (A. Broder, "On the resemblance and
containment of documents", 1997). What differs between outlets breaks a few of them, and what is left out at
the beginning or the end breaks none. Utterances are put together in one pass over them. One that says much
more than another is no statement with it: it is where the other was said, as a turn on record is where many
were. Articles may give a statement to different people: they vote, each story once. What comes out is a
:class:`searcher.results.statements.Statement`.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar
from zlib import crc32

from searcher.analysis.terms import MARKS, fold
from searcher.article import Article, Quote, SpeakerKind
from searcher.languages import UNSPACED
from searcher.results.statements import LIKELY_CONFIDENCE, Change, Vote

if TYPE_CHECKING:
    from difflib import SequenceMatcher

#: A word; in scripts that run words together, a letter.
_WORD = re.compile(f"[{UNSPACED}]|(?:(?![{UNSPACED}])[\\w{MARKS}'’])+")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words in plain lower-case letters, without punctuation and apostrophes."""
    return tuple(_WORD.findall(fold(text.replace("’", "'"))))


def words_with_places(text: str) -> list[tuple[str, int, int]]:
    """Return each word, folded, with the offsets at which it starts and ends in the text."""
    found = ((fold(match[0].replace("’", "'")), *match.span()) for match in _WORD.finditer(text))
    return [place for place in found if place[0]]


#: Printed words that may stand between two runs that are remembered: more, and the second is there by chance.
_MAX_GAP_WORDS = 8
#: Words of either that are compared, since that takes their product: the longest of 25,000 labelled
#: quotations has 291.
_MAX_ASKED_WORDS, _MAX_PRINTED_WORDS = 400, 2000

_PlacedWord = tuple[str, int, int]
#: Identifies an utterance, for an engine.
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What of the remembered words was printed: their share (0 to 1), whether nothing else was printed, and
    each difference, in order."""

    share: float
    whole: bool
    changes: tuple[Change, ...]


def compare(asked: str, printed: str) -> Comparison:
    """Compare remembered words with the part of a printed text that is most like them."""
    wanted = words_with_places(asked)[:_MAX_ASKED_WORDS]
    given = words_with_places(printed)[:_MAX_PRINTED_WORDS]
    first, last = _window([word for word, _, _ in wanted], [word for word, _, _ in given])
    matcher = _matcher([word for word, _, _ in wanted], [word for word, _, _ in given[first:last]])
    kept = sum(block.size for block in matcher.get_matching_blocks())
    changes = tuple(
        Change(_text_of_words(asked, wanted[a:b]), _text_of_words(printed, given[first + c : first + d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    )
    return Comparison(kept / max(1, len(wanted)), not changes and last - first == len(given), changes)


def _window(wanted: Sequence[str], given: Sequence[str]) -> tuple[int, int]:
    """Return where the printed words begin and end that stand for the remembered ones: the longest run in
    common,
    the runs near it, and as many words as are remembered before and after these."""
    matcher = _matcher(wanted, given)
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
    return max(0, b - a), min(len(given), b_end + len(wanted) - a_end)


def _matcher(wanted: Sequence[str], given: Sequence[str]) -> SequenceMatcher[str]:
    # Loaded for who looks for a quotation; every search for words of quotations begins here.
    from difflib import SequenceMatcher

    return SequenceMatcher(None, wanted, given, autojunk=False)


def _text_of_words(text: str, words: Sequence[_PlacedWord]) -> str:
    """The slice of a text that holds these words."""
    return text[words[0][1] : words[-1][2]] if words else ""


#: Words of the shingles that are counted.
SHINGLE = 2


@dataclass(frozen=True, slots=True)
class Demand:
    """What two utterances must have in common: all of so many words, or a run of so many."""

    equal: int
    run: int


#: For so many shingles of the shorter one a word may be another, which breaks the two shingles that it is in.
#: Of fewer than eight words none may: "nothing to do with us" is not "everything to do with us".
SHINGLES_A_CHANGE = 7
#: Chosen on the development half of ``benchmarks.quality statements``: what is given to one speaker may be
#: shorter than what is not.
BY_ONE, BY_ANY = Demand(equal=1, run=4), Demand(equal=5, run=6)

#: Of fewer words a turn on record is the same as no other. In 47,753 turns of 985 debates, interviews and
#: speeches 18 % of those of four words come again in another one, of five 7 %.
MIN_WORDS_ON_RECORD: Final = 5

#: The most words of an utterance for each of another that is one statement with it: of those that many more
#: hold, each says something else. Chosen on PolNeAR's quotations with 87 debates and speeches, like MIN_HELD.
MAX_TIMES: Final = 2.75
#: A longer one holds a short one if more than so many of its runs of four words stand there: three in four of
#: those were said there, and of those with fewer hardly any.
MIN_HELD: Final = 2 / 3
#: Fewer words are held where one speaker says both, or nobody is named. Of 19 in PolNeAR that stood in a turn
#: of somebody else, read by eye, 15 were words that both said ("It's too early to tell"); of longer ones few.
MIN_WORDS_HELD_BY_ANY: Final = 8

#: A run of words that more than so many share ("in the U.S.") tells little: a saying is compared with so many
#: of them. Those that are one statement are found all the same, by what else they share, or one by another.
#: Of 32,000 wordings in ``benchmarks.quality statements`` 87 have the commonest run of four.
MAX_COMPARED = 100


@dataclass(frozen=True, slots=True)
class Saying:
    """The words of an utterance, as :func:`words_of` or :func:`word_numbers` return them, and its speaker:
    the same name, or number of a name, wherever it is the same person. ``reported``: the words are those of
    the reporter, as in indirect speech. ``alone``: it is the same as no other."""

    words: tuple[Any, ...]
    speaker: Any = None
    reported: bool = False
    alone: bool = False
    shingles: frozenset[tuple[Hashable, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shingles", frozenset(_runs(self.words, SHINGLE)))

    def keys(self) -> Iterator[tuple[Hashable | None, tuple[Hashable, ...]]]:
        """Yield what a saying must share one of with another that is the same: all its words, or runs of them
        by one speaker or by anybody."""
        if self.alone:
            return
        yield None, self.words
        for run in _runs(self.words, BY_ANY.run):
            yield None, run
        if self.speaker is not None:
            for run in _runs(self.words, BY_ONE.run):
                yield self.speaker, run


def word_numbers(words: Iterable[str]) -> tuple[int, ...]:
    """Return a checksum of each word. Indexes store these, and compare utterances by them."""
    return tuple(crc32(word.encode("utf-8", "surrogatepass")) for word in words)


def traces(numbers: Sequence[int]) -> set[int]:
    """Return checksums of runs of words, given the checksums of the words. Two utterances that are the same,
    or of which one holds the other, share at least one of them, whoever the speakers are."""
    packed, size = array("I", numbers).tobytes(), 4 * min(BY_ONE.run, len(numbers))
    return {crc32(packed[at : at + size]) for at in range(0, len(packed) - size + 1, 4)} if numbers else set()


def stands_alone(kind: str, words: Collection[object]) -> bool:
    """Whether an utterance is the same as no other: a few words on record ("No.", "Thank you very much.") are
    said anew on each occasion."""
    return kind == "speech" and len(words) < MIN_WORDS_ON_RECORD


def same(one: Saying, other: Saying) -> bool:
    """Whether two utterances are one statement. What two people are reported to have said is one if all the
    words are: those that reports of two things share are names mostly ("that he would vote for former
    Secretary of State Hillary Clinton")."""
    if one.alone or other.alone or says_more(*sorted((len(one.words), len(other.words)))):
        return False
    by_one = one.speaker is not None and one.speaker == other.speaker
    demand = BY_ONE if by_one else BY_ANY
    if one.words == other.words:
        return len(one.words) >= demand.equal
    if not by_one and (one.reported or other.reported):
        return False
    if min(len(one.words), len(other.words)) < demand.run:
        return False
    if not _is_close(one, other):
        return False
    return not set(_runs(one.words, demand.run)).isdisjoint(_runs(other.words, demand.run))


def holds(long: Saying, short: Saying) -> bool:
    """Whether an utterance says much more than another, and this was said in it. A few words were not, where
    each has a speaker of its own."""
    if not says_more(len(short.words), len(long.words)) or len(short.words) < BY_ANY.equal:
        return False
    if len(short.words) < MIN_WORDS_HELD_BY_ANY and len({short.speaker, long.speaker} - {None}) > 1:
        return False
    runs = set(_runs(short.words, BY_ONE.run))
    held = len(runs.intersection(_runs(long.words, BY_ONE.run)))
    return held > MIN_HELD * len(runs) and _is_close(long, short)


def says_more(short: Any, long: Any) -> Any:
    """Whether one of so many words says too much for a statement with one of so many; of arrays too."""
    return long > MAX_TIMES * short


def may_be_same(short: Any, long: Any, by_one: Any, reported: Any) -> Any:
    """Return False for utterances that cannot be the same, given only their numbers of words, whether one
    speaker says both, and whether one of them is reported. A cheap check of arrays."""
    return ~says_more(short, long) & (by_one | ((short >= BY_ANY.equal) & (~reported | (short == long))))


def _is_close(one: Saying, other: Saying) -> bool:
    shingles = min(len(one.shingles), len(other.shingles))
    broken = shingles - len(one.shingles & other.shingles)
    return broken <= SHINGLE * (shingles // SHINGLES_A_CHANGE)


def _runs(words: tuple[Hashable, ...], length: int) -> Iterator[tuple[Hashable, ...]]:
    """Yield the runs of so many words."""
    return zip(*(words[start:] for start in range(length)))


def merged_ids(
    pairs: Iterable[tuple[Key, Key]], id_of: Callable[[Key], int], saying_of: Callable[[Key], Saying]
) -> dict[int, int]:
    """Decide which statements are one because utterances of both are the same. Return the id of each that
    joins another, with the one that it has from now on: the lowest of all that are joined.

    ``pairs`` are of utterances that may be the same. Each has a statement already, perhaps a new one of its
    own. Whatever the order in which utterances come, the statements are those of :func:`groups`.
    """
    parents: dict[int, int] = {}

    def root(id: int) -> int:
        while (above := parents.get(id)) is not None:
            id = above
        return id

    for one, other in pairs:
        low, high = sorted((root(id_of(one)), root(id_of(other))))
        if low != high and same(saying_of(one), saying_of(other)):
            parents[high] = low
    return {id: root(id) for id in parents}


def groups(sayings: Iterable[Saying]) -> list[list[int]]:
    """Return the numbers of the sayings of each statement, ascending, in the order of their first ones.

    If two sayings are the same as a third, all three are one statement. This is the definition that engines
    have to match. Each saying is compared with the last MAX_COMPARED that share a key with it.
    """
    known: list[Saying] = []
    first_of: dict[Saying, int] = {}
    with_key: defaultdict[Hashable, list[int]] = defaultdict(list)
    joined = Joined(0)
    for saying in sayings:
        number = joined.append()
        known.append(saying)
        if (first := first_of.setdefault(saying, number)) != number:
            if same(saying, saying):
                joined.join(first, number)
            continue
        keys = set(saying.keys())
        for other in {other for key in keys for other in with_key[key][-MAX_COMPARED:]}:
            if joined.root(other) != joined.root(number) and same(saying, known[other]):
                joined.join(other, number)
        for key in keys:
            with_key[key].append(number)
    return joined.all()


class Joined:
    """Numbers that are joined to one another (union-find)."""

    def __init__(self, size: int) -> None:
        self._parents = array("q", range(size))

    def append(self) -> int:
        """Return one number more, which is joined to no other."""
        self._parents.append(len(self._parents))
        return self._parents[-1]

    def root(self, number: int) -> int:
        parents = self._parents
        while parents[number] != number:
            parents[number] = number = parents[parents[number]]
        return number

    def join(self, one: int, other: int) -> int:
        """Return the root of both: the least number of a group."""
        low, high = sorted((self.root(one), self.root(other)))
        self._parents[high] = low
        return low

    def all(self) -> list[list[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for number in range(len(self._parents)):
            found[self.root(number)].append(number)
        return list(found.values())


_PLACE = attrgetter("start", "end")
#: Kinds of quotations that are never parts of one utterance.
_WHOLE: Final = ("indirect", "speech")


def first_parts(quotes: Sequence[Quote]) -> list[int]:
    """Return for each of an article's quotations, which are given in the order of the text, the number of the
    first part of its utterance. A turn on record is whole, and indirect speech a report of its own."""
    firsts: dict[int, int] = {}
    return [
        number if quote.kind in _WHOLE else firsts.setdefault(quote.utterance, number)
        for number, quote in enumerate(quotes)
    ]


def parts_of(article: Article, quote: Quote) -> tuple[Quote, ...]:
    """Return the utterance of which a quotation of the article is a part, in the order of the text."""
    if quote.kind in _WHOLE:
        return (quote,)
    parts = [part for part in article.quotes if part.utterance == quote.utterance and part.kind not in _WHOLE]
    return tuple(sorted(parts, key=_PLACE))


#: How much the longest copy of a story counts, where its copies differ: what is cut from the others is often
#: what tells who speaks (chosen on PolNeAR's training half, by ``benchmarks.quality votes``).
_WEIGHT_OF_LONGEST: Final = 3


class Ballot(NamedTuple):
    """Whom one place names, how surely, and the story that it belongs to. ``length`` returns how many
    words its article has; it is asked where the copies of a story differ."""

    story: str | int
    speaker: str | None
    confidence: float
    kind: SpeakerKind | None = "person"
    length: Callable[[], int] = int  # 0: not known


def count_votes(ballots: Iterable[Ballot]) -> tuple[Vote, ...]:
    """Return the speakers, most votes first.

    The copies of a story have one vote, for whom most of them name, by confidence, and the longest of them
    counts more. Words such as “a nurse” count where nobody is named who is likely right: they say no other
    than a name, they say less. A body speaks by people: one of them comes before it whom as many stories
    name.
    """
    cast = [ballot for ballot in ballots if ballot.speaker is not None]
    if any(ballot.kind != "unnamed" and ballot.confidence >= LIKELY_CONFIDENCE for ballot in cast):
        cast = [ballot for ballot in cast if ballot.kind != "unnamed"]
    of_stories = _of_stories(cast)
    by_speaker: defaultdict[str, list[float]] = defaultdict(list)
    for ballot in of_stories:
        by_speaker[ballot.speaker or ""].append(ballot.confidence)
    votes = (Vote(name, round(sum(given), 4), len(given)) for name, given in by_speaker.items())
    ordered = sorted(votes, key=lambda vote: (-vote.weight, -vote.stories, vote.speaker))
    bodies = {ballot.speaker for ballot in of_stories if ballot.kind == "organisation"}
    if ordered and ordered[0].speaker in bodies:
        most = ordered[0].stories
        ordered.sort(key=lambda vote: vote.speaker in bodies or not _is_likely(vote, most))
    return tuple(ordered)


def _of_stories(ballots: Sequence[Ballot]) -> list[Ballot]:
    """Return the ballot of each story: the surest one for whom its copies name most surely together."""
    surest: dict[str | int, Ballot] = {}
    differing = set()
    for ballot in ballots:
        known = surest.setdefault(ballot.story, ballot)
        if ballot.speaker != known.speaker:
            differing.add(ballot.story)
        elif ballot.confidence > known.confidence:
            surest[ballot.story] = ballot
    copies: defaultdict[str | int, list[Ballot]] = defaultdict(list)
    for ballot in ballots if differing else ():
        copies[ballot.story].append(ballot)
    return [_ballot_of_copies(copies[story]) if story in differing else one for story, one in surest.items()]


def _ballot_of_copies(ballots: Sequence[Ballot]) -> Ballot:
    """Return the surest of the ballots for the speaker whom they name most surely together, the longest of
    them three times."""
    given: defaultdict[str, list[tuple[float, Ballot]]] = defaultdict(list)
    lengths = [ballot.length() for ballot in ballots]
    longest = max(lengths)
    for ballot, length in zip(ballots, lengths):
        times = _WEIGHT_OF_LONGEST if length == longest else 1
        given[ballot.speaker or ""].append((times * ballot.confidence, ballot))
    together = max(given.items(), key=lambda same: (sum(weight for weight, _ in same[1]), same[0]))
    return max((ballot for _, ballot in together[1]), key=lambda ballot: ballot.confidence)


def _is_likely(vote: Vote, stories: int) -> bool:
    """Tell whether so many stories name a speaker and these are more likely right than wrong."""
    return vote.stories >= stories and vote.weight >= LIKELY_CONFIDENCE * vote.stories
