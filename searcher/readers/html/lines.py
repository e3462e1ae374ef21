"""Recognise lines around an article: clutter, credits and repetitions of the headline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from unicodedata import normalize

from searcher.languages import page_phrases


@cache
def _phrases_of(*kinds: str) -> Mapping[str, tuple[str, ...]]:
    phrases: dict[str, tuple[str, ...]] = {}
    for phrase in sorted({normalize("NFC", phrase) for kind in kinds for phrase in page_phrases()[kind]}):
        phrases[phrase[0]] = (*phrases.get(phrase[0], ()), phrase)
    return phrases


_KINDS = ("elsewhere", "sign-up", "rights")
_MAX_CHARACTERS = 250  # maximum length; a longer line is a paragraph
_EDGE_CHARACTERS = (
    " \t\n\u3000-–—»«>›→▶►•·*|[]【】〔〕()（）<>《》「」『』〈〉“”„\"'‘’:：./…!！©ⓒ#+◆■□▲△▼●○◎★☆※👉➡️"
)


def starts_with_phrase(text: str) -> bool:
    """Return True if a line begins with one of the phrases."""
    return len(text) < _MAX_CHARACTERS and bool(_phrase(text[:60], *_KINDS))


def is_promotion(text: str) -> bool:
    """Return True if a line seems to link to other articles, or to ask readers to follow or pay."""
    return len(text) < _MAX_CHARACTERS and bool(_phrase(text[:60], *_KINDS[:2]))


def is_rights_notice(text: str) -> bool:
    """Return True if a line seems to name the copyright holder, editor or source."""
    return len(text) < _MAX_CHARACTERS and (text.lstrip()[:1] == "©" or bool(_phrase(text[:60], "rights")))


def is_phrase(text: str) -> bool:
    """Return True if a line is exactly one of the phrases."""
    return len(text) < 60 and len(_phrase(text, *_KINDS)) == len(text.strip(_EDGE_CHARACTERS)) > 0


def _phrase(text: str, *kinds: str) -> str:
    """Return the longest phrase at the start of a line, or "". It may be followed by a capital, as boxes are
    often joined without a space."""
    line = normalize("NFC", text).lstrip(_EDGE_CHARACTERS)
    folded = line.lower()
    likely = _phrases_of(*kinds).get(folded[:1], ())
    if not folded.startswith(likely):
        return ""
    matches = [phrase for phrase in likely if folded.startswith(phrase) and _is_ended(phrase, line)]
    return max(matches, key=len, default="")


def _is_ended(phrase: str, line: str) -> bool:
    following = line[len(phrase) :][:1]
    return not (phrase[-1].isascii() and following.isalpha() and not following.isupper())


_READ_MORE = r"(?:(?:read|see|watch|listen|view)\s+(?:more|also|next|now)\b.{0,160}|learn\s+more)"
_CAPTION_CREDIT = r"[^.!?]{0,100}[|(–—]\s*(?:photo|foto|fot\.|fotograf[íi]a|bild|фото)\s*[:：/].{0,80}"
_CREDIT = re.compile(_CAPTION_CREDIT, re.I)
_CLUTTER = re.compile(
    rf"""^\W*(?:
    {_READ_MORE}
  | (?:related|recommended|more\s+(?:from|on|stories|news)|also\s+(?:read|see|on)|you\s+may\s+(?:also\s+)?like
      |don'?t\s+miss|must\s+read|trending|most\s+(?:read|popular)|up\s+next)\b
      \s*[:：]?.{{0,160}}
  | (?:sign\s*up|subscribe|get\s+(?:the\s+)?(?:latest|daily|our|breaking)|join\s+(?:our|us)
      |follow\s+(?:us|@|\w+\s+on\b)
      |like\s+us|click\s+here|download\s+(?:the|our)|support\s+(?:our|us)
      |become\s+a\s+(?:member|subscriber))\b.{{0,220}}
  | (?:share|tweet|email|print|comments?|advertisement|anzeige|publicidad|publicité|pubblicità|reklama?|ad
      |loading      |save|copy\s+link|facebook|twitter|whatsapp|reddit|linkedin|pinterest|telegram
      |story\s+continues(?:\s+below)?(?:\s+advertisement)?|continue\s+reading.{{0,40}}
      |article\s+continues\s+.{{0,40}}
      |scroll\s+.{{0,40}}|skip\s+.{{0,40}}|(?:view|show|leave\s+a)\s+(?:comments?|reply).{{0,60}})
  | (?:photos?|images?|pictures?|credits?|foto|bild|quelle|fuente|fonte)
      (?:\s+(?:credit|by|courtesy))?\s*[:：].{{0,120}}
  | (?:published|updated|last\s+(?:updated|modified)|posted|first\s+published|publicado|publi[ée]e?
      |aktualisiert|veröffentlicht)\b.{{0,60}}\d.{{0,30}}
  | (?:copyright\b|©|\(c\)\s).{{0,200}}
  | all\s+rights\s+reserved.{{0,120}}
  | (?:this\s+(?:material|copy|article)\s+(?:may\s+not|is\s+for\s+your)).{{0,300}}
  | (?:by|von|par|por|di)\s+[A-ZÀ-Ý][\w.'’-]+(?:\s+[A-ZÀ-Ý][\w.'’-]+){{1,3}}
  | \d{{1,2}}\s+min(?:ute)?s?\s+(?:read|ago|de\s+leitura)
  | (?:tags?|filed\s+under|topics?|categor(?:y|ies)|etiquetas|schlagw(?:o|ö)rte?r?)\s*[:：].{{0,300}}
  | https?://\S+
  | [\w.+-]+@[\w-]+\.[\w.-]+
  | (?:text|tekst|interview|autor(?:in|ka)?|auteur|autore|автор|текст|penulis|yazan|haber|reporter
      |korrespondent\w*)\s*[:：].{{0,80}}
  | (?:фото|kuva|kép|fotoğraf|zdjęci[ea]|fot\.|φωτο\w*|写真|사진|图片?|图源|صورة|צילום)
      \s*[:：/＝].{{0,120}}
  | {_CAPTION_CREDIT}
  | (?:this\s+(?:web)?site|we(?:\s+and\s+our\s+partners)?)\s+uses?\s+cookies.{{0,260}}
  | .{{0,80}}\bstrictly\s+necessary\s+cookies.{{0,200}}
  )\W*$""",
    re.I | re.X,
)
_DATE = re.compile(
    r"""^\W*(?:
    (?:(?:mon|tues|wednes|thurs|fri|satur|sun)\w*,?\s+)?(?:\d{1,2}(?:st|nd|rd|th)?\.?\s+)?
    (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?\s+(?:\d{1,2},?\s+)?(?:20|19)\d\d
    \W*(?:(?:at\s+)?\d{1,2}[:.]\d\d.{0,20})?
  | \d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:\W+\d{1,2}:\d\d\S*)?
  | (?:[^\W\d_]+\.?,?\s+)?\d{1,2}\.?\s+(?:de\s+)?[^\W\d_]{3,12}\.?\s+(?:de\s+)?(?:20|19)\d\d
    (?:\W{1,4}\d{1,2}[:.]\d\d.{0,20})?
  )\W*$""",
    re.I | re.X,
)
# Chinese and Japanese do not separate words with spaces, and a character says more than a letter.
_CJK = "[\u2e80-\u9fff\uf900-\ufaff]"
_CJK_CHARACTERS = re.compile(_CJK)
_CJK_OR_WORD = re.compile(rf"{_CJK}|[^\W\u2e80-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"\w+")
#: Letters that one such character counts for: an estimate used in training the choice of blocks.
_CJK_WIDTH = 2.5
#: Maximum length of a line that is clutter by its words alone.
_CLUTTER_WIDTH = 320
#: Number of paragraphs at the start in which the headline may be repeated.
_TOP_PARTS = 6


def key(text: str) -> str:
    """Return the words of a line without case and punctuation."""
    return " ".join(_WORD.findall(text.casefold()))


def split(text: str) -> list[str]:
    """Return the words of ``text``, or single characters in scripts without spaces."""
    if text.isascii() or not _CJK_CHARACTERS.search(text):
        return _WORD.findall(text)
    return _CJK_OR_WORD.findall(text)


def width(text: str) -> float:
    """Return the length of ``text`` as if written in an alphabet."""
    return len(text) if text.isascii() else len(text) + (_CJK_WIDTH - 1) * len(_CJK_CHARACTERS.findall(text))


def is_clutter(text: str) -> bool:
    """Return True if the words of a line alone show that it is not part of an article."""
    return len(text) < _CLUTTER_WIDTH and bool(
        _CLUTTER.match(text) or _DATE.match(text) or starts_with_phrase(text)
    )


def is_credit(text: str) -> bool:
    """Return True for a caption with a credit: "The pier | photo: Ann Lee"."""
    return bool(_CREDIT.fullmatch(text))


def without_headline(paragraphs: Sequence[str], titles: Iterable[str | None]) -> list[str]:
    """Remove repetitions of the headline from the first paragraphs."""
    known = {key(title) for title in titles if title} - {""}
    return [
        part
        for number, part in enumerate(paragraphs)
        if number >= _TOP_PARTS or not _repeats(key(part), known)
    ]


def without_clutter(paragraphs: Sequence[str], titles: Iterable[str | None] = ()) -> list[str]:
    """Return the paragraphs that belong to the article. ``titles`` may be repeated at the top."""
    visible = [part for part in paragraphs if key(part)]
    out = [part for part in without_headline(visible, titles) if not is_clutter(part)]
    while out and out[-1].endswith(":") and len(out[-1]) < 80:
        out.pop()
    return out


def _repeats(words: str, titles: set[str]) -> bool:
    if words in titles:
        return True
    return len(words) > 20 and any(
        title.startswith(words) or (words.startswith(title) and len(words) < 1.3 * len(title))
        for title in titles
    )
