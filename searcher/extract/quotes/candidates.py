"""Names in the text and who they belong to: the annotated mentions first, then those the tagger missed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from searcher.article import Mention
from searcher.extract.quotes import lexicon
from searcher.extract.quotes.entities import Entity, Name
from searcher.extract.quotes.surnames import relink
from searcher.extract.quotes.tokens import Tokens
from searcher.extract.quotes.weights import speaker_nouns_in_either_number
from searcher.names.first_names import first_name_gender
from searcher.names.normalise import word_set

__all__ = ["find_names"]

_POSSESSIVE = re.compile(r"(.+?)[’'][sS]?$")
_JOINING_HEADS = word_set(
    "university department ministry bank center centre institute house office secretary council committee "
    "association minister attorney director"
)
_SUFFIXES = word_set("jr sr ii iii iv")
#: In other scripts nothing tells a name from any other word that begins a sentence.
_LATIN = re.compile(r"[a-z\u00df-\u024f\u1e00-\u1eff][\W\d_a-z\u00df-\u024f\u1e00-\u1eff]*")
#: With these a name is an adjective and names nobody ("the Aurel-based group").
_COMPOUND = ("-based", "-born", "-led", "-backed", "-style", "-owned", "-funded", "-area", "-era")
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
    own = _link(tokens, found, common, {name.entity.name: name.entity for name in tagged})
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
        if tokens.low[j - 1].endswith(_COMPOUND):
            continue
        key = (mention.name, mention.kind)
        entity = entities.get(key)
        if entity is None:
            gender = _gender_of(mention.name.split()) if mention.kind == "person" else None
            entity = entities[key] = Entity(mention.name, mention.kind, gender, i, True)
        if mention.kind == "person":
            _learn_from_title(tokens, i, entity)
        entity.count += 1
        last = tokens.words[j - 1]
        possessive = tokens.ends[j - 1] > end and bool(_POSSESSIVE.match(last))
        possessive = possessive or (j < len(tokens) and tokens.text[end : end + 2] in ("’s", "'s"))
        names.append(Name(i, j, entity, possessive))
    return names


def _learn_from_title(tokens: Tokens, i: int, entity: Entity) -> None:
    for k in range(i, max(-1, i - 2), -1):
        word = tokens.low[k].rstrip(".")
        gender = _title_gender(word)
        if gender:
            entity.gender = gender
            return
        if k < i and word not in lexicon.TITLES and word not in lexicon.ROLES:
            return


def _title_gender(word: str) -> str | None:
    if word in ("sr", "fr", "br", "star", "guy"):
        return None
    if word in lexicon.FEMALE_WORDS:
        return "f"
    return "m" if word in lexicon.MALE_WORDS else None


def _gender_of(words: list[str]) -> str | None:
    for word in words:
        plain = word.lower().rstrip(".")
        if plain in lexicon.TITLES or len(plain) < 2 or "." in plain:
            continue
        return first_name_gender(plain)
    return None


def _capitalised(tokens: Tokens, covered: bytearray, common: set[str]) -> list[_Found]:
    """Runs of capitalised words outside what is tagged already."""
    words = tokens.words
    found: list[_Found] = []
    end = 0
    for i in [i for i, word in enumerate(words) if word[0].isupper() and not covered[i]]:
        if i >= end and _starts_name(tokens, i):
            end = _name_end(tokens, i, covered)
            one = _cleaned(tokens, i, end, common)
            if one:
                found.append(one)
    return found


def _starts_name(tokens: Tokens, i: int) -> bool:
    low = tokens.low[i].rstrip(".")
    if low.endswith(_COMPOUND) or not _LATIN.fullmatch(low):
        return False
    return (low in lexicon.TITLES or low not in lexicon.NOT_NAMES) and len(low) > 1


def _name_end(tokens: Tokens, i: int, covered: bytearray) -> int:
    words, starts, ends = tokens.words, tokens.starts, tokens.ends
    j, count = i + 1, len(tokens)
    while j < count and j - i < _WIDEST:
        if covered[j] or starts[j] - ends[j - 1] > 1 or tokens.span[j] != tokens.span[i]:
            break
        if words[j - 1].endswith(("’s", "'s")):
            break
        low = tokens.low[j].rstrip(".")
        after_is_name = j + 1 < count and words[j + 1][0].isupper() and not covered[j + 1]
        if words[j][0].isupper() and (low not in lexicon.NOT_NAMES or low in lexicon.TITLES):
            j += 1
        elif (low in lexicon.CONNECTORS and words[j][0].islower() and after_is_name) or (
            low in ("of", "for", "and", "&") and tokens.low[j - 1] in _JOINING_HEADS and after_is_name
        ):
            j += 2
        elif (
            low in ("of", "for")
            and tokens.low[j - 1] in _JOINING_HEADS
            and j + 2 < count
            and tokens.low[j + 1] == "the"
            and words[j + 2][0].isupper()
            and not covered[j + 2]
        ):
            j += 3  # "Office of the Inspector General"
        else:
            break
    return min(j, count)


def _cleaned(tokens: Tokens, i: int, j: int, common: set[str]) -> _Found | None:
    words = tokens.words[i:j]
    low = tokens.low[i]
    first = tokens.first[i]
    if first and low in common:
        if len(words) == 1:
            return None
        if low not in lexicon.TITLES and low not in lexicon.ROLES and not first_name_gender(low):
            words, i, first = words[1:], i + 1, False
    match = _POSSESSIVE.match(words[-1])
    if match and words[-1][-2:] in ("’s", "'s", "s’", "s'"):
        words = [*words[:-1], match.group(1)]
        return _Found(i, j, words, True, first)
    return _Found(i, j, words, False, first)


def _core(words: list[str]) -> tuple[list[str], str | None, bool]:
    """The name without titles and roles, the gender its title tells, and whether it is a person's."""
    gender: str | None = None
    cut = 0
    for k in range(len(words) - 2, -1, -1):
        low = words[k].lower().rstrip(".")
        if low in lexicon.TITLES or low in lexicon.ROLES:
            cut = k + 1
            gender = _title_gender(low)
            break
    core = words[cut:]
    if not cut and 2 < len(core):
        core = _from_first_name(core)
    person = cut > 0 or (len(core) >= 2 and first_name_gender(core[0].lower()) is not None)
    if core[-1].lower() in lexicon.ORGANISATION_WORDS:
        person = False
    return core, gender, person


def _from_first_name(core: list[str]) -> list[str]:
    for k in range(len(core) - 1):
        if first_name_gender(core[k].lower()) and core[k + 1].lower() not in lexicon.ORGANISATION_WORDS:
            return core[k:] if len(core) - k <= 4 else core
    return core


def _last(core: list[str]) -> str:
    kept = [word for word in core if word.lower().rstrip(".") not in _SUFFIXES]
    return (kept or core)[-1].lower()


class _Register:
    """Entities by full name, last name and first name."""

    def __init__(self, known: dict[str, Entity]) -> None:
        self.by_name: dict[str, Entity] = {}
        self.by_last: dict[str, list[Entity]] = defaultdict(list)
        self.by_first: dict[str, list[Entity]] = defaultdict(list)
        for name, entity in known.items():
            self.add(name, name.split(), entity)

    def add(self, name: str, words: list[str], entity: Entity) -> None:
        self.by_name[name] = entity
        if words:
            self.by_last[_last(words)].append(entity)
            if len(words) > 1:
                self.by_first[words[0].lower()].append(entity)

    def full(self, core: list[str], at: int, kind: str, gender: str | None) -> None:
        """Take in a name of several words."""
        name = " ".join(core)
        entity = self.by_name.get(name)
        if entity is None:
            known = gender or (_gender_of(core) if kind == "person" else None)
            self.add(name, core, Entity(name, kind, known, at, False))
        elif gender:
            entity.gender = gender

    def short(self, word: str, gender: str | None, at: int) -> Entity | None:
        """Whom a single word names: the bearer of that last name who was named most and before."""
        low = word.lower()
        bearers = self.by_last.get(low)
        if bearers:
            fit = [e for e in bearers if not gender or e.gender in (None, gender)] or bearers
            people = [e for e in fit if e.kind == "person"] or fit
            before = [e for e in people if e.first <= at] or people
            return max(before, key=lambda e: e.count)
        if low in lexicon.PLACE_NAMES:  # "Israel" is the country, whoever else is called so
            return None
        bearers = self.by_first.get(low, [])
        return bearers[0] if len(bearers) == 1 and first_name_gender(low) else None


def _link(tokens: Tokens, found: list[_Found], common: set[str], known: dict[str, Entity]) -> list[Name]:
    register = _Register(known)
    shown = {one.words[0] for one in found if not one.first and one.j - one.i == 1}
    cored = [(one, *_core(one.words)) for one in found]
    if known:  # whom the names stage did not take for a person mostly is none
        cored = [(one, core, sex, person and _is_full_name(core, common)) for one, core, sex, person in cored]
    for one, core, gender, person in cored:
        if len(core) > 1 and not _is_noun(one.words):
            register.full(core, one.i, _kind(core, person), gender)
    names = []
    for one, core, gender, person in cored:
        entity = register.by_name.get(" ".join(core)) or register.short(core[-1], gender, one.i)
        if entity is None:
            if not gender and (_is_noun(one.words) or _only_begins(tokens, one, shown)):
                continue
            kind = _kind(core, person or gender is not None)
            entity = Entity(" ".join(core), kind, gender or first_name_gender(core[0].lower()), one.i, False)
            register.by_name[entity.name] = entity
        entity.count += 1
        names.append(Name(one.i, one.j, entity, one.possessive))
    return names


def _is_full_name(core: list[str], common: set[str]) -> bool:
    """A first and a last name, neither of which is another word ("West German", "Christian Democrat")."""
    first, last = core[0].lower(), core[-1].lower()
    return (
        len(core) > 1
        and first_name_gender(first) is not None
        and not {first, last} & (common | lexicon.PLACE_NAMES)
        and last not in lexicon.ROLES
        and last not in lexicon.ORGANISATION_WORDS
    )


def _is_noun(words: list[str]) -> bool:
    """A role or a group ("President", "Analysts", "Iowa Democrat"): it is left to the noun phrases."""
    low = words[-1].lower()
    if len(words) > 1:
        first = words[0].lower()
        if first_name_gender(first) and first not in lexicon.PLACE_NAMES:
            return False  # "Stephen King"
        if low in lexicon.ORGANISATION_WORDS:
            return False
    return low in speaker_nouns_in_either_number() or low in lexicon.TITLES  # "the First Lady"


def _only_begins(tokens: Tokens, one: _Found, shown: set[str]) -> bool:
    """Whether a word has its capital from the start of the sentence ("Note that …"), for all we see."""
    if not one.first or one.j - one.i > 1 or one.possessive or one.words[0] in shown:
        return False
    return one.j >= len(tokens) or tokens.cue[one.j] < _SPEAKS or one.words[0].endswith("ly")


def _kind(core: list[str], person: bool) -> str:
    if person:
        return "person"
    body = core[-1].lower() in lexicon.ORGANISATION_WORDS
    body = body or (len(core) > 2 and core[1] in ("of", "for") and core[0].lower() in _JOINING_HEADS)
    return "organisation" if body else "other"
