"""Words of an article that it shows to be things: organisations that the tagger saw in them are none.

Headings and tables write words large that the text writes small ("Property Investment"), and letters are
explained where they are first used: "the compound annual growth rate (CAGR)".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from searcher.extract.names.bodies import is_body_word
from searcher.extract.names.lexicon import SMALL, fold, small_words
from searcher.extract.names.tagger import Span
from searcher.names.normalise import word_set

__all__ = ["without_things"]

_LETTERS = re.compile(r"\(\s*[\"“‘]?([A-Z][A-Za-z&.-]{1,7})[\"”’]?\s*\)")
_WORD = re.compile(r"[^\W_]+")
_PHRASE_START = re.compile(r".*[.;:()\n“”\"]", re.DOTALL)
_THINGS: Final = ("Product", "Misc")
_LEAST_THING: Final = 0.75  # read over 4,600 articles: below that a body as often as a thing
_FAR: Final = 90  # characters before the bracket that an explanation can take
# A name is kept if its surest place reaches this, unless the article writes the word small many times.
_SURE: Final = 0.95
_MANY: Final = 5
_MIN_NUMBERED: Final = 2
_TIMES: Final = 3
# What ends names of bodies and of things; bodies that many papers write small.
_THINGS_TOO: Final = word_set("service services network exchange")
_OFTEN_SMALL: Final = word_set("army navy police labour fed treasury press market")


def without_things(text: str, spans: Sequence[Span], seen: Sequence[Span]) -> list[Span]:
    """The spans but for organisations that are words or letters for a thing, by what the text says and by
    the things among all spans that the tagger has seen, and for people that are products with versions."""
    bodies: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        if span.kind == "ORG":
            bodies[text[span.start : span.end]].append(span)
    letters, doubtful = set(_explained(text)), set(_of_things(text, seen))
    small = _written_small(text, [name for name in bodies if _may_be_word(name)])
    things = {name for name in bodies if name.removesuffix("s") in letters}
    things |= {name for name in bodies if name.removesuffix("s") in doubtful and not _is_sure(bodies[name])}
    things |= {name for name, times in small.items() if _is_word(text, bodies[name], times)}
    named = [span for span in spans if span.kind != "ORG" or text[span.start : span.end] not in things]
    return [span for span in named if span.kind != "PER" or not _is_numbered(text, span)]


def _is_numbered(text: str, span: Span) -> bool:
    """Whether a person of one word is a product with versions: at half of its places or more, and at two or
    more, a number follows ("Llama 4"), which is no score ("6-4")."""
    name = text[span.start : span.end]
    if " " in name:
        return False
    places = len(re.findall(rf"\b{re.escape(name)}\b", text))
    numbered = len(re.findall(rf"\b{re.escape(name)} \d{{1,2}}(?:\.\d{{1,2}})?(?![\d–-])", text))
    return numbered >= _MIN_NUMBERED and 2 * numbered >= places


def _explained(text: str) -> Iterator[str]:
    """Letters in brackets that stand for words written small, the last of which is no body's."""
    for match in _LETTERS.finditer(text):
        short = match[1].removesuffix("s")
        letters = re.sub("[&.-]", "", short)
        if sum(map(str.isupper, letters)) < 2:
            continue
        before = _PHRASE_START.sub("", text[max(0, match.start() - _FAR) : match.start()])
        words = _stood_for(letters.lower(), _WORD.findall(before))
        body = words and is_body_word(words[-1]) and words[-1] not in _THINGS_TOO
        if words and not body and all(word.islower() for word in words):
            yield short


def _of_things(text: str, spans: Sequence[Span]) -> Iterator[str]:
    """Letters that stand in brackets after what the tagger takes for a thing: "Harbour World Show (HWS)"."""
    for span in spans:
        thing = span.kind in _THINGS and span.confidence >= _LEAST_THING
        bracketed = _LETTERS.match(text, span.end + 1) if thing else None
        if bracketed and not is_body_word(fold(text[span.start : span.end]).split()[-1]):
            yield bracketed[1].removesuffix("s")


def _stood_for(letters: str, words: Sequence[str]) -> Sequence[str]:
    """The last words, if their first letters are these, small ones counted or not."""
    large = [word for word in words if fold(word) not in SMALL]
    for some in (large, words):
        last = some[-len(letters) :]
        if "".join(word[0] for word in last).lower() == letters:
            return last
    return ()


def _may_be_word(name: str) -> bool:
    if name.isupper() or len(name) < 4 or not name[0].isupper():
        return False
    last = fold(name).split()[-1]
    return not is_body_word(last) and last not in _OFTEN_SMALL


def _written_small(text: str, names: Sequence[str]) -> Counter[str]:
    """How often each name stands in small letters, addresses aside."""
    words = small_words(text)
    by_small = {
        small: name
        for name in names
        if (small := name.lower()) and words.issuperset(_WORD.findall(small)) and small in text
    }
    if not by_small:
        return Counter()
    longest_first = sorted(by_small, key=len, reverse=True)
    pattern = re.compile(r"(?<![\w./@#-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![@/-]|\.?\w)")
    return Counter(by_small[found] for found in pattern.findall(text))


def _is_word(text: str, spans: Sequence[Span], times: int) -> bool:
    """Not if it begins a longer name: "Health" of "Health Canada"."""
    if any(re.match(" [A-Z]", text[span.end : span.end + 2]) for span in spans):
        return False
    return times >= _MANY and times > _TIMES * len(spans) if _is_sure(spans) else True


def _is_sure(spans: Sequence[Span]) -> bool:
    return max(span.confidence for span in spans) >= _SURE
