"""Names in the text and who they belong to: the annotated mentions, and what else is written with a capital.

That is mostly a place ("Beijing said") or a work; it is called as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from searcher.article import Mention
from searcher.extract.quotes import lexicon
from searcher.extract.quotes.entities import Entity, Name
from searcher.extract.quotes.surnames import relink
from searcher.extract.quotes.tokens import Tokens
from searcher.extract.quotes.weights import speaker_nouns_in_either_number
from searcher.names.first_names import first_name_gender

__all__ = ["find_names"]

_POSSESSIVE = re.compile(r"(.+?)[’'][sS]?$")
#: In other scripts nothing tells a name from any other word that begins a sentence.
_LATIN = re.compile(r"[a-z\u00df-\u024f\u1e00-\u1eff][\W\d_a-z\u00df-\u024f\u1e00-\u1eff]*")
# The models were trained with these numbers: whoever changes one has to train anew (training/quotes).
_WIDEST = 8  # tokens in a name found here
_SPEAKS = 0.4  # share of use for speech that makes a word before it a name ("Roe said")


class _Found(NamedTuple):
    """A run of tokens that may be a name; ``first``: it begins a sentence."""

    i: int
    j: int
    words: list[str]
    possessive: bool
    first: bool


def find_names(tokens: Tokens, mentions: Iterable[Mention], offset: int = 0) -> list[Name]:
    """Every name in reading order. ``offset`` is where the tokens' text begins within the body."""
    tagged = relink(tokens, _tagged(tokens, mentions, offset))
    covered = bytearray(len(tokens))
    for name in tagged:
        covered[name.i : name.j] = b"\1" * (name.j - name.i)
    common = {low for low, word in zip(tokens.low, tokens.words) if word[0].islower()}
    found = _capitalised(tokens, covered, common)
    own = _named(tokens, found, {name.entity.name: name.entity for name in tagged})
    return sorted([*tagged, *own], key=lambda name: (name.i, name.j))


def _tagged(tokens: Tokens, mentions: Iterable[Mention], offset: int) -> list[Name]:
    entities: dict[tuple[str, str], Entity] = {}
    names: list[Name] = []
    length = len(tokens.text)
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        start, end = mention.start - offset, mention.end - offset
        if mention.part != "body" or start < 0 or end > length or start >= end:
            continue
        i, j = tokens.at(start), tokens.at(end)
        if i < len(tokens) and tokens.starts[i] > start and i:
            i -= 1
        if i >= j or (names and names[-1].j > i) or tokens.low[i] in lexicon.PRONOUNS:
            continue
        key = (mention.name, mention.kind)
        entity = entities.get(key)
        if entity is None:
            gender = _gender_of(mention.name.split()) if mention.kind == "person" else None
            entity = entities[key] = Entity(mention.name, mention.kind, gender, i, True)
        entity.count += 1
        last = tokens.words[j - 1]
        possessive = tokens.ends[j - 1] > end and bool(_POSSESSIVE.match(last))
        possessive = possessive or (j < len(tokens) and tokens.text[end : end + 2] in ("’s", "'s"))
        names.append(Name(i, j, entity, possessive))
    return names


def _gender_of(words: list[str]) -> str | None:
    for word in words:
        plain = word.lower().rstrip(".")
        if plain in lexicon.TITLES or len(plain) < 2 or "." in plain:
            continue
        return first_name_gender(plain)
    return None


def _capitalised(tokens: Tokens, covered: bytearray, common: set[str]) -> list[_Found]:
    """Runs of capitalised words outside what is tagged already."""
    found: list[_Found] = []
    end = 0
    for i in [i for i, word in enumerate(tokens.words) if word[0].isupper() and not covered[i]]:
        low = tokens.low[i].rstrip(".")
        if i < end or len(low) < 2 or low in lexicon.NOT_NAMES or not _LATIN.fullmatch(low):
            continue
        end = _run_end(tokens, i, covered)
        one = _cleaned(tokens, i, end, common)
        if one:
            found.append(one)
    return found


def _run_end(tokens: Tokens, i: int, covered: bytearray) -> int:
    j = i + 1
    while j < min(len(tokens), i + _WIDEST):
        apart = tokens.starts[j] - tokens.ends[j - 1] > 1 or tokens.span[j] != tokens.span[i]
        if covered[j] or apart or tokens.words[j - 1].endswith(("’s", "'s")):
            break
        if not tokens.words[j][0].isupper() or tokens.low[j].rstrip(".") in lexicon.NOT_NAMES:
            break
        j += 1
    return j


def _cleaned(tokens: Tokens, i: int, j: int, common: set[str]) -> _Found | None:
    """A run without the word that only begins a sentence, since it is written small elsewhere."""
    words, first = tokens.words[i:j], tokens.first[i]
    if first and tokens.low[i] in common:
        words, i, first = words[1:], i + 1, False
    if not words:
        return None
    match = _POSSESSIVE.match(words[-1])
    if match and words[-1][-2:] in ("’s", "'s", "s’", "s'"):
        return _Found(i, j, [*words[:-1], match.group(1)], True, first)
    return _Found(i, j, words, False, first)


def _named(tokens: Tokens, found: Sequence[_Found], tagged: Mapping[str, Entity]) -> list[Name]:
    """Those runs that are names, each with whoever is called so."""
    entities = dict(tagged)
    shown = {one.words[0] for one in found if not one.first and one.j - one.i == 1}
    names = []
    for one in found:
        name = " ".join(one.words)
        if name not in entities and (_is_noun(one.words) or _only_begins(tokens, one, shown)):
            continue
        entity = entities.setdefault(name, Entity(name, "other", None, one.i, False))
        entity.count += 1
        names.append(Name(one.i, one.j, entity, one.possessive))
    return names


def _is_noun(words: list[str]) -> bool:
    """A role or a group ("President", "Analysts", "Iowa Democrat"): it is left to the noun phrases."""
    low = words[-1].lower()
    return low in speaker_nouns_in_either_number() or low in lexicon.TITLES  # "the First Lady"


def _only_begins(tokens: Tokens, one: _Found, shown: set[str]) -> bool:
    """Whether a word has its capital from the start of the sentence ("Note that …"), for all we see."""
    if not one.first or one.j - one.i > 1 or one.possessive or one.words[0] in shown:
        return False
    return one.j >= len(tokens) or tokens.cue[one.j] < _SPEAKS or one.words[0].endswith("ly")
