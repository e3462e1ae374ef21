"""Convert Rich Text Format, as written by Nexis, Factiva and old word processors, to lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from searcher.errors import ReadError
from searcher.readers.base import Event, FormatReader, read_whole
from searcher.readers.downloads import articles_in_lines
from searcher.readers.text import article_from_text

_TOKEN = re.compile(
    r"\\(?P<word>[a-z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<byte>[0-9a-f]{2})|\\(?P<sign>[^a-z])"
    r"|(?P<brace>[{}])|[\r\n]+|(?P<plain>[^\\{}\r\n]+)",
    re.I,
)
# Groups without text of the document.
_SKIPPED = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr", "headerf",
    "footer", "footerl", "footerr", "footerf", "themedata", "colorschememapping", "datastore",
    "listtable", "listoverridetable", "latentstyles", "rsidtbl", "generator", "fldinst", "object",
    "filetbl", "revtbl", "xmlnstbl", "annotation", "shppict", "nonshppict", "bkmkstart", "bkmkend",
    "mmathpr",
})  # fmt: skip
_BREAKS = frozenset({"par", "line", "sect", "page", "row", "cell", "column"})
_SIGNS = {
    "tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip

#: Maximum number of control words and groups. A download of 500 articles has a few hundred thousand.
_MAX_CONTROLS = 3_000_000

#: A font with its charset, and the code page of each charset (RTF 1.9.1, "Font Table").
_FONT = re.compile(r"\\f(\d{1,5})\b[^{};]{0,80}?\\fcharset(\d{1,3})")
_CHARSETS = {
    "128": "cp932", "129": "cp949", "134": "gb18030", "136": "big5hkscs", "161": "cp1253", "162": "cp1254",
    "163": "cp1258", "177": "cp1255", "178": "cp1256", "186": "cp1257", "204": "cp1251", "222": "cp874",
    "238": "cp1250",
}  # fmt: skip


class RtfReader(FormatReader):
    """Reads ``.rtf``: one article per file, or a database download."""

    needs_whole_file = True

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        data = read_whole(stream)
        if not data.lstrip().startswith(b"{\\rtf"):
            raise ReadError("It is not RTF.")
        if data.count(b"\\") + data.count(b"{") > _MAX_CONTROLS:
            raise ReadError(f"It has more than {_MAX_CONTROLS:,} control words, too many for one document.")
        lines = [line for line in _lines(_characters(data)) if line]
        yield from articles_in_lines(lines) or (article_from_text("\n\n".join(lines)),)


def text_of_rtf(data: bytes) -> str:
    """Return the text of a document as paragraphs."""
    return "\n\n".join(line for line in _lines(_characters(data)) if line)


def _characters(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


@dataclass(slots=True)
class _State:
    """Settings of a group: whether it is skipped, fallback characters per Unicode character, code page."""

    skip: bool = False
    unicode: int = 1
    codepage: str = ""


class _Writer:
    """Collects text and decodes bytes in a code page."""

    def __init__(self, codepage: str) -> None:
        self.text: list[str] = []
        self._bytes = bytearray()
        self._codepage = codepage
        self.pending = 0  # fallback characters still to be skipped

    def byte(self, value: int, codepage: str) -> None:
        if self.pending:
            self.pending -= 1
            return
        if codepage != self._codepage:
            self.flush()
            self._codepage = codepage
        self._bytes.append(value)

    def write(self, text: str) -> None:
        if self.pending and text:
            dropped = min(self.pending, len(text))
            self.pending -= dropped
            text = text[dropped:]
        self.flush()
        self.text.append(text)

    def flush(self) -> None:
        if self._bytes:
            self.text.append(self._bytes.decode(self._codepage, "replace"))
            self._bytes.clear()


def _lines(text: str) -> list[str]:
    named = re.search(r"\\ansicpg(\d{3,5})", text[:2000])
    default = _codepage(named[1] if named else "1252")
    fonts = {font: _CHARSETS[charset] for font, charset in _FONT.findall(text) if charset in _CHARSETS}
    writer = _Writer(default)
    stack = [_State(codepage=default)]
    is_optional = False
    for match in _TOKEN.finditer(text):
        word, number, _, sign, brace, _ = match.groups()
        state = stack[-1]
        if brace == "{":
            stack.append(_State(state.skip, state.unicode, state.codepage))
        elif brace == "}":
            writer.pending = 0
            if len(stack) > 1:
                stack.pop()
        elif sign == "*":
            is_optional = True
            continue
        elif word and (is_optional or word.lower() in _SKIPPED):
            state.skip = True
        elif word == "f" and not state.skip:
            state.codepage = fonts.get(number, default)
        elif not state.skip:
            _write_token(writer, state, match)
        is_optional = False
    writer.flush()
    halves = "".join(writer.text).encode("utf-16-le", "surrogatepass")  # join surrogate pairs
    return [" ".join(line.split()) for line in halves.decode("utf-16-le", "replace").split("\n")]


def _codepage(number: str) -> str:
    try:
        "".encode(f"cp{number}")
    except LookupError:
        return "cp1252"
    return f"cp{number}"


def _write_token(writer: _Writer, state: _State, match: re.Match[str]) -> None:
    word, number, byte, sign, _, plain = match.groups()
    if plain:
        writer.write(plain)
    elif byte:
        writer.byte(int(byte, 16), state.codepage)
    elif sign:
        writer.write({"~": "\u00a0", "_": "-", "-": ""}.get(sign, sign if sign in "\\{}" else ""))
    elif word == "u" and number:
        writer.pending = 0
        writer.write(chr(int(number) & 0xFFFF))
        writer.pending = state.unicode
    elif word == "uc" and number:
        state.unicode = int(number)
    elif word in _BREAKS:
        writer.write("\n")
    elif word in _SIGNS:
        writer.write(_SIGNS[word])
