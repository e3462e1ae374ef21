"""The words of a quotation, folded: what stays the same when a text is printed with other marks; and how
words that somebody remembers differ from what was printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from searcher.analysis.folding import MARKS, fold
from searcher.languages import UNSPACED
from searcher.results.statements import Change

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
_MAX_GAP = 8
#: Words of either that are compared, since that takes their product: the longest of 25,000 labelled
#: quotations has 291.
_MAX_ASKED, _MAX_PRINTED = 400, 2000

_PlacedWord = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What of the remembered words was printed: their share (0 to 1), whether nothing else was printed, and
    each difference, in order."""

    share: float
    whole: bool
    changes: tuple[Change, ...]


def compare(asked: str, printed: str) -> Comparison:
    """Compare remembered words with the part of a printed text that is most like them."""
    wanted = words_with_places(asked)[:_MAX_ASKED]
    given = words_with_places(printed)[:_MAX_PRINTED]
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
        if b - (block.b + block.size) > _MAX_GAP:
            break
        a, b = block.a, block.b
    a_end, b_end = longest.a + longest.size, longest.b + longest.size
    for block in after:
        if block.b - b_end > _MAX_GAP:
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
