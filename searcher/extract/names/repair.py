"""Repairs the spans of the tagger, step by step, with the knowledge of the whole article.

Each step takes and returns the spans of all kinds. ``benchmarks/quality/README.md`` has the gain of each
step.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from searcher.extract.names.consolidation import ABBREVIATED, folded_name, name_words
from searcher.extract.names.tagger import Kind, NameSpan

_TICKER_BEFORE = re.compile(r"(?:<[A-Z]*\.?|\[[A-Z]{2,6}\.|\([A-Z]{2,6}[.:]\s?)$")
_CHARACTERS_BEFORE_TICKER: Final = 8
_END_OF_TEXT = re.compile(r"[\s.…]*\Z")
_MAX_AGENCY_LETTERS: Final = 8
_FULL_STOPS: Final = tuple('.!?…"”’')
_WORD_OF_TEXT = re.compile(r"\w+")
_BEFORE_NUMBER = re.compile(r"\b(\w+)(?= \d(?:\.\d)?(?![\d–-]))")


def drop_impossible(text: str, spans: Sequence[NameSpan]) -> list[NameSpan]:
    """Drop spans that are not names: marks, tickers, kinds and versions ("Marlowe Corp <MRL.L>")."""
    # Count once for all names, because an article may have thousands of them.
    words, numbered = Counter(_WORD_OF_TEXT.findall(text)), Counter(_BEFORE_NUMBER.findall(text))
    return [
        span
        for span in spans
        if not any(rule(text, span) for rule in (_is_mark, _is_ticker, _is_in_mail_address, _is_sign_off))
        and not _is_kind(text[span.start : span.end], words)
        and not (span.kind == "PER" and _is_numbered(text[span.start : span.end], words, numbered))
    ]


def _is_mark(text: str, span: NameSpan) -> bool:
    name = text[span.start : span.end]
    return sum(map(str.isalnum, name)) < 2 or not any(map(str.isalpha, name)) or name.islower()


def _is_ticker(text: str, span: NameSpan) -> bool:
    name = text[span.start : span.end]
    before = _TICKER_BEFORE.search(text, max(0, span.start - _CHARACTERS_BEFORE_TICKER), span.start)
    return name.isupper() and " " not in name and before is not None


def _is_in_mail_address(text: str, span: NameSpan) -> bool:
    """Return True for an organisation on either side of the sign in "ada@Marlowe.com"."""
    is_host = text[span.start - 1 : span.start] == "@" and not text[max(0, span.start - 2)].isspace()
    return span.kind == "ORG" and (text[span.end : span.end + 1] == "@" or (is_host and span.start > 1))


def _is_sign_off(text: str, span: NameSpan) -> bool:
    """Return True if it is the whole last line (" Reuter", "-- Field Level Media")."""
    if not _END_OF_TEXT.match(text, span.end):
        return False
    before = text[: span.start].rstrip(" ")
    line = before.rstrip("-–— ")
    if line[-1:] != "\n":
        return False
    short = span.kind == "ORG" and span.end - span.start <= _MAX_AGENCY_LETTERS
    one_word = " " not in text[span.start : span.end] and line.rstrip()[-1:] in _FULL_STOPS
    return short or line != before or one_word


def _is_kind(name: str, words: Counter[str]) -> bool:
    """Return True if an acronym has a plural in the article, unlike a name: "LLM" and "LLMs"."""
    letters = name.removesuffix("s")
    return letters.isupper() and letters.isalpha() and f"{letters}s" in words


def _is_numbered(name: str, words: Counter[str], numbered: Counter[str]) -> bool:
    """Return True if a person of one word often precedes a version number: "Llama 4"."""
    return name.isalpha() and numbered[name] > 1 and 2 * numbered[name] >= words[name]


#: A label such as “BIC” and its code, which may be incomplete, or an IBAN without a label.
_ACCOUNT = re.compile(
    r"\b(?:SWIFT[/-])?(?:IBAN|BIC|ISIN|LEI|WKN|CUSIP)(?:/SWIFT)?(?:[ -]N[ro]\.?| code)?:? ?"
    r"(?:(?=[A-Z]*\d)|(?=[A-Z]{8}(?:[A-Z]{3})?\b))[A-Z0-9]{2,}(?: [A-Z0-9]{4})*"
    r"|\b[A-Z]{2}\d\d ?[A-Z0-9]{4}(?: ?\d{4})+"
)


def drop_accounts(text: str, spans: Sequence[NameSpan]) -> list[NameSpan]:
    """Drop spans in account numbers: "IBAN DE89 3704", "BIC MARLGB2L". Used for every language."""
    places = {place for match in _ACCOUNT.finditer(text) for place in range(*match.span())}
    return [span for span in spans if span.start not in places]


_LINE_END = re.compile(r"(?<!\s)\s*\n\s*|\s/\s")
_MIN_SENTENCE_WORDS: Final = 6  # text after a line end with more words than this is a sentence
_NICKNAMED = re.compile(
    r"(?:[\w.-]+ )*[^\W\d_a-z][\w.-]* [\"“‘](?:the )?[^\W\d_a-z][\w.-]*(?: [\w.-]+)?[\"”’] (?=[A-Z])"
)
_INITIAL_LAST = re.compile(r"\w [A-Z]\.?$")
_BARE_INITIAL = re.compile(r"(?<=\w )[A-Z](?![\w.])")
_OPENING_MARK = re.compile('["“‘]')
# The place of a company or the title of its head: "Marlowe Ltd of Dover", "Marlowe CEO".
# "Corp of America" is part of the name.
_ADDITION = re.compile(r"(?<=\b(?:Inc|Ltd|Plc|PLC|LLC))\sof\s(?:the\s)?[A-Z][\w. ]+$|(?<=\w)\sC[EFTO]O$")
_UNSTOPPED = re.compile(r"\b(?:Inc|Co|Corp|Ltd|Jr|Sr|Bros)\b(?!\.)")
_BEFORE_NAME: Final = "<>_^ \t\n\"“‘'([{,;:–—-*•#/@"
_AFTER_NAME: Final = "<>([{* \t\n\"”’')]},;:–—-/"


def split_at_lines(text: str, spans: Sequence[NameSpan]) -> list[NameSpan]:
    """End names at line ends, as headings have no full stop, and at slashes: "Marlowe / Quay"."""
    parts = []
    for span in spans:
        stops = [stop.span() for stop in _LINE_END.finditer(text, span.start, span.end)]
        starts = [span.start, *(end for _, end in stops)]
        for start, end in zip(starts, [*(start for start, _ in stops), span.end]):
            if start < end and (start == span.start or text.count(" ", start, end) < _MIN_SENTENCE_WORDS):
                parts.append(replace(span, start=start, end=end))
    return parts


def join_parts(text: str, spans: Sequence[NameSpan]) -> list[NameSpan]:
    """Join the parts of a name: "Dover" + "Harbour Council", "Ada" + "“Bee” Quill"; not "HW" + "DW"."""
    joined: list[NameSpan] = []
    bare = _BareInitials(text)
    for span in spans:
        left = joined[-1] if joined else None
        if left and left.kind == span.kind and _go_together(text, left, span, bare):
            joined[-1] = replace(left, end=span.end, confidence=max(left.confidence, span.confidence))
        else:
            joined.append(span)
    return joined


def trim_edges(text: str, spans: Sequence[NameSpan]) -> list[NameSpan]:
    """Remove marks, places and offices around names: "“Marlowe Ltd of Dover”"."""
    unstopped = frozenset(_UNSTOPPED.findall(text))
    return [span for span in (_without_edges(text, span, unstopped) for span in spans) if span]


class _BareInitials:
    """Finds names that end with a capital without full stop, as "Malcolm X"."""

    def __init__(self, text: str) -> None:
        self._text = text
        # For each length of a name, the strings of that length that end with a bare initial.
        self._by_length: dict[int, frozenset[str]] = {}

    def has(self, name: str) -> bool:
        size = len(name)
        if size not in self._by_length:
            ends = (match.end() for match in _BARE_INITIAL.finditer(self._text))
            self._by_length[size] = frozenset(self._text[end - size : end] for end in ends if end >= size)
        return name in self._by_length[size]


def _go_together(text: str, left: NameSpan, right: NameSpan, bare: _BareInitials) -> bool:
    if left.kind == "PER":
        name, gap = text[left.start : left.end], text[left.end : right.start]
        if gap in (" ", ". ") and _INITIAL_LAST.search(name) and not bare.has(name.rstrip(".")):
            return True
        if not _OPENING_MARK.search(text, left.start, left.end + len(" “")):
            return False  # without a nickname they are two people
        nicknamed = _NICKNAMED.match(text, left.start)
        return nicknamed is not None and left.end <= right.start <= nicknamed.end()
    if left.kind != "ORG" or text[left.end : right.start] != " ":
        return False
    return not text[left.end - 1].isdigit() and not text[right.start : right.end].isupper()


def _without_edges(text: str, span: NameSpan, unstopped: Collection[str]) -> NameSpan | None:
    start, end = _stripped_span(text, span.start, span.end, unstopped)
    addition = _ADDITION.search(text[start:end]) if span.kind == "ORG" else None
    end = start + addition.start() if addition else end
    return replace(span, start=start, end=end) if start < end else None


def _stripped_span(text: str, start: int, end: int, unstopped: Collection[str]) -> tuple[int, int]:
    while start < end and text[start] in _BEFORE_NAME:
        start += 1
    while end > start and text[end - 1] in _AFTER_NAME:
        if text[end - 1] == ")" and "(" in text[start:end]:
            break  # the bracket is part of the name: "Unite (UK)"
        end -= 1
    stop = end - start > 1 and text[end - 1] == "." and not _is_abbreviated(text[start:end], unstopped)
    return start, end - stop


def _is_abbreviated(name: str, unstopped: Collection[str]) -> bool:
    short = ABBREVIATED.search(name)
    return short is not None and (len(short[1]) == 1 or short[1] not in unstopped)


_WITNESS_WEIGHT: Final = 2.0  # weight of words after a name that reveal an organisation; a tag has at most 1
_WEIGHT_ALONE: Final = 2.0  # factor for the first word of a longer organisation as evidence
_MIN_SURE_CONFIDENCE: Final = 0.9  # minimum confidence of an organisation that place tags cannot outvote
_MAX_WORDS: Final = 8  # maximum first words of an organisation that are counted
# A name of one of these kinds may change to a more frequent kind.
_RIVALS: Final[tuple[Kind, ...]] = ("PER", "ORG", "Product")
# A name may change to one of these kinds, but not from it.
_THINGS: Final[tuple[Kind, ...]] = ("Misc", "Facility", "NORP")
# Words that follow companies and clubs, but not people.
_HAS = re.compile(
    r"\s(?:co-?founder|founder|(?:vice[- ])?chairman|chairwoman|chief\s(?:executive|financial|operating)|"
    r"C[EFTO]O|shareholders|employees|(?:analyst|economist|strategist)\s[A-Z]\w+|"
    r"guard|striker|midfielder|defender|defenseman|goalkeeper|winger|quarterback|pitcher)\b|"
    r"-(?:owned|listed)\b|['’]s?\s(?:shareholders|chief\sexecutive)\b"
)


class KindVotes:
    """Counts, by confidence, the kinds of each name in an article."""

    def __init__(self, text: str, spans: Sequence[NameSpan]) -> None:
        self._text = text
        self._votes: dict[tuple[str, ...], dict[Kind, float]] = defaultdict(lambda: defaultdict(float))
        self._bearers: dict[str, float] = defaultdict(float)  # given name or surname -> weight of full names
        self._surnames: dict[str, float] = defaultdict(float)
        # Maps first words to the weight of the organisations that start with them.
        self._begun: dict[tuple[str, ...], float] = defaultdict(float)
        for span in spans:
            key = self._key(span)
            self._votes[key][span.kind] += span.confidence
            if span.kind in ("PER", "ORG") and _HAS.match(text, span.end):
                self._votes[key]["ORG"] += _WITNESS_WEIGHT
            if span.kind == "ORG":
                for length in range(1, min(len(key), _MAX_WORDS)):
                    self._begun[key[:length]] += span.confidence * (_WEIGHT_ALONE if length == 1 else 1)
            words = name_words(text[span.start : span.end]) if span.kind == "PER" else ()
            if len(words) > 1:
                self._bearers[words[-1]] += span.confidence
                self._bearers[words[0]] += span.confidence
                self._surnames[words[-1]] += span.confidence

    def elected(self, span: NameSpan) -> Kind:
        """Return the kind of a name: for a single word that of the full names it is part of, else the most
        frequent."""
        key, kind = self._key(span), span.kind
        votes = self._votes[key]
        person, body = votes.get("PER", 0.0), votes.get("ORG", 0.0)
        if len(key) == 1 and kind in ("PER", "ORG") and key[0] in self._bearers:
            return "PER" if body <= self._bearers[key[0]] + person else "ORG"
        if len(key) == 1 and kind == "LOC" and key[0] in self._surnames:
            return "PER" if votes["LOC"] < self._surnames[key[0]] + person else "LOC"
        if kind in ("PER", "ORG") and key in self._begun:
            return "ORG" if person <= self._begun[key] + body else "PER"
        if kind == "ORG" and votes.get("LOC", 0.0) > 2 * body and span.confidence < _MIN_SURE_CONFIDENCE:
            return "LOC"
        if kind == "PER" and votes.get("LOC", 0.0) > person:
            return "LOC"
        if kind not in _RIVALS:  # places do not change, because a city's name may also mean its club
            return kind
        return max((*_RIVALS, *_THINGS), key=lambda other: (votes.get(other, 0.0), other == kind))

    def _key(self, span: NameSpan) -> tuple[str, ...]:
        """Return the folded words, including the legal form: only an organisation has one."""
        return tuple(folded_name(self._text[span.start : span.end]).split())


Step = Callable[[str, Sequence[NameSpan]], list[NameSpan]]

# Minimum confidence of the surest mention of a name. People who share a word are counted together.
_MIN_CONFIDENCE: Final[dict[Kind, float]] = {"PER": 0.75, "ORG": 0.65, "LOC": 0.8}


def repair(text: str, spans: Iterable[NameSpan]) -> list[NameSpan]:
    """Return the spans of people and organisations, in order and without overlap."""
    return repaired_names_and_places(text, spans)[0]


def repaired_names_and_places(text: str, spans: Iterable[NameSpan]) -> tuple[list[NameSpan], list[NameSpan]]:
    """Return the spans of people and organisations, and those of places, both as :func:`repair` does."""
    repaired = sorted(spans)
    for step in STEPS:
        repaired = step(text, repaired)
    names = _without_overlap([span for span in repaired if span.kind in ("PER", "ORG")])
    votes = Counter((span.kind, folded_name(text[span.start : span.end])) for span in repaired)
    # One word may mean both a city and its club. A longer name is a place only if it is tagged as an
    # organisation less often.
    places = [
        span
        for span in repaired
        if span.kind == "LOC"
        and (
            " " not in (name := folded_name(text[span.start : span.end]))
            or votes["ORG", name] < votes["LOC", name]
        )
    ]
    return names, [span for span in _without_overlap([*names, *places]) if span.kind == "LOC"]


def elect_kinds(text: str, spans: Sequence[NameSpan]) -> list[NameSpan]:
    """Give every name one kind in the whole article: after "Ada Quill" the organisation "Quill" is she."""
    ballot = KindVotes(text, spans)
    return [replace(span, kind=ballot.elected(span)) for span in spans]


def keep_sure(text: str, spans: Sequence[NameSpan]) -> list[NameSpan]:
    """Keep the names of which the tagger is sure in at least one place."""
    best: dict[tuple[Kind, str], float] = defaultdict(float)
    keys = [_keys_of(text, span) for span in spans]
    for span, own_keys in zip(spans, keys):
        for key in own_keys:
            best[key] = max(best[key], span.confidence)
    surest = [max(best[key] for key in own_keys) for own_keys in keys]
    return [span for span, value in zip(spans, surest) if value >= _MIN_CONFIDENCE.get(span.kind, 0.0)]


def _keys_of(text: str, span: NameSpan) -> list[tuple[Kind, str]]:
    """Return the keys that mentions of one name share: any word of a person, all words of an organisation."""
    written = text[span.start : span.end]
    if span.kind == "PER":
        return [(span.kind, word) for word in name_words(written)] or [(span.kind, written)]
    return [(span.kind, folded_name(written))]


def _without_overlap(spans: Sequence[NameSpan]) -> list[NameSpan]:
    separate: list[NameSpan] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not separate or span.start >= separate[-1].end:
            separate.append(span)
    return separate


#: The steps for English, in order. Other languages use ``drop_accounts`` and :mod:`.foreign_names`.
STEPS: Final[tuple[Step, ...]] = (
    split_at_lines,
    join_parts,
    trim_edges,
    drop_accounts,
    drop_impossible,
    elect_kinds,
    keep_sure,
)
