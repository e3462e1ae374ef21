"""What the names of one publication have in common."""

from __future__ import annotations

import re
from typing import Final

from searcher.names.normalise import fold

__all__ = ["publication"]

#: The host of an address, and what is around the name in it.
_ADDRESS = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+/?")
_AROUND_HOST = re.compile(r"^(?:https?://)?(?:www\.)?|(?:\.(?:co|com|org|net|gov|ac))?\.[a-z]{2,}/?$")
#: “© 2024 …”, “… Copyright 2024 …”, “… All rights reserved”.
_COPYRIGHT = re.compile(
    r"^(?:copyright|©|\(c\))[\s:]*(?:©|\(c\))?\s*(?:\d{4})?[\s,]*|\s+(?:copyright\b|©|\(c\)).*$|"
    r"[\s,.]*all rights reserved\W*$"
)
#: “… (Final Edition)”, “… - Online”, “… Print Edition”.
_EDITION = re.compile(
    r"[\s,;:|(\[–—-]+(?:[\w']+\s+){0,2}edition[)\]]?$|\s*[,;:|(\[–—-]\s*(?:online|print|web|digital|e-?paper)[)\]]?$"
)


#: Letters of a source that may have such additions: no publication's name is longer, and each of the
#: patterns takes the square of their number for a row of dashes or blanks.
_MAX_LETTERS: Final = 300


def publication(value: str) -> str:
    """Return the name of a source without “The”, edition, copyright, spaces and what makes it an address:
    “The Guardian (Final Edition)”, “© 2024 Guardian” and “www.theguardian.com” are all “guardian”."""
    plain = value.strip().lower()
    if len(plain) > _MAX_LETTERS:
        return fold(plain).replace(" ", "")
    if _ADDRESS.fullmatch(plain):
        plain = _AROUND_HOST.sub("", plain)
    while (shorter := _EDITION.sub("", _COPYRIGHT.sub("", plain)).strip()) != plain and shorter:
        plain = shorter
    return fold(plain).replace(" ", "").removeprefix("the")
