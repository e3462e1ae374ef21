"""Read CSV files and spreadsheets.

Each row is an article if a column holds texts. Rows without texts are the lines of one article; the rows of a
transcript are its turns.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import functools
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import chain, groupby
from statistics import mean, median
from typing import Any, BinaryIO, Final, Self, TextIO
from xml.parsers import expat

from searcher.article import Article
from searcher.errors import Doubt, ReadError
from searcher.readers import dates
from searcher.readers.base import Event, FormatReader, import_optional, inner_path, read_whole
from searcher.readers.containers import ARCHIVE_ERRORS, events_within
from searcher.readers.encodings import decode, guess, refuse_binary
from searcher.readers.mapper import AMBIGUOUS_NAMES, NAMES, Mapper, plain_name
from searcher.readers.records import RecordErrors
from searcher.readers.turns import Cue, cue_turn, join_cues, parse_label, parse_seconds, recording_article

#: Maximum number of columns, and maximum length of one row.
_MAX_COLUMNS, _MAX_ROW_CHARACTERS = 10_000, 10_000_000
#: Bytes examined to detect the encoding and the delimiter.
_MAX_SAMPLE_BYTES = 200_000
#: Encodings that detection reliably distinguishes from cp1252, as they are for scripts other than Latin.
_OTHER_SCRIPTS: Final = frozenset({
    "cp1251", "cp1253", "cp1255", "cp1256", "cp874", "koi8-r", "iso8859-5", "iso8859-7", "gb18030",
    "big5hkscs", "cp932", "euc_jp", "cp949",
})  # fmt: skip
#: Rows, and characters in them, examined to decide what a table contains.
_MAX_SAMPLED_ROWS, _MAX_SAMPLED_CHARACTERS = 200, 2_000_000
#: Maximum length of an article made of rows.
_MAX_LINES = 100_000
#: Maximum unpacked size of a spreadsheet. In memory it takes about ten times as much.
MAX_UNPACKED = 128 * 2**20
#: Maximum number of cells, including empty ones, which take about thirty bytes each.
MAX_CELLS = 10_000_000
_TOO_LARGE = f"The table is larger than {MAX_UNPACKED // 2**20} MB. Save it as CSV."
#: Memory for a repeated cell in addition to its text.
_CELL_BYTES = 32
#: Column and row of an Excel cell (ECMA-376, 18.3.1.4).
_PLACE = re.compile(r"([A-Za-z]{1,9})(\d{1,9})")


class CsvReader(FormatReader):
    """Reads CSV and TSV. Delimiter, quotation mark and header row are detected."""

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        sample = stream.read(_MAX_SAMPLE_BYTES)
        if not sample.strip():
            raise ReadError("It is empty.")
        decoded = decode(sample)
        refuse_binary(decoded)
        encoding, otherwise = _encoding(sample)
        text = io.TextIOWrapper(_ResumedStream(sample, stream), encoding, otherwise, newline="")  # type: ignore[type-var]
        rows = _line_rows(text, *dialect(decoded, origin))
        yield from _rows_to_articles(rows, self.options.mapping, inner_path(origin).stem)


class TableReader(FormatReader):
    """Reads ``.xlsx``, ``.xls`` and ``.ods`` with python-calamine (extra ``tables``)."""

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        calamine = import_optional("python_calamine", "tables")
        data = read_whole(stream)
        _refuse_bomb(data)
        try:
            book = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
            empty, name = True, inner_path(origin).stem
            for sheet in book.sheet_names:
                rows = book.get_sheet_by_name(sheet).to_python()
                empty = empty and not rows
                title = f"{name}: {sheet}" if len(book.sheet_names) > 1 else name
                texts = enumerate(([_cell(cell) for cell in row] for row in rows), 1)
                yield from events_within(sheet, _rows_to_articles(texts, self.options.mapping, title))
        except calamine.PasswordError:
            raise ReadError("It is encrypted.") from None
        except calamine.CalamineError as error:
            raise ReadError(f"The table is damaged or of an unsupported kind ({error}).") from None
        if empty:
            raise ReadError("The table is empty.")


_Rows = Iterable[tuple[int, Sequence[str] | ReadError]]


def _rows_to_articles(rows: _Rows, mapping: Mapping[str, str], title: str) -> Iterator[Event]:
    troubles = RecordErrors("Line")
    filled = _filled_rows(rows, troubles)
    sample: list[tuple[int, Sequence[str]]] = []
    size = 0
    while len(sample) < _MAX_SAMPLED_ROWS and size < _MAX_SAMPLED_CHARACTERS and (row := next(filled, None)):
        sample.append(row)
        size += sum(map(len, row[1]))
    if sample:
        sheet = _Sheet.of([row for _, row in sample], mapping)
        rest = sample[sheet.first :]
        if spoken := _SpokenColumns.of(sheet.header, [row for _, row in rest]) if not mapping else None:
            yield from spoken.recordings((row for _, row in chain(rest, filled)), title)
        elif sheet.is_data:
            for article in _pack_rows_into_articles(chain(sample, filled), title):
                yield article
                yield Doubt(_DATA_DOUBT)
        else:
            yield from sheet.mapper.missing(sheet.header)
            yield from troubles.parse_each(chain(rest, filled), sheet.article)
        if sheet.guessed and not spoken:
            yield Doubt(sheet.guessed, cause="")
    yield from troubles.errors()


def _filled_rows(rows: _Rows, troubles: RecordErrors) -> Iterator[tuple[int, Sequence[str]]]:
    for number, row in rows:
        if isinstance(row, ReadError):
            troubles.add(number, row)
        elif len(row) > _MAX_COLUMNS:
            troubles.add(number, ReadError(f"It has more than {_MAX_COLUMNS:,} cells."))
        elif any(cell.strip() for cell in row):
            yield number, row


def _pack_rows_into_articles(rows: Iterable[tuple[int, Sequence[str]]], title: str) -> Iterator[Article]:
    """Turn rows into the lines of articles of limited length."""
    lines: list[str] = []
    first, length, last = 0, 0, 0
    for number, cells in rows:
        line = " | ".join(filter(None, (" ".join(cell.split()) for cell in cells)))
        if length + len(line) > _MAX_LINES and lines:
            yield Article(id="", title=f"{title}, {first:,}–{last:,}", body="\n".join(lines))
            lines, length = [], 0
        first, last = number if not lines else first, number
        lines.append(line)
        length += len(line) + 1
    whole = first <= 1 or last == len(lines)
    yield Article(id="", title=title if whole else f"{title}, {first:,}–{last:,}", body="\n".join(lines))


#: Minimum mean characters and words of prose, and minimum share of a column's cells with that many words.
_MIN_PROSE_CHARACTERS, _MIN_PROSE_WORDS, _MIN_SHARE_OF_PROSE = 60, 8, 0.5
#: Maximum length of a column name. If a cell in the first row is longer, the table has no column names.
_NAME_CHARACTERS = 80
#: Limits of a title's mean length, its minimum mean number of words, and minimum share of distinct titles.
_TITLE_CHARACTERS, _MIN_TITLE_WORDS, _MIN_SHARE_ONCE = (12, 200), 2.5, 0.8
#: Maximum number of distinct sections, and minimum number of rows.
_MAX_SECTIONS, _MIN_SECTION_ROWS = 30, 10
#: Minimum share of a column's cells with the same type.
_MIN_SHARE_OF_KIND = 0.8
#: Names of date columns that do not hold the date of publication.
_OTHER_DAY = re.compile(
    r"crawl|scrap|updat|modif|retriev|download|access|load|inser|last|birth|geb|nasc|naiss", re.I
)
#: The address of an image.
_PICTURE = re.compile(r"\.(?:avif|gif|jpe?g|png|svg|webp)(?:[?#]|$)", re.I)
_SENTENCE = re.compile(r"\w\s+\w.*[.!?]\s*$", re.S)
#: A date written as a number: "20240503".
_PLAIN_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_NUMBER = re.compile(r"[-+(]?[\s$€£¥]*\d[\d.,'\s]*[%)]?(?:\s*[A-Z€$£]{1,3})?")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The layout of a table.

    Attributes:
        first: Index of the first row below the header.
        is_data: No column holds texts.
        guessed: Message about columns whose content was guessed, or "".
    """

    header: list[str]
    first: int
    mapper: Mapper
    is_data: bool = False
    guessed: str = ""

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]], mapping: Mapping[str, str]) -> _Sheet:
        """Detect the layout from the first rows. Raises ReadError for an invalid mapping."""
        top, named = _header_row(rows, mapping)
        names = [cell.strip().lstrip("\ufeff") for cell in rows[top][:_MAX_COLUMNS]]
        header = [(named and name) or str(number) for number, name in enumerate(names, 1)]
        columns_by_field = {field: _by_number(column, header) for field, column in mapping.items()}
        first = top + 1 if named else top
        columns = [_column_of(rows[first:], number) for number in range(len(header))]
        body = columns_by_field.get("body") or _named_column("body", header, columns)
        vague = (
            body is not None
            and plain_name(body) in AMBIGUOUS_NAMES
            and not _named_column("title", header, columns)
        )
        if "body" in columns_by_field or (body and not _is_label_column(columns, header.index(body), vague)):
            return cls(header, first, Mapper(columns_by_field))
        roles = _guess_roles(header, columns, columns_by_field)
        if "body" not in roles:
            plain = set(map(plain_name, header))
            listed = not plain.isdisjoint(NAMES["title"]) and not plain.isdisjoint(NAMES["url"])
            if listed or not (body or plain.isdisjoint(NAMES["body"])):  # pages, or texts that are all empty
                return cls(header, first, Mapper(columns_by_field))
            return cls(header, first, Mapper(columns_by_field), is_data=True)
        mapping_option = ", ".join(f"{field}={column}" for field, column in roles.items())
        guessed = f"What its columns hold was told by their contents alone, as with --map {mapping_option}."
        return cls(header, first, Mapper({**columns_by_field, **roles}), guessed=guessed)

    def article(self, cells: Sequence[str]) -> Article:
        """Return the article of a row. Columns with the same name are combined."""
        record: dict[str, str | list[str]] = dict(zip(self.header, cells))
        if len(record) < min(len(self.header), len(cells)):
            cells_by_name: dict[str, list[str]] = {}
            for name, cell in zip(self.header, cells):
                cells_by_name.setdefault(name, []).extend([cell] if cell else [])
            record = {
                name: several if len(several) > 1 else "".join(several)
                for name, several in cells_by_name.items()
            }
        return self.mapper.article(record)


#: Names of columns with speakers and with words, and the minimum mean number of rows per speaker.
_SPEAKERS: Final = frozenset((
    "speaker", "speaker_name", "speaker_label", "speakername", "sprecher", "locuteur", "hablante", "orador",
    "falante", "parlante", "spreker", "talare", "оратор", "発言者", "发言人",
))  # fmt: skip
_WORDS: Final = frozenset((*NAMES["body"], "text", "utterance", "transcript", "words", "dialogue", "speech"))
_STARTS: Final = frozenset(("start", "start_time", "begin", "time", "timestamp"))
_MIN_ROWS_EACH = 1.3
#: Minimum rows of a dialogue without column names, and minimum share in which A answers after A, B.
_MIN_ROWS_OF_DIALOGUE, _MIN_SHARE_OF_ANSWERS = 10, 0.25
_DAYS: Final = frozenset(NAMES["published"])


@dataclass(frozen=True, slots=True)
class _SpokenColumns:
    """The columns of a transcript: each row is a turn, or a caption if the times are Whisper's.

    Rows with the same title and day belong to one recording.
    """

    text: int
    speaker: int | None
    start: int | None
    title: int | None
    day: int | None
    unit: float

    @classmethod
    def of(cls, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Self | None:
        """Find the columns by name. Return None unless speakers speak repeatedly."""
        plain = [plain_name(name) for name in header]
        column_names = (
            _WORDS,
            _SPEAKERS,
            _STARTS,
            {*NAMES["title"]} - AMBIGUOUS_NAMES,
            {*NAMES["published"]} - AMBIGUOUS_NAMES - _STARTS,
        )
        text, speaker, start, title, day = (
            next((n for n, name in enumerate(plain) if name in kind), None) for kind in column_names
        )
        whisper = plain == ["start", "end", "text"]
        if not whisper and speaker is None:
            speaker, text = _columns_of_dialogue(plain, rows)
            title = None if speaker is not None else title
        if text is None or (speaker is None and not whisper):
            return None
        columns = cls(text, speaker, start, title, day, 0.001 if whisper else 1.0)
        speakers = _column_of(rows, text if speaker is None else speaker)
        repeated = whisper or len(speakers) >= _MIN_ROWS_EACH * len(set(speakers))
        return columns if repeated and 2 * len({*map(columns._recording, rows)}) <= len(rows) else None

    def recordings(self, rows: Iterable[Sequence[str]], name: str) -> Iterator[Article]:
        """Yield an article for each recording."""
        for (title, day), part in groupby(rows, self._recording):
            cues = [cue for row in part if (cue := self._cue(row)).text]
            turns = join_cues(cues) if self.speaker is None else map(cue_turn, cues)
            made = recording_article(f"{name}.csv", turns, title)
            yield replace(made, published=dates.parse(day) or made.published)

    def _recording(self, row: Sequence[str]) -> tuple[str, str]:
        return _cell_at(row, self.title), _cell_at(row, self.day)

    def _cue(self, row: Sequence[str]) -> Cue:
        start = parse_seconds(_cell_at(row, self.start))
        text, speaker = _cell_at(row, self.text), _cell_at(row, self.speaker)
        return Cue(None if start is None else start * self.unit, " ".join(text.split()), speaker or None)


def _cell_at(row: Sequence[str], number: int | None) -> str:
    return row[number].strip() if number is not None and number < len(row) else ""


def _columns_of_dialogue(
    header: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[int | None, int | None]:
    """Return the columns of speakers and words if the rows look like a dialogue: people answering each
    other."""
    if _ARTICLE_COLUMNS & {*header} - _DAYS or len(rows) < _MIN_ROWS_OF_DIALOGUE:
        return None, None
    columns = [_column_of(rows, number) for number in range(len(header))]
    filled = [n for n, values in enumerate(columns) if len(values) >= _MIN_SHARE_OF_KIND * len(rows)]
    names = [
        n for n in filled if mean(bool(parse_label(value)) for value in columns[n]) >= _MIN_SHARE_OF_KIND
    ]
    text = max(filled, key=lambda n: sum(map(len, columns[n])), default=None)
    if text is None or not names or text in names:
        return None, None
    speaker = max(names, key=lambda n: len({*columns[n]}))
    speakers = [_cell_at(row, speaker) for row in rows]
    answers = sum(
        first == third != second for first, second, third in zip(speakers, speakers[1:], speakers[2:])
    )
    return (speaker, text) if answers >= _MIN_SHARE_OF_ANSWERS * len(rows) else (None, None)


_DATA_DOUBT = (
    "No column of it holds texts, so that its rows are the lines of one article. If one does, name it: "
    "--map body=COLUMN."
)


def _header_row(rows: Sequence[Sequence[str]], mapping: Mapping[str, str]) -> tuple[int, bool]:
    """Return the index of the header row and True, or the index of the first row and False."""
    width = median(sum(bool(cell.strip()) for cell in row) for row in rows)
    top = next((n for n, row in enumerate(rows) if sum(bool(cell.strip()) for cell in row) > width / 2), 0)
    row = rows[top]
    if {plain_name(cell) for cell in row} & _ARTICLE_COLUMNS or set(mapping.values()) & set(row):
        return top, True
    below = rows[top + 1 :]
    long = any(len(cell.strip()) > _NAME_CHARACTERS or _SENTENCE.search(cell) for cell in row)
    typed = [n for n, cell in enumerate(row) if (kind := _kind(cell)) and _mostly(kind, _column_of(below, n))]
    single = not below and bool(mapping) and all(map(str.isdecimal, mapping.values()))
    return top, not (long or typed or single)


_ARTICLE_COLUMNS = frozenset(name for names in NAMES.values() for name in names)


def _kind(cell: str) -> str:
    """Return the type of a cell that cannot be a column name, or ""."""
    cell = cell.strip()
    if cell.startswith(("http://", "https://")):
        return "url"
    if _NUMBER.fullmatch(cell):
        return "number"
    return "day" if len(cell) < _NAME_CHARACTERS and any(map(str.isdigit, cell)) and dates.parse(cell) else ""


def _mostly(kind: str, values: Sequence[str]) -> bool:
    """Return True if nearly all cells have this type. False for an empty column."""
    return bool(values) and sum(_kind(cell) == kind for cell in values) >= _MIN_SHARE_OF_KIND * len(values)


def _column_of(rows: Sequence[Sequence[str]], number: int) -> list[str]:
    return [row[number] for row in rows if number < len(row) and row[number].strip()]


def _by_number(column: str, header: Sequence[str]) -> str:
    number = int(column) if column.isdecimal() and len(column) < 6 and column not in header else 0
    return header[number - 1] if 0 < number <= len(header) else column


def _named_column(field: str, header: Sequence[str], columns: Sequence[Sequence[str]]) -> str | None:
    plain = {plain_name(name): name for name, values in zip(header, columns) if values}
    return next((plain[name] for name in NAMES[field] if name in plain), None)


def _is_label_column(columns: Sequence[Sequence[str]], body: int, vague: bool) -> bool:
    """Return True if the supposed texts are labels of rows of figures ("Police" in a budget), or if ``vague``
    and they are short facts."""
    values = columns[body]
    words = median(len(value.split()) for value in values)
    short = words <= 4 and median(map(len, values)) < _NAME_CHARACTERS / 2
    sentences = sum(value.rstrip().endswith((".", "!", "?", "。")) for value in values)
    numbers = any(_mostly("number", column) for column in columns)
    return short and (vague or numbers) and sentences <= len(values) / 10


def _guess_roles(
    header: Sequence[str], columns: Sequence[Sequence[str]], mapped: Mapping[str, str]
) -> dict[str, str]:
    """Guess from their content which columns hold text, day, address, title and section."""
    named_columns = {mapped.get(field) or _named_column(field, header, columns) for field in NAMES}
    free = {n for n, name in enumerate(header) if name not in named_columns and columns[n]}
    figures = sum(_mostly("number", column) for column in columns) > len(columns) / 2
    rows = max(map(len, columns))
    # In a table of figures, text in few rows is a heading of the rows below.
    texts = [n for n in free if _is_prose_column(columns[n]) and not (figures and len(columns[n]) < rows / 2)]
    if not texts:
        return {}
    body = max(texts, key=lambda n: sum(map(len, columns[n])))
    roles = {"body": header[body]}
    free.discard(body)
    tests = {
        "url": _is_url_column,
        "published": _is_day_column,
        "title": _is_title_column,
        "section": _is_section_column,
    }
    for field, test in tests.items():
        if field not in mapped and _named_column(field, header, columns) is None:
            candidates = [
                n for n in sorted(free) if not (field == "published" and _OTHER_DAY.search(header[n]))
            ]
            if (match := next((n for n in candidates if test(columns[n])), None)) is not None:
                roles[field] = header[match]
                free.discard(match)
    return roles


def _is_prose_column(values: Sequence[str]) -> bool:
    """Return True if the cells are long texts of many words, or in a script without spaces."""
    texts = [value for value in values if len(value.split()) >= _MIN_PROSE_WORDS or not value.isascii()]
    is_prose = len(texts) >= _MIN_SHARE_OF_PROSE * len(values)
    return is_prose and mean(map(len, values)) >= _MIN_PROSE_CHARACTERS and not _mostly("url", values)


def _is_url_column(values: Sequence[str]) -> bool:
    return _mostly("url", ["" if _PICTURE.search(value) else value for value in values])


def _is_day_column(values: Sequence[str]) -> bool:
    short = [value.strip() for value in values if len(value) < _NAME_CHARACTERS / 2]
    days = [value for value in short if _PLAIN_DAY.fullmatch(value) or not value.isdecimal()]
    return sum(dates.parse(value) is not None for value in days) >= _MIN_SHARE_OF_KIND * len(values)


def _is_title_column(values: Sequence[str]) -> bool:
    least, most = _TITLE_CHARACTERS
    of_words = mean(len(value.split()) for value in values) >= _MIN_TITLE_WORDS or not values[0].isascii()
    distinct = len(set(values)) >= _MIN_SHARE_ONCE * len(values)
    return least <= mean(map(len, values)) <= most and of_words and distinct


def _is_section_column(values: Sequence[str]) -> bool:
    few = len(set(values)) <= min(_MAX_SECTIONS, len(values) / 2)
    letters = all(any(map(str.isalpha, value)) and len(value) < _NAME_CHARACTERS / 2 for value in values)
    return few and letters and len(values) >= _MIN_SECTION_ROWS


def _line_rows(text: TextIO, delimiter: str, quote: str) -> Iterator[tuple[int, Sequence[str] | ReadError]]:
    size = 0

    def bounded() -> Iterator[str]:
        nonlocal size
        while line := text.readline(_MAX_ROW_CHARACTERS):
            size += len(line)
            if size > _MAX_ROW_CHARACTERS:
                raise ReadError(f"A row is longer than {_MAX_ROW_CHARACTERS:,} characters.")
            yield line.replace("\0", "")

    csv.field_size_limit(_MAX_ROW_CHARACTERS)
    rows = csv.reader(bounded(), delimiter=delimiter, quotechar=quote)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except (csv.Error, ReadError) as error:
            yield rows.line_num, ReadError(f"It is not a valid row ({error}).")
        else:
            yield rows.line_num, row
        size = 0


def dialect(sample: str, origin: str) -> tuple[str, str]:
    """Detect the delimiter and quotation mark: those that give rows of equal width."""
    if origin.lower().split(".gz")[0].endswith(".tsv"):
        return "\t", '"'
    lines = [line for line in sample[:_HEAD_CHARACTERS].splitlines() if line.strip()][:_HEAD_LINES] or [""]
    head = "\n".join(lines)
    opening, closing = (
        len(re.findall(pattern, head, re.M)) for pattern in (r"(?:^|[,;\t|])'", r"'(?=[,;\t|]|$)")
    )
    single = '"' not in head and min(opening, closing) >= max(2, len(lines) / 2)
    quote = "'" if single else '"'
    ordered = sorted(",;\t|", key=lines[0].count, reverse=True)
    quoted = {one: head.count(f"{one}{quote}") + head.count(f"{quote}{one}") for one in ordered}
    regular = sorted((one for one in ordered if _is_even(head, one, quote)), key=lambda one: -quoted[one])
    is_undelimited = all(one not in lines[0] for one in ordered)
    return (regular[0] if regular else "\x1f" if is_undelimited and len(lines) > 1 else ordered[0]), quote


#: Characters and lines examined for the dialect, and minimum share of rows of equal width.
_HEAD_CHARACTERS, _HEAD_LINES, _MIN_SHARE_OF_WIDTH = 50_000, 100, 0.9


def _is_even(head: str, delimiter: str, quote: str) -> bool:
    try:
        rows = [row for row in csv.reader(io.StringIO(head), delimiter=delimiter, quotechar=quote) if row]
    except csv.Error:
        return False
    rows = rows[:-1] if len(rows) > 2 else rows  # the last row may be cut off
    width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
    return width > 1 and count >= _MIN_SHARE_OF_WIDTH * len(rows)


class _ResumedStream(io.RawIOBase):
    """A stream whose beginning has already been read."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._head.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _encoding(sample: bytes) -> tuple[str, str]:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if sample.startswith(mark):
            return name, "replace"
    if sample.isascii():  # the rest of the file may still contain other characters
        return "utf-8", "cp1252"
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = len(sample) >= _MAX_SAMPLE_BYTES and error.start > len(sample) - 4
        if not cut:
            guessed = guess(sample)
            return (guessed if guessed in _OTHER_SCRIPTS else "cp1252"), "replace"
    return "utf-8", "replace"


def _decode_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Decode bytes that are not UTF-8 as cp1252, as written by older programs."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("cp1252", _decode_as_cp1252)


def _refuse_bomb(data: bytes) -> None:
    """Raise ReadError if a spreadsheet unpacks to more than fits into memory."""
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > MAX_UNPACKED:
                raise ReadError(_TOO_LARGE)
            size = _UnpackedSize()
            for member in members:
                size.add_part(archive.read(member))
    except (*ARCHIVE_ERRORS, expat.ExpatError):
        raise ReadError("The table is damaged or cut short.") from None
    expanded = sum(size.texts[text] * uses for text, uses in size.uses.items() if text < len(size.texts))
    if expanded > MAX_UNPACKED:
        raise ReadError(_TOO_LARGE)


class _UnpackedSize:
    """Counts the size of a spreadsheet in memory before it is unpacked: few bytes can stand for many
    cells."""

    def __init__(self) -> None:
        self.texts: list[int] = []  # lengths of the shared strings of Excel
        self.uses: Counter[int] = Counter()  # number of cells that show each string

    def add_part(self, part: bytes) -> None:
        """Count an archive member. Raises ReadError beyond the limits, and ExpatError."""
        if not part.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._add_text
        self._in_sheet = self._is_shared = self._has_value = False
        self._row = self._column = self._repeated = 0
        self._cells: tuple[int, int, int, int] | None = None
        self._text, self._length = "", 0
        parser.Parse(part, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "sheetData":
                self._in_sheet = True
            case "row":
                self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            case "c" if self._in_sheet:
                place = _PLACE.fullmatch(attributes.get("r", ""))
                self._column = _column(place[1]) if place else self._column + 1
                self._add_cell(int(place[2]) if place else self._row, self._column)
                self._is_shared = attributes.get("t") == "s"
            case "v" | "si":
                self._text, self._length = "", 0
            case "table-row":
                self._rows, self._column = _times(attributes, "rows"), 0
                self._row += self._rows
            case "table-cell" | "covered-table-cell":
                self._columns = _times(attributes, "columns")
                self._column += self._columns
                self._text, self._length = "", sum(map(len, attributes.values()))
                self._has_value = any(":value" in one or ":formula" in one for one in attributes)

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "sheetData":
                self._in_sheet = False
            case "v" if self._is_shared and self._text.strip().isdecimal():
                self.uses[int(self._text)] += 1
            case "si":
                self.texts.append(self._length)
            case "table-cell" | "covered-table-cell" if self._text or self._has_value:
                self._add_cell(self._row - self._rows + 1, self._column - self._columns + 1)
                self._add_cell(self._row, self._column)
                self._repeated += (self._rows * self._columns - 1) * (self._length + _CELL_BYTES)
                if self._repeated > MAX_UNPACKED:
                    raise ReadError(_TOO_LARGE)
            case "table" if name == "table:table":  # the reader also ends a sheet only here
                self._row, self._cells = 0, None

    def _add_text(self, text: str) -> None:
        self._text = (self._text + text)[:20]
        self._length += len(text)

    def _add_cell(self, row: int, column: int) -> None:
        """Extend the rectangle of cells held in memory for a sheet."""
        top, left, bottom, right = self._cells or (row, column, row, column)
        if not (self._cells and top <= row <= bottom and left <= column <= right):
            self._cells = min(top, row), min(left, column), max(bottom, row), max(right, column)
            top, left, bottom, right = self._cells
            if (bottom - top + 1) * (right - left + 1) > MAX_CELLS:
                raise ReadError(_TOO_LARGE)


@functools.lru_cache(1024)
def _column(letters: str) -> int:
    return functools.reduce(lambda number, letter: number * 26 + ord(letter) - 64, letters.upper(), 0)


def _times(attributes: Mapping[str, str], what: str) -> int:
    return next((int(value) for name, value in attributes.items() if name.endswith(f"{what}-repeated")), 1)


def _cell(cell: Any) -> str:
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, (dt.datetime, dt.date, dt.time)):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
