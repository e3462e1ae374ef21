"""Split a page into blocks of text with their surroundings, and read markup that is entirely article text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from searcher.errors import ReadError
from searcher.readers.base import MAX_FIELD
from searcher.readers.html.page import Page, parse

_BLOCK = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "menu", "caption",
})  # fmt: skip
_SKIPPED = frozenset({
    "script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "canvas", "button",
    "select", "option", "textarea", "input", "audio", "video", "head", "math", "map", "link", "meta",
    "title", "datalist", "progress", "meter",
})  # fmt: skip
#: Skipped elements that are controls, and those that play media.
_CONTROLS = frozenset(("button", "input", "select", "textarea"))
_MEDIA = frozenset(("video", "audio", "iframe", "embed", "object"))
_BREAK = "\0"

#: Words before "comments" that only say whether there are any: "no-comments", "comments-open".
NO_COMMENTS_BEFORE = "(?<!has-)(?<!no-)(?<!with-)(?<!without-)(?<!is-)"
NO_COMMENTS_AFTER = "(?!-(?:open|closed|enabled|disabled|on|off|count))"
_WORD_START = r"(?<![a-z])"  # start of a word
#: Hints given by classes, ids and roles of an element and its ancestors, one bit each. The patterns avoid
#: words with other meanings: "has-comments", "commentary", "football", and CSS utility classes such as
#: "relative", "overflow-hidden", "items-center".
HINTS = {
    "comment": NO_COMMENTS_BEFORE + r"(?<![a-z])(?:(?:[a-z]{0,4}comments?"
    r"(?:-?(?:list|area|box|wrap|wrapper|section|form|body|text|content|thread|count|holder|block|container))?)"
    r"|[a-z]{0,5}(?:comentari(?:os?|s)?|comentários?|commentaires?|commenti|kommentare[rn]?|komentarze|reacties)"
    r"|disqus|respond|livefyre|coral-talk)(?![a-z])" + NO_COMMENTS_AFTER,
    "related": rf"{_WORD_START}relat(?:ed|ion)|recommend|more-?(?:stories|news|on|from|articles)"
    r"|read-?(?:more|also|next)|trending|popular|most-?(?:read|viewed)|outbrain|taboola|up-?next|teaser|latest|further",
    "share": r"shar(?:e|ing)|social|follow|facebook|twitter(?!-tweet)|whatsapp",
    "author": rf"author(?!i)|byline|bio\b|contributor|{_WORD_START}writer|avatar",
    "caption": r"caption|credit|figure|gallery|slideshow|photo|image-|media-|lightbox|carousel",
    "sign-up": r"newsletter|subscri|sign-?up|paywall|regwall|login|register|donat|membership|promo"
    r"|cta\b|call-to",
    "advert": r"\bads?\b|advert|sponsor|banner|\bdfp|adslot|affiliate",
    "meta": rf"meta|{_WORD_START}(?:date|time)|publish|posted|kicker|eyebrow",
    "standfirst": r"dek\b|deck\b|standfirst|subtitle|sub-?head|summary|excerpt|abstract"
    r"|lead-?(?:text|in)?\b|lede\b|intro|chapo|entradilla|vorspann|ingress|description"
    r"|(?:article|post|story)-?lead",
    "tags": r"\btags?\b|tag-?list|topics?|categor|keyword|label",
    "sidebar": rf"sidebar|side-?bar|widget|{_WORD_START}(?:left-?|right-?|side-?)?rail|aside|complementary"
    r"|secondary",
    "navigation": rf"{_WORD_START}(?:[a-z]{{3,4}}-?)?nav|menu|breadcrumb|pagination|pager|skip|toolbar"
    r"|tabs?\b|toc\b|table-of-contents|jump",
    "foot": r"foot(?:er|note)?s?(?![a-z])|copyright|disclaimer|legal|colophon|contentinfo|terms",
    "head": r"masthead|site-?header|page-?header|topbar|top-?bar|header|banner",
    "cookie": r"cookie|consent|gdpr|ccpa|privacy|onetrust|optanon|didomi|usercentrics"
    rf"|{_WORD_START}ot-(?:sdk|main|pc|cat|acc|desc|grp)|popup|modal|overlay|dialog|notice|alert|toast",
    "hidden": r"(?<!overflow-)(?<!overflow-[xy]-)hidden|sr-only|screen-?reader|visually|assistive|print-?only"
    r"|collapse|d-none",
    "body": r"article[-_]*(?:body|content|text|copy)|story[-_]*(?:body|content|text)|entry-?content"
    r"|post[-_]*(?:body|content|text)|body[-_]*(?:copy|text|content)|rich-?text|articletext|storytext|articlebody"
    r"|content[-_]*body|single-?content|prose\b|wysiwyg|field--name-body|text-?content|td-post-content",
    "content": r"content|article|main|story|post|entry|text|paragraph",
    "quote": r"quote|pull|twitter-tweet|instagram-media|tiktok-embed",
    "list": r"\blist|grid|cards?\b|items?\b(?!-(?:center|start|end|baseline|stretch))|feed"
    rf"|{_WORD_START}row|tile|slider",
    "faq": rf"faq|accordion|question|answer|{_WORD_START}(?:step|review|rating|table)|product(?!i)",
}
_HINT_ATTRIBUTES = frozenset(("class", "id", "role", "itemprop"))
# Applied to lower-case words, since ignoring case is much slower.
_HINTS = [(1 << bit, re.compile(pattern)) for bit, pattern in enumerate(HINTS.values())]
_PATTERN_SYNTAX = re.compile(r"\(\?<?![^()]*\)|\[[^\]]*\]|\\b|.[?*{]")
_LETTERS = re.compile("[a-z]{3,}|ad|ot")  # the only two-letter words in the hints: "ads", "ot-pc"


def _hints_by_letters() -> dict[str, int]:
    """Return the hints that words with certain letters may have, so that the others need not be searched
    for."""
    index: dict[str, int] = {}
    for bit, pattern in enumerate(HINTS.values()):
        for letters in _LETTERS.findall(_PATTERN_SYNTAX.sub(" ", pattern)):
            index[letters[:3]] = index.get(letters[:3], 0) | 1 << bit
    return index


_HINTS_BY_LETTERS = _hints_by_letters()
_PAIRS = [(letters, hints) for letters, hints in _HINTS_BY_LETTERS.items() if len(letters) == 2]
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HIDDEN_HINT = 1 << list(HINTS).index("hidden")
_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)

#: Kinds of link targets: social networks and messengers, sign-up pages, e-mail.
LINK_KINDS = {
    "network": r"//(?:[\w-]+\.)*(?:facebook|fb|twitter|x|instagram|linkedin|youtube|tiktok|pinterest"
    r"|telegram|t|vk|ok"
    r"|whatsapp|wa|threads|bsky|weibo|line|viber|zalo|flipboard|reddit)\.(?:com|me|net|app|ru)\b"
    r"|//news\.google\.|//(?:play|apps)\.(?:google|apple)\.|whatsapp:|tg:",
    "sign-up": r"newsletter|subscri|sign-?up|abonn|suscri|assine|iscri|prenumer|register|login|donat"
    r"|membership|/abo\b",
    "mail": r"^mailto:",
}
_AIMS = [(1 << bit, re.compile(pattern)) for bit, pattern in enumerate(LINK_KINDS.values())]


@lru_cache(4_000)
def _aims(target: str) -> int:
    target = target[:300].lower()
    return sum(bit for bit, pattern in _AIMS if pattern.search(target))


#: Tags that matter for everything inside them, one bit each.
OUTER_TAGS = (
    "article", "main", "nav", "footer", "header", "aside", "form", "figure", "ul", "table", "blockquote",
    "section",
)  # fmt: skip
_OUTER_TAG_BITS = {tag: 1 << bit for bit, tag in enumerate(OUTER_TAGS)} | {"ol": 1 << OUTER_TAGS.index("ul")}


@dataclass(slots=True)
class Node:
    """A block element.

    Attributes:
        parent: Index of the enclosing node, -1 at the top.
        hints: Bits of HINTS for this element.
        all_hints: Bits of HINTS for this element and its ancestors.
        tags: Bits of OUTER_TAGS for this element and its ancestors.
        classes: The class attribute.
        images: Number of images directly inside.
        controls: Number of controls directly inside.
    """

    parent: int
    tag: str
    depth: int
    hints: int
    all_hints: int
    tags: int
    classes: str = ""
    images: int = 0
    controls: int = 0

    @property
    def level(self) -> int:
        """Heading level 1 to 6, or 0."""
        tag = self.tag
        return int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() else 0


@dataclass(slots=True)
class Block:
    """A stretch of text in an element.

    Attributes:
        node: Index of the element.
        linked: Number of characters inside links.
        anchors: Number of links.
        before: Number of characters before the first link.
        after: Number of characters after the last link.
        link_kinds: Bits of AIMS for the link targets.
        images: Number of images since the previous block.
    """

    text: str
    node: int
    linked: int
    anchors: int
    before: int = 0
    after: int = 0
    link_kinds: int = 0
    images: int = 0


@dataclass(slots=True)
class Layout:
    nodes: list[Node] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


class _LinkCounts(NamedTuple):
    linked: int = 0
    before: int = 0
    after: int = 0


class _Walk:
    def __init__(self) -> None:
        self.layout = Layout([Node(-1, "", 0, 0, 0, 0)])
        self._pieces: list[str] = []
        self._linked: list[bool] = []
        self._node = self._anchors = self._aims = self._images = 0

    def open(self, tag: str, parent: int, hints: int, look: str = "") -> int:
        above = self.layout.nodes[parent]
        tags = above.tags | _OUTER_TAG_BITS.get(tag, 0)
        node = Node(parent, tag, above.depth + 1, hints, above.all_hints | hints, tags, look)
        self.layout.nodes.append(node)
        return len(self.layout.nodes) - 1

    def text(self, node: int, text: str, linked: bool) -> None:
        if not self._pieces:
            self._node = node
        self._pieces.append(text)
        self._linked.append(linked)

    def image(self, node: int) -> None:
        self._images += 1
        self.layout.nodes[node].images += 1

    def anchor(self, target: str) -> None:
        self._anchors += 1
        self._aims |= _aims(target)

    def flush(self) -> None:
        if not self._pieces:
            return
        text = "".join(self._pieces)
        if not text.isspace():
            counts = self._link_share() if any(self._linked) else _LinkCounts()
            whole = max(1, len(text.strip()))
            for part in _parts(text):
                linked = min(len(part), round(counts.linked * len(part) / whole)) if counts.linked else 0
                around = (counts.before, counts.after, self._aims, self._images)
                self.layout.blocks.append(Block(part, self._node, linked, self._anchors, *around))
                self._images = 0
        self._pieces, self._linked = [], []
        self._anchors = self._aims = 0

    def _link_share(self) -> _LinkCounts:
        linked = before = after = 0
        for text, inside in zip(self._pieces, self._linked):
            size = len(text.strip())
            if inside:
                linked += size
                after = 0
            elif linked:
                after += size
            else:
                before += size
        return _LinkCounts(linked, before, after)


def _parts(text: str) -> Iterator[str]:
    """Split text into paragraphs at double line breaks, and at single ones between long lines."""
    if _BREAK not in text:
        yield " ".join(text.split())
        return
    lines = [" ".join(line.split()) for line in text.split(_BREAK)]
    part = ""
    for line in lines:
        if part and not line:
            yield part
            part = ""
        elif part and min(len(part), len(line)) > 80:
            yield part
            part = line
        else:
            part = f"{part}\n{line}" if part else line
    if part:
        yield part


def _hints(element: Any) -> int:
    hints = 0
    for name, value in element.items():
        if name in _HINT_ATTRIBUTES:
            hints |= _value_hints(value)
        elif (
            name == "hidden"
            or (name == "aria-hidden" and value == "true")
            or (name == "style" and _STYLE.search(value))
        ):
            hints |= _HIDDEN_HINT
    return hints


@lru_cache(4_000)
def _value_hints(value: str) -> int:
    hints = 0
    for word in value.split()[:30]:
        hints |= _word_hints(word)
    return hints


@lru_cache(20_000)
def _word_hints(word: str) -> int:
    word = _CAMEL.sub("-", word[:100]).lower()
    likely = sum(hints for letters, hints in _PAIRS if letters in word)
    for start in range(len(word) - 2):
        if (letters := word[start : start + 3]) in _HINTS_BY_LETTERS:
            likely |= _HINTS_BY_LETTERS[letters]
    hints = 0
    for bit, pattern in _HINTS if likely else ():
        if likely & bit and pattern.search(word):
            hints |= bit
    return hints


def layout(root: Any) -> Layout:
    """Return the blocks of a page in order. Iterative, so that deep nesting is harmless."""
    walk = _Walk()
    steps = etree.iterwalk(root, events=("start", "end"))
    stack: list[tuple[int, bool]] = []  # node of each open element, and whether it is in a link
    node, linked = 0, False
    for event, element in steps:
        tag = element.tag
        if event == "end":
            node, linked = stack.pop()
            if tag in _BLOCK:
                walk.flush()
            if (tail := element.tail) is not None:
                walk.text(node, tail, linked)
            continue
        stack.append((node, linked))
        if tag in _SKIPPED and not _is_unclosed(element):
            if tag in _CONTROLS:
                walk.layout.nodes[node].controls += 1
            elif tag in _MEDIA:
                walk.image(node)
            steps.skip_subtree()
            continue
        node, linked = _enter(walk, element, tag, node, linked)
        if (text := element.text) is not None:
            walk.text(node, text.replace("\n", _BREAK) if tag == "pre" else text, linked)
    walk.flush()
    return walk.layout


def _enter(walk: _Walk, element: Any, tag: str, node: int, linked: bool) -> tuple[int, bool]:
    """Return the node for the content of ``element``, and whether it is linked."""
    if tag in _BLOCK:
        walk.flush()
        return walk.open(tag, node, _hints(element), element.get("class") or ""), linked
    if tag == "img":
        walk.image(node)
        return node, linked
    if tag == "br":
        walk.text(node, _BREAK, False)
        return node, linked
    if (look := element.get("class")) and (hints := _hints(element)) & ~_CONTENT_HINTS:
        node = walk.open(tag, node, hints, look)
    if tag != "a":
        return node, linked
    target = element.get("href") or ""
    if target.lstrip()[:11].lower() == "javascript:":
        return node, linked  # leads nowhere, so it is not a link
    walk.anchor(target)
    return node, True


_CONTENT_HINTS = sum(1 << list(HINTS).index(name) for name in ("content", "list", "body"))


def _is_unclosed(element: Any) -> bool:
    """Return True if an element without its own text was left unclosed and encloses the rest of the
    page."""
    return len(element) > 0 and next(element.iter("p", "article", "h1", "h2"), None) is not None


#: Maximum length of a table cell. Longer ones contain paragraphs, as in layout tables.
MAX_CELL = 200


def fragment_paragraphs(markup: str) -> list[str]:
    """Return all paragraphs of ``markup``."""
    try:
        return page_paragraphs(parse(markup))
    except ReadError:
        return []


def page_paragraphs(page: Page) -> list[str]:
    """Return all paragraphs of a page, including menus."""
    page_layout = layout(page.tree)
    return assemble(page_layout, page_layout.blocks)


def assemble(page_layout: Layout, blocks: Iterable[Block]) -> list[str]:
    """Return blocks as paragraphs. Cells of a table row are joined to one line."""
    out: list[str] = []
    row_before = -1
    for block in blocks:
        row = _table_row(page_layout, block)
        if row >= 0 and row == row_before:
            out[-1] += " | " + block.text
        else:
            out.append(block.text)
        row_before = row
    return out


def _table_row(page_layout: Layout, block: Block) -> int:
    cell = page_layout.nodes[block.node]
    if cell.tag not in ("td", "th") or len(block.text) > MAX_CELL:
        return -1
    return cell.parent if page_layout.nodes[cell.parent].tag == "tr" else -1


#: Elements that are not article text: hidden, interactive, or added by plug-ins (Jetpack, AddToAny, WordPress
#: captions) and embeds.
_NON_TEXT_TAGS = frozenset({
    "script", "style", "template", "noscript", "iframe", "object", "form", "button", "select", "nav",
    "figcaption",
})  # fmt: skip
_NON_TEXT_CLASSES = frozenset({
    "wp-caption-text", "sharedaddy", "jp-relatedposts", "addtoany_share_save_container", "twitter-tweet",
    "instagram-media", "fb-post", "tiktok-embed",
})  # fmt: skip
_MARKUP = re.compile(
    r"</?(?:p|br|div|h\d|li|ul|ol|span|a|strong|em|b|i|blockquote|table|tr|td|section|article|img|figure)\b[^<>]*>",
    re.I,
)
#: The line that blogs add below each entry of a feed.
_FEED_FOOTER = re.compile(r"^(?:The post )?.{0,300} (?:appeared first on|erschien zuerst auf) .{1,200}$")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]\w{1,31});", re.I)


def is_markup(text: str) -> bool:
    """Return True if a text is HTML: at least two tags, since a single one may be meant literally."""
    return "<" in text and len(_MARKUP.findall(text)) >= 2


def paragraphs_of_markup(markup: str) -> list[str]:
    """Return the paragraphs of the article in ``markup``, without hidden and interactive elements."""
    if "<" in markup or "&" in markup or len(markup) > MAX_FIELD:
        paragraphs = _paragraphs_with_text(markup)
    else:
        paragraphs = list(filter(None, [" ".join(markup.split())]))
    return paragraphs[:-1] if paragraphs and _FEED_FOOTER.match(paragraphs[-1]) else paragraphs


def _paragraphs_with_text(markup: str) -> list[str]:
    try:
        page = parse(markup)
    except ReadError:
        return []
    for element in [*page.tree.iter("*")]:
        if is_hidden(element) and element.getparent() is not None:
            element.drop_tree()
    return page_paragraphs(page)


def is_hidden(element: Any) -> bool:
    """Return True if an element is hidden, interactive, or added by a plug-in."""
    if element.tag in _NON_TEXT_TAGS or element.get("hidden") is not None:
        return True
    style = element.get("style") or ""
    is_hidden = "display:none" in style or "display: none" in style
    return is_hidden or not _NON_TEXT_CLASSES.isdisjoint((element.get("class") or "").split())


def line_without_markup(text: str) -> str:
    """Return a headline or name without tags and entities."""
    if is_markup(text):
        text = " ".join(paragraphs_of_markup(text))
    return html.unescape(text) if _ENTITY.search(text) else text
