"""Which names of a group are one organisation.

Names are compared without legal form and “the”, and short forms with their full names. Two kinds of evidence
from single articles are indexed as values of organisations, without being names: an explained acronym (“EC =
European Community”), and a person who may be an organisation (:func:`marked_people`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from searcher.analysis.terms import american
from searcher.article import Article
from searcher.names.forms import LEGAL_FORMS, LEGAL_FORMS_BEFORE, LETTERS_OF_STATES, SHORT_FORMS, TITLES
from searcher.names.nearness import SUFFICIENT_ARTICLES, LongerName, Nearness, ShortName, most_frequent
from searcher.names.normalise import fold, person_mark, word_set
from searcher.names.people import is_first_name

#: The folded words of each legal form. “A/S” has two words.
_LEGAL: Final = frozenset(tuple(re.split("[./]", form)) for form in LEGAL_FORMS)
_LEGAL_ENDS: Final = frozenset(form[-1] for form in _LEGAL)
_STATE_BEGINNINGS: Final = frozenset(words[0] for words in LETTERS_OF_STATES)
_STATE_LETTERS: Final = frozenset(LETTERS_OF_STATES.values())
_OFFICES: Final = word_set("department dept ministry")
#: Matches “Justice Department” and “Trade and Industry Ministry”. Only one word is allowed without “and”,
#: because the first of two may be a town.
_OFFICE = re.compile(r"(u s )?((?:\w+ )+and(?: \w+)+|\w+) (department|dept|ministry)")
#: Maximum number of words of an office. The longest labelled ones have 7.
_MAX_OFFICE_WORDS: Final = 16
_OFFICE_OF = re.compile(r"(u s )?(department|dept|ministry) (?:of|for) (?:the )?(?=\w)")
#: Words that acronyms skip, in the most frequent languages.
_SMALL_WORDS: Final = word_set(
    "the of and for on in at de la le les des du et en y del der die das und für di e do da"
)


Explained = Collection[tuple[tuple[str, str], int]]


def same_organisations(
    spellings: Mapping[str, str],
    weight: Mapping[str, int],
    explained: Explained = (),
    near: Mapping[tuple[str, str], Nearness] = MappingProxyType({}),
) -> dict[str, str]:
    """Map names to the name of the same organisation: the full name, or a short form that is more frequent.

    Args:
        spellings: The spelling of each key.
        weight: The number of articles of each key.
        explained: The full names of acronyms, with the number of articles.
        near: How near the articles of a short and a full name are.
    """
    groups = forms_of_organisations(spellings)
    for acronym in acronyms_of(spellings, weight, explained, near):
        if acronym.certain_name:
            groups[acronym.certain_name] += groups.pop(acronym.name)
    full_forms = short_forms()
    for known in [plain for plain in groups if full_forms.get(plain) in groups]:
        groups[full_forms[known]] += groups.pop(known)
    joined: dict[str, str] = {}
    for plain, names in groups.items():
        if len(names) > 1:
            full = [name for name in names if comparable_name(name) == plain]
            short = [name for name in names if comparable_name(name) != plain]
            is_short = sum(weight[name] for name in short) > sum(weight[name] for name in full)
            best = max(short if is_short else full, key=lambda name: (weight[name], -len(name), name))
            joined |= {name: best for name in names if name != best}
    return joined


def acronyms_of(
    spellings: Mapping[str, str],
    weight: Mapping[str, int],
    explained: Explained = (),
    near: Mapping[tuple[str, str], Nearness] = MappingProxyType({}),
) -> list[ShortName]:
    """Return the acronyms with their full names, explained or by initials. Arguments: see
    :func:`same_organisations`."""
    if not any(map(str.isupper, spellings.values())):  # skip most groups, because comparing all names is slow
        return []
    groups = forms_of_organisations(spellings)
    weights = {plain: sum(weight[key] for key in keys) for plain, keys in groups.items()}
    acronyms = []
    for acronym in (plain for plain, keys in groups.items() if _is_acronym(plain, keys, spellings)):
        explained_names: dict[str, int] = defaultdict(int)
        for (short, full), count in explained:
            if short == acronym != full:  # ignore “WTO = W.T.O.”
                explained_names[full] += count
        candidates: Mapping[str, int] = explained_names or {
            full: count for full, count in weights.items() if initials(full) == acronym
        }
        short_articles = weights[acronym]
        longer = [
            LongerName.of(acronym, short_articles, full, weights[full], near, count)
            if full in groups and (explained_names or count < SUFFICIENT_ARTICLES)
            else LongerName(full, count, near=0.0, is_possible=True)
            for full, count in most_frequent(candidates).items()
        ]
        if longer:
            # Initials alone are weak evidence. Without the higher minimum, half of 35 joins were wrong.
            acronyms.append(
                ShortName.of(
                    acronym, short_articles, longer, least=1 if explained_names else short_articles + 1
                )
            )
    return acronyms


def organisation_number(key: str, value: str) -> int:
    """Return a number, below 256, that all forms of an organisation share.

    0 for an acronym: its full name depends on the rest of its group.
    """
    plain = comparable_name(key)
    if _is_acronym(plain, (key,), {key: value}):
        return 0
    return sum(map(ord, short_forms().get(plain, plain))) % 255 + 1


def forms_of_organisations(spellings: Iterable[str]) -> dict[str, list[str]]:
    """Return the keys of each name without “the” and legal form."""
    groups: dict[str, list[str]] = defaultdict(list)
    for key in spellings:
        groups[comparable_name(key)].append(key)
    return groups


def _is_acronym(plain: str, keys: Iterable[str], spellings: Mapping[str, str]) -> bool:
    """Return True if a name is always written as an acronym, without legal form: WTO, W.T.O."""
    letters = len(plain) > 1 and plain.isalpha()
    return letters and all(key.replace(" ", "") == plain and spellings[key].isupper() for key in keys)


def initials(plain: str) -> str:
    """Return the initials of a name of several words, "" for a single word. “USA” is not “US Army”."""
    words = plain.split()
    counted = _words_with_initials(words)
    of_state = len(counted) == 3 and tuple(counted[:2]) in _STATE_LETTERS
    return "".join(word[0] for word in counted) if len(counted) > 1 and not of_state else ""


def word_or_initials(key: str) -> str:
    """Return the key of the group of a folded name."""
    plain = comparable_name(key)
    full = short_forms().get(plain, plain)
    return initials(full) or full


#: Cached because many organisations share words such as “bank” and “institute”.
_american = lru_cache(maxsize=4096)(american)


@lru_cache(maxsize=4096)
def comparable_name(key: str) -> str:
    """Return a folded name as it is compared: without “the”, legal form and, if long, small words."""
    words = key.split()
    if len(words) > 1 and max(map(len, words)) == 1:
        return "".join(words)
    first = len(words) > 1 and (words[0] == "the" or words[0] in LEGAL_FORMS_BEFORE)
    words = _without_legal_form(words[1:] if first else words)
    if len(words) < 2:
        return " ".join(words)
    words = list(map(_american, _normalised_words(words)))
    counted = _words_with_initials(words)
    return _without_state(" ".join(counted if len(counted) > 2 else words))


def _words_with_initials(words: list[str]) -> list[str]:
    """Return the words that have initials: both letters of a state, and all but small words."""
    letters = 2 if tuple(words[:2]) in _STATE_LETTERS else 0
    return words[:letters] + [word for word in words[letters:] if word not in _SMALL_WORDS]


def _without_legal_form(words: list[str]) -> list[str]:
    """Return the words without legal forms at the end, and without the “and” of “Quill and Co”."""
    end = len(words)
    while length := _legal_form(words, end):
        end -= length
        if end > 1 and words[end - 1] == "and":
            end -= 1
    return words[:end]


def _legal_form(words: list[str], end: int) -> int:
    """Return the number of words before ``end`` that are a legal form, 0 if no other word precedes them."""
    if end < 2 or words[end - 1] not in _LEGAL_ENDS:  # true for most names, so it saves time
        return 0
    return next(
        (length for length in (1, 2, 3) if end > length and tuple(words[end - length : end]) in _LEGAL), 0
    )


def _normalised_words(words: list[str]) -> list[str]:
    """Return the words of “US Justice Dept” as those of “U.S. Department of Justice”.

    >>> _normalised_words(["united", "states", "justice", "dept"])
    ['u', 's', 'department', 'of', 'justice']
    """
    for length in (1, 2) if words[0] in _STATE_BEGINNINGS else ():
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
    return _OFFICE_OF.sub(_normalised_office, plain, count=1).split()


def _without_state(plain: str) -> str:
    """Return “u s securities exchange commission” as the known full name, unless it is a department."""
    rest = plain.removeprefix("u s ")
    known = rest != plain and not rest.startswith("department ") and rest in short_forms().values()
    return rest if known else plain


def _normalised_office(match: re.Match[str]) -> str:
    state, kind = match.groups(default="")
    return f"{state}{'department' if kind == 'dept' else kind} of "


@lru_cache(maxsize=1)
def short_forms() -> Mapping[str, str]:
    return {short: comparable_name(full) for short, full in SHORT_FORMS.items()}


_EQUALS = " = "
#: Maximum letters of an acronym. Longer words in capitals are usually parts of headlines.
_MAX_LETTERS = 7


class Explanation(NamedTuple):
    """An acronym and its full name, as names of organisations are compared."""

    acronym: str
    full: str


def explanations(article: Article) -> Iterator[str]:
    """Yield the acronyms that an article uses for organisations that it also names in full, as values."""
    for mention in article.mentions:
        if mention.kind == "organisation":
            text = article.title if mention.part == "title" else article.body
            acronym = _acronym_letters(text[mention.start : mention.end])
            short, full = fold(acronym), fold(mention.name)
            # Skip “EC” in “EC Commission”: an acronym within the full name is not explained by it.
            if acronym and short not in full.split() and _has_initials(full, short):
                yield f"{acronym}{_EQUALS}{mention.name}"


def read_explanations(values: Iterable[str]) -> dict[str, Explanation]:
    """Return the values that are explanations, parsed. “BBC = Big” is not one."""
    parts = {value: value.partition(_EQUALS) for value in values if _EQUALS in value}
    return {
        value: Explanation(fold(acronym), comparable_name(fold(full)))
        for value, (acronym, _, full) in parts.items()
        if _acronym_letters(acronym) and _has_initials(fold(full), fold(acronym))
    }


def _has_initials(full: str, acronym: str) -> bool:
    """Return True if a folded full name has several words and the initials of an acronym."""
    return " " in full and word_or_initials(full) == word_or_initials(acronym)


def _acronym_letters(written: str) -> str:
    letters = written.replace(".", "").replace("’", "'").removesuffix("'s")
    return letters if 1 < len(letters) <= _MAX_LETTERS and letters.isalpha() and letters.isupper() else ""


#: Maximum length of a title in characters, including the space after it.
_MAX_TITLE_LETTERS: Final = 20


def marked_people(article: Article) -> Iterator[str]:
    """Yield the people of an article who may be organisations, each as a marked value.

    They have one word, which is not a first name, and no title.
    """
    names: dict[str, bool] = {}
    for mention in article.mentions:
        name = mention.name
        if mention.kind == "person" and " " not in name and not is_first_name(fold(name)):
            text = article.title if mention.part == "title" else article.body
            words = text[max(0, mention.start - _MAX_TITLE_LETTERS) : mention.end].split()
            is_titled = len(words) > 1 and words[-2].lower().strip(".") in TITLES
            names[name] = names.get(name, False) or is_titled
    yield from (person_mark(name) for name, is_titled in names.items() if not is_titled)
