"""How a segment's arrays are named, and which public field each one serves.

Words. A position of a text holds one *token*: the tuple of its forms. The lexicon says which tokens have a
form, and a query for a form is the union of their postings, which are disjoint by construction. (Postings by
form would hold 1.4 times the positions, and a query for a word and its stem would have to weed out the
doubles.) Tokens of one stem are a *family*: postings are kept by family, and beside each position stands
which member is there. A word as most ask for it, with all that have its stem, is one list that is read as it
lies there; in 21,577 newswire articles such a word has 7 tokens, whose lists had to be merged otherwise.

========================  =====================================================================
``lexicon.tokens``        the tokens, by family: their forms joined by line feeds, in UTF-8
``lexicon.families``      the first token of each family; one entry more at the end
``lexicon.forms``         the forms, sorted; ``form_starts``, ``form_tokens``: the tokens of each
``lexicon.buckets``       the forms once more, those with equal last bits of their CRC-32 together, and
                          ``bucket_starts``, where those of each value of these bits begin
``F.starts``              for F among text, title, quotes: where each family's postings begin
``F.docs``, ``F.tf``      the documents of each family, ascending, with the number of its positions there
``F.position_starts``     where each family's positions begin
``F.positions``           the positions, by family and place; those of a document are counted from its base,
                          so that the positions of a family ascend, and the words of a phrase are found by
                          their positions alone
``F.bases``               of each document what its positions begin with; between two one is left out
``F.members``             of each position, which token of its family is there, counted from 0
``F.held``                of each token, 1 where the field has it
``title.places``          of each posting of the title, which of the postings of its family in the text has
                          that document, counted from 0
========================  =====================================================================

Values. For each value field V: ``V.terms`` sorted, ``V.starts`` and ``V.docs`` (the documents of each
value), ``V.value_starts`` and ``V.values`` (the values of each document). Every list of terms has ``ends``.

Columns, one entry an article: ``length`` (words of title and body), ``body_length``, ``when`` (seconds on the
publisher's clock), ``quote_starts`` (its first quotation; one entry more at the end); one entry a quotation:
``quote_article``, ``quote_length``, ``quote_kind``, ``quote_confidence``.
"""

from __future__ import annotations

from searcher.fields import FIELDS, Kind

__all__ = [
    "ALL_VALUES",
    "ANALYSIS",
    "ARRAYS",
    "ARTICLES",
    "FORM_SEPARATOR",
    "GAP",
    "KINDS",
    "NO_DATE",
    "QUOTES",
    "SAID_BY",
    "VALUES",
    "WORDS",
    "encoded",
]

#: Suffixes of a segment's two files: arrays, and the articles themselves.
ARRAYS, ARTICLES = ".arr", ".art"
QUOTES = "quotes"
#: Postings of words: title and body joined, the title alone, the words of quotations.
WORDS = ("text", "title", QUOTES)
#: Value fields of articles.
VALUES = tuple(f.name for f in FIELDS if f.kind is Kind.VALUES)
#: Who speaks a quotation: a value field of quotations, unlike ``speaker``, which is one of articles.
SAID_BY = "said_by"
#: With the ids of articles, which are kept as values too.
ALL_VALUES = (*VALUES, "id", SAID_BY)
#: In the joined field the words of a body begin so many positions after the base, or at a higher power of two
#: where some title is that long, so that the position tells the part.
GAP = 256
#: The version of :mod:`searcher.analysis` that made the terms.
ANALYSIS = 1
NO_DATE = -(1 << 63)
#: Kinds of quotations by their code.
KINDS = ("direct", "partial", "indirect")
FORM_SEPARATOR = "\n"


def encoded(text: str) -> bytes:
    """A term's bytes. Lone surrogates, which careless JSON may hold, are kept."""
    return text.encode("utf-8", "surrogatepass")
