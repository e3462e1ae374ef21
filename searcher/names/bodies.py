"""Which names of a group are one person or one body.

People: without middle names, and surnames by their main bearer. ``first-names-us.txt`` are US Social Security
counts (public domain; ``training/first_names.py``) with the sex of nearly all who bear them,
``first-names-more.txt`` a thousand of other countries, by hand.

Bodies: without legal form and "the", and short forms by their full names. An article that names a body in
full and by initials explains these; that is indexed with the names of the bodies, as a value that is nobody's
name: “EC = European Community”. So a group holds the evidence by which its acronyms are decided.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from searcher.analysis.terms import american
from searcher.article import Article
from searcher.names.forms import LEGAL_FORMS, LEGAL_FORMS_BEFORE, LETTERS_OF_STATES, PARTICLES, SHORT_FORMS
from searcher.names.nearness import MANY, Longer, Nearness, ShortName, most
from searcher.names.normalise import fold, word_set

#: What the tables say of a name that women and men have.
_BOTH: Final = "x"


def first_name_gender(name: str) -> str | None:
    """Return the sex ("f" or "m") that nearly all bearers of a first name (in lower case) have, else None."""
    gender = _first_names().get(name)
    return None if gender == _BOTH else gender


def is_first_name(name: str) -> bool:
    """Tell whether people have a name (in lower case) as a first name."""
    return name in _first_names()


@cache
def _first_names() -> dict[str, str]:
    # A search whose names are decided starts without it.
    from importlib import resources

    genders: dict[str, str] = {}
    package = resources.files(__package__)
    for file in ("first-names-us.txt", "first-names-more.txt"):
        for line in package.joinpath(file).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                gender, _, names = line.partition(" ")
                genders.update(dict.fromkeys(names.split(), gender))
    return genders


#: Articles that must give the full name where the surname is a first name too: "David" is no Larry David.
_MIN_ARTICLES: Final = 3


def same_people(
    keys: list[str],
    weight: Mapping[str, int],
    goes_by: Callable[[str], str] = str,
    near: Mapping[tuple[str, str], Nearness] = MappingProxyType({}),
) -> dict[str, str]:
    """Map names to the name of the same person: without middle names, and surnames by their main bearer.

    ``goes_by`` says which name a decision lets a name go by, ``near`` how near a surname and a full name are.
    """
    surnames = surnames_of(keys, weight, goes_by, near)
    meant = {one.name: name for one in surnames if (name := one.meant) is not None}
    return _middle_names_aside(keys, weight) | meant


def surnames_of(
    keys: list[str],
    weight: Mapping[str, int],
    goes_by: Callable[[str], str] = str,
    near: Mapping[tuple[str, str], Nearness] = MappingProxyType({}),
) -> list[ShortName]:
    """Return the surnames that articles give alone and in full names. Arguments as of :func:`same_people`."""
    found = []
    for key, named in _bearers(keys, weight).items():
        known: dict[str, Longer] = {}  # by the name that a decision lets them go by
        for name, articles in named.items():
            one = Longer.of(key, weight[key], name, articles, near)
            other = known.get(goes_by(name))
            known[goes_by(name)] = one.together(other) if other else one
        least = _MIN_ARTICLES if is_first_name(key) else 1
        found.append(ShortName.of(key, weight[key], known.values(), least))
    return found


def forms_of_people(keys: list[str], weight: Mapping[str, int]) -> dict[str, list[str]]:
    """Return the names of people without middle names, each with its keys."""
    joined = _middle_names_aside(keys, weight)
    forms: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        forms[joined.get(key, key)].append(key)
    return forms


def _bearers(keys: list[str], weight: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Return for each surname that is given alone those who bear it with the articles of each, most first."""
    joined = _middle_names_aside(keys, weight)
    full = [key for key in keys if " " in key]
    surnames = {tail for key in full if key.count(" ") > 1 for tail in _tails(key)}
    # "van Houten" is a surname, and no second bearer of "Houten".
    lone = {key for key in keys if " " not in key or key in surnames}
    named: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for key in full:
        for tail in _tails(key) if key not in lone else ():
            if tail in lone:
                named[tail][joined.get(key, key)] += weight[key]
    return {key: most(of) for key, of in named.items()}


def _tails(key: str) -> list[str]:
    """Return the surnames of a full name: its last word, and that with the particles before it."""
    rest, _, tail = key.rpartition(" ")
    tails = [tail]
    if " " not in rest:
        return tails
    words = rest.split()
    while len(words) > 1 and words[-1] in PARTICLES:
        tail = f"{words.pop()} {tail}"
        tails.append(tail)
    return tails


def _middle_names_aside(keys: list[str], weight: Mapping[str, int]) -> dict[str, str]:
    """Map "Donald J. Trump" to "Donald Trump", unless there is a Donald K. Trump as well."""
    middles: dict[str, list[list[str]]] = defaultdict(list)  # "donald trump" -> words with a middle name
    for key in keys:
        if key.count(" ") > 1:
            words = key.split()
            middles[f"{words[0]} {words[-1]}"].append(words)
    plain = middles.keys() & set(keys)
    joined: dict[str, str] = {}
    for short, same in middles.items():
        if len(short.split(" ", 1)[0]) < 2 or any(len(words) > 3 for words in same):
            continue
        names = [" ".join(words) for words in same] + [short] * (short in plain)
        if len(names) < 2 or not _one_middle([words[1] for words in same], short in plain):
            continue
        best = max(names, key=lambda name: (weight[name], -len(name), name))
        joined |= {name: best for name in names if name != best}
    return joined


def _one_middle(middles: list[str], plain: bool) -> bool:
    """Return whether all are one middle name or its initial, and one is an initial, or the name is ``plain``
    too."""
    longest = max(middles, key=len)
    one = all(middle in (longest, longest[0]) for middle in middles)
    return one and (plain or any(len(middle) == 1 for middle in middles))


#: Legal forms, each as the words that it has once it is folded: “A/S” is two.
_LEGAL: Final = frozenset(tuple(re.split("[./]", form)) for form in LEGAL_FORMS)
_LEGAL_ENDS: Final = frozenset(form[-1] for form in _LEGAL)
_STATE_LETTERS: Final = frozenset(LETTERS_OF_STATES.values())
_OFFICES: Final = word_set("department dept ministry")
#: "Justice Department", "Trade and Industry Ministry"; two words before it may be a town's: "Skerry Fire".
_OFFICE = re.compile(r"(u s )?((?:\w+ )+and(?: \w+)+|\w+) (department|dept|ministry)")
#: The most words of a name that is tried as an office: the longest labelled ones have 7.
_MAX_OFFICE_WORDS: Final = 16
_OFFICE_OF = re.compile(r"(u s )?(department|dept|ministry) (?:of|for) (?:the )?(?=\w)")
#: Words that count for no initial, in the languages that most bodies are named in.
_FILLING: Final = word_set(
    "the of and for on in at de la le les des du et en y del der die das und für di e do da"
)


Explained = Collection[tuple[tuple[str, str], int]]


def same_bodies(
    shown: Mapping[str, str],
    weight: Mapping[str, int],
    explained: Explained = (),
    near: Mapping[tuple[str, str], Nearness] = MappingProxyType({}),
) -> dict[str, str]:
    """Map names to the name of the same body: without legal form and "the", short forms to full ones or back.

    ``explained``: full names of acronyms, by how many articles; ``near``: how near both are.
    """
    groups = forms_of_bodies(shown)
    for one in acronyms_of(shown, weight, explained, near):
        if one.meant:
            groups[one.meant] += groups.pop(one.name)
    for known in [plain for plain in groups if short_forms().get(plain) in groups]:
        groups[short_forms()[known]] += groups.pop(known)
    joined: dict[str, str] = {}
    for plain, names in groups.items():
        if len(names) > 1:
            full = [name for name in names if without_form(name) == plain]
            short = [name for name in names if without_form(name) != plain]
            is_short = sum(weight[name] for name in short) > sum(weight[name] for name in full)
            best = max(short if is_short else full, key=lambda name: (weight[name], -len(name), name))
            joined |= {name: best for name in names if name != best}
    return joined


def acronyms_of(
    shown: Mapping[str, str],
    weight: Mapping[str, int],
    explained: Explained = (),
    near: Mapping[tuple[str, str], Nearness] = MappingProxyType({}),
) -> list[ShortName]:
    """Return the acronyms with their full names, explained or by initials (see :func:`same_bodies`)."""
    groups = forms_of_bodies(shown)
    weights = {plain: sum(weight[key] for key in keys) for plain, keys in groups.items()}
    found = []
    for acronym in (plain for plain, keys in groups.items() if _is_acronym(plain, keys, shown)):
        told: dict[str, int] = defaultdict(int)
        for (short, full), count in explained:
            if short == acronym:
                told[full] += count
        among: Mapping[str, int] = told or {
            full: count for full, count in weights.items() if initials(full) == acronym
        }
        alone = weights[acronym]
        longer = [
            Longer.of(acronym, alone, full, weights[full], near, count)
            if full in groups and (told or count < MANY)
            else Longer(full, count, near=0.0, possible=True)
            for full, count in most(among).items()
        ]
        if longer:
            # Initials alone say little: of 35 that as many articles gave or more, half were another body's.
            found.append(ShortName.of(acronym, alone, longer, least=1 if told else alone + 1))
    return found


def forms_of_bodies(shown: Iterable[str]) -> dict[str, list[str]]:
    """Return the names of bodies without “the” and legal form, each with its keys."""
    groups: dict[str, list[str]] = defaultdict(list)
    for key in shown:
        groups[without_form(key)].append(key)
    return groups


def _is_acronym(plain: str, keys: Iterable[str], shown: Mapping[str, str]) -> bool:
    """Tell whether a name is written as an acronym, and never as a company: WTO, W.T.O."""
    letters = len(plain) > 1 and plain.isalpha()
    return letters and all(key.replace(" ", "") == plain and shown[key].isupper() for key in keys)


def initials(plain: str) -> str:
    """Return the initials of a name of several words, without form; “USA” is not “US Army”."""
    words = plain.split()
    counted = _counted(words)
    of_state = len(counted) == 3 and tuple(counted[:2]) in _STATE_LETTERS
    return "".join(word[0] for word in counted) if len(counted) > 1 and not of_state else ""


def word_or_initials(key: str) -> str:
    """Return the key of the group of a folded name."""
    plain = without_form(key)
    full = short_forms().get(plain, plain)
    return initials(full) or full


@lru_cache(maxsize=4096)
def without_form(key: str) -> str:
    """Return a folded name without “the”, legal form, and, of a long one, small words; states in one way."""
    words = key.split()
    if len(words) > 1 and all(len(word) == 1 for word in words):
        return "".join(words)
    first = len(words) > 1 and (words[0] == "the" or words[0] in LEGAL_FORMS_BEFORE)
    words = _without_legal_form(words[1:] if first else words)
    if len(words) < 2:
        return " ".join(words)
    words = list(map(american, _in_one_way(words)))
    counted = _counted(words)
    return _without_state(" ".join(counted if len(counted) > 2 else words))


def _counted(words: list[str]) -> list[str]:
    """Return the words that count for initials: both letters of a state, and all but filling ones."""
    letters = 2 if tuple(words[:2]) in _STATE_LETTERS else 0
    return [*words[:letters], *(word for word in words[letters:] if word not in _FILLING)]


def _without_legal_form(words: list[str]) -> list[str]:
    """Return the words without legal forms at the end, and without the “and” of “Quill and Co”."""
    end = len(words)
    while length := _legal_form(words, end):
        end -= length
        if end > 1 and words[end - 1] == "and":
            end -= 1
    return words[:end]


def _legal_form(words: list[str], end: int) -> int:
    """Return how many words before an end are a legal form; none where no other word is before them."""
    if end < 2 or words[end - 1] not in _LEGAL_ENDS:  # most names: it takes a fourth of the time
        return 0
    return next(
        (length for length in (1, 2, 3) if end > length and tuple(words[end - length : end]) in _LEGAL), 0
    )


def _in_one_way(words: list[str]) -> list[str]:
    """Return the words of “US Justice Dept” as those of “U.S. Department of Justice”.

    >>> _in_one_way(["united", "states", "justice", "dept"])
    ['u', 's', 'department', 'of', 'justice']
    """
    for length in (1, 2):
        letters = LETTERS_OF_STATES.get(tuple(words[:length]))
        if letters and len(words) > length:
            words = [*letters, *words[length:]]
            break
    if _OFFICES.isdisjoint(words):
        return words
    plain = " ".join(words)
    if len(words) <= _MAX_OFFICE_WORDS and (office := _OFFICE.fullmatch(plain)):
        state, concern, kind = office.groups(default="")
        plain = f"{state}{kind} of {concern}"
    return _OFFICE_OF.sub(_office_of, plain, count=1).split()


def _without_state(plain: str) -> str:
    """Return “u s securities exchange commission” as the known full name that means it; no department."""
    rest = plain.removeprefix("u s ")
    known = rest != plain and not rest.startswith("department ") and rest in short_forms().values()
    return rest if known else plain


def _office_of(match: re.Match[str]) -> str:
    state, kind = match.groups(default="")
    return f"{state}{'department' if kind == 'dept' else kind} of "


@lru_cache(maxsize=1)
def short_forms() -> Mapping[str, str]:
    """Return the well-known short forms with the full names as they are compared."""
    return {short: without_form(full) for short, full in SHORT_FORMS.items()}


_EQUALS = " = "
#: Letters of an acronym at most: what has more in capitals is a word of a headline.
_MAX_LETTERS = 7


class Explanation(NamedTuple):
    """An acronym and the full name that it stands for, as names of bodies are compared."""

    acronym: str
    full: str


def explanations(article: Article) -> Iterator[str]:
    """Yield the acronyms that an article uses for the bodies that it names in full, each as a value."""
    for mention in article.mentions:
        if mention.kind == "organisation":
            text = article.title if mention.part == "title" else article.body
            acronym = _letters(text[mention.start : mention.end])
            short, full = fold(acronym), fold(mention.name)
            # “EC” in “EC Commission” is part of a name, and stands for no more than it does alone.
            if acronym and short not in full.split() and _stands_for(full, short):
                yield f"{acronym}{_EQUALS}{mention.name}"


def read_explanations(values: Iterable[str]) -> dict[str, Explanation]:
    """Return those of the values that are explanations, with what they say; “BBC = Big” is none."""
    parts = {value: value.partition(_EQUALS) for value in values if _EQUALS in value}
    return {
        value: Explanation(fold(acronym), without_form(fold(full)))
        for value, (acronym, _, full) in parts.items()
        if _letters(acronym) and _stands_for(fold(full), fold(acronym))
    }


def _stands_for(full: str, acronym: str) -> bool:
    """Tell whether a full name, folded, has more than one word, and the initials that an acronym has."""
    return " " in full and word_or_initials(full) == word_or_initials(acronym)


def _letters(written: str) -> str:
    """Return the letters of what is written as an acronym, as “W.T.O.’s” is; nothing where it is not."""
    letters = written.replace(".", "").replace("’", "'").removesuffix("'s")
    return letters if 1 < len(letters) <= _MAX_LETTERS and letters.isalpha() and letters.isupper() else ""
