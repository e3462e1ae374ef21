"""The index for stock Whoosh: the schema, the table of contents, and a codec that reads our segments.

They allow ``whoosh.index.open_dir`` to open an index, and Whoosh's queries to search it. Searcher writes the
table of contents, whose appearance is the commit, but never reads it, since it contains a pickle: Searcher
reads the arrays directly. An article is one document, followed by one document for each of its quotations.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from whoosh import fields
from whoosh.analysis.acore import Token
from whoosh.analysis.tokenizers import Tokenizer
from whoosh.codec import base
from whoosh.matching.mcore import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from searcher import analysis
from searcher.engines.whoosh.format.array_file import (
    QUOTE_VALUES,
    QUOTES,
    VALUES,
    WORDS,
    decoded,
    quotes_by_position,
)
from searcher.engines.whoosh.format.manifest import INDEX_NAME, SegmentRecord
from searcher.engines.whoosh.format.segment import Segment, deleted_articles
from searcher.fields import QUOTE_FIELDS

#: Maps fields of Searcher to their names in the schema, if these differ.
NAMES = {"person": "people", "organisation": "organisations", "speaker": "speakers", "author": "authors",
         "tag": "tags", "role": "roles", "party": "parties", "place": "places", "contact": "contacts",
         **{own: field for field, own in QUOTE_FIELDS.items()}}  # fmt: skip


class FormsTokenizer(Tokenizer):
    """Searcher's analysis for Whoosh: all forms at each position of a text, one form at each position of a
    query."""

    def __call__(self, value: str, mode: str = "", **_: Any) -> Iterator[Token]:
        token = Token(removestops=True, mode=mode, boost=1.0, stopped=False)
        for position, (start, end, forms) in enumerate(analysis.tokens(value)):
            token.pos, token.startchar, token.endchar = position, start, end
            stem = next((form for form in forms if not analysis.is_surface(form)), forms[0])
            for form in (stem,) if mode == "query" else forms:
                token.text = form
                yield token


def make_schema() -> fields.Schema:
    """Return the schema. Texts use Searcher's analysis, independent of Whoosh's defaults."""
    text = fields.TEXT(analyzer=FormsTokenizer(), phrase=True)
    value = fields.ID()
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        title=text,  # the words of the title
        text=text,  # title and body joined: the default field
        people=value,  # complete values as they are in the article
        organisations=value,
        speakers=value,
        places=value,
        contacts=value,
        roles=value,
        parties=value,
        source=value,
        authors=value,
        language=value,
        section=value,
        tags=value,
        story=value,
        year=value,
        article=fields.STORED,  # the article as a dict, or the id of a quotation's article
        quotes=text,  # the words of one quotation
        speaker=value,  # the speaker of the quotation
        role=value,  # the speaker's role
        party=value,  # the speaker's party
    )


_FIELD_NAMES = {**{NAMES.get(name, name): name for name in (*VALUES, *QUOTE_VALUES)}, "id": "id"}
_FIELDS = sorted({*WORDS, *_FIELD_NAMES})
#: The number of words of a field is the sum of the first columns minus the sum of the second ones.
_LENGTHS = {"text": (["length"], []), "title": (["length"], ["body_length"]), QUOTES: (["quote_length"], [])}


def _refused(*_: Any, **__: Any) -> Any:
    raise NotImplementedError("Only Searcher writes this index.")


class ArrayCodec(base.Codec):
    """Reads segments. Writing with Whoosh raises NotImplementedError."""

    per_document_writer = field_writer = postings_writer = postings_reader = new_segment = _refused

    def terms_reader(self, storage: Any, segment: ArraySegment) -> ArrayTerms:
        return ArrayTerms(segment.open(storage))

    def per_document_reader(self, storage: Any, segment: ArraySegment) -> ArrayDocuments:
        return ArrayDocuments(segment.open(storage), segment)


class ArraySegment(base.Segment):
    """A segment in Whoosh's table of contents."""

    def __init__(self, record: SegmentRecord, deleted: Sequence[int]) -> None:
        self.indexname = INDEX_NAME
        self.segid = record.id
        self.compound = False
        self._sizes = (record.articles, record.quotes, record.deleted)
        self._deleted = tuple(deleted)

    def codec(self, **_: Any) -> ArrayCodec:
        return ArrayCodec()

    def open(self, storage: Any) -> Segment:
        articles, quotes, deleted = self._sizes
        return Segment(Path(storage.folder), SegmentRecord(self.segid, articles, quotes, (), None, deleted))

    def should_assemble(self) -> bool:
        return False

    set_doc_count = delete_document = _refused

    def doc_count_all(self) -> int:
        return self._sizes[0] + self._sizes[1]

    def deleted_count(self) -> int:
        return len(self._deleted)

    def deleted_docs(self) -> Iterator[int]:
        return iter(self._deleted)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self._deleted


class _DocNumbers:
    """Converts the numbers of a segment's articles and quotations to Whoosh's document numbers, and back."""

    def __init__(self, segment: Segment) -> None:
        self._starts = segment.quote_starts
        self._owners = segment.column("quote_article")

    def of_article(self, number: int) -> int:
        return number + self._starts[number]

    def of_quote(self, number: int) -> int:
        return number + self._owners[number] + 1

    def located(self, docnum: int) -> tuple[int, int | None]:
        """Return the article of a document, and the number of the quotation (None: the article itself)."""
        article = bisect_right(range(len(self._starts) - 1), docnum, key=self.of_article) - 1
        quote = docnum - self.of_article(article) - 1
        return article, None if quote < 0 else quote


class _TermPostings:
    """The postings of one term by Whoosh's document numbers. Only text fields have positions."""

    def __init__(self, positions: dict[int, list[int]]) -> None:
        self.docs = sorted(positions)
        self.positions = [sorted(positions[doc]) for doc in self.docs]
        self.weights = [float(max(1, len(own))) for own in self.positions]

    def info(self) -> TermInfo:
        """Return the term's statistics. Document lengths have wide bounds, by which Whoosh skips nothing."""
        info = TermInfo(weight=sum(self.weights), df=len(self.docs))
        info._minlength, info._maxlength = 1, 1 << 20
        info._maxweight = max(self.weights)
        info._minid, info._maxid = self.docs[0], self.docs[-1]
        return info


class ArrayTerms(base.TermsReader):
    """Reads the terms and postings of all fields. The postings of a form are those of all its tokens."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._numbers = _DocNumbers(segment)

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return bool(self._positions(*term))

    def indexed_field_names(self) -> list[str]:
        return _FIELDS

    def terms(self) -> Iterator[tuple[str, bytes]]:
        return ((name, term) for name in _FIELDS for term in self._terms_of(name))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        later = _FIELDS[_FIELDS.index(fieldname) + 1 :] if fieldname in _FIELDS else []
        yield from ((fieldname, term) for term in self._terms_of(fieldname, prefix))
        yield from ((name, term) for name in later for term in self._terms_of(name))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return (((name, term), self.term_info(name, term)) for name, term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        terms = self.terms_from(fieldname, prefix)
        return (((name, term), self.term_info(name, term)) for name, term in terms)

    def cursor(self, fieldname: str, fieldobj: Any) -> ArrayCursor:
        return ArrayCursor(self, fieldname, fieldobj)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        return self._postings(fieldname, text).info()

    def frequency(self, fieldname: str, text: bytes) -> float:
        return sum(_TermPostings(self._positions(fieldname, text)).weights)

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return len(self._positions(fieldname, text))

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        postings = self._postings(fieldname, text)
        return ListMatcher(
            postings.docs,
            postings.weights,
            [format_.encode(own) for own in postings.positions],
            format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=postings.info(),
        )

    def _postings(self, fieldname: str, text: bytes) -> _TermPostings:
        if not (positions := self._positions(fieldname, text)):
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return _TermPostings(positions)

    def _terms_of(self, fieldname: str, start: bytes = b"") -> Iterator[bytes]:
        """Yield the terms of a field from ``start`` on. Text fields share one term dictionary."""
        if fieldname in WORDS:
            dictionary = self._segment.dictionary
            terms = dictionary.terms(dictionary.lower_bound(start))
            return (term for term in terms if self._positions(fieldname, term))
        if fieldname not in _FIELD_NAMES:
            return iter(())
        values = self._segment.values(_FIELD_NAMES[fieldname])
        return values.terms(values.lower_bound(start))

    def _positions(self, fieldname: str, text: bytes) -> dict[int, list[int]]:
        """Return the positions of a term by Whoosh's document number. Values have no positions."""
        if fieldname in WORDS:
            return self._word_positions(fieldname, text)
        if fieldname not in _FIELD_NAMES:
            return {}
        values = self._segment.values(_FIELD_NAMES[fieldname])
        number = values.find(decoded(text))
        docs = values.docs[values.starts[number] : values.starts[number + 1]] if number >= 0 else ()
        numbered = (
            self._numbers.of_quote if _FIELD_NAMES[fieldname] in QUOTE_VALUES else self._numbers.of_article
        )
        return {numbered(doc): [] for doc in docs}

    def _word_positions(self, field: str, form: bytes) -> dict[int, list[int]]:
        number = self._segment.dictionary.find(decoded(form))
        if number < 0:
            return {}
        postings = self._segment.postings(field)
        numbered = self._numbers.of_quote if field == QUOTES else self._numbers.of_article
        positions_of: dict[int, list[int]] = {}
        for group in self._segment.dictionary.groups_of(number):
            for doc, positions in postings.positions_of(group):
                offset = postings.doc_offsets[doc]
                positions_of.setdefault(numbered(doc), []).extend(position - offset for position in positions)
        return positions_of


class ArrayCursor(base.FieldCursor):
    """Iterates over the terms of one field."""

    def __init__(self, terms: ArrayTerms, fieldname: str, fieldobj: Any) -> None:
        self._terms, self._name, self._field = terms, fieldname, fieldobj
        self.first()

    def first(self) -> Any:
        return self.find(b"")

    def find(self, term: Any) -> Any:
        start = term if isinstance(term, bytes) else self._field.to_bytes(term)
        self._rest = self._terms._terms_of(self._name, start)
        return self.next()

    def next(self) -> Any:
        self._term = next(self._rest, None)
        return self.text()

    def text(self) -> Any:
        return None if self._term is None else self._field.from_bytes(self._term)

    def term_info(self) -> Any:
        return None if self._term is None else self._terms.term_info(self._name, self._term)

    def is_valid(self) -> bool:
        return self._term is not None


class ArrayDocuments(base.PerDocumentReader):
    """Reads stored articles and quotations, and the lengths of their texts."""

    def __init__(self, segment: Segment, about: ArraySegment) -> None:
        self._segment, self._about = segment, about
        self._numbers = _DocNumbers(segment)
        self._field_lengths: dict[str, int] = {}

    def doc_count(self) -> int:
        return self._about.doc_count_all() - self._about.deleted_count()

    def doc_count_all(self) -> int:
        return self._about.doc_count_all()

    def has_deletions(self) -> bool:
        return self._about.deleted_count() > 0

    def is_deleted(self, docnum: int) -> bool:
        return self._about.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        return self._about.deleted_docs()

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        article, quote = self._numbers.located(docnum)
        if quote is None:
            lengths = self._segment.column("length")[article]
            bodies = self._segment.column("body_length")[article]
            return int({"text": lengths, "title": lengths - bodies}.get(fieldname, default))
        number = self._segment.quote_starts[article] + quote
        return int(self._segment.column("quote_length")[number]) if fieldname == QUOTES else default

    def field_length(self, fieldname: str) -> int:
        """Return the number of words of all documents."""
        if fieldname not in self._field_lengths:
            more, less = _LENGTHS.get(fieldname, ([], []))
            self._field_lengths[fieldname] = self._sum(more) - self._sum(less)
        return self._field_lengths[fieldname]

    def _sum(self, columns: Iterable[str]) -> int:
        return sum(sum(self._segment.column(name)) for name in columns)

    def min_field_length(self, fieldname: str) -> int:
        return min(0, self.field_length(fieldname))

    def max_field_length(self, fieldname: str) -> int:
        return self.field_length(fieldname)

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        number, quote = self._numbers.located(docnum)
        article = self._segment.article(number)
        if quote is None:
            return {"id": article.id, "article": article.to_dict()}
        said = quotes_by_position(article.quotes)[quote]
        return {"quotes": said.text, "speaker": said.speaker, "article": article.id}


def make_toc(folder: Path, generation: int, records: Sequence[SegmentRecord]) -> bytes:
    from whoosh.filedb.filestore import RamStorage
    from whoosh.index import TOC

    storage = RamStorage()
    segments = [_whoosh_segment(folder, record) for record in records]
    TOC(make_schema(), segments, generation).write(storage, INDEX_NAME)
    (contents,) = storage.files.values()
    return bytes(contents)


def _whoosh_segment(folder: Path, record: SegmentRecord) -> Any:
    articles, deleted = deleted_articles(folder, record), list[int]()
    starts = Segment(folder, record).quote_starts if len(articles) else ()
    for article in articles:
        deleted += range(article + starts[article], article + starts[article + 1] + 1)
    return ArraySegment(record, deleted)
