"""The terms of one word: its surface forms, its stems, and capitals for an acronym.

:mod:`searcher.analysis` describes how each kind of term is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from searcher.analysis.folding import composed, fold, variants
from searcher.analysis.stemming import STOP_WORDS, stem, stemmer
from searcher.languages import ENGLISH, Pack, pack

#: Letters that a word has at least to be stemmed, and that cutting by lists leaves of it.
MIN_LETTERS, MIN_LEFT = 3, 3
#: Letters that a word keeps in scripts that write vowels, so that “casas” has the stem of “casa”, not of
#: “caso”; three where the fourth is an ending that the pack names, or doubles the third (Dutch “mannen”).
MIN_STEM = 4
_LONG_WORDS = frozenset(("latin", "cyrillic", "greek"))
#: Letters that a word has at least to be another's singular or infinitive (“Ofen” is not that of “oft”), and
#: one of the commonest words to be any: shorter ones are what stemmers make of nouns (alle, Allee).
MIN_SINGULAR, MIN_INFINITIVE, MIN_COMMON = 4, 5, 5
#: Letters of an ending that is listed, at most.
MAX_ENDING = 6
#: Consonants before which a vowel comes and goes in Slavic nouns (рынок, wtorek, otec).
_AFTER_FLEETING = frozenset("кцkc")
_FIGURE = re.compile(r"\d")
_VOWEL = re.compile("[aeiouyäöü]")
_ACRONYM_WITH_ENDING = re.compile(r"([A-ZÄÖÜ]{2,})s")  # Norwegian “EUs”, German “GPUs”


def stems(written: str, pack: Pack, *, sought: bool = False) -> tuple[str, ...]:
    """The folded stems of a word of letters, the likeliest first, and the words that it may be a form of, the
    word itself among them (“лаврову” has the stem “лавров”, a word whose stem is “лавр”).

    The commonest words have no stems: long ones are but what plurals are of (trabajo, trabajos). ``sought``:
    as a query has them. It may be all in small letters, so that no noun of it is taken for a verb.
    """
    acronym = _ACRONYM_WITH_ENDING.fullmatch(written)
    word = composed(acronym[1] if acronym else written)
    if _FIGURE.search(word):
        return ()
    named = pack.capitals == "names" and written[0].isupper()
    bases = [] if named or word in pack.invariant else [*_base_form(word, pack.plurals, MIN_SINGULAR)]
    if word in pack.common:
        long = pack.plurals and len(word) >= MIN_COMMON
        return tuple(dict.fromkeys(map(fold, (word, *bases)))) if long else ()
    if pack.verbs and not sought and written[0].islower():
        bases += _infinitive(word, pack)
    found = [fold(_stem_by_pack(part, pack)) for part in _without_prefixes(word, pack)]
    more = [
        fold(base) for base in bases if base in pack.common or fold(_stem_by_pack(base, pack)) not in found
    ]
    return tuple(dict.fromkeys((*found, fold(word), *more)))


def _base_form(word: str, endings: Mapping[str, str], least: int) -> Iterator[str]:
    """The word that this one is a form of, by its longest listed ending, if it has so many letters."""
    for length in range(min(MAX_ENDING, len(word) - 1), 0, -1):
        base = endings.get(word[-length:])
        if base is not None:
            base = word[:-length] + base
            if len(base) >= least or not _VOWEL.search(base):  # “Lkw” has no vowels and is long enough
                yield base
            return


def _infinitive(word: str, pack: Pack) -> Iterable[str]:
    """The infinitive of what may be a verb; of a participle, a longer one (“Samen” is not of “gesamt”)."""
    if pack.participle and word.startswith(pack.participle):
        found = list(_base_form(word.removeprefix(pack.participle), pack.verbs, MIN_INFINITIVE + 1))
        if found:
            return found
    return _base_form(word, pack.verbs, MIN_INFINITIVE)


def _stem_by_pack(word: str, pack: Pack) -> str:
    """The stem as it is spelt. Of short words too much would be left that is another word (mes, mesa)."""
    if len(word) < MIN_LETTERS:
        return word
    for ending, spelt in pack.respelt.items():  # the longest first
        if word.endswith(ending):
            word = word[: -len(ending)] + spelt
            break
    stem = stemmer(pack.stemmer)(word) if pack.stemmer else _without_suffix(word, pack)
    if len(stem) < MIN_LEFT:
        return word
    if len(stem) < MIN_STEM and pack.script in _LONG_WORDS:
        least = word[:MIN_STEM]
        return stem if least[:-1] == stem and least[-1] in pack.short + stem[-1] else least
    if pack.fleeting and len(stem) > MIN_STEM and stem[-2] in pack.fleeting and stem[-1] in _AFTER_FLEETING:
        return stem[:-2] + stem[-1]
    return stem


def _without_prefixes(word: str, pack: Pack) -> list[str]:
    """The word, and what prefixes that are words of their own leave of it."""
    rests = (word[len(prefix) :] for prefix in pack.prefixes if word.startswith(prefix))
    return [word, *(rest for rest in rests if len(rest) >= MIN_LEFT)]


def _without_suffix(word: str, pack: Pack) -> str:
    for suffix in pack.suffixes:
        if word.endswith(suffix) and len(word) - len(suffix) >= MIN_LEFT:
            return word[: -len(suffix)]
    return word


#: The first character of a term that is a stem, and of one that is an acronym's capitals.
STEM = "~"
CAPITALS = "^"
_SIGNS = STEM + CAPITALS
#: Longer terms are cut to this many characters: they are encoded data, not words.
MAX_TERM_LENGTH = 64
#: Letters before the apostrophe of a word in a query that has an ending: not O'Keefe, d'Artagnan, I'm.
MIN_BEFORE_ENDING = 2

#: Acronyms that are also words. As a query, in capitals, they find only themselves: “US” is not “us”.
_ALSO_WORDS = """
    act aids aim all am amid an arm as at bat be cap cat chip cop dare do doe dot eta fit gap gas go has he
    ice id if in is it lime lot ma mad map may me mice mind mit my nice no nod nut of oh ok on or pa pip ram
    rim rip sad sap sat sit so star start ted tip to un up ups us was we who
"""
ACRONYM_WORDS = frozenset(_ALSO_WORDS.split())

Terms = tuple[str, ...]


def capital_terms(letters: str) -> Terms:
    """Return the terms of an acronym that is also a word; none for anything else."""
    if len(letters) > 1 and letters.isascii() and letters.isupper() and letters.lower() in ACRONYM_WORDS:
        return (letters.lower(), CAPITALS + letters)
    return ()


def terms_of(written: str, language: str = ENGLISH, *, sought: bool = False) -> Terms:
    """Return the surface forms and stems of one word. In no language ("") it has no stems.

    ``sought``: as a query has them. It is written for texts of any language, so that what an apostrophe cuts
    off in one language (Turkish “Ankara'da”) leaves a stem of that language and no word of others; what has
    no stem there (“De'Aaron”, of the stop word “de”) is sought as written alone.
    """
    if written.endswith(("'s", "'S")):
        written = written[:-2]
    capitals = capital_terms(written)
    if capitals:
        return capitals
    if language != ENGLISH:
        return _foreign_terms(written, language, sought)
    surfaces = [surface[:MAX_TERM_LENGTH] for surface in variants(written) if surface]
    stemmed = [surface for surface in surfaces if surface not in STOP_WORDS and surface.isalnum()]
    return tuple(dict.fromkeys((*surfaces, *(STEM + stem(surface, written) for surface in stemmed))))


def _foreign_terms(written: str, language: str, sought: bool) -> Terms:
    known, word = pack(language), written
    if known and known.apostrophe == "ending" and "'" in written:
        word = written.split("'")[0]
        if sought and len(word) < MIN_BEFORE_ENDING:
            word = written
    roots = stems(word, known, sought=sought) if known else ()
    surfaces = [form for one in ((written,) if sought else (word, written)) for form in variants(one) if form]
    marked = (f"{STEM}{language}:{root}" for root in roots)
    return tuple(dict.fromkeys(form[:MAX_TERM_LENGTH] for form in (*surfaces, *marked)))


def is_surface(form: str) -> bool:
    """Tell whether a term is a word as written (folded), neither a stem nor an acronym's capitals."""
    return form[0] not in _SIGNS


def stem_language(form: str) -> str:
    """The language of a term that is a stem of another language than English; "" for every other term."""
    language, of_language, _ = form.partition(":")
    return language[1:] if of_language and form[0] == STEM else ""


def merge_terms(*forms: Terms) -> Terms:
    """Return the terms of several words that stand at one position, each term once."""
    return tuple(dict.fromkeys(form for some in forms for form in some))
