"""What people decide beside an index: names, synonyms and fields of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from searcher.article import Article
from searcher.errors import IndexDamaged
from searcher.fields import BUILT_IN, Fields, load_own
from searcher.locations import OWN_FIELDS, SYNONYMS
from searcher.names import decisions
from searcher.names.table import SAID_BY, Identities, NameTable
from searcher.textfiles import Texts, Watched, says_something

if TYPE_CHECKING:
    from searcher.query.synonyms import Synonyms


class DecidedNames(NamedTuple):
    """The decisions about names beside an index: None where they cannot be understood, for which reason."""

    identities: Identities | None
    problem: str = ""


def watched_names(texts: Texts) -> Watched[DecidedNames]:
    """Return the decisions about names beside an index, which are read again once their text changes."""
    return Watched(texts, decisions.FILE, _names_in)


def watched_synonyms(texts: Texts) -> Watched[Synonyms | None]:
    """Return the synonyms beside an index; None, and nothing of them loaded, where there are none."""
    return Watched(texts, SYNONYMS, _synonyms_in)


def watched_fields(texts: Texts) -> Watched[Fields]:
    """Return the fields of an index, those of one's own among them."""
    return Watched(texts, OWN_FIELDS, _fields_in)


def named(article: Article, names: NameTable) -> Article:
    """Return an article with the names that its people, bodies, source and authors have across articles.
    Mentions of those who are nobody by a decision are left out."""
    mentions = ((mention, names.name_of(mention.kind, mention.name)) for mention in article.mentions)
    quotes = (
        (quote, names.name_of(SAID_BY, quote.speaker) if quote.speaker else None) for quote in article.quotes
    )
    return replace(
        article,
        source=names.name_of("source", article.source) if article.source else article.source,
        authors=names.names_of("author", article.authors),
        mentions=tuple(replace(mention, name=name) for mention, name in mentions if name is not None),
        quotes=tuple(replace(quote, speaker=name or quote.speaker) for quote, name in quotes),
    )


def _names_in(texts: Texts) -> DecidedNames:
    try:
        return DecidedNames(Identities(decisions.load(texts)))
    except IndexDamaged as error:
        return DecidedNames(None, str(error))


def _fields_in(texts: Texts) -> Fields:
    own = load_own(texts)
    return Fields(own) if own else BUILT_IN


def _synonyms_in(texts: Texts) -> Synonyms | None:
    if not says_something(texts.read(SYNONYMS)):
        return None
    from searcher.query import synonyms

    return synonyms.load(texts)
