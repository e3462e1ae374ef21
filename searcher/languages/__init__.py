"""Data of languages: a pack for each, language codes (ISO 639-1), lists of English words, and the vocabulary
of the encoder."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from searcher.models import models_folder

#: English has its own analysis, which is also used for texts of unknown language.
ENGLISH = "en"
#: Other languages in which names and quotations are found. F1 for people is at least 50 in each
#: (docs/accuracy-and-speed.md).
SERVED: Final = frozenset(
    ("de", "fr", "es", "it", "pt", "nl", "pl", "sv", "no", "da", "cs", "ru", "uk", "tr", "ar",
     "zh", "ja", "ko", "fi", "ro", "bg", "el", "et", "hr", "hu", "id", "is", "sk", "sl", "sr")
)  # fmt: skip
#: Languages without inflection. Their words are searched as pairs of characters, or as written.
_WITHOUT_ENDINGS = frozenset(("zh", "ja", "ko", "th", "vi"))
#: Number of a language's words needed to recognise it: “die hard man” is not German.
_MIN_WORDS = 2
#: Maps letters with a stroke, which Unicode does not decompose, and the typographic apostrophe.
_LETTERS: Final = str.maketrans("øłđ’", "old'")
#: Maximum number of words of a question.
_MAX_QUESTION_WORDS = 60
_FOLDER = Path(__file__).parent
_WORD = re.compile(r"[\w'-]+")
_ASKING = re.compile(r'"asking": "([^"]*)"')
_NONE: frozenset[str] = frozenset()


class Pack(NamedTuple):
    """The data of one language."""

    code: str
    name: str
    script: str = "latin"
    stemmer: str = ""
    common: frozenset[str] = frozenset()
    elisions: frozenset[str] = frozenset()
    asking: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    apostrophe: str = ""
    thousands: str = ""
    short: str = ""
    respelt: Mapping[str, str] = MappingProxyType({})
    fleeting: str = ""
    plurals: Mapping[str, str] = MappingProxyType({})
    invariant: frozenset[str] = frozenset()
    capitals: str = ""
    verbs: Mapping[str, str] = MappingProxyType({})
    participle: str = ""
    before: tuple[str, ...] = ()


def is_served(language: str) -> bool:
    """Return True if names and quotations are found in a language."""
    return language == ENGLISH or language in SERVED


@cache
def pack_codes() -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.json")))


@cache
def all_languages() -> tuple[str, ...]:
    return (ENGLISH, *pack_codes())


@cache
def pack(code: str) -> Pack | None:
    """Return the pack of a language, or None. Accepts any text."""
    if not re.fullmatch("[a-z]{2,3}", code):
        return None
    try:
        text = (_FOLDER / f"{code}.json").read_text("utf-8")
    except FileNotFoundError:
        return None
    fields = json.loads(text)
    for name in ("asking", "common", "elisions", "invariant"):
        fields[name] = frozenset(fields.get(name, "").split())
    for name in ("prefixes", "suffixes"):
        fields[name] = tuple(sorted(fields.get(name, "").split(), key=len, reverse=True))
    respelt = sorted(fields.get("respelt", {}).items(), key=lambda pair: -len(pair[0]))
    before = tuple(fields.get("before", "").split())
    return Pack(**{**fields, "code": code, "respelt": dict(respelt), "before": before})


@cache
def word_language(declared: str | None) -> str:
    """Return the language whose pack indexes a text: English by default, "" if it has none."""
    if not declared:
        return ENGLISH
    code = declared.replace("_", "-").split("-")[0].lower()
    code = {"nb": "no", "nn": "no"}.get(code, code)
    return code if code == ENGLISH or pack(code) else ""


@cache
def common_words(declared: str | None) -> frozenset[str]:
    """Return the most common words of a language, casefolded. Empty for English, whose stop words are in the
    analysis."""
    known = pack(word_language(declared))
    return frozenset(word.casefold() for word in known.common) if known else frozenset()


def question_words(words: Iterable[str], english: Collection[str]) -> frozenset[str]:
    """Return the stop words of the language of a query, if it is clearly not English: if it has three stop
    words that are not ``english``, or two question words."""
    known = {word.casefold() for word in english}
    queried = {word.casefold() for word in words}
    foreign = queried - known
    if len(foreign) < _MIN_WORDS:
        return frozenset()
    stop_words = {code: _stop_words(code) for code in pack_codes()}
    code = max(stop_words, key=lambda one: (len(foreign & stop_words[one]), len(queried & stop_words[one])))
    language_words = stop_words[code]
    signs = (
        len(foreign & language_words) > _MIN_WORDS
        or len(foreign & _asking_words().get(code, _NONE)) >= _MIN_WORDS
    )
    return language_words if signs and len(queried & language_words) > len(known) else frozenset()


@cache
def _stop_words(code: str) -> frozenset[str]:
    return common_words(code) | _asking_words().get(code, _NONE)


@cache
def _asking_words() -> Mapping[str, frozenset[str]]:
    """Return the question words of each language, read without parsing the packs, which takes 8 ms."""
    matches = {code: _ASKING.search((_FOLDER / f"{code}.json").read_text("utf-8")) for code in pack_codes()}
    return {code: frozenset(match[1].casefold().split()) for code, match in matches.items() if match}


@cache
def question_patterns(table: str = "questions") -> tuple[tuple[str, str, str], ...]:
    """Return the rows of “questions” or “question_openings”: language, kind of question or name of a list,
    pattern."""
    lines = (_FOLDER / f"{table}.tsv").read_bytes().decode().splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((code, name, pattern) for codes, name, pattern in rows for code in codes.split(","))


def question_languages(text: str) -> list[str]:
    """Return the languages in which a text may be a question, by its first word, certain other words, or a
    final question mark. A fast check, since most queries are not questions."""
    words = words_of_question(text)
    if not 1 < len(words) <= _MAX_QUESTION_WORDS:
        return []
    asks = text.rstrip().endswith("?")
    return [
        code
        for code, (first, inside) in _question_words().items()
        if asks or words[0] in first or inside & {*words}
    ]


@cache
def _question_words() -> Mapping[str, tuple[set[str], set[str]]]:
    """Map each language to the words that begin a question, and to words that may be inside one."""
    openings: dict[str, tuple[set[str], set[str]]] = {}
    for code, name, words in question_patterns("question_openings"):
        for sign in "()[]|":  # a loop is much faster than a regular expression here
            words = words.replace(sign, " ")
        openings.setdefault(code, (set(), set()))[name == "inside"].update(words.split())
    return openings


def words_of_question(text: str) -> list[str]:
    return _WORD.findall(without_accents(text))


def without_accents(text: str) -> str:
    """Return a text in lower case without accents, of the same length."""
    if text.isascii():  # a shortcut that is a hundred times as fast
        return text.lower()
    plain = (unicodedata.normalize("NFD", letter)[0].lower()[:1] for letter in text)
    return "".join(plain).translate(_LETTERS)


def has_word_forms(declared: str) -> bool:
    """Return True if words of a language are also found by their other forms."""
    return bool(word_language(declared)) or declared.split("-")[0] in _WITHOUT_ENDINGS


_CODES = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt",
    "dutch": "nl", "swedish": "sv", "danish": "da", "norwegian": "no", "finnish": "fi", "polish": "pl",
    "czech": "cs", "russian": "ru", "ukrainian": "uk", "turkish": "tr", "arabic": "ar", "hebrew": "he",
    "persian": "fa", "hindi": "hi", "chinese": "zh", "japanese": "ja", "korean": "ko", "greek": "el",
    "hungarian": "hu", "romanian": "ro", "indonesian": "id", "vietnamese": "vi", "eng": "en", "deu": "de",
    "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "nld": "nl", "dut": "nl",
    "swe": "sv", "dan": "da", "nor": "no", "nb": "no", "nn": "no", "fin": "fi", "pol": "pl", "ces": "cs",
    "rus": "ru", "ukr": "uk", "tur": "tr", "ara": "ar", "heb": "he", "zho": "zh", "chi": "zh", "jpn": "ja",
    "kor": "ko", "ell": "el", "hun": "hu", "ron": "ro", "iw": "he", "in": "id", "deutsch": "de",
    "français": "fr", "español": "es", "italiano": "it", "português": "pt", "nederlands": "nl",
}  # fmt: skip


def language_code(declared: str | None) -> str | None:
    """Return the ISO 639-1 code of a declared language: “en” for "en-US", "en_GB", "English" or "eng"."""
    if not declared:
        return None
    word = re.split(r"[-_,;\s]", declared.strip().lower(), maxsplit=1)[0]
    word = _CODES.get(word, word)
    return word if re.fullmatch(r"[a-z]{2}", word) else None


#: First and last character of the scripts without spaces between words, and of composed Hangul, in ascending
#: order.
_RANGES: Final = (
    *("\u0e01\u0eff", "\u1000\u109f", "\u1780\u17ff"),  # Thai and Lao, Burmese, Khmer
    *("\u3131\u318e", "\uac00\ud7af"),  # Hangul
    *("\u3005\u3007", "\u3040\u30ff", "\u31f0\u31ff", "\uff66\uff9f"),  # kana
    *("\u3400\u4dbf", "\u4e00\u9fff", "\uf900\ufaff", "\U00020000\U0003ffff"),  # Han
)
#: The same ranges, for use in a character class of a regular expression.
UNSPACED: Final = "".join(f"{first}-{last}" for first, last in _RANGES)


def is_unspaced(char: str) -> bool:
    # Compare characters, because compiling a pattern would slow down the start of every command.
    return char >= _RANGES[0][0] and any(first <= char <= last for first, last in _RANGES)


@cache
def known_words() -> bytes:
    """Return the Bloom filter of the words of all languages (see :mod:`searcher.search.spelling`)."""
    return (models_folder() / "words.bin").read_bytes()


@cache
def vocabulary() -> bytes:
    """Return the vocabulary of the encoder, in UTF-8: on each line a piece, a tab and its log probability."""
    return (models_folder() / "encoder" / "pieces.tsv").read_bytes()


def is_piece(forms: Iterable[str]) -> bool:
    """Return True if one of these forms is a word in the vocabulary of the encoder."""
    # Search the bytes, because splitting the file would take 50 times as long.
    return any(f"\n\u2581{form}\t".encode() in vocabulary() for form in forms)


def pieces_and_scores() -> tuple[list[str], list[float]]:
    """Return the pieces of the encoder and their log probabilities."""
    lines = vocabulary().decode().rstrip("\n").split("\n")
    return [line.partition("\t")[0] for line in lines], [float(line.partition("\t")[2]) for line in lines]


def word_list(name: str) -> frozenset[str]:
    """Return the words of a list of English words. Raises KeyError."""
    return frozenset(_english_lists()[name].split())


def phrase_list(name: str) -> list[str]:
    """Return the entries of a list of English phrases. Raises KeyError."""
    return [" ".join(entry.split()) for entry in _english_lists()[name].split("|")]


@cache
def _english_lists() -> Mapping[str, str]:
    text = (_FOLDER / "english.txt").read_text("utf-8")
    return dict(re.findall(r"^(\w+)((?:\n .+)+)", text, re.M))


def months() -> list[list[list[str]]]:
    """Return, for each language, the folded forms of the name of each month."""
    rows = (line.split("\t") for line in (_FOLDER / "months.tsv").read_text("utf-8").splitlines()[1:])
    return [[month.split("/") for month in names.split()] for _, names in rows]


@cache
def page_phrases() -> Mapping[str, tuple[str, ...]]:
    """Return the beginnings of lines that do not belong to an article, by kind, in all languages."""
    text = (_FOLDER / "page_phrases.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {
        kind: tuple(phrase for one, _, phrases in rows if one == kind for phrase in phrases.split("|"))
        for kind in {row[0] for row in rows}
    }
