"""Articles as they are kept: whatever is read of one, and when, is what was written."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
import random
import zlib
from dataclasses import replace

import pytest

from searcher.article import Article
from searcher.engines.whoosh.format import articles
from searcher.engines.whoosh.format.articles import (
    DECODE_ERRORS,
    Head,
    StoredArticle,
    lazy_article,
    pack_article,
    unpack_article,
    unpack_head,
)
from searcher.errors import IndexDamaged
from tests.engines import worlds

ARTICLES = (
    Article("a"),
    Article("", "", "no id"),
    Article(
        "é\ud800",
        "Ein Titel: 北京",
        "Line\nand “marks”",
        tags=("x",),
        published=dt.datetime(2024, 3, 1, 10, 20, 30),
    ),
    *(worlds.article(random.Random(seed), f"w{seed}") for seed in range(8)),
)


@pytest.mark.parametrize("article", ARTICLES, ids=range(len(ARTICLES)))
def test_an_article_comes_back_as_it_was(article: Article) -> None:
    packed = pack_article(article)

    assert article == unpack_article(packed)
    assert article.to_dict() == unpack_article(packed).to_dict()


@pytest.mark.parametrize(
    "use", [hash, repr, copy.copy, copy.deepcopy, lambda a: pickle.loads(pickle.dumps(a))]
)
def test_one_that_is_not_read_yet_is_used_as_any_other(use: object) -> None:
    article = ARTICLES[-1]
    stored = unpack_article(pack_article(article))

    assert use(article) == use(stored)  # type: ignore[operator]


def test_one_that_is_not_read_yet_can_be_changed() -> None:
    stored = unpack_article(pack_article(ARTICLES[-1]))

    assert replace(ARTICLES[-1], title="new") == replace(stored, title="new")


def test_it_has_no_other_attributes_than_any_article() -> None:
    stored = unpack_article(pack_article(ARTICLES[-1]))

    assert not hasattr(stored, "abstract")
    assert not hasattr(ARTICLES[-1], "abstract")


def test_whatever_is_altered_is_noticed_at_once() -> None:
    packed = pack_article(ARTICLES[-1])
    for at in range(len(packed)):
        altered = bytearray(packed)
        altered[at] ^= 1 << at % 8

        with pytest.raises(DECODE_ERRORS):
            unpack_article(bytes(altered))


@pytest.mark.parametrize("left", [0, 3, 11, 40])
def test_what_is_cut_short_is_noticed_at_once(left: int) -> None:
    with pytest.raises(DECODE_ERRORS):
        unpack_article(pack_article(ARTICLES[-1])[:left])


@pytest.mark.parametrize(
    "rest", [b"", b"nonsense", zlib.compress(b"[]")[2:-4], zlib.compress(b'{"quotes":[3]}')[2:-4]]
)
def test_what_was_never_an_article_is_told_when_it_is_read(rest: bytes) -> None:
    checked = bytes(8) + rest
    stored = unpack_article(zlib.crc32(checked).to_bytes(4, "little") + checked)

    with pytest.raises(IndexDamaged):
        _ = stored.body, stored.quotes


class _Store:
    """A store of one article, which counts how often it is read."""

    def __init__(self, article: Article) -> None:
        self._packed, self.reads = pack_article(article), 0

    def head(self, number: int) -> Head:
        assert number == 7
        self.reads += 1
        return unpack_head(self._packed)


def test_one_is_read_when_more_than_its_id_is_wanted() -> None:
    store = _Store(ARTICLES[-1])
    article = lazy_article(ARTICLES[-1].id, store, 7)

    assert (ARTICLES[-1].id, 0) == (article.id, store.reads)
    assert (ARTICLES[-1].title, 1) == (article.title, store.reads)
    assert (ARTICLES[-1], 1) == (article, store.reads)


@pytest.mark.parametrize("use", [hash, repr, copy.copy, lambda a: pickle.loads(pickle.dumps(a))])
def test_one_that_is_to_be_read_later_is_used_as_any_other(use: object) -> None:
    article = ARTICLES[-1]

    assert use(article) == use(lazy_article(article.id, _Store(article), 7))  # type: ignore[operator]


def test_what_is_read_later_is_checked() -> None:
    altered = _Store(ARTICLES[-1])
    altered._packed = altered._packed[:-3]

    with pytest.raises(IndexDamaged):
        _ = lazy_article(ARTICLES[-1].id, altered, 7).body
    with pytest.raises(IndexDamaged):
        _ = lazy_article("another", _Store(ARTICLES[-1]), 7).title


def test_mentions_are_made_without_the_quotations() -> None:
    given = next(one for one in ARTICLES if one.mentions and one.quotes)
    article = StoredArticle.begun(given.id, given.title, unpack_head(pack_article(given)).rest)

    assert given.mentions == article.mentions
    assert len(given.quotes) == len(article.still_packed("quotes"))
    assert given.quotes == article.quotes
    assert article.still_packed("quotes") is None


def test_threads_may_read_the_same_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """One asks for a field that is not set, and another has set all of them before it looks for what is
    left."""
    article = lazy_article(ARTICLES[-1].id, _Store(ARTICLES[-1]), 7)
    unpack = articles._unpack_rest

    def overtaken(rest: object, of: StoredArticle, name: str) -> object:
        monkeypatch.setattr(articles, "_unpack_rest", unpack)
        assert ARTICLES[-1] == article
        return unpack(of._rest, of, name)

    monkeypatch.setattr(articles, "_unpack_rest", overtaken)

    assert ARTICLES[-1].mentions == article.mentions
