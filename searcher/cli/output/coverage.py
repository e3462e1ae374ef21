"""Supported languages of an index, and reasons why a search found nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from searcher.article import Article
from searcher.cli.output.terminal import amount
from searcher.fields import shown_field
from searcher.languages import has_word_forms, language_code
from searcher.query.request import Search
from searcher.sanitize import clean_line

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.results import Results
    from searcher.results.quotations import Quotes
    from searcher.results.statements import Statements


class Language(NamedTuple):
    """A language with its number of articles and what is supported: inflected words, names, quotations.

    Articles in an unknown language have no ``language`` and are treated as English.
    """

    language: str | None
    articles: int
    words: bool
    names: bool
    quotations: bool


def languages(index: Index) -> list[Language]:
    """Return the languages of an index, most frequent first, then the unknown language."""
    from searcher.languages import is_served

    counts = index.values("language")
    rows = []
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        language = language_code(name) or ""
        extracted = is_served(language)
        words = bool(language) and has_word_forms(language)
        rows.append(Language(name, counts[name], words, extracted, extracted))
    unknown = index.count() - sum(counts.values())
    return [*rows, Language(None, unknown, True, True, True)] if unknown else rows


def table(rows: Iterable[Language]) -> Iterator[str]:
    """Yield a heading and a line for each language."""
    yield "language      articles  words       names  quotations"
    for language, articles, words, names, quotations in rows:
        forms = "yes" if words else "as written"
        has_names, has_quotations = ("yes" if one else "no" for one in (names, quotations))
        name = clean_line(language or "unknown")
        yield f"{name:<12}{articles:10,}  {forms:<12}{has_names:<7}{has_quotations}"


def not_served(articles: Iterable[Article]) -> Iterator[str]:
    """Yield a note if names and quotations are not supported in the language of some of these articles."""
    from searcher.languages import is_served

    languages = {article.language for article in articles if article.language}
    if unsupported := sorted(
        language for language in languages if not is_served(language_code(language) or "")
    ):
        yield f"Names and quotations are not supported in: {', '.join(map(clean_line, unsupported))}."


#: Maximum number of suggested names and words. Language codes are all listed.
MAX_NAMES = 3


def reasons(
    index: Index, search: Search, results: Results | Quotes | Statements, uncertain: int = 0
) -> Iterator[str]:
    """Yield reasons why a search found nothing.

    These are: a person no one quotes, unknown values, words that are only prefixes of others, languages
    without names, translations, and ``uncertain`` quotations.
    """
    advice = index.hints.advise(search, results)
    if mentioned := advice.mention_offer():
        option = next(iter(mentioned.search.included)).replace("organisation", "org")
        name, articles = clean_line(mentioned.name), amount(mentioned.number, "article")
        yield f"No one quotes “{name}”. To find {articles} with this name: search --{option} {quote(name)}"
    for one in advice.unknown_values:
        line = f"No article has the {one.field} “{clean_line(one.value)}”."
        yield line + similar_values(
            one.similar_names if one.field == "language" else one.similar_names[:MAX_NAMES]
        )
    for word, longer in advice.incomplete_words():
        words = ", ".join([*map(clean_line, longer[:MAX_NAMES]), *("…" for _ in longer[MAX_NAMES:])])
        yield f"No article has the word “{clean_line(word)}”. To find {words}: {clean_line(word).lower()}*"
    needs_names = search.quotes or any(
        shown_field(name).named for name, _ in search.queried_values(index.fields)
    )
    if unsupported := [one for one in languages(index) if not one.names] if needs_names else []:
        count = amount(sum(one.articles for one in unsupported), "article")
        names = ", ".join(clean_line(one.language or "") for one in unsupported)
        yield f"{count} without names and quotations because the language is not supported: {names}."
    if translations := advice.translations():
        from searcher.cli.output.text import translations_text

        yield f"In other languages (--translate): {translations_text(translations)}"
    if uncertain:
        yield f"{uncertain:,} with lower confidence in the speaker: add --min-confidence 0."


def similar_values(values: Collection[str]) -> str:
    """Return a sentence that suggests values, to append to another, or ""."""
    return f" Similar: {', '.join(map(clean_line, values))}." if values else ""
