"""The paragraphs of the article in a page, and what is doubtful in them."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from searcher.article import Article
from searcher.readers import dates
from searcher.readers.html import jsonld
from searcher.readers.html.blocks import AIMS, MAX_CELL, Block, Layout, assemble, layout
from searcher.readers.html.choice import Candidates, Witnesses, choice, features
from searcher.readers.html.lines import (
    asks,
    claims,
    is_clutter,
    is_credit,
    key,
    says_only,
    split,
    without_clutter,
    without_headline,
)
from searcher.readers.html.metadata import Facts
from searcher.readers.html.outline import TAG_BITS, Floats, Indices, Outline, without_comments
from searcher.readers.html.page import Page, words

# The numbers were measured one by one on the labelled pages of aeb and wcxb (docs/accuracy-and-speed.md).

#: Blocks at least this probable are the article's: chosen in cross-validation over publishers.
MIN_LIKELY = 0.55
#: … or this share of the most probable, where none of a page is that likely.
_MIN_SHARE_OF_BEST = 0.6
#: The share of links from which on a text is a list of them.
_MAX_LINKED = 0.7
#: Characters of a label before a link: “More on this topic:”.
_MAX_LABEL = 30
_LABEL = re.compile(r"([^:：】|]{2,30}[:：】|])\s*(?!https?:|www\.)(.+)$", re.S)
#: Words of a headline behind a label: fewer name a product or a place.
_MIN_HEADLINE_WORDS = 6
#: Characters of a block, and the share of it that so many blocks before it hold, that make it a copy of them.
_MIN_COPY, _MIN_COPIED, _COPIED_BLOCKS = 500, 0.7, 3
#: The share of a text that stands there once, below which the rest is a copy of it: articles repeat less.
_MIN_ONCE = 0.7
#: The share of links from which on a line that reads like clutter is clutter.
_MIN_LEADING = 0.4
#: Characters of a paragraph that is repeated on purpose: shorter ones are labels and headings.
_MIN_REPEATED = 60
#: Characters of a line that is prose though no sentence ends with it, on pages of too many blocks.
_MIN_SENTENCE = 80
_MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: The time of day alone: that of an entry of a live report, of which there are several.
_MIN_ENTRIES = 3
#: Characters of a line that gives a day, and of the text of an entry.
_MAX_STAMP, _MIN_ENTRY = 80, 200
_YEAR = re.compile(r"(?:19|20)\d\d")
#: The share of what is chosen that makes an element the one that the article stands in.
_MIN_HELD = 0.8
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
_MIN_IN_PART, _MAX_LINKED_LIST = 0.25, 0.1
#: Links to networks and to where readers sign up.
_ASKING = 1 << list(AIMS).index("network") | 1 << list(AIMS).index("sign-up")
#: Pages with more blocks than this are chosen from by a plain rule: the largest of the pages has 1,219.
_MAX_BLOCKS = 20_000


def paragraphs(page: Page, facts: Facts) -> list[str]:
    """The body of the article, without headline, menus, credits and links to other articles."""
    found = running(page)
    if not found.blocks:
        return []
    if not (page.heavy or len(found.blocks) > _MAX_BLOCKS):
        judged = candidates(found, page, facts)
        chances = choice().probabilities(judged)
        chosen = select(found, judged.worth[likely(chances)])
        size = sum(len(block.text) for block in chosen)
        if chosen and sum(block.linked for block in chosen) <= _MAX_LINKED * size:
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
        item, linked = items[block.node], block.linked > _MAX_LINKED * len(block.text)
        if item and led.setdefault(item, linked and id(block) not in taken) and id(block) in taken:
            under[item] = under.get(item, 0) + len(block.text)
    return sum(under.values()) if len(under) >= _MIN_ENTRIES else 0


def days_of_entries(page: Outline, taken: NDArray[np.bool_]) -> int:
    """How many days are told by lines of one make that are not chosen, in elements side by side of which each
    has chosen text: those of entries of a blog, or of remarks."""
    made: dict[tuple[str, ...], list[tuple[int, dt.date]]] = defaultdict(list)
    nodes, days, held = page.found.nodes, [0], page.sums(taken * page.lengths)[:, 0]
    for number in np.flatnonzero(~taken):
        text, node = page.found.blocks[number].text, nodes[page.own[number]]
        if len(text) <= _MAX_STAMP and _YEAR.search(text) and (day := dates.parse(text)):
            made[node.tag, node.look, nodes[node.parent].look].append((int(page.own[number]), day.date()))
    for lines in made.values():
        if len(lines) >= _MIN_ENTRIES:
            depth = page.shared(lines[0][0])[[place for place, _ in lines]].min() + 1
            around = page.nearest(page.depths == depth)
            told = {around[place]: day for place, day in lines}
            days.append(len({day for place, day in told.items() if held[place] >= _MIN_ENTRY}))
    return max(days)


def left_in_tables(page: Outline, taken: NDArray[np.bool_]) -> float:
    """How many times the chosen text is in tables, not chosen, of the element that most of it stands in."""
    held = page.sums(taken * page.lengths)[:, 0]
    tables = page.inside(page.core(held, _MIN_HELD)) & (page.tags & TAG_BITS["table"] != 0)
    return float((page.lengths * (1 - page.links))[tables[page.own] & ~taken].sum() / held[0])


def running(page: Page) -> Layout:
    """The blocks of a page without its comments."""
    return without_comments(layout(page.tree))


def candidates(found: Layout, page: Page, facts: Facts) -> Candidates:
    """The blocks worth judging and the features of each, by which it is chosen or not."""
    stated = jsonld.article_body(jsonld.articles(page.linked))
    witnesses = Witnesses(stated, facts.titles, facts.descriptions, facts.authors)
    return features(found, witnesses)


def unsure(judged: Candidates, chances: Floats, chosen: list[Block]) -> float:
    """The share of what is chosen outside tables in paragraphs that are far less likely than the best."""
    page, taken = judged.page, {id(block) for block in chosen}
    held = np.array([id(page.found.blocks[number]) in taken for number in judged.worth], np.bool_)
    held &= page.tags[page.own[judged.worth]] & TAG_BITS["table"] == 0
    if not held.any():
        return 0.0
    sizes, own = page.lengths[judged.worth][held], chances[held]
    odd = (sizes >= _PROSE) & (own < min(_MAX_UNLIKE, float(own.max()) - _MIN_BELOW))
    return float(sizes[odd].sum() / sizes.sum())


def likely(probabilities: Floats) -> NDArray[np.bool_]:
    """Which of a page's blocks are the article's."""
    least = min(MIN_LIKELY, _MIN_SHARE_OF_BEST * float(np.max(probabilities, initial=0)))
    return np.asarray(probabilities >= least)


def select(found: Layout, numbers: Indices) -> list[Block]:
    """The blocks of these numbers without those that lead elsewhere, with repetitions beside them."""
    chosen = {int(number) for number in numbers}
    clocks = {number for number in chosen if _tells_the_time(found, found.blocks[number])}
    kept = {
        number
        for number in chosen - (clocks if len(clocks) >= _MIN_ENTRIES else set())
        if not _points_away(found.blocks[number]) and not _follows_a_label(found, number)
    }
    kept |= _repeated(found, kept) | _rest_of_lists(found, kept)
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
    return first if once < _MIN_ONCE * all_told else blocks


def _without_copies(blocks: list[Block]) -> list[Block]:
    """Those that do not hold several others before them and little else."""
    out: list[Block] = []
    for block in blocks:
        if len(block.text) > _MIN_COPY:
            within = [len(other.text) for other in out if other.text in block.text]
            if len(within) >= _COPIED_BLOCKS and sum(within) > _MIN_COPIED * len(block.text):
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
    if block.linked > _MAX_LINKED * len(text) and _ARROW.match(text):
        return True
    return (block.linked > _MIN_LEADING * len(text) or bool(block.aims & _ASKING)) and is_clutter(text)


def _tells_the_time(found: Layout, block: Block) -> bool:
    return bool(_CLOCK.fullmatch(block.text)) and found.nodes[block.node].tag not in ("td", "th")


def _follows_a_label(found: Layout, number: int) -> bool:
    """Whether a block is a link, or a list of them, below a line that says so: “Read also:”."""
    block = found.blocks[number]
    if number == 0 or block.linked <= _MAX_LINKED * len(block.text):
        return False
    before = found.blocks[number - 1]
    return not before.linked and says_only(before.text)


def _labels_a_link(block: Block) -> bool:
    """Whether a block is a word or two, a colon and then nothing but a link as long as a headline."""
    if block.anchors != 1 or block.after or not 1 < block.before <= _MAX_LABEL:
        return False
    found = _LABEL.match(block.text)
    return (
        found is not None
        and block.linked >= len(block.text) - found.end(1) - 1
        and len(found[1].split()) <= 3
        and len(split(found[2])) >= _MIN_HEADLINE_WORDS
    )


def _repeated(found: Layout, kept: Iterable[int]) -> set[int]:
    """Long paragraphs that repeat a chosen one beside it: extractors keep one copy, authors meant both."""
    beside: dict[str, set[int]] = defaultdict(set)
    for number in kept:
        block = found.blocks[number]
        if len(block.text) > _MIN_REPEATED:
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
        in_part = found.nodes[place].tag == "table" and chosen >= _MIN_IN_PART * size
        if (announced or in_part) and linked <= _MAX_LINKED_LIST * size:
            rest.update(number for number in numbers if not _points_away(blocks[number]))
    return rest


def _prose(blocks: Iterable[Block]) -> list[Block]:
    """Everything that reads like sentences and is not mostly links."""
    return [
        block
        for block in blocks
        if 2 * block.linked < len(block.text)
        and (len(block.text) > _MIN_SENTENCE or re.search(r"[.!?。]\W*$", block.text))
    ]


#: Characters of a body that may be no article's, and how often its page has them in other paragraphs.
_SHORT, _MIN_TIMES = 400, 4
#: Characters of a text that is a notice, and of a paragraph that is prose.
_MAX_NOTICE, _PROSE = 1_500, 80
#: Paragraphs of a page that are looked at, and elements of articles.
_MAX_PARAGRAPHS, _MAX_ARTICLES = 2_000, 50
#: Characters of an article beside others in one page, and the share of the body that is one of them.
_MIN_ARTICLE, _MIN_WHOLE = 1_000, 0.75
_FOR_SALE = re.compile(
    r"\b(?:domain (?:name )?(?:is |may be )?(?:for sale|parked|expired)|buy this domain"
    r"|parked (?:free|domain)|domain (?:steht|ist).{0,20}zum verkauf|domaine est à vendre"
    r"|site has been suspended)\b",
    re.I,
)
_SCRIPTS = re.compile(
    r"\b(?:(?:enable|activate|turn on|requires?|aktivieren sie|activer|active|habilit\w+) javascript"
    r"|javascript (?:is |seems to be )?(?:disabled|required|deaktiviert|désactivé)|are you a robot"
    r"|access denied|checking your browser|verify (?:that )?you are (?:a )?human)\b",
    re.I,
)
_LEGAL = re.compile(
    r"\b(?:all rights reserved|terms (?:of (?:use|service)|and conditions)|privacy policy|cookie policy"
    r"|use cookies|user agreement|your consent|may not be (?:reproduced|published|distributed)"
    r"|affiliate commission)\b",
    re.I,
)
_NOT_FOUND = re.compile(
    r"^\W*(?:(?:http )?(?:error )?(?:404|403|500|503)\b.*|(?:page|article|file) (?:was )?not found|forbidden"
    r"|seite nicht gefunden|page (?:non trouvée|introuvable)|página no encontrada|página não encontrada"
    r"|pagina non trovata|pagina niet gevonden|страница не найдена|nie znaleziono strony"
    r"|.{0,60}(?:错误页|错误信息|尚未登录|(?:页面|網頁|网页|頁面)(?:不存在|未找到)|ページが見つかりません"
    r"|페이지를 찾을 수 없).{0,30})\W*$",
    re.I | re.M,
)
#: The share of a body under links of a list, from which on a tenth of it may be of others.
_MAX_LED = 0.1
#: How likely a paragraph is to be of the article, and how far below the best, that it is unlike the rest, and
#: the share of those from which on bodies were wrong: of aeb, wcxb and fundus six, and none that was right.
_MAX_UNLIKE, _MIN_BELOW, _MAX_UNSURE = 0.7, 0.2, 0.17
_SENTENCE_END = re.compile(r"\w[.!?…。！？؟।][\"'”’»)\]]*(?:\s|$)")
_MIN_LEGAL = 2  # a text that says it once may be about it


def doubts(page: Page, article: Article) -> Iterator[str]:
    """Give the first reason why an article may be none, or another one than the page shows."""
    body = article.body
    if len(body) < _MAX_NOTICE and (_FOR_SALE.search(body) or _FOR_SALE.search(article.title)):
        yield "It reads like the notice of a domain that is for sale."
    elif len(body) < _MAX_NOTICE and _SCRIPTS.search(body):
        yield "It reads like the notice to readers without scripts, and not like an article."
    elif len(body) < _SHORT and _NOT_FOUND.search("\n".join([article.title, body, *_headings(page)])):
        yield "It reads like what a server answers where there is no such page."
    elif len(body) < _MAX_NOTICE and len(_LEGAL.findall(body)) >= (_MIN_LEGAL if len(body) > _SHORT else 1):
        yield "It reads like a legal notice, and not like an article."
    elif len(body) < _SHORT and max(map(len, body.split("\n"))) < _PROSE and not _SENTENCE_END.search(body):
        yield "It has no sentence, and reads like a menu."
    elif len(body) < _SHORT and article.url and not urlsplit(article.url).path.strip("/"):
        yield "Its address is that of a site, and not of an article."
    elif _differs_from_declared(page, body):
        yield "It has little of the text that the page declares as its own."
    elif page.led > _MAX_LED:
        yield "It has items of a list under links that are not in it: teasers of other articles, or comments."
    elif page.days >= _MIN_ENTRIES:
        yield f"Lines with {page.days} days stand between its paragraphs: entries of a blog, or comments."
    elif page.tabled > 1:
        yield "It stands among tables that hold more text than it has, and are not in it."
    elif page.unsure > _MAX_UNSURE:
        yield "Some paragraphs of it are unlike the rest: they may be no part of the article."
    elif not page.heavy:
        yield from islice(_by_the_page(page, body), 1)


#: Characters of the pieces of a declared text that are looked for in a body, and their least share.
_PIECE, _MIN_SHARED = 40, 0.2


def _differs_from_declared(page: Page, body: str) -> bool:
    """Whether hardly any of some pieces of the text that the page declares stands in a body."""
    stated = key(jsonld.article_body(jsonld.articles(page.linked)))
    if len(stated) <= _SHORT:
        return False
    shown = key(body)
    places = range(0, min(len(stated), _MAX_PARAGRAPHS) - _PIECE, 2 * _PIECE)
    found = sum(stated[at : at + _PIECE] in shown for at in places)
    return found < _MIN_SHARED * max(1, len(places))


def _headings(page: Page) -> list[str]:
    return [words(one)[:_PROSE] for one in islice(page.tree.iter("title", "h1"), _MIN_TIMES)]


#: A line that signs an article or a comment, and how many different ones make a body several texts.
_SIGNED = re.compile(
    r"^(?:(?:By|Von|Par|Por|Di|Door|Av|Af)(?: [A-ZÀ-Ý][\w.'’-]+){2,4}"
    r"|.{2,60}\d (?:wrote|said|says|schrieb|escribió|a écrit|ha scritto) ?:)$",
    re.M,
)
_MIN_SIGNED = 3
_OF_ALL = re.compile(r"^(\d{1,3}) ?/ ?(\d{1,3})\b", re.M)


def _by_the_page(page: Page, body: str) -> Iterator[str]:
    if (signed := len(set(_SIGNED.findall(body)))) >= _MIN_SIGNED:
        yield f"It has {signed} lines that sign a text, one below the other: comments, or several articles."
    if (pictures := _numbered_pictures(body)) >= _MIN_ENTRIES:
        yield f"It has the captions of {pictures} pictures of a gallery: they may be of other articles."
    if len(body) < _SHORT and (left := _prose_beside(page, body)) > max(_MIN_TIMES * len(body), _SHORT):
        yield f"It has {len(body.split()):,} words, and the page some {left // 6:,} others in paragraphs."
    shown = " ".join(body.split())
    held = [text for text in _articles_of(page) if text[:_PROSE] in shown]
    if len(held) > 1 and max(map(len, held)) < _MIN_WHOLE * len(body):
        yield f"The page holds {len(held)} articles one below the other, and they were read as one."


def _numbered_pictures(body: str) -> int:
    """How many lines begin with a number and that of all: “1/12”, “2/12”."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for found in _OF_ALL.finditer(body):
        numbers[found[2]].add(int(found[1]))
    return max((len(told) for told in numbers.values() if {1, 2, 3} <= told), default=0)


def _prose_beside(page: Page, body: str) -> int:
    """Characters in paragraphs of the page that are not in the body."""
    found = (words(one) for one in islice(page.tree.iter("p"), _MAX_PARAGRAPHS))
    shown = key(body)
    return sum(len(text) for text in found if len(text) >= _PROSE and key(text[:_PROSE]) not in shown)


def _articles_of(page: Page) -> list[str]:
    """The texts of elements that hold an article with a headline of its own, and no other such within."""
    elements = [*islice(page.tree.iter("article"), _MAX_ARTICLES)]
    headlines = {key(jsonld.text_of(one.get("headline"))) for one in jsonld.articles(page.linked)} - {""}
    found, around = [], set[Any]()
    for element in reversed(elements if len(elements) > 1 else ()):  # one alone is not asked for
        titled = element.find(".//h1") is not None or (
            len(headlines) > 1 and element.find(".//h2") is not None
        )
        if titled and element not in around:
            paragraphs = [text for one in element.iter("p") if len(text := words(one)) >= _PROSE]
            if sum(map(len, paragraphs)) >= _MIN_ARTICLE:
                found.append(" ".join(paragraphs))
                around.update(element.iterancestors("article"))
    return found
