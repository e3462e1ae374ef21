"""Answers of programming interfaces and exports of reading lists, known by their keys."""

import datetime as dt
import json

import pytest

from searcher import readers
from searcher.errors import ReadError
from tests.readers.samples import BODY, MARKUP, TITLE

DAY, URL = "2024-03-03T00:00:00Z", "https://tallow.example/ferry"
EXPECTED = (TITLE, BODY, "Tallow Post", ("Ann Lee",), dt.datetime(2024, 3, 3))

WORDPRESS = {
    "id": 7,
    "date": DAY,
    "link": URL,
    "title": {"rendered": TITLE},
    "content": {"rendered": MARKUP, "protected": False},
    "yoast_head_json": {"author": "Ann Lee", "og_site_name": "Tallow Post"},
}
GUARDIAN = {
    "id": "port/ferry",
    "webTitle": TITLE,
    "webUrl": URL,
    "webPublicationDate": DAY,
    "sectionName": "Port",
    "fields": {"body": MARKUP, "byline": "Ann Lee", "publication": "Tallow Post"},
}
NINJS = {
    "guid": "t1",
    "headline": TITLE,
    "body_html": MARKUP,
    "byline": "Ann Lee",
    "firstcreated": DAY,
    "source": "Tallow Post",
}
XHTML = {key: value for key, value in NINJS.items() if key != "body_html"} | {"body_xhtml": MARKUP}
NINJS_2 = {
    "uri": "t1",
    "headlines": [{"role": "main", "value": TITLE}],
    "bodies": [{"role": "main", "contenttype": "text/html", "value": MARKUP}],
    "by": "Ann Lee",
    "firstcreated": DAY,
    "infosources": [{"name": "Tallow Post"}],
}
KARAKEEP = {
    "createdAt": 1,
    "content": {
        "type": "link",
        "url": URL,
        "title": TITLE,
        "htmlContent": MARKUP,
        "author": "Ann Lee",
        "publisher": "Tallow Post",
        "datePublished": DAY,
    },
}
READWISE = {
    "source_url": URL,
    "category": "article",
    "reading_progress": 0.5,
    "title": TITLE,
    "html_content": MARKUP,
    "author": "Ann Lee",
    "site_name": "Tallow Post",
    "published_date": DAY,
}
WALLABAG = {
    "is_archived": 0,
    "title": TITLE,
    "content": MARKUP,
    "url": URL,
    "domain_name": "Tallow Post",
    "published_at": DAY,
    "published_by": ["Ann Lee"],
}
OMNIVORE = {
    "slug": "ferry",
    "savedAt": DAY,
    "title": TITLE,
    "content": MARKUP,
    "url": URL,
    "author": "Ann Lee",
    "siteName": "Tallow Post",
    "publishedAt": DAY,
}
FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Tallow Post",
    "items": [
        {
            "id": URL,
            "title": TITLE,
            "content_html": MARKUP,
            "date_published": DAY,
            "authors": [{"name": "Ann Lee"}],
        }
    ],
}


def of(value):
    return list(readers.read_bytes(json.dumps(value).encode(), "a.json"))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param([WORDPRESS], id="WordPress"),
        pytest.param({"response": {"status": "ok", "results": [GUARDIAN]}}, id="Guardian, search"),
        pytest.param({"response": {"status": "ok", "content": GUARDIAN}}, id="Guardian, one"),
        pytest.param(NINJS, id="ninjs"),
        pytest.param(XHTML, id="ninjs with XHTML"),
        pytest.param(NINJS_2, id="ninjs 2"),
        pytest.param({"bookmarks": [KARAKEEP]}, id="Karakeep"),
        pytest.param({"results": [READWISE]}, id="Readwise Reader"),
        pytest.param([WALLABAG], id="wallabag"),
        pytest.param([OMNIVORE], id="Omnivore"),
        pytest.param(FEED, id="JSON Feed"),
    ],
)
def test_the_fields_of_a_known_shape(value):
    (article,) = of(value)

    assert EXPECTED == (article.title, article.body, article.source, article.authors, article.published)


def test_the_new_york_times_gives_the_beginning_of_an_article():
    document = {
        "web_url": URL,
        "headline": {"main": TITLE},
        "lead_paragraph": BODY,
        "pub_date": DAY,
        "byline": {"original": "By Ann Lee"},
        "keywords": [{"value": "Ferries"}],
    }
    (article,) = of({"response": {"docs": [document]}})

    assert (TITLE, BODY, "The New York Times") == (article.title, article.body, article.source)
    assert (("Ann Lee",), ("Ferries",)) == (article.authors, article.tags)


ARTICLE = {"title": TITLE, "text": BODY}


def test_articles_are_found_under_any_name_where_they_are_half_of_what_stands_there():
    found = readers.read_bytes(json.dumps({"stuff": [ARTICLE, {"kind": "advert"}]}).encode(), "a.json")

    assert [(TITLE, BODY)] == [(one.title, one.body) for one in found]


def test_columns_of_unequal_length_are_no_table():
    columns = {name: {"0": text, "1": text} for name, text in ARTICLE.items()} | {"score": {"0": 1}}

    with pytest.raises(ReadError, match="It has no text"):
        list(readers.read_bytes(json.dumps(columns).encode(), "a.json"))


def test_linkwarden_holds_its_links_in_collections():
    link = {"name": TITLE, "url": URL, "textContent": BODY, "tags": [{"name": "port"}]}
    (article,) = of({"collections": [{"name": "Read later", "links": [link]}]})

    assert (TITLE, BODY, URL, ("port",)) == (article.title, article.body, article.url, article.tags)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pocket.csv", f"title,url,time_added,tags,status\n{TITLE},{URL},1709424000,,unread\n"),
        ("instapaper.csv", f"URL,Title,Selection,Folder,Timestamp\n{URL},{TITLE},,Unread,1709424000\n"),
    ],
)
def test_a_list_of_addresses_says_what_to_do(name, text):
    with pytest.raises(ReadError, match="an address, but no text: save the page itself"):
        list(readers.read_bytes(text.encode(), name))


@pytest.mark.parametrize("field", ["body_html", "content_html", "html", "body_xhtml"])
def test_html_under_any_of_its_names_becomes_paragraphs(field):
    (article,) = of({"title": "Ferry &#8211; soon", field: MARKUP})

    assert ("Ferry – soon", BODY) == (article.title, article.body)


def test_what_only_the_page_is_for_is_no_text():
    clutter = (
        '<script>var x;</script><figure><img src="a.jpg"><figcaption>A ferry</figcaption></figure>'
        '<p style="display:none">Preview</p><div class="sharedaddy">Share this</div>'
    )
    (article,) = of(
        {"title": TITLE, "html": f"{clutter}{MARKUP}<p>The post Ferry appeared first on Tallow Post.</p>"}
    )

    assert BODY == article.body


def test_a_thousand_bad_rows_are_one_error(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("title,text\n" + "Ferry,\n" * 1000)
    (error,) = readers.events(path)

    assert str(error).startswith(
        "Lines 2, 3, 4 and 997 more: It has no text. Say which of its fields holds it"
    )


def test_the_day_of_ninjs_of_version_three():
    record = {
        "uri": "urn:ferry",
        "versionCreated": "2024-03-03T14:05:00Z",
        "headlines": [{"value": "Ferry to sail again"}],
        "bodies": [{"value": "<p>It sails again.</p><p>They wait.</p>"}],
    }
    (article,) = readers.read_bytes(json.dumps(record).encode(), "a.json")

    assert ("Ferry to sail again", "2024-03-03") == (article.title, f"{article.published:%Y-%m-%d}")
