"""What an index can answer, for people: which languages are served, and why a search found nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from searcher.article import Article
from searcher.cli.output.terminal import amount
from searcher.fields import shown_field
from searcher.languages import code, serves_words
from searcher.query.request import Search
from searcher.sanitize import clean

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.results import Results
    from searcher.results.quotations import Quotes
    from searcher.results.statements import Statements


class Language(NamedTuple):
    """A language with the number of its articles, and whether words (in all their forms), names and
    quotations are found in them. ``language`` is None for articles whose language is unknown: English rules
    serve them."""

    language: str | None
    articles: int
    words: bool
    names: bool
    quotations: bool


def languages(index: Index) -> list[Language]:
    """Return the languages of an index, the commonest first, and last the articles without one."""
    from searcher.languages import is_served

    counts = index.values("language")
    found = []
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        known = code(name) or ""
        extracted = is_served(known)
        words = bool(known) and serves_words(known)
        found.append(Language(name, counts[name], words, extracted, extracted))
    unknown = index.count() - sum(counts.values())
    return [*found, Language(None, unknown, True, True, True)] if unknown else found


def table(rows: Iterable[Language]) -> Iterator[str]:
    """Yield a heading and a line for each language."""
    yield "language      articles  words       names  quotations"
    for language, articles, words, names, quotations in rows:
        found = "yes" if words else "as written"
        named, quoted = ("yes" if one else "no" for one in (names, quotations))
        yield f"{clean(language or 'unknown'):<12}{articles:10,}  {found:<12}{named:<7}{quoted}"


def not_served(articles: Iterable[Article]) -> Iterator[str]:
    """Yield a line if names and quotations are not found in the languages of some of these articles."""
    from searcher.languages import is_served

    found = {article.language for article in articles if article.language}
    if without := sorted(language for language in found if not is_served(code(language) or "")):
        yield f"Names and quotations are not found in articles in: {', '.join(map(clean, without))}."


#: Names and words that are suggested; codes of languages are all listed.
MAX_NAMES = 3


def reasons(
    index: Index, search: Search, found: Results | Quotes | Statements, left_out: int = 0
) -> Iterator[str]:
    """A line for somebody whom articles only name, for each value that narrows to nothing by itself and for
    each word that only begins others, one for articles in whose language no names are found, and one for what
    is left out as not sure."""
    told = index.advice(search, found)
    if quoted := told.named():
        option = next(iter(quoted.search.included)).replace("organisation", "org")
        name, articles = clean(quoted.name), amount(quoted.number, "article")
        yield f"Nobody quotes “{name}”, who is named in {articles}: search --{option} {quote(name)}"
    for one in told.unknown:
        line = f"No article has the {one.field} “{clean(one.value)}”."
        yield line + there_is(one.alike if one.field == "language" else one.alike[:MAX_NAMES])
    for word, longer in told.beginnings():
        held = ", ".join([*map(clean, longer[:MAX_NAMES]), *("…" for _ in longer[MAX_NAMES:])])
        yield f"No article has the word “{clean(word)}”, but there is {held}: {clean(word).lower()}*"
    named = search.quotes or any(shown_field(name).named for name, _ in search.values_asked(index.fields))
    if without := [one for one in languages(index) if not one.names] if named else []:
        count = amount(sum(one.articles for one in without), "article")
        names = ", ".join(clean(one.language or "") for one in without)
        yield f"Names and quotations are not found in {count} because of the language ({names})."
    if others := told.elsewhere():
        from searcher.cli.output.text import told_across

        yield f"In other languages: {told_across(others)}; --translate"
    if left_out:
        yield f"With less confidence in the speaker there would be {left_out:,}: add --min-confidence 0."


def there_is(names: Collection[str]) -> str:
    """The sentence that suggests names, to be put behind another; nothing where there are none."""
    return f" There is: {', '.join(map(clean, names))}." if names else ""
