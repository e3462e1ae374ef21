"""Who wrote it: names from a byline or an author field."""

from __future__ import annotations

import re

__all__ = ["byline", "is_name", "is_organisation", "names"]

_BY = (
    r"(?:by|von|par|por|di|da|de|af|av|door|przez|autor(?:en|es|a)?|authors?|text|words|tekst|текст|автор|автори|yazan|kirjoittanut"
    r"|(?:written|posted|story|reported) by)"
)
_LEAD = re.compile(rf"^\s*(?:{_BY})\b\s*[:：]?\s+", re.I)
_GLUED = re.compile(r"^By(?=[A-Z][a-z])")  # a label and a name from two boxes
_SPLIT = re.compile(
    r"\s*(?:;|\||•|·|\n|\s/\s|&|,(?!\s*(?:jr|sr|ph\.?\s?d|m\.?d|ii|iii|iv|esq)\b\.?)|、|\b(?:and|und|et|och|og|en|ja|with)\b(?=\s+[^\W\d_]))\s*",
    re.I,
)
# Degrees and offices that follow a name after a comma.
_LEARNED = re.compile(
    r",\s*(?:[A-Z]{2,5}|M\.D|Ph\.?\s?D|Psy\.?D|Ed\.?D|D\.O|J\.D|R\.N|MSc|BSc|PharmD)\b\.?(?=\s*(?:,|;|$|and\b|&|\|))"
)
# What stands behind a name in the same element: dates, roles, times to read.
_TRAIL = re.compile(
    r"\s*(?:[|•·,–—-]\s*)?(?:\b(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?\s\d|updated|published|posted|last|on\s+\d"
    r"|senior|staff|contributing|reporter|correspondent|editor)\b|\d).*$",
    re.I,
)
# What an author's box says of them after the name.
_OFFICE = re.compile(
    r"(?<=\s)(?:writer|author|founder|co-founder|ceo|contributor|journalist|columnist|freelancer"
    r"|reviewed by|edited by|fact[- ]checked|more by|view profile|bio)\b.*$",
    re.I,
)
_OFFICE_HELD = re.compile(r"\b(?:writer|reporter|correspondent|editor|columnist|analyst)s?$", re.I)
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|\.com\b|^\W*$|^\d+$|:|^(?:ceo|(?:written|reviewed|posted|edited|published) by"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december))$",
    re.I,
)
_ROLE = re.compile(
    r"^(?:(?:senior|chief|staff|deputy|managing|assistant|associate|news|political|business|science|sports|world|"
    r"foreign|special|guest|contributing|legal|health|technology|tech|economics|investigative)\s+)*"
    r"(?:reporter|correspondent|editor(?:\s+in\s+chief)?|writer|columnist|contributor|journalist|author|staff|"
    r"redaktion|redacción|rédaction|redakteur(?:in)?|redazione|editorial\s+team|news\s+desk)s?$",
    re.I,
)
_ORGANISED = re.compile(
    r"\b(?:news|times|post|daily|journal|magazine|media|press|agency|team|blog|group|inc|ltd|gmbh|company"
    r"|weekly|gazette|herald|tribune|ledger|chronicle|review|letter|newsletter|university|institute|staff|editors?|redaktion|online|today|society|association|services?)\b",
    re.I,
)
_BYLINE = re.compile(
    r"^(?:by|von|par|por|di|door)\b\s*[:：]?\s+(?P<names>[^.!?]{3,120})$|^(?P<caps>BY\s+[A-Z][^a-z]{3,120})$",
    re.I,
)


def names(text: str) -> tuple[str, ...]:
    """The names in an author field: "By Ann Lee and Bo Ek" gives ("Ann Lee", "Bo Ek")."""
    text = _GLUED.sub("", _LEAD.sub("", re.sub(r"\([^()]*\)", " ", text)).strip())
    inverted = re.fullmatch(r"([^\s,;]+(?:\s[^\s,;]+)?),\s+([^\s,;]+(?:\s[^\s,;]+)?)", text)
    if (
        inverted
        and " " not in inverted[1]
        and not re.search(r"\s", inverted[2])
        and not _ROLE.match(inverted[2])
    ):
        return (f"{inverted[2]} {inverted[1]}",)  # "Lee, Ann"
    out: list[str] = []
    for part in _SPLIT.split(_LEARNED.sub("", text)):
        name = _LEAD.sub("", " ".join(part.split())).strip(" .,:–—-")
        if out and _OFFICE_HELD.search(name):
            continue
        if len(name.split()) > 2:
            name = _OFFICE.sub("", _TRAIL.sub("", name)).strip(" ,–—-")
        if name and len(name) <= 80 and not _NOT_A_NAME.search(name) and not _ROLE.match(name):
            out.append(_case(name))
    return tuple(dict.fromkeys(out))


def _case(name: str) -> str:
    """A name in capitals as it is usually written."""
    if name.isupper() and " " in name:
        return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize() if len(word[0]) > 2 else word[0], name)
    return name


def is_name(text: str) -> bool:
    """Whether ``text`` looks like the name of a person: two to four words, each (nearly) capitalised."""
    words = text.split()
    capitals = sum(word[0].isupper() for word in words)
    return (
        2 <= len(words) <= 4 and capitals >= 2 and words[0][0].isupper() and not re.search(r"[\d@/:?!]", text)
    )


def is_organisation(text: str) -> bool:
    """Whether a name holds a word that only those of organisations do."""
    return bool(_ORGANISED.search(text))


def byline(line: str) -> tuple[str, ...]:
    """The names in a line of running text that is nothing but a byline; else none."""
    found = _BYLINE.match(line.strip())
    if not found:
        return ()
    given = found["names"] or found["caps"]
    said = names(given.split(",")[0] if "," in given and len(given.split(",")) == 2 else given)
    plausible = all(2 <= len(name.split()) <= 5 and name[0].isupper() for name in said)
    return said if said and plausible else ()
