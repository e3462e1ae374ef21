"""The paragraphs of the article in a page."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from searcher.readers.html import jsonld
from searcher.readers.html.blocks import Block, Layout, layout
from searcher.readers.html.fragment import assemble
from searcher.readers.html.lines import is_clutter, without_clutter, without_headline
from searcher.readers.html.metadata import Facts
from searcher.readers.html.page import Page

if TYPE_CHECKING:
    from searcher.readers.html.features import Floats

__all__ = ["extracted", "paragraphs", "rows"]

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

#: Blocks at least this probable are the article's. Measured in cross-validation over publishers: lower gains
#: recall on pages of lists and loses precision on news, higher the other way round.
LIKELY = 0.55
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
    chosen = _chosen(found, rows(found, witness, page, facts))
    if chosen and sum(len(block.text) for block in chosen) > 0.2 * len(witness):
        return without_headline(assemble(found, chosen), facts.titles)
    kept = without_clutter([line for line in witness.split("\n") if line.strip()], facts.titles)
    return kept or without_clutter(assemble(found, _prose(found.blocks)), facts.titles)


def extracted(page: Page) -> str:
    """What trafilatura takes for the article (in a copy of the tree that it makes itself). Its fast mode: the
    slow one was no better a witness."""
    from trafilatura import extract

    try:
        return extract(page.tree, include_comments=False, fast=True) or ""
    except (RecursionError, ValueError, AttributeError, TypeError, KeyError, IndexError):
        return ""  # its own bugs on odd trees; the other witnesses must do


def rows(found: Layout, witness: str, page: Page, facts: Facts) -> Floats:
    """The features of every block, by which it is chosen or not."""
    from searcher.readers.html.features import Witnesses, features

    stated = jsonld.article_body(jsonld.articles(page.linked))
    witnesses = Witnesses(witness, stated, facts.titles, facts.descriptions, facts.authors)
    return features(found, witnesses)


def _chosen(found: Layout, known: Floats) -> list[Block]:
    import numpy as np

    from searcher.readers.html.choice import forest
    from searcher.readers.html.features import plausible

    candidates = np.flatnonzero(plausible(known))
    likely = forest().probabilities(known[candidates]) >= LIKELY
    kept = {int(number) for number in candidates[likely] if not _points_away(found.blocks[int(number)])}
    return [found.blocks[number] for number in sorted(kept | _repeated(found, kept))]


def _points_away(block: Block) -> bool:
    """Whether a block is a link to something else that says so: “Read more: Piers to close”."""
    return block.linked > 0.4 * len(block.text) and is_clutter(block.text)


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
