"""The paragraphs of the article in a page."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from searcher.readers.html import jsonld
from searcher.readers.html.blocks import AIMS, HINTS, Block, Layout, layout
from searcher.readers.html.fragment import assemble
from searcher.readers.html.lines import is_clutter, split, without_clutter, without_headline
from searcher.readers.html.metadata import Facts
from searcher.readers.html.page import Page
from searcher.readers.html.phrases import asks, says_only

if TYPE_CHECKING:
    from searcher.readers.html.features import Floats, Indices

__all__ = ["extracted", "paragraphs", "rows", "select"]

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

#: Blocks at least this probable are the article's. Measured in cross-validation over publishers: lower gains
#: recall on pages of lists and loses precision on news, higher the other way round.
LIKELY = 0.55
#: The share of links from which on a text is a list of them.
_MOST_LINKED = 0.7
_LONGEST_LABEL = 30
_LABEL = re.compile(r"([^:：】|]{2,30}[:：】|])\s*(?!https?:|www\.)(.+)$", re.S)
_HEADLINE = 6  # words: fewer name a product or a place, measured on saved pages
_COMMENTS = 1 << list(HINTS).index("comment")
#: The share of a text outside of comments from which on comments are left out.
_LEAST_OWN = 0.3
_MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ARROW = re.compile("[»›→▶►👉➡]")
#: Links to networks and to where readers sign up.
_ASKING = 1 << list(AIMS).index("network") | 1 << list(AIMS).index("sign-up")
#: Pages with more blocks than this are chosen from by a plain rule.
_MOST_BLOCKS = 20_000


def paragraphs(page: Page, facts: Facts) -> list[str]:
    """The body of the article, without headline, menus, credits and links to other articles."""
    found = layout(page.tree)
    if not found.blocks:
        return []
    if page.heavy or len(found.blocks) > _MOST_BLOCKS:
        return without_clutter(assemble(found, _prose(found.blocks)), facts.titles)
    witness = extracted(page)
    chosen = _chosen(found, *rows(found, witness, page, facts))
    size = sum(len(block.text) for block in chosen)
    menu = sum(block.linked for block in chosen) > _MOST_LINKED * size
    if chosen and not menu and size > 0.2 * len(witness):
        return without_headline(assemble(found, chosen), facts.titles)
    links = {block.text for block in found.blocks if block.linked > _MOST_LINKED * len(block.text)}
    lines = [line for line in witness.split("\n") if line.strip() and line.strip(" -") not in links]
    kept = without_clutter(lines, facts.titles)
    return kept or without_clutter(assemble(found, _prose(found.blocks)), facts.titles)


def extracted(page: Page) -> str:
    """What trafilatura takes for the article (in a copy of the tree that it makes itself). Its fast mode: the
    slow one was no better a witness."""
    from trafilatura import extract

    try:
        return extract(page.tree, include_comments=False, fast=True) or ""
    except (RecursionError, ValueError, AttributeError, TypeError, KeyError, IndexError):
        return ""  # its own bugs on odd trees; the other witnesses must do


def rows(found: Layout, witness: str, page: Page, facts: Facts) -> tuple[Indices, Floats]:
    """The blocks worth judging and the features of each, by which it is chosen or not."""
    from searcher.readers.html.features import Witnesses, features

    stated = jsonld.article_body(jsonld.articles(page.linked))
    witnesses = Witnesses(witness, stated, facts.titles, facts.descriptions, facts.authors)
    return features(found, witnesses)


def _chosen(found: Layout, worth: Indices, known: Floats) -> list[Block]:
    from searcher.readers.html.choice import forest

    return select(found, worth[forest().probabilities(known) >= LIKELY])


def select(found: Layout, numbers: Indices) -> list[Block]:
    """The blocks of these numbers without those that lead elsewhere, with repetitions beside them."""
    kept = {int(number) for number in numbers if not _points_away(found.blocks[int(number)])}
    kept = _without_comments(found, kept)
    return [found.blocks[number] for number in sorted(kept | _repeated(found, kept))]


def _without_comments(found: Layout, numbers: set[int]) -> set[int]:
    """Those not in what the page calls comments, unless it calls nearly everything so (“comments-open”)."""
    own = {number for number in numbers if not found.nodes[found.blocks[number].node].above & _COMMENTS}
    sizes = (sum(len(found.blocks[number].text) for number in part) for part in (own, numbers))
    return own if next(sizes) >= _LEAST_OWN * next(sizes) else numbers


def _points_away(block: Block) -> bool:
    """Whether a block leads to something else and says so: “Read more: Piers to close”, “Follow us on …”."""
    text = block.text
    if not block.linked:
        return says_only(text) or bool(_MAIL_ADDRESS.fullmatch(text))
    if asks(text) or _labels_a_link(block):
        return True
    if block.linked > _MOST_LINKED * len(text) and _ARROW.match(text):
        return True
    return (block.linked > 0.4 * len(text) or bool(block.aims & _ASKING)) and is_clutter(text)


def _labels_a_link(block: Block) -> bool:
    """Whether a block is a word or two, a colon and then nothing but a link as long as a headline."""
    if block.anchors != 1 or block.after or not 1 < block.before <= _LONGEST_LABEL:
        return False
    found = _LABEL.match(block.text)
    return (
        found is not None
        and block.linked >= len(block.text) - found.end(1) - 1
        and len(found[1].split()) <= 3
        and len(split(found[2])) >= _HEADLINE
    )


def _repeated(found: Layout, kept: Iterable[int]) -> set[int]:
    """Long paragraphs that repeat a chosen one beside it: extractors keep one copy, authors meant both."""
    beside: dict[str, set[int]] = defaultdict(set)
    for number in kept:
        block = found.blocks[number]
        if len(block.text) > 60:
            beside[block.text].add(found.nodes[block.node].parent)
    return {
        number
        for number, block in enumerate(found.blocks)
        if block.text in beside and found.nodes[block.node].parent in beside[block.text]
    }


def _prose(blocks: Iterable[Block]) -> list[Block]:
    """Everything that reads like sentences and is not mostly links."""
    return [
        block
        for block in blocks
        if 2 * block.linked < len(block.text)
        and (len(block.text) > 80 or re.search(r"[.!?。]\W*$", block.text))
    ]
