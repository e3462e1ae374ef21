"""Spreadsheets: every row is an article, as in CSV; the first row names the columns."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, BinaryIO

from searcher.errors import ReadError
from searcher.readers.base import Event, Options, optional, whole
from searcher.readers.mapper import Mapper
from searcher.readers.records import rows_to_articles

__all__ = ["TableReader"]

#: Bytes that a spreadsheet may unpack to: it is held in memory whole, in some ten times that.
MAX_UNPACKED = 128 * 2**20


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
            sheets = [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
        except calamine.PasswordError:
            raise ReadError("It is encrypted.") from None
        except calamine.CalamineError as error:
            raise ReadError(f"The table is damaged, or of a kind that is not read ({error}).") from None
        filled = [(name, rows) for name, rows in sheets if rows]
        if not filled:
            raise ReadError("The table is empty.")
        for name, rows in filled:
            for event in rows_to_articles(enumerate(map(_texts, rows), 1), self._mapper):
                yield ReadError(f"{name}: {event}") if isinstance(event, ReadError) else event


def _refuse_bomb(data: bytes) -> None:
    """Raises ReadError when what is packed in a spreadsheet is too much to hold."""
    if not data.startswith(b"PK"):
        return
    try:
        size = sum(member.file_size for member in zipfile.ZipFile(BytesIO(data)).infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise ReadError("The table is damaged or cut short.") from None
    if size > MAX_UNPACKED:
        raise ReadError(f"The table is larger than {MAX_UNPACKED // 2**20} MB. Save it as CSV.")


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
