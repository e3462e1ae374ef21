"""Which language a text is in: as declared, else by its commonest words, else unknown."""

from __future__ import annotations

import re
from collections import Counter

__all__ = ["code", "guess"]

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

# Words so common that a page of text holds them, and telling between neighbours.
_COMMON = {
    "en": "the of and to in that is was for with as his on be at by he said from are this have not they",
    "de": "der die und das den von zu mit sich ist nicht ein eine auf für dem im auch wird es werden",
    "fr": "le la les des et en du une un que est pour dans qui par sur pas au avec ce il plus sont",
    "es": "el la los las de que en y del se por un una con para su al no es lo como más pero",
    "it": "il di che la e è un per non sono una del con le della si nel da alla più gli dei",
    "pt": "o a os as de que e do da em um uma para com não no na por mais dos são foi ao",
    "nl": "de het een van en in is dat op te zijn voor met die niet aan er om ook hij bij",
    "sv": "och att det som en på är av för med den till inte har ett om de var han vi",
    "da": "og at det som en på er af for med den til ikke har et om de var han der",
    "no": "og at det som en på er av for med den til ikke har et om de var han seg",
    "fi": "ja on ei että se oli hän ovat mutta joka myös kun ole niin sekä kuin mukaan",
    "pl": "w i na z się nie do to jest że o jak po za od przez ale są tym",
    "cs": "a se na v je že s z o do to by ale jako za jsou podle jeho",
    "tr": "ve bir bu da de için ile olarak çok daha olan gibi sonra kadar ise",
    "id": "yang dan di dengan untuk dari ini pada tidak itu dalam akan oleh juga",
    "ro": "de și în la a cu pe care nu din este o un să că mai pentru",
    "hu": "a az és hogy nem is egy ez volt meg de van már csak el",
    "vi": "và của là các có được cho trong không người một với những đã",
    "ru": "и в на не что с по он как это из за от его для но был",
    "uk": "і в на не що з за до та як це від його для але був",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_SCRIPTS = (
    ("ja", re.compile(r"[\u3041-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("he", re.compile(r"[\u05d0-\u05ea]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("th", re.compile(r"[\u0e01-\u0e5b]")),
    ("hi", re.compile(r"[\u0904-\u0939]")),
)


def code(declared: str | None) -> str | None:
    """The ISO 639-1 code of a declared language: ``en`` of "en-US", "en_GB", "English" or "eng"."""
    if not declared:
        return None
    word = re.split(r"[-_,;\s]", declared.strip().lower(), maxsplit=1)[0]
    word = _CODES.get(word, word)
    return word if re.fullmatch(r"[a-z]{2}", word) else None


def guess(text: str) -> str | None:
    """The language of ``text`` by its script or its commonest words; None unless it is plain."""
    sample = text[:4000]
    letters = sum(map(str.isalpha, sample))
    if letters < 60:
        return None
    for language, script in _SCRIPTS:
        if len(script.findall(sample)) > (0.1 if language == "ja" else 0.4) * letters:
            return language
    words = re.findall(r"[^\W\d_]+", sample.casefold())
    if len(words) < 20:
        return None
    hits = Counter({name: sum(word in common for word in words) for name, common in _WORDS.items()})
    (first, most), (_, next_most) = hits.most_common(2)
    # Measured against declared languages of saved pages: a tenth of running words and a clear lead.
    return first if most >= 0.1 * len(words) and most >= 1.3 * next_most else None
