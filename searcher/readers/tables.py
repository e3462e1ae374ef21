"""Spreadsheets: every row is an article, as in CSV; the first row names the columns."""

from __future__ import annotations

import datetime as dt
import functools
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any, BinaryIO

from searcher.errors import ReadError
from searcher.readers.base import Event, Options, optional, whole
from searcher.readers.mapper import Mapper
from searcher.readers.records import rows_to_articles

#: Bytes that a spreadsheet may unpack to: it is held in memory whole, in some ten times that.
MAX_UNPACKED = 128 * 2**20
#: Cells from the first to the last, empty ones too, each of which takes some thirty bytes.
MAX_CELLS = 10_000_000
_LARGE = f"The table is larger than {MAX_UNPACKED // 2**20} MB. Save it as CSV."
#: The place of a cell of Excel, the number of the text that it shares, and what begins such a text (ECMA-376,
#: 18.3.1.4 and 18.4.8).
_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]{0,200}?\br="([A-Z]{1,3})(\d{1,7})"')
_SHOWN = re.compile(rb'<(?:\w+:)?c\s[^<>]{0,200}?\bt="s"[^<>]{0,200}>\s*<(?:\w+:)?v>(\d{1,9})<')
_SHARED = re.compile(rb"<(?:\w+:)?si\b")
_COLUMNS = re.compile(rb'number-columns-repeated="(\d{1,9})"')
_ROWS = re.compile(rb'number-rows-repeated="(\d{1,9})"')


class TableReader:
    """``.xlsx``, ``.xls`` and ``.ods``, with python-calamine (extra ``tables``)."""

    suffixes: tuple[str, ...] = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")

    def __init__(self, options: Options) -> None:
        self._mapper = Mapper(options.mapping)

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        calamine = optional("python_calamine", "tables")
        data = whole(stream)
        _refuse_bomb(data)
        try:
            book = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
            empty = True
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python()
                empty = empty and not rows
                for event in rows_to_articles(enumerate(map(_texts, rows), 1), self._mapper) if rows else ():
                    yield ReadError(f"{name}: {event}") if isinstance(event, ReadError) else event
        except calamine.PasswordError:
            raise ReadError("It is encrypted.") from None
        except calamine.CalamineError as error:
            raise ReadError(f"The table is damaged, or of a kind that is not read ({error}).") from None
        if empty:
            raise ReadError("The table is empty.")


def _refuse_bomb(data: bytes) -> None:
    """Raises ReadError when what is packed in a spreadsheet is too much to hold."""
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            found = archive.infolist()
            if sum(member.file_size for member in found) > MAX_UNPACKED:
                raise ReadError(_LARGE)
            parts = (archive.read(member) for member in found if member.filename.lower().endswith(".xml"))
            _refuse_repeated(parts)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, zlib.error, EOFError, OSError):
        raise ReadError("The table is damaged or cut short.") from None


def _refuse_repeated(parts: Iterable[bytes]) -> None:
    """Raises ReadError when few bytes say that there are too many cells, or too much text in them."""
    lengths: list[int] = []  # of the texts that cells of Excel share
    shared: Counter[int] = Counter()  # how often each is shown
    for part in parts:
        if b"<sst" in part[:2000] or b":sst" in part[:2000]:
            lengths = list(map(len, _SHARED.split(part)))[1:]
        elif b"number-rows-repeated" in part or b"number-columns-repeated" in part:
            if sum(map(_row_size, part.split(b"<table:table-row")[1:])) > MAX_UNPACKED:
                raise ReadError(_LARGE)
        elif places := _CELL.findall(part):
            columns = {letters for letters, _ in places}
            rows = [int(number) for _, number in places]
            width = max(map(_column, columns)) - min(map(_column, columns)) + 1
            if width * (max(rows) - min(rows) + 1) > MAX_CELLS:
                raise ReadError(_LARGE)
            shared.update(map(int, _SHOWN.findall(part)))
    if sum(lengths[text] * count for text, count in shared.items() if text < len(lengths)) > MAX_UNPACKED:
        raise ReadError(_LARGE)


def _column(letters: bytes) -> int:
    """The number of a column: 1 of “A”, 28 of “AB”."""
    return functools.reduce(lambda number, letter: number * 26 + letter - 64, letters, 0)


def _row_size(row: bytes) -> int:
    """The bytes of a row of an OpenDocument table, with all its repetitions; empty cells cost nothing."""
    cells = row.split(b"<table:table-cell")
    size = sum(_times(_COLUMNS, cell) * len(cell) for cell in cells[1:] if b"<text:p" in cell)
    return size * _times(_ROWS, cells[0])


def _times(repeated: re.Pattern[bytes], markup: bytes) -> int:
    found = repeated.search(markup)
    return int(found[1]) if found else 1


def _texts(row: Sequence[Any]) -> list[str]:
    """The cells as a CSV file has them."""
    return [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, (dt.datetime, dt.date, dt.time)):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
