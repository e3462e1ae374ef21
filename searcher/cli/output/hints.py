"""Why nothing was found, in lines for people."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from searcher.fields import shown_field
from searcher.query.request import Search
from searcher.sanitize import clean

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.results import Results
    from searcher.results.quotations import Quotes
    from searcher.results.statements import Statements


#: Names and words that are suggested; codes of languages are all listed.
MAX_SUGGESTED = 3


def advice(
    index: Index, search: Search, found: Results | Quotes | Statements, left_out: int = 0
) -> Iterator[str]:
    """A line for each value that narrows to nothing by itself and for each word that only begins others, one
    for articles in whose language no names are found, and one for what is left out as not sure."""
    told = index.advice(search, found)
    for one in told.unknown():
        line = f"No article has the {one.field} “{clean(one.value)}”."
        yield line + there_is(one.alike if one.field == "language" else one.alike[:MAX_SUGGESTED])
    for word, longer in told.beginnings():
        held = ", ".join([*map(clean, longer[:MAX_SUGGESTED]), *("…" for _ in longer[MAX_SUGGESTED:])])
        yield f"No article has the word “{clean(word)}”, but there is {held}: {clean(word).lower()}*"
    if search.quotes or any(shown_field(name).named for name, _ in told.values_asked()):
        yield from _unserved(index)
    if left_out:
        yield f"With less confidence in the speaker there would be {left_out:,}: add --confidence 0."


def there_is(names: Collection[str]) -> str:
    """The sentence that suggests names, to be put behind another; nothing where there are none."""
    return f" There is: {', '.join(map(clean, names))}." if names else ""


def _unserved(index: Index) -> Iterator[str]:
    from searcher.cli.output.served import languages
    from searcher.cli.output.terminal import counted

    without = [one for one in languages(index) if not one.names]
    if without:
        count = counted(sum(one.articles for one in without), "article")
        names = ", ".join(clean(one.language or "") for one in without)
        yield f"Names and quotations are not found in {count} because of the language ({names})."
