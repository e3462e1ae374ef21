"""Choose the paragraphs of the article in a page."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from searcher.readers import dates
from searcher.readers.html import jsonld
from searcher.readers.html.block_choice import Candidates, Witnesses, choice, features
from searcher.readers.html.blocks import LINK_KINDS, MAX_CELL, Block, Layout, assemble, layout
from searcher.readers.html.lines import (
    is_clutter,
    is_credit,
    is_phrase,
    is_promotion,
    is_rights_notice,
    split,
    without_clutter,
    without_headline,
)
from searcher.readers.html.metadata import Facts
from searcher.readers.html.outline import TAG_BITS, Floats, Indices, Outline, without_comments
from searcher.readers.html.page import Page

# These numbers were tuned one by one on the labelled pages of aeb and wcxb (docs/accuracy-and-speed.md).

#: Minimum probability of a block of the article.
MIN_PROBABILITY = 0.55
#: Minimum probability relative to the best block, if none reaches MIN_PROBABILITY.
_MIN_SHARE_OF_BEST = 0.6
#: Maximum share of links in a text; above it, it is a list of links.
_MAX_SHARE_OF_LINKS = 0.7
#: Maximum length of a label before a link: "More on this topic:".
_MAX_LABEL_CHARACTERS = 30
_LABEL = re.compile(r"([^:：】|]{2,30}[:：】|])\s*(?!https?:|www\.)(.+)$", re.S)
#: Minimum words of a headline after a label. Fewer may be a product or place.
_MIN_HEADLINE_WORDS = 6
#: A block with at least this many characters is a copy if this share of it repeats at least this many
#: previous blocks.
_MIN_COPY_CHARACTERS, _MIN_SHARE_COPIED, _COPIED_BLOCKS = 500, 0.7, 3
#: Repetitions are removed if less than this share of a text remains without them.
_MIN_SHARE_ONCE = 0.7
#: Minimum share of links for a line that looks like clutter to be removed.
_MIN_CLUTTER_LINKS = 0.4
#: Minimum length of a paragraph that may be repeated on purpose. Shorter ones are labels.
_MIN_REPEATED_CHARACTERS = 60
#: Minimum length of a line that counts as prose without a sentence end, on pages with too many blocks.
_MIN_SENTENCE_CHARACTERS = 80
_MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: Minimum number of entries in a live report, each with a time.
MIN_ENTRIES = 3
#: Maximum length of a line with a date, and minimum text of an entry.
_MAX_DAY_CHARACTERS, _MIN_ENTRY_CHARACTERS = 80, 200
_YEAR = re.compile(r"(?:19|20)\d\d")
#: Minimum share of the chosen text in the element that holds the article.
_MIN_SHARE_HELD = 0.8
_CLOCK = re.compile(r"\d{1,2}\s?[h:.]\s?\d\d(?:\s?(?:h|uhr|[ap]\.?m\.?))?", re.I)
_ARROW = re.compile("[»›→▶►👉➡]")
#: Links that programs put after a heading: "History ¶", "History #", "History[edit]".
_PERMALINK = re.compile(
    r"(?<=[^\s.!?])(?:\s?¶|\s#|\s?\[(?:edit|edit source|bearbeiten|quelltext bearbeiten|editar|editar código"
    r"|modifica|bewerken|redigera|править|편집|编辑|編集|modifier \| modifier le code)\])$",
    re.I,
)
_LISTS, _ITEMS = frozenset(("ul", "ol", "dl", "table")), frozenset(("li", "dt", "dd", "td", "th"))
#: Minimum share chosen of a table for the rest to be included, and maximum share of links in lists that are
#: not menus.
_MIN_SHARE_OF_TABLE, _MAX_LIST_SHARE_OF_LINKS = 0.25, 0.1
#: Links to networks and sign-up pages.
_PROMOTION_LINKS = 1 << list(LINK_KINDS).index("network") | 1 << list(LINK_KINDS).index("sign-up")
#: Maximum number of blocks for the trained choice. The largest labelled page has 1,219.
_MAX_BLOCKS = 20_000


def paragraphs(page: Page, facts: Facts) -> list[str]:
    """Return the body of the article, without headline, menus, credits and links to other articles."""
    page_layout = running_layout(page)
    if not page_layout.blocks:
        return []
    if not (page.heavy or len(page_layout.blocks) > _MAX_BLOCKS):
        judged = candidates(page_layout, page, facts)
        chances = choice().probabilities(judged)
        selected = select(page_layout, judged.worth[likely_blocks(chances)])
        size = sum(len(block.text) for block in selected)
        if selected and sum(block.linked for block in selected) <= _MAX_SHARE_OF_LINKS * size:
            page.teaser_share, page.uncertain_share = (
                teaser_characters(page_layout, selected) / size,
                uncertain_share(judged, chances, selected),
            )
            is_selected = np.isin(
                [id(block) for block in page_layout.blocks], [id(block) for block in selected]
            )
            page.entry_days, page.table_ratio = (
                count_entry_days(judged.page, is_selected),
                unchosen_table_ratio(judged.page, is_selected),
            )
            texts = without_headline(assemble(page_layout, selected), facts.titles)
            return [_PERMALINK.sub("", text) if text[-1:] in "¶#]" else text for text in texts]
    return without_clutter(assemble(page_layout, _prose_blocks(page_layout.blocks)), facts.titles)


def teaser_characters(page_layout: Layout, selected: list[Block]) -> int:
    """Count the characters chosen from list items that begin with an unchosen link: teasers or comments."""
    items, led, teased = list[int](), dict[int, bool](), dict[int, int]()
    ids = {id(block) for block in selected}
    for number, node in enumerate(page_layout.nodes):
        items.append(number if node.tag == "li" else items[node.parent] if number else 0)
    for block in page_layout.blocks:
        item, linked = items[block.node], block.linked > _MAX_SHARE_OF_LINKS * len(block.text)
        if item and led.setdefault(item, linked and id(block) not in ids) and id(block) in ids:
            teased[item] = teased.get(item, 0) + len(block.text)
    return sum(teased.values()) if len(teased) >= MIN_ENTRIES else 0


def count_entry_days(page: Outline, is_selected: NDArray[np.bool_]) -> int:
    """Count the distinct dates in unchosen lines between chosen texts: entries of a blog, or comments."""
    made: dict[tuple[str, ...], list[tuple[int, dt.date]]] = defaultdict(list)
    nodes, days, selected_text = page.layout.nodes, [0], page.sums(is_selected * page.lengths)[:, 0]
    for number in np.flatnonzero(~is_selected):
        text, node = page.layout.blocks[number].text, nodes[page.own[number]]
        if len(text) <= _MAX_DAY_CHARACTERS and _YEAR.search(text) and (day := dates.parse(text)):
            made[node.tag, node.classes, nodes[node.parent].classes].append(
                (int(page.own[number]), day.date())
            )
    for lines in made.values():
        if len(lines) >= MIN_ENTRIES:
            depth = page.shared_depths(lines[0][0])[[place for place, _ in lines]].min() + 1
            around = page.nearest_marked(page.depths == depth)
            entries = {around[place]: day for place, day in lines}
            days.append(
                len({day for place, day in entries.items() if selected_text[place] >= _MIN_ENTRY_CHARACTERS})
            )
    return max(days)


def unchosen_table_ratio(page: Outline, is_selected: NDArray[np.bool_]) -> float:
    """Return the size of unchosen tables around the chosen text, relative to that text."""
    selected_text = page.sums(is_selected * page.lengths)[:, 0]
    tables = page.inside(page.core(selected_text, _MIN_SHARE_HELD)) & (page.tags & TAG_BITS["table"] != 0)
    return float((page.lengths * (1 - page.links))[tables[page.own] & ~is_selected].sum() / selected_text[0])


def running_layout(page: Page) -> Layout:
    """Return the blocks of a page without its comments."""
    return without_comments(layout(page.tree))


def candidates(page_layout: Layout, page: Page, facts: Facts) -> Candidates:
    """Return the blocks worth judging, with their features."""
    stated = jsonld.article_body(jsonld.articles(page.linked))
    witnesses = Witnesses(stated, facts.titles, facts.descriptions, facts.authors)
    return features(page_layout, witnesses)


#: Minimum length of a paragraph of prose.
MIN_PROSE = 80
#: Maximum probability of a paragraph unlike the rest, and minimum distance to the best.
_MAX_UNLIKE_PROBABILITY, _MIN_UNLIKE_DISTANCE = 0.7, 0.2


def uncertain_share(judged: Candidates, chances: Floats, selected: list[Block]) -> float:
    """Return the share of the chosen text outside tables in far less probable paragraphs."""
    page, ids = judged.page, {id(block) for block in selected}
    is_counted = np.array([id(page.layout.blocks[number]) in ids for number in judged.worth], np.bool_)
    is_counted &= page.tags[page.own[judged.worth]] & TAG_BITS["table"] == 0
    if not is_counted.any():
        return 0.0
    sizes, own = page.lengths[judged.worth][is_counted], chances[is_counted]
    odd = (sizes >= MIN_PROSE) & (own < min(_MAX_UNLIKE_PROBABILITY, float(own.max()) - _MIN_UNLIKE_DISTANCE))
    return float(sizes[odd].sum() / sizes.sum())


def likely_blocks(probabilities: Floats) -> NDArray[np.bool_]:
    """Return which blocks belong to the article."""
    least = min(MIN_PROBABILITY, _MIN_SHARE_OF_BEST * float(np.max(probabilities, initial=0)))
    return np.asarray(probabilities >= least)


def select(page_layout: Layout, numbers: Indices) -> list[Block]:
    """Return these blocks without links elsewhere, with the rest of lists and repeated paragraphs."""
    indices = {int(number) for number in numbers}
    clocks = {number for number in indices if _is_time(page_layout, page_layout.blocks[number])}
    selected = {
        number
        for number in indices - (clocks if len(clocks) >= MIN_ENTRIES else set())
        if not _leads_elsewhere(page_layout.blocks[number]) and not _follows_a_label(page_layout, number)
    }
    selected |= _repeated_paragraphs(page_layout, selected) | _rest_of_lists(page_layout, selected)
    blocks = [page_layout.blocks[number] for number in sorted(selected)]
    return _without_copies(_without_repetitions(page_layout, blocks))


def _without_repetitions(page_layout: Layout, blocks: list[Block]) -> list[Block]:
    """Remove repetitions if a page contains its article twice, for two screen sizes."""
    places: dict[str, int] = {}
    first = []
    for block in blocks:
        around = page_layout.nodes[block.node].parent
        if places.setdefault(block.text, around) == around:
            first.append(block)
    unique, total = (sum(len(block.text) for block in part) for part in (first, blocks))
    return first if unique < _MIN_SHARE_ONCE * total else blocks


def _without_copies(blocks: list[Block]) -> list[Block]:
    """Remove blocks that mainly repeat several previous ones."""
    out: list[Block] = []
    for block in blocks:
        if len(block.text) > _MIN_COPY_CHARACTERS:
            copied = [len(other.text) for other in out if other.text in block.text]
            if len(copied) >= _COPIED_BLOCKS and sum(copied) > _MIN_SHARE_COPIED * len(block.text):
                continue
        out.append(block)
    return out


def _leads_elsewhere(block: Block) -> bool:
    """Return True for a labelled link elsewhere ("Read more: Piers to close") or a claim of rights."""
    text = block.text
    if is_rights_notice(text) or is_credit(text):
        return True
    if not block.linked:
        return is_phrase(text) or bool(_MAIL_ADDRESS.fullmatch(text))
    if is_promotion(text) or _labels_a_link(block):
        return True
    if block.linked > _MAX_SHARE_OF_LINKS * len(text) and _ARROW.match(text):
        return True
    return (
        block.linked > _MIN_CLUTTER_LINKS * len(text) or bool(block.link_kinds & _PROMOTION_LINKS)
    ) and is_clutter(text)


def _is_time(page_layout: Layout, block: Block) -> bool:
    return bool(_CLOCK.fullmatch(block.text)) and page_layout.nodes[block.node].tag not in ("td", "th")


def _follows_a_label(page_layout: Layout, number: int) -> bool:
    """Return True for links below a line such as "Read also:"."""
    block = page_layout.blocks[number]
    if number == 0 or block.linked <= _MAX_SHARE_OF_LINKS * len(block.text):
        return False
    before = page_layout.blocks[number - 1]
    return not before.linked and is_phrase(before.text)


def _labels_a_link(block: Block) -> bool:
    """Return True for a short label with a colon, followed only by a link as long as a headline."""
    if block.anchors != 1 or block.after or not 1 < block.before <= _MAX_LABEL_CHARACTERS:
        return False
    match = _LABEL.match(block.text)
    return (
        match is not None
        and block.linked >= len(block.text) - match.end(1) - 1
        and len(match[1].split()) <= 3
        and len(split(match[2])) >= _MIN_HEADLINE_WORDS
    )


def _repeated_paragraphs(page_layout: Layout, selected: Iterable[int]) -> set[int]:
    """Return long paragraphs that repeat a chosen sibling. Authors repeat them on purpose."""
    parents: dict[str, set[int]] = defaultdict(set)
    for number in selected:
        block = page_layout.blocks[number]
        if len(block.text) > _MIN_REPEATED_CHARACTERS:
            parents[block.text].add(page_layout.nodes[block.node].parent)
    return {
        number
        for number, block in enumerate(page_layout.blocks)
        if block.text in parents and page_layout.nodes[block.node].parent in parents[block.text]
    }


def _rest_of_lists(page_layout: Layout, selected: set[int]) -> set[int]:
    """Return unchosen items of lists after a chosen line with a colon, and cells of partly chosen tables."""
    blocks, around = page_layout.blocks, list[int]()
    for number, node in enumerate(page_layout.nodes):
        around.append(number if node.tag in _LISTS else around[node.parent] if number else -1)
    members: dict[int, list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        if (
            around[block.node] >= 0
            and page_layout.nodes[block.node].tag in _ITEMS
            and len(block.text) <= MAX_CELL
        ):
            members[around[block.node]].append(number)
    rest: set[int] = set()
    for place, numbers in members.items():
        size, linked = sum(len(blocks[n].text) for n in numbers), sum(blocks[n].linked for n in numbers)
        selected_size = sum(len(blocks[number].text) for number in numbers if number in selected)
        before = numbers[0] - 1
        announced = before in selected and blocks[before].text.endswith((":", "："))
        in_part = page_layout.nodes[place].tag == "table" and selected_size >= _MIN_SHARE_OF_TABLE * size
        if (announced or in_part) and linked <= _MAX_LIST_SHARE_OF_LINKS * size:
            rest.update(number for number in numbers if not _leads_elsewhere(blocks[number]))
    return rest


def _prose_blocks(blocks: Iterable[Block]) -> list[Block]:
    return [
        block
        for block in blocks
        if 2 * block.linked < len(block.text)
        and (len(block.text) > _MIN_SENTENCE_CHARACTERS or re.search(r"[.!?。]\W*$", block.text))
    ]
