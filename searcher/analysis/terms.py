"""The terms of a word: surface forms, stems, and the capitals of an acronym.

Folding maps a word to plain lower-case letters, without accents, ligatures and invisible characters. Stems
are Snowball's (PyStemmer), with rules for the language of newspapers. British spellings are indexed in their
American form, by rules for families of words: “hour” is not “hor”.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache

from searcher.languages import ENGLISH, Pack, pack
from searcher.sanitize import normal_form

#: Invisible characters inside words: soft hyphen, zero-width space, (non-)joiners, BOM, …
INVISIBLE = "\u00ad\u200b-\u200f\u2060\u2061-\u2064\ufeff"
#: Combining marks, which belong to the letter before them although ``\w`` does not match them.
MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u09d7"
    "\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57"
    "\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6"
    "\u0d00-\u0d03\u0d3b-\u0d4d\u0d57\u0d81-\u0d83\u0dca-\u0ddf"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059"
    "\u17b4-\u17d3\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f"
)

# Marks that folding removes: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel signs and hamza.
# The breve of й stays, because it is a different letter.
_ACCENTS = "(?<![иИ])[\u0300-\u036f]|(?<=[иИ])[\u0300-\u0305\u0307-\u036f]|[\u0591-\u05c7\u064b-\u065f\u0670]"
_UNSEEN = f"[{INVISIBLE}\ufe00-\ufe0f'\u0640]"
_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h",
    "ı": "i", "ŋ": "ng", "ſ": "s", "ς": "σ", "ё": "е", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا",
}  # fmt: skip
_PLAIN = str.maketrans(_LETTERS)
#: Matches a nasal before a consonant, which Hindi also writes with a dot (हिन्दी and हिंदी).
_NASAL = "[ङञणनम]\u094d(?=[क-ह])"
#: Transliterations of umlauts, so that “Mueller” finds “Müller” and “Soerensen” finds “Sørensen”.
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_HAS_TWO_WAYS = re.compile("[äöüøå]")


def fold(word: str) -> str:
    """Return the word in plain lower-case letters, without apostrophes and invisible characters."""
    if word.isascii():
        return word.lower().replace("'", "")
    return _plain_letters(composed(word))


def variants(word: str) -> tuple[str, ...]:
    """Return all foldings of a word, that of :func:`fold` first."""
    if word.isascii():
        return (word.lower().replace("'", ""),)
    small = composed(word)
    plain = _plain_letters(small)
    if not _HAS_TWO_WAYS.search(small):
        return (plain,)
    written_out = _plain_letters(small.translate(_WRITTEN_OUT))
    return (plain, written_out) if written_out != plain else (plain,)


def composed(word: str) -> str:
    """Return the word in lower case with its accents, without invisible characters."""
    return normal_form("NFKC", _lazy_pattern(_UNSEEN).sub("", word)).lower()


def _plain_letters(small: str) -> str:
    apart = normal_form("NFKD", _lazy_pattern(_NASAL).sub("\u0902", small.translate(_PLAIN)))
    return normal_form("NFC", _lazy_pattern(_ACCENTS).sub("", apart)).translate(_PLAIN)


_APOSTROPHES_OF_PATTERNS = str.maketrans(dict.fromkeys("’‘ʼʻ`´′＇‛", "'"))
_WILDCARDS = re.compile(r"([*?]+)")
_NO_LETTER = re.compile(r"[^\w.+#]|_")


def fold_pattern(pattern: str) -> str:
    """Fold a pattern like surface forms. ``*`` and ``?`` stay; consecutive ``*`` become one."""
    parts = _WILDCARDS.split(pattern.translate(_APOSTROPHES_OF_PATTERNS))
    folded = "".join(part if i % 2 else _NO_LETTER.sub("", fold(part)) for i, part in enumerate(parts))
    return re.sub(r"\*[*?]*\*", lambda run: "?" * run[0].count("?") + "*", folded)


def pattern_matches(folded_pattern: str, surface: str) -> bool:
    """Return True if a surface form matches a folded pattern."""
    return _compiled_pattern(folded_pattern).fullmatch(surface) is not None


@lru_cache(maxsize=256)
def _compiled_pattern(folded_pattern: str) -> re.Pattern[str]:
    """Compile a folded pattern. Atomic groups make matching linear."""
    first, *rest = (re.escape(part).replace(r"\?", ".") for part in folded_pattern.split("*"))
    if not rest:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1])
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL)


def within_edits(a: str, b: str, edits: int) -> bool:
    """Tell whether the edit distance of two words (optimal string alignment) is at most ``edits``."""
    if a == b:
        return True
    if abs(len(a) - len(b)) > edits:
        return False
    a, b = _differing_parts(a, b)
    if min(len(a), len(b)) == 0:
        return max(len(a), len(b)) <= edits
    if edits == 1:
        return (len(a) == len(b) == 1) or (len(a) == len(b) == 2 and a == b[::-1])
    return _is_aligned(a, b, edits)


def _differing_parts(a: str, b: str) -> tuple[str, str]:
    """Strip the common beginning and end of two words."""
    shorter = min(len(a), len(b))
    start = 0
    while start < shorter and a[start] == b[start]:
        start += 1
    end = 0
    while end < shorter - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return a[start : len(a) - end], b[start : len(b) - end]


def _is_aligned(a: str, b: str, edits: int) -> bool:
    """Fill the table of edit distances row by row. Stop if all entries of a row are too large."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > edits:
            return False
        before, last = last, row
    return last[-1] <= edits


_OUR = """
    arm behavi cand clam col demean endeav fav ferv flav harb hon hum lab neighb od parl rig rum sav savi
    splend tum val vap vig
"""
#: Beginnings of words with “our” that American English spells with “or”. Each contains “our” only once.
_OUR_BEGINNINGS = tuple(
    f"{prefix}{root}our" for prefix in ("", "dis", "mis", "un", "re") for root in _OUR.split()
)
# Words that keep -ise in American English because it is not a suffix (advise, precise, clockwise).
_NO_SUFFIX = (
    "[a-z]*(?:a|adv|advert|ar|circumc|conc|dem|dev|div|exc|exerc|expert|franch|improv|inc|mant|merchand|o|parad|"
    "pen|pr|prec|prem|prom|rev|sunr|superv|telev|treat|u|upr|w)"
)
BEGINNINGS = {
    "aluminium": "aluminum", "anaem": "anem", "anaesthe": "anesthe", "archaeo": "archeo",
    "diarrhoea": "diarrhea", "encyclopaedi": "encyclopedi", "foet": "fet", "grey": "gray",
    "gynaeco": "gyneco", "haem": "hem", "jewellery": "jewelry", "judgement": "judgment",
    "leukaem": "leukem", "manoeuv": "maneuv", "mould": "mold", "oesoph": "esoph", "oestro": "estro",
    "orthopaed": "orthoped", "paed": "ped", "plough": "plow", "sceptic": "skeptic",
    "sulph": "sulf", "tyre": "tire",
}  # fmt: skip

_BEGINNINGS = tuple(BEGINNINGS)

#: A spelling rule: letters and endings that a word must have, then a pattern and its replacement. The letters
#: and endings are checked first because this is faster than the pattern.
_Rule = tuple[str, tuple[str, ...], str, str]
_RULES: tuple[_Rule, ...] = (
    (
        "is",
        ("ise", "ised", "ises", "iser", "isers", "ising", "isation", "isations", "isational"),
        rf"(?!{_NO_SUFFIX}is)([a-z]{{3,}})is(e|ed|es|er|ers|ing|ation|ations|ational)",
        r"\1iz\2",
    ),
    (
        "ys",
        ("yse", "ysed", "yses", "yser", "ysers", "ysing"),
        r"(anal|paral|catal)ys(e|ed|es|er|ers|ing)",
        r"\1yz\2",
    ),
    (
        "re",
        ("re", "res"),
        r"((?:[a-z]*(?:met|lit))|calib|cent|fib|lust|meag|somb|spect|theat)re(s)?",
        r"\1er\2",
    ),
    ("centr", ("centred", "centring"), r"(cent)r(ed|ing)", r"\1er\2"),
    ("ence", ("ence", "ences", "enced", "enceless"), r"(def|off|pret|lic)ence(s|d|less)?", r"\1ense\2"),
    ("programme", ("programme", "programmes"), r"(program)me(s)?", r"\1\2"),
    ("logue", ("logue", "logues", "logued"), r"(cata|dia)logue(s|d)?", r"\1log\2"),
)


@cache
def _lazy_pattern(pattern: str) -> re.Pattern[str]:
    """Compile on first use: compiling all patterns takes a fiftieth of the start of a command."""
    return re.compile(pattern)


def american(word: str) -> str:
    """Return the American spelling of a folded word."""
    for letters, endings, pattern, written in _RULES:
        if letters in word and word.endswith(endings) and (match := _lazy_pattern(pattern).fullmatch(word)):
            return match.expand(written)
    if "our" in word and word.startswith(_OUR_BEGINNINGS):
        return word.replace("our", "or", 1)
    if word.startswith(_BEGINNINGS) and word.isascii() and word.isalpha():
        beginning = next(filter(word.startswith, BEGINNINGS))
        return BEGINNINGS[beginning] + word.removeprefix(beginning)
    return word


#: Stop words. They can be searched like other words, but are neither scored nor stemmed.
_STOP_WORDS = """
    a about above after again against all am an and any are as at be because been before being below
    between both but by can could did do does doing down during each few for from further had has have
    having he her here hers herself him himself his how i if in into is it its itself just me more most my
    myself no nor not now of off on once only or other our ours ourselves out over own same she should so
    some such than that the their theirs them themselves then there these they this those through to too
    under until up very was we were what when where which while who whom why will with would you your
    yours yourself yourselves
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

_ACRONYMS = re.compile(r"([A-Z]{2,})s")  # LLMs, CEOs, GPUs
_NO_VOWEL = re.compile(r"[bcdfghjklmnpqrstvwxz]{3,5}s")  # llms; but not gps, cbs, dns
#: Abbreviations of words that other newspapers write in full.
ABBREVIATED = {
    "bn": "billion", "mn": "million", "mln": "million", "tn": "trillion", "trn": "trillion", "pct": "percent",
    "jan": "january", "feb": "february", "aug": "august", "sept": "september", "oct": "october",
    "nov": "november", "dec": "december", "qtr": "quarter", "govt": "government", "dept": "department",
    "corp": "corporation", "assn": "association", "intl": "international", "bros": "brothers",
}  # fmt: skip
ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th",
    "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
}  # fmt: skip


@cache
def stemmer(algorithm: str) -> Callable[[str], str]:
    """Return the Snowball stemmer of a language."""
    import Stemmer  # written in C

    stem_of: Callable[[str], str] = Stemmer.Stemmer(
        algorithm, 0
    ).stemWord  # without its cache: terms are cached by chunk
    return stem_of


def stem(surface: str, written: str = "") -> str:
    """Return the stem of a folded word. ``written``, the original word, shows plurals of acronyms."""
    if surface in STOP_WORDS or not (surface.isascii() and surface.isalpha()):
        return surface
    if len(surface) < 3 and surface not in ABBREVIATED:
        return surface
    if surface in ORDINALS:
        return ORDINALS[surface]
    if surface[-1] == "s":
        acronym = _ACRONYMS.fullmatch(written)
        if acronym:
            return acronym[1].lower()
        if _NO_VOWEL.fullmatch(surface) and not surface.endswith("ss"):
            return surface[:-1]
    return stemmer("english")(american(ABBREVIATED.get(surface, surface)))


#: Minimum length of a word to stem, and minimum length that removing an affix must leave.
MIN_LETTERS, MIN_LEFT = 3, 3
#: Minimum length of a stem in scripts with vowels, so that “casas” is not stemmed like “caso”. Three letters
#: are enough if the fourth is an ending listed in the pack, or doubles the third (Dutch “mannen”).
MIN_STEM = 4
_LONG_WORDS = frozenset(("latin", "cyrillic", "greek"))
#: Minimum length of a singular, of an infinitive, and of a common word with other forms. Shorter words are
#: similar only by coincidence (“Ofen” is not a form of “oft”).
MIN_SINGULAR, MIN_INFINITIVE, MIN_COMMON = 4, 5, 5
#: Maximum length of a listed ending.
MAX_ENDING = 6
#: Consonants that follow a fleeting vowel in Slavic nouns (рынок, wtorek, otec).
_AFTER_FLEETING = frozenset("кцkc")
_FIGURE = re.compile(r"\d")
_VOWEL = re.compile("[aeiouyäöü]")
_ACRONYM_WITH_ENDING = re.compile(r"([A-ZÄÖÜ]{2,})s")  # Norwegian “EUs”, German “GPUs”


def stems(written: str, pack: Pack, *, sought: bool = False) -> tuple[str, ...]:
    """Return the folded stems of a word, the likeliest first, and the base forms it may have.

    The most common words have no stems, but long ones are base forms of plurals (trabajo, trabajos).
    ``sought``: a word of a query, in which lower case is not evidence for a verb.
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
    stems = [fold(_stem_by_pack(part, pack)) for part in _without_prefixes(word, pack)]
    more = [
        fold(base) for base in bases if base in pack.common or fold(_stem_by_pack(base, pack)) not in stems
    ]
    return tuple(dict.fromkeys((*stems, fold(word), *more)))


def _base_form(word: str, endings: Mapping[str, str], least: int) -> Iterator[str]:
    """Yield the base form of a word by its longest listed ending, if it is long enough."""
    for length in range(min(MAX_ENDING, len(word) - 1), 0, -1):
        base = endings.get(word[-length:])
        if base is not None:
            base = word[:-length] + base
            if len(base) >= least or not _VOWEL.search(base):  # “Lkw” has no vowels and is long enough
                yield base
            return


def _infinitive(word: str, pack: Pack) -> Iterable[str]:
    """Return the infinitive of a possible verb. That of a participle must be longer (“Samen” is not from
    “gesamt”)."""
    if pack.participle and word.startswith(pack.participle):
        infinitives = list(_base_form(word.removeprefix(pack.participle), pack.verbs, MIN_INFINITIVE + 1))
        if infinitives:
            return infinitives
    return _base_form(word, pack.verbs, MIN_INFINITIVE)


def _stem_by_pack(word: str, pack: Pack) -> str:
    """Return the stem in its own spelling. Short words stay, since their stems are other words (mes,
    mesa)."""
    if len(word) < MIN_LETTERS:
        return word
    for ending, spelt in pack.respelt.items():  # longest ending first
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
    """Return the word, and what remains after each separable prefix."""
    rests = (word[len(prefix) :] for prefix in pack.prefixes if word.startswith(prefix))
    return [word, *(rest for rest in rests if len(rest) >= MIN_LEFT)]


def _without_suffix(word: str, pack: Pack) -> str:
    for suffix in pack.suffixes:
        if word.endswith(suffix) and len(word) - len(suffix) >= MIN_LEFT:
            return word[: -len(suffix)]
    return word


#: Stems, and acronyms in capitals, are terms that start with these characters.
STEM = "~"
CAPITALS = "^"
_SIGNS = STEM + CAPITALS
#: Maximum length of a term. Longer ones are encoded data, not words, and are truncated.
MAX_TERM_LENGTH = 64
#: In a query, an ending after an apostrophe needs this many letters before it: not O'Keefe, d'Artagnan, I'm.
MIN_BEFORE_ENDING = 2

#: Acronyms that are also words. A query in capitals finds only capitals, so “US” does not find “us”.
_ALSO_WORDS = """
    act aids aim all am amid an arm as at bat be cap cat chip cop dare do doe dot eta fit gap gas go has he
    ice id if in is it lime lot ma mad map may me mice mind mit my nice no nod nut of oh ok on or pa pip ram
    rim rip sad sap sat sit so star start ted tip to un up ups us was we who
"""
ACRONYM_WORDS = frozenset(_ALSO_WORDS.split())

Terms = tuple[str, ...]


def capital_terms(letters: str) -> Terms:
    """Return the terms of an acronym that is also a word, otherwise an empty tuple."""
    if len(letters) > 1 and letters.isascii() and letters.isupper() and letters.lower() in ACRONYM_WORDS:
        return (letters.lower(), CAPITALS + letters)
    return ()


def terms_of(written: str, language: str = ENGLISH, *, sought: bool = False) -> Terms:
    """Return the surface forms and stems of a word. Without a language ("") it has no stems.

    ``sought``: a word of a query, for texts in any language. A part before an apostrophe (Turkish
    “Ankara'da”) then gives a stem of its language only.
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
    roots = stems(word, known, sought=sought) if known and word else ()
    surfaces = [form for one in ((written,) if sought else (word, written)) for form in variants(one) if form]
    marked = (f"{STEM}{language}:{root}" for root in roots)
    return tuple(dict.fromkeys(form[:MAX_TERM_LENGTH] for form in (*surfaces, *marked)))


def is_surface(form: str) -> bool:
    """Return True for a surface form, False for a stem or the capitals of an acronym."""
    return form[0] not in _SIGNS


def stem_language(form: str) -> str:
    """Return the language of a stem, or "" for an English stem and any other term."""
    language, of_language, _ = form.partition(":")
    return language[1:] if of_language and form[0] == STEM else ""


def merge_terms(*forms: Terms) -> Terms:
    return tuple(dict.fromkeys(form for terms in forms for form in terms))
