from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from searcher import Article, Hit, Quote, QuoteHit, Snippet
from searcher.formats.markup import rss


def test_a_quotation_says_whose_it_is() -> None:
    said = Quote("It is a dead end,", "Reyl", "direct", 1, 18)
    feed = rss([("port", QuoteHit(said, Article("7", "Plan"), 1.0, "Tomas Reyl"))])
    item = ElementTree.fromstring(feed).find("channel/item")
    assert item is not None

    assert ("Tomas Reyl: “It is a dead end,”", "7 1") == (item.findtext("description"), item.findtext("guid"))


@given(st.text(st.characters()))
def test_any_text_makes_a_feed(text: str) -> None:
    feed = rss([(text, Hit(Article(text, text, url=text), 1.0, (Snippet(text, ()),)))])

    assert 1 == len(ElementTree.fromstring(feed).findall("channel/item"))
