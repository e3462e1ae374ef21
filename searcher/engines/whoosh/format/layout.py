"""The names of a segment's arrays, and the public field that each one serves.

**Words.** A position of a text holds one *token*: the tuple of its forms (as written, folded, stemmed). The
term dictionary maps each form to the tokens that have it, and a query for a form is the union of their
postings, which are disjoint by construction. (Postings by form would hold 1.4 times the positions, and a
query for a word and its stem would have to remove the doubles.) The tokens of one stem are a *stem group*:
postings are kept by group, and beside each position stands its *variant*, the number of the token within the
group. A word asked for with all that have its stem, the usual case, is one list that is read as it lies in
the file; in 21,577 newswire articles such a word has 7 tokens, whose lists would have to be merged otherwise.

The names on disk are older than these words: *families* are stem groups, *members* variants, *held* says
which tokens are present, *bases* are the position offsets of documents, *places* indices.

========================  =====================================================================
``lexicon.tokens``        the tokens, by stem group: their forms joined by line feeds, in UTF-8
``lexicon.families``      the first token of each stem group; one entry more at the end
``lexicon.forms``         the forms, sorted; ``form_starts``, ``form_tokens``: the tokens of each
``lexicon.buckets``       a hash table of the forms: their numbers, those with equal last bits of their CRC-32
                          together, and ``bucket_starts``, where those of each value of these bits begin
``F.starts``              for F among text, title, quotes: where each group's postings begin
``F.docs``, ``F.tf``      the documents of each group, ascending, with the number of its positions there
``F.position_starts``     where each group's positions begin
``F.positions``           the positions, by group, ascending. They are numbered through all documents of the
                          segment, so that a phrase is found by its positions alone
``F.bases``               the position offset of each document; one number is skipped between documents
``F.members``             for each position the variant that is there, counted from 0
``F.held``                for each token 1 where the field has it
``title.places``          for each posting of the title the index of that document among the postings of its
                          group in the text, counted from 0
========================  =====================================================================

**Values.** For each value field V: ``V.terms`` sorted, ``V.starts`` and ``V.docs`` (the documents of each
value), ``V.value_starts`` and ``V.values`` (the values of each document). Every term list has ``ends``.

**Wordings.** The words of an utterance, folded, are its wording; equal ones are one. Wordings are numbered in
the order of a checksum of their words (:mod:`searcher.engines.whoosh.statements`).

========================  =====================================================================
``wording.vocabulary``    the checksums of their words, sorted
``wording.words``         the words of each wording as numbers in the vocabulary; ``lengths``: how many
                          words each has
``wording.quotes``        the first parts of the utterances, by wording; ``counts``: how many each has
``wording.linked``        the wordings that are one statement with another if one speaker says both;
                          ``linked_to``: that other one; ``linked_by_any``: 1 where anybody may say them
========================  =====================================================================

**Columns**, one entry an article: ``length`` (words of title and body), ``body_length``, ``when`` (seconds on
the publisher's clock), ``quote_starts`` (its first quotation; one entry more at the end); one entry a
quotation: ``quote_article``, ``quote_length``, ``quote_kind``, ``quote_confidence``; ``quote_back``
(quotations from the first part of its utterance to it), ``quote_surest`` (of a first part: quotations from it
to the part whose speaker is surest), ``quote_speaker_kind``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from operator import attrgetter

from searcher.article import Quote, SpeakerKind
from searcher.fields import FIELDS, OF_QUOTES, Kind
from searcher.query.tree import Range

#: Suffixes of a segment's two files: arrays, and the articles themselves.
ARRAYS, ARTICLES = ".arr", ".art"
QUOTES = "quotes"
#: Fields of words: title and body joined, the title alone, the words of quotations.
WORDS = ("text", "title", QUOTES)
#: Value fields of articles.
VALUES = tuple(f.name for f in FIELDS if f.kind is Kind.VALUES)
#: Value fields of quotations: who speaks, unlike ``speaker``, which is one of articles; as what, for whom.
QUOTE_VALUES = tuple(OF_QUOTES.values())
#: All value fields; the ids of articles are kept as values too.
ALL_VALUES = (*VALUES, "id", *QUOTE_VALUES)
#: In the joined field the words of a body begin this many positions after the document's offset, or at a
#: higher power of two in a segment with a title that long: the position tells whether a word is in the title.
MIN_BODY_OFFSET = 256
#: The version of :mod:`searcher.analysis` that made the terms.
ANALYSIS = 6
NO_DATE = -(1 << 63)
#: Kinds of quotations by their code.
KINDS = ("direct", "partial", "indirect", "speech")
#: Kinds of speakers by their code.
SPEAKER_KINDS: tuple[SpeakerKind | None, ...] = (None, "person", "organisation", "unnamed")
FORM_SEPARATOR = "\n"


#: How terms are encoded. Lone surrogates, which careless JSON may hold, are kept.
ENCODING = "utf-8", "surrogatepass"


def encoded(text: str) -> bytes:
    """Return a term's bytes."""
    return text.encode(*ENCODING)


def decoded(term: bytes) -> str:
    """Return the text of a term: the inverse of :func:`encoded`."""
    return term.decode(*ENCODING)


_PLACE = attrgetter("start", "end")
_EPOCH = dt.datetime(1, 1, 1)
DAY_SECONDS = 86_400
#: A bound above every value of a column.
_UNBOUNDED = 1 << 62


def seconds(moment: dt.datetime | None) -> int:
    """Return whole seconds on the publisher's clock since the year 1; NO_DATE for None."""
    if moment is None:
        return NO_DATE
    since = moment - _EPOCH
    return since.days * DAY_SECONDS + since.seconds


def column_range(between: Range) -> tuple[int, int]:
    """Return the smallest column value within the bounds, and the one that all values must be below.

    An article without a date is in no range of dates; a day ends with its last second.
    """
    low, high = between.low, between.high
    if between.field == "length":
        return (int(low) if isinstance(low, int) else 0, high + 1 if isinstance(high, int) else _UNBOUNDED)
    return (
        _midnight(low) if isinstance(low, dt.date) else NO_DATE + 1,
        _midnight(high) + DAY_SECONDS if isinstance(high, dt.date) else _UNBOUNDED,
    )


def _midnight(day: dt.date) -> int:
    return seconds(dt.datetime(day.year, day.month, day.day))


def quotes_by_position(quotes: Sequence[Quote]) -> list[Quote]:
    """Return quotations by their position in the text: the order of an article's quotations in the index."""
    return sorted(quotes, key=_PLACE)
