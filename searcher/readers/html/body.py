"""The paragraphs of the article in a page."""

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
from searcher.readers.html.blocks import AIMS, MAX_CELL, Block, Layout, assemble, layout
from searcher.readers.html.lines import (
    asks,
    claims,
    is_clutter,
    is_credit,
    says_only,
    split,
    without_clutter,
    without_headline,
)
from searcher.readers.html.metadata import Facts
from searcher.readers.html.outline import TAG_BITS, Floats, Indices, Outline, without_comments
from searcher.readers.html.page import Page

# The numbers were measured one by one on the labelled pages of aeb and wcxb (docs/accuracy-and-speed.md).

#: Blocks at least this probable are the article's: chosen in cross-validation over publishers.
MIN_PROBABILITY = 0.55
#: … or this share of the most probable, where none of a page is that likely.
_MIN_SHARE_OF_BEST = 0.6
#: The share of links from which on a text is a list of them.
_MAX_SHARE_OF_LINKS = 0.7
#: Characters of a label before a link: “More on this topic:”.
_MAX_LABEL_CHARACTERS = 30
_LABEL = re.compile(r"([^:：】|]{2,30}[:：】|])\s*(?!https?:|www\.)(.+)$", re.S)
#: Words of a headline behind a label: fewer name a product or a place.
_MIN_HEADLINE_WORDS = 6
#: Characters of a block, and the share of it that so many blocks before it hold, that make it a copy of them.
_MIN_COPY_CHARACTERS, _MIN_SHARE_COPIED, _COPIED_BLOCKS = 500, 0.7, 3
#: The share of a text that stands there once, below which the rest is a copy of it: articles repeat less.
_MIN_SHARE_ONCE = 0.7
#: The share of links from which on a line that reads like clutter is clutter.
_MIN_CLUTTER_LINKS = 0.4
#: Characters of a paragraph that is repeated on purpose: shorter ones are labels and headings.
_MIN_REPEATED_CHARACTERS = 60
#: Characters of a line that is prose though no sentence ends with it, on pages of too many blocks.
_MIN_SENTENCE_CHARACTERS = 80
_MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: The time of day alone: that of an entry of a live report, of which there are several.
MIN_ENTRIES = 3
#: Characters of a line that gives a day, and of the text of an entry.
_MAX_DAY_CHARACTERS, _MIN_ENTRY_CHARACTERS = 80, 200
_YEAR = re.compile(r"(?:19|20)\d\d")
#: The share of what is chosen that makes an element the one that the article stands in.
_MIN_SHARE_HELD = 0.8
_CLOCK = re.compile(r"\d{1,2}\s?[h:.]\s?\d\d(?:\s?(?:h|uhr|[ap]\.?m\.?))?", re.I)
_ARROW = re.compile("[»›→▶►👉➡]")
#: What programs put behind a heading, to link to it or to edit it: “History ¶”, “History #”, “History[edit]”.
_PERMALINK = re.compile(
    r"(?<=[^\s.!?])(?:\s?¶|\s#|\s?\[(?:edit|edit source|bearbeiten|quelltext bearbeiten|editar|editar código"
    r"|modifica|bewerken|redigera|править|편집|编辑|編集|modifier \| modifier le code)\])$",
    re.I,
)
_LISTS, _ITEMS = frozenset(("ul", "ol", "dl", "table")), frozenset(("li", "dt", "dd", "td", "th"))
#: The share of a table that is chosen, from which on it is the article's, and of links in what is no menu.
_MIN_SHARE_OF_TABLE, _MAX_LIST_SHARE_OF_LINKS = 0.25, 0.1
#: Links to networks and to where readers sign up.
_ASKING = 1 << list(AIMS).index("network") | 1 << list(AIMS).index("sign-up")
#: Pages with more blocks than this are chosen from by a plain rule: the largest of the pages has 1,219.
_MAX_BLOCKS = 20_000


def paragraphs(page: Page, facts: Facts) -> list[str]:
    """The body of the article, without headline, menus, credits and links to other articles."""
    found = running_layout(page)
    if not found.blocks:
        return []
    if not (page.heavy or len(found.blocks) > _MAX_BLOCKS):
        judged = candidates(found, page, facts)
        chances = choice().probabilities(judged)
        chosen = select(found, judged.worth[likely_blocks(chances)])
        size = sum(len(block.text) for block in chosen)
        if chosen and sum(block.linked for block in chosen) <= _MAX_SHARE_OF_LINKS * size:
            page.led, page.unsure = under_links(found, chosen) / size, unsure(judged, chances, chosen)
            taken = np.isin([id(block) for block in found.blocks], [id(block) for block in chosen])
            page.days, page.tabled = days_of_entries(judged.page, taken), left_in_tables(judged.page, taken)
            shown = without_headline(assemble(found, chosen), facts.titles)
            return [_PERMALINK.sub("", text) if text[-1:] in "¶#]" else text for text in shown]
    return without_clutter(assemble(found, _prose(found.blocks)), facts.titles)


def under_links(found: Layout, chosen: list[Block]) -> int:
    """How many characters are chosen of list items that begin with a link which is not: the words of other
    articles under their headlines, of readers under their names."""
    items, led, under = list[int](), dict[int, bool](), dict[int, int]()
    taken = {id(block) for block in chosen}
    for number, node in enumerate(found.nodes):
        items.append(number if node.tag == "li" else items[node.parent] if number else 0)
    for block in found.blocks:
        item, linked = items[block.node], block.linked > _MAX_SHARE_OF_LINKS * len(block.text)
        if item and led.setdefault(item, linked and id(block) not in taken) and id(block) in taken:
            under[item] = under.get(item, 0) + len(block.text)
    return sum(under.values()) if len(under) >= MIN_ENTRIES else 0


def days_of_entries(page: Outline, taken: NDArray[np.bool_]) -> int:
    """How many days are told by lines of one make that are not chosen, in elements side by side of which each
    has chosen text: those of entries of a blog, or of remarks."""
    made: dict[tuple[str, ...], list[tuple[int, dt.date]]] = defaultdict(list)
    nodes, days, held = page.found.nodes, [0], page.sums(taken * page.lengths)[:, 0]
    for number in np.flatnonzero(~taken):
        text, node = page.found.blocks[number].text, nodes[page.own[number]]
        if len(text) <= _MAX_DAY_CHARACTERS and _YEAR.search(text) and (day := dates.parse(text)):
            made[node.tag, node.look, nodes[node.parent].look].append((int(page.own[number]), day.date()))
    for lines in made.values():
        if len(lines) >= MIN_ENTRIES:
            depth = page.shared_depths(lines[0][0])[[place for place, _ in lines]].min() + 1
            around = page.nearest(page.depths == depth)
            told = {around[place]: day for place, day in lines}
            days.append(len({day for place, day in told.items() if held[place] >= _MIN_ENTRY_CHARACTERS}))
    return max(days)


def left_in_tables(page: Outline, taken: NDArray[np.bool_]) -> float:
    """How many times the chosen text is in tables, not chosen, of the element that most of it stands in."""
    held = page.sums(taken * page.lengths)[:, 0]
    tables = page.inside(page.core(held, _MIN_SHARE_HELD)) & (page.tags & TAG_BITS["table"] != 0)
    return float((page.lengths * (1 - page.links))[tables[page.own] & ~taken].sum() / held[0])


def running_layout(page: Page) -> Layout:
    """The blocks of a page without its comments."""
    return without_comments(layout(page.tree))


def candidates(found: Layout, page: Page, facts: Facts) -> Candidates:
    """The blocks worth judging and the features of each, by which it is chosen or not."""
    stated = jsonld.article_body(jsonld.articles(page.linked))
    witnesses = Witnesses(stated, facts.titles, facts.descriptions, facts.authors)
    return features(found, witnesses)


#: Characters of a paragraph that is prose.
MIN_PROSE = 80
#: How likely a paragraph is to be of the article, and how far below the best, that it is unlike the rest.
_MAX_UNLIKE_PROBABILITY, _MIN_UNLIKE_DISTANCE = 0.7, 0.2


def unsure(judged: Candidates, chances: Floats, chosen: list[Block]) -> float:
    """The share of what is chosen outside tables in paragraphs that are far less likely than the best."""
    page, taken = judged.page, {id(block) for block in chosen}
    held = np.array([id(page.found.blocks[number]) in taken for number in judged.worth], np.bool_)
    held &= page.tags[page.own[judged.worth]] & TAG_BITS["table"] == 0
    if not held.any():
        return 0.0
    sizes, own = page.lengths[judged.worth][held], chances[held]
    odd = (sizes >= MIN_PROSE) & (own < min(_MAX_UNLIKE_PROBABILITY, float(own.max()) - _MIN_UNLIKE_DISTANCE))
    return float(sizes[odd].sum() / sizes.sum())


def likely_blocks(probabilities: Floats) -> NDArray[np.bool_]:
    """Which of a page's blocks are the article's."""
    least = min(MIN_PROBABILITY, _MIN_SHARE_OF_BEST * float(np.max(probabilities, initial=0)))
    return np.asarray(probabilities >= least)


def select(found: Layout, numbers: Indices) -> list[Block]:
    """The blocks of these numbers without those that lead elsewhere, with repetitions beside them."""
    chosen = {int(number) for number in numbers}
    clocks = {number for number in chosen if _tells_the_time(found, found.blocks[number])}
    kept = {
        number
        for number in chosen - (clocks if len(clocks) >= MIN_ENTRIES else set())
        if not _points_away(found.blocks[number]) and not _follows_a_label(found, number)
    }
    kept |= _repeated_paragraphs(found, kept) | _rest_of_lists(found, kept)
    blocks = [found.blocks[number] for number in sorted(kept)]
    return _without_copies(_without_second(found, blocks))


def _without_second(found: Layout, blocks: list[Block]) -> list[Block]:
    """Those not said again elsewhere, where a page holds its article twice, for two screens."""
    places: dict[str, int] = {}
    first = []
    for block in blocks:
        around = found.nodes[block.node].parent
        if places.setdefault(block.text, around) == around:
            first.append(block)
    once, all_told = (sum(len(block.text) for block in part) for part in (first, blocks))
    return first if once < _MIN_SHARE_ONCE * all_told else blocks


def _without_copies(blocks: list[Block]) -> list[Block]:
    """Those that do not hold several others before them and little else."""
    out: list[Block] = []
    for block in blocks:
        if len(block.text) > _MIN_COPY_CHARACTERS:
            within = [len(other.text) for other in out if other.text in block.text]
            if len(within) >= _COPIED_BLOCKS and sum(within) > _MIN_SHARE_COPIED * len(block.text):
                continue
        out.append(block)
    return out


def _points_away(block: Block) -> bool:
    """Whether a block leads to something else and says so, or claims rights: “Read more: Piers to close”."""
    text = block.text
    if claims(text) or is_credit(text):
        return True
    if not block.linked:
        return says_only(text) or bool(_MAIL_ADDRESS.fullmatch(text))
    if asks(text) or _labels_a_link(block):
        return True
    if block.linked > _MAX_SHARE_OF_LINKS * len(text) and _ARROW.match(text):
        return True
    return (block.linked > _MIN_CLUTTER_LINKS * len(text) or bool(block.aims & _ASKING)) and is_clutter(text)


def _tells_the_time(found: Layout, block: Block) -> bool:
    return bool(_CLOCK.fullmatch(block.text)) and found.nodes[block.node].tag not in ("td", "th")


def _follows_a_label(found: Layout, number: int) -> bool:
    """Whether a block is a link, or a list of them, below a line that says so: “Read also:”."""
    block = found.blocks[number]
    if number == 0 or block.linked <= _MAX_SHARE_OF_LINKS * len(block.text):
        return False
    before = found.blocks[number - 1]
    return not before.linked and says_only(before.text)


def _labels_a_link(block: Block) -> bool:
    """Whether a block is a word or two, a colon and then nothing but a link as long as a headline."""
    if block.anchors != 1 or block.after or not 1 < block.before <= _MAX_LABEL_CHARACTERS:
        return False
    found = _LABEL.match(block.text)
    return (
        found is not None
        and block.linked >= len(block.text) - found.end(1) - 1
        and len(found[1].split()) <= 3
        and len(split(found[2])) >= _MIN_HEADLINE_WORDS
    )


def _repeated_paragraphs(found: Layout, kept: Iterable[int]) -> set[int]:
    """Long paragraphs that repeat a chosen one beside it: extractors keep one copy, authors meant both."""
    beside: dict[str, set[int]] = defaultdict(set)
    for number in kept:
        block = found.blocks[number]
        if len(block.text) > _MIN_REPEATED_CHARACTERS:
            beside[block.text].add(found.nodes[block.node].parent)
    return {
        number
        for number, block in enumerate(found.blocks)
        if block.text in beside and found.nodes[block.node].parent in beside[block.text]
    }


def _rest_of_lists(found: Layout, kept: set[int]) -> set[int]:
    """The other items of lists that a chosen line with a colon announces, cells of tables chosen in part."""
    blocks, around = found.blocks, list[int]()
    for number, node in enumerate(found.nodes):
        around.append(number if node.tag in _LISTS else around[node.parent] if number else -1)
    members: dict[int, list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        if around[block.node] >= 0 and found.nodes[block.node].tag in _ITEMS and len(block.text) <= MAX_CELL:
            members[around[block.node]].append(number)
    rest: set[int] = set()
    for place, numbers in members.items():
        size, linked = sum(len(blocks[n].text) for n in numbers), sum(blocks[n].linked for n in numbers)
        chosen = sum(len(blocks[number].text) for number in numbers if number in kept)
        before = numbers[0] - 1
        announced = before in kept and blocks[before].text.endswith((":", "："))
        in_part = found.nodes[place].tag == "table" and chosen >= _MIN_SHARE_OF_TABLE * size
        if (announced or in_part) and linked <= _MAX_LIST_SHARE_OF_LINKS * size:
            rest.update(number for number in numbers if not _points_away(blocks[number]))
    return rest


def _prose(blocks: Iterable[Block]) -> list[Block]:
    """Everything that reads like sentences and is not mostly links."""
    return [
        block
        for block in blocks
        if 2 * block.linked < len(block.text)
        and (len(block.text) > _MIN_SENTENCE_CHARACTERS or re.search(r"[.!?。]\W*$", block.text))
    ]
