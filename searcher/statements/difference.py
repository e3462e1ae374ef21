"""How words that somebody remembers differ from what was printed, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from searcher.results.statements import Change
from searcher.statements.words import words_with_places

__all__ = ["Comparison", "compare"]

#: Printed words that may stand between two runs that are remembered: more, and the second is there by chance.
_MAX_GAP = 8
#: Words of either that are compared, since that takes their product: the longest of 25,000 labelled
#: quotations has 291.
_MAX_ASKED, _MAX_PRINTED = 400, 2000

_Word = tuple[str, int, int]


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
    matcher = _matcher(wanted, given[first:last])
    kept = sum(block.size for block in matcher.get_matching_blocks())
    changes = tuple(
        Change(_text(asked, wanted[a:b]), _text(printed, given[first + c : first + d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    )
    return Comparison(kept / max(1, len(wanted)), not changes and last - first == len(given), changes)


def _window(wanted: Sequence[str], given: Sequence[str]) -> tuple[int, int]:
    """Return where the printed words begin and end that stand for the remembered ones: the longest run in
    common,
    the runs near it, and as many words as are remembered before and after these."""
    matcher = SequenceMatcher(None, wanted, given, autojunk=False)
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


def _matcher(wanted: Sequence[_Word], given: Sequence[_Word]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, [w for w, _, _ in wanted], [w for w, _, _ in given], autojunk=False)


def _text(text: str, words: Sequence[_Word]) -> str:
    """The slice of a text that holds these words."""
    return text[words[0][1] : words[-1][2]] if words else ""
