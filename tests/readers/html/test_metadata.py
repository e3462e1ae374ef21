"""What pages say of themselves in other places than the usual ones."""

import datetime as dt
import json
import time

import pytest

from searcher.readers.html.reader import article_from_html

SENTENCE = "The ferry company said on Tuesday that its boats would run again from June after a long winter. "
STORY = "".join(f"<p>{number}. {SENTENCE * 2}</p>" for number in range(5))


def of(top, head="", lang="en", title="Ferry to sail again | The Tallow Post", end=""):
    return article_from_html(
        f'<html lang="{lang}"><head><title>{title}</title>{head}</head><body>'
        f"<main>{top}<article>{STORY}</article>{end}</main></body></html>"
    )


H1 = "<h1>Ferry to sail again</h1>"
DATES = {
    "under the headline": H1 + "<h5><span>2024-03-05</span></h5>",
    "above the headline": "<div>5 March 2024</div>" + H1,
    "of the time nearest to the headline": (
        "<ul><li><time datetime='2024-06-01'>x</time></li></ul>" + H1 + "<time datetime='2024-03-05'>x</time>"
    ),
    "of the first version": (
        H1 + "<div class='date'>Published 5 March 2024, updated 6 June 2024</div>"
        "<div class='date'>Updated 7 June 2024</div>"
    ),
    "not of a later version": (
        H1 + "<time datetime='2024-06-06' itemprop='dateModified'>x</time><p class='date'>5 March 2024</p>"
    ),
    "of a later version where there is no other": H1 + "<b>Last updated:</b> <i>5 March 2024</i>",
    "not of a comment": (
        H1 + "<div class='comment'><time datetime='2024-06-06'>x</time></div><i class='date'>5 March 2024</i>"
    ),
    "with two figures for the year": H1 + "<div class='date'>05.03.24</div>",
    "with a label and two figures for the year": H1 + "<div class='date'>Published: 05.03.24, 14:30</div>",
    "with the month first as elsewhere on the page": (
        H1 + "<span class='date'>3/5/2024</span><footer>12/31/2023</footer>"
    ),
}


@pytest.mark.parametrize("top", DATES.values(), ids=DATES.keys())
def test_the_date_is_the_one(top):
    article = of(top)

    assert article.published
    assert dt.date(2024, 3, 5) == article.published.date()


HEADS = {
    "og": '<meta property="og:published_time" content="2024-03-05">',
    "modified, without any other": '<meta property="article:modified_time" content="2024-03-05">',
    "page": '<script type="application/ld+json">{"@type": "WebPage", "datePublished": "2024-03-05"}</script>',
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_the_date_is_declared_in_unusual_places(head):
    assert dt.datetime(2024, 3, 5) == of(H1, head).published


@pytest.mark.parametrize(
    ("end", "day"),
    [
        (" | Tallow Post | 05.03.2024", 5),
        (" - 5/3/2024 - Ferries - Tallow Post", 5),
        (" – 5. März 2024", 5),
        (" on 5 March 2024", 8),
        (" - What the storm of 5 March 2024 has left behind", 8),
    ],
)
def test_a_day_that_is_a_part_of_the_title_comes_before_others(end, day):
    published = of(
        H1 + "<p class='date'>8 March 2024</p>", title=f"Ferry sails again{end}", lang="de"
    ).published

    assert published
    assert dt.date(2024, 3, day) == published.date()


AUTHORS = {
    "near the headline": ("<div><span>By</span><span>Ann Lee</span></div>", ""),
    "not those of other articles": (
        (
            "<p class='by'><a href='/author/lee'>Ann Lee</a></p><div>"
            f"<p>{SENTENCE * 5}</p><p><a href='/author/ek'>Bo Ek</a></p></div>"
        ),
        "",
    ),
    "without an office in the next box": (
        "<div class='byline'><b>Ann Lee</b><i>Writer and founder</i></div>",
        "",
    ),
    "rather than a user name": (
        "<a rel='author' href='/x'>Ann Lee</a>",
        '<meta name="author" content="ann.lee">',
    ),
    "that another object of the page describes": (
        "",
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "Article", "headline": "Ferries", '
            '"author": {"@id": "#a"}}, {"@type": "Person", "@id": "#a", "name": "Ann Lee"}]}</script>'
        ),
    ),
    "and not a commenter": (
        "<ol class='comment-list'><li><a rel='author' href='/b'>Bo Ek</a></li></ol><p>Text: Ann Lee</p>",
        "",
    ),
    "and not the outlet, which the page declares": (
        "<div class='byline'>Ann Lee</div>",
        (
            '<meta property="og:site_name" content="Tallow Post"><meta name="author" content="Tallow Post">'
            '<link rel="canonical" href="https://www.tallowpost.example/a">'
        ),
    ),
    "behind a label in a box of its own": ("<p><span>Author:</span> Ann Lee<br>Photo: x</p>", ""),
    "without the handle": ("", '<meta name="author" content="Ann Lee @annlee">'),
    "without the day in the same box": (
        "<div class='byline'><a href='/t/1'>Ann Lee</a> Thursday</div>",
        "",
    ),
    "whose name is declared in parts": (
        "",
        (
            '<script type="application/ld+json">{"@type": "Article", "headline": "Ferries", '
            '"author": {"@type": "Person", "givenName": "Ann", "familyName": "Lee"}}</script>'
        ),
    ),
    "in JSON-LD as a value": (
        "",
        (
            '<script type="application/ld+json">{"@type": "Article", "headline": "Ferries", '
            '"author": {"@value": "Ann Lee"}}</script>'
        ),
    ),
    "in a field of another plug-in": ("", '<meta property="share:article_author_name" content="Ann Lee">'),
    "in a field with two names": ("", '<meta property="dc:creator x:creator" content="Ann Lee">'),
    "whole where the given name is declared": (
        "<div class='byline'>A column by Ann Lee</div><p>Author: Ann Lee</p>",
        '<meta name="author" content="Ann">',
    ),
    "rather than the body that is declared": (
        "<a rel='author' href='/x'>Ann Lee</a>",
        '<meta name="author" content="HARBOURS – the magazine for ferries">',
    ),
    "behind a label in both genders": ("<ul><li>Autorin/Autor <b>Ann Lee</b></li></ul>", ""),
    "whose user name stands nowhere else": (
        "<div class='submitted'>Saved by <span class='username'>Ann Lee</span> 3 May</div>",
        "",
    ),
    "whose user name stands under the headline": (
        "<ul class='p-description'><li><a class='username'><span>Ann Lee</span></a></li></ul>",
        "",
    ),
    "of an opinion, which is filed as one": (
        "<div class='post category-kommentar'><a rel='author' href='/x'>Ann Lee</a></div>",
        "",
    ),
    "in a link to what is said of them": (
        f"<a href='/staff/7'><p>By Ann Lee</p><p>Ann writes of boats. {SENTENCE}</p></a>",
        "",
    ),
    "in a link to their page": (
        f"<a href='/author/7'><i class='author-name'>Ann Lee</i><p>Ann writes of boats. {SENTENCE}</p></a>",
        "",
    ),
    "behind a label in a link to what is said of them": (
        f"<a href='/staff/7'><p>Author: Ann Lee</p><p>Ann writes of boats. {SENTENCE}</p></a>",
        "",
    ),
    "behind a dash and a label": (
        "<div>05.03.2024 <span>- Redaktion: Ann Lee (harbour office)</span></div>",
        "",
    ),
    "behind a label under the headline, where many stories have one": (
        (
            "<ul><li>Author: <a href='/lee'>Ann Lee</a>, date: 05.03.24</li></ul>"
            "<p>Author: Bo Ek</p><p>Author: Cy Orr</p>"
        ),
        "",
    ),
    "before a day that is a link": ("<p>Von Ann Lee am <a href='/3'>3. Mai</a></p>", ""),
    "who owns the site": (
        "",
        '<meta property="og:site_name" content="Ann Lee"><meta name="author" content="Ann Lee">',
    ),
}


@pytest.mark.parametrize(("top", "head"), AUTHORS.values(), ids=AUTHORS.keys())
def test_the_author_is_the_one(top, head):
    assert ("Ann Lee",) == of(H1 + top, head).authors


@pytest.mark.parametrize(
    "row",
    [
        "<p><a href='/1'>Ann Lee</a>, <a href='/2'>Dr. Bo Ek</a> and <a href='/3'>Cy Orr</a></p>",
        "<p><a href='/1'>Ann Lee</a><b>, </b><a href='/2'>Dr. Bo Ek</a><b>and</b><a href='/3'>Cy Orr</a></p>",
        "<ul><li>3 May</li><li><a>Ann Lee</a></li><li><a>Dr. Bo Ek</a></li><li>Cy Orr</li><li>A</li></ul>",
    ],
    ids=["links", "links and boxes between them", "lines"],
)
def test_those_who_stand_in_one_row_with_an_author_sign_too(row):
    assert ("Ann Lee", "Dr. Bo Ek", "Cy Orr") == of(
        H1 + row, '<meta name="author" content="Ann Lee">'
    ).authors


@pytest.mark.parametrize(
    "user",
    [
        ("<div class='user-menu'>Logged in as <span class='username'>Bo Ek</span></div>" + H1, ""),
        (H1 + "<div class='user-menu'>Logged in as <span class='username'>Bo Ek</span></div>", ""),
        (H1, "<div class='replies'><p><span class='username'>Bo Ek</span> Fine ferries.</p></div>"),
        (H1, "<div class='reply-meta'><span class='username'>Bo Ek</span> 3 May</div>"),
        (H1, "<ol class='comments'><li class='submitted'><span class='username'>Bo Ek</span></li></ol>"),
    ],
    ids=["who is logged in", "in a menu below", "who answers", "answers on a day", "comments"],
)
def test_the_name_of_a_user_is_not_that_of_the_author(user):
    top, end = user

    assert () == of(top, end=end).authors


def test_who_answers_to_a_short_text_is_not_its_author():
    page = (
        f"<html><body>{H1}<p>{SENTENCE}</p><p>{SENTENCE}</p><div class='replies'><div class='reply-meta'>"
        "<span class='username'>Bo Ek</span></div></div></body></html>"
    )

    assert () == article_from_html(page).authors


@pytest.mark.parametrize("kind", ["Place", "https://schema.org/Place"])
def test_a_place_is_no_author(kind):
    given = [{"@type": kind, "name": "Tallow Bay"}, {"@type": "Person", "name": "Ann Lee"}]
    heads = (
        f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "author": some})}</script>'
        for some in (given, given[:1])
    )

    assert [("Ann Lee",), ()] == [of(H1, head).authors for head in heads]


@pytest.mark.parametrize("heading", ["Dead Reckoning", "New York", "Press Release", "Dear Readers"])
def test_a_heading_set_off_above_the_text_is_no_name(heading):
    assert () == of(f"{H1}<p><strong>{heading}</strong></p>").authors


@pytest.mark.parametrize(
    "named",
    [
        "entry-meta comments-closed",
        "post-meta comment-status-open",
        "has-comments",
        "no_comments",
        "hasComments",
        "byline comments",
    ],
)
def test_a_byline_may_say_whether_there_are_comments(named):
    assert ("Ann Lee",) == of(f"{H1}<div class='{named}'>By Ann Lee</div>").authors


def test_those_under_a_label_of_their_own_sign():
    box = "<h6>Author(s)</h6><ul><li><a href='/1'>Ann Lee</a></li><li><a href='/2'>Bo Ek</a></li></ul>"

    assert ("Ann Lee", "Bo Ek") == of(H1 + box).authors


def test_a_comment_signs_for_nobody():
    assert () == of(H1, end="<div class='commentMeta'>Kommentar von Bo Ek</div>").authors


def test_an_office_signs_where_nobody_else_does():
    assert ("Staff Writer",) == of(H1 + "<div class='author-name'>By Staff Writer</div>").authors


def test_an_agency_that_is_declared_comes_before_a_name_in_a_box():
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry to sail again", '
        '"author": {"@type": "Organization", "name": "dpa"}}</script>'
    )

    assert ("dpa",) == of(H1 + "<div class='author'>Ann Lee</div>", head).authors


def test_those_who_sign_need_not_be_persons():
    article = of(H1 + "<div class='story__author'>By the harbour editors</div>")

    assert ("the harbour editors",) == article.authors


def test_a_site_that_signs_for_itself_is_no_author():
    head = '<meta property="og:site_name" content="Tallow News"><meta name="author" content="Tallow News">'

    assert () == of(H1, head).authors


def test_an_agency_is_named_where_nobody_else_is():
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry to sail again", '
        '"author": {"@type": "Organization", "name": "Rope Agency"}}</script>'
    )

    assert ("Rope Agency",) == of(H1, head).authors


def test_one_word_signs_where_the_page_says_that_it_is_a_name():
    assert ("lupine",) == of(H1 + "<span class='author vcard'><a class='fn'>lupine</a></span>").authors


def test_a_headline_that_leads_to_its_own_page_is_no_masthead():
    address = "https://tallow.example/2024/03/ferry/"
    article = of(
        f'<h1><a href="{address}">Ferry to sail again</a></h1>',
        head=f'<link rel="canonical" href="{address}">',
        title="Ferry to sail again | Tallow.example",
    )

    assert article.title == "Ferry to sail again"


@pytest.mark.parametrize(
    "top",
    [
        "<ol><li><h1>Ferry harbour news</h1></li></ol><h2>Harbour Ferry to sail again</h2>",
        "<h1>Harbour: Ferry to sail again</h1>",
    ],
    ids=["a trail through the site", "a label"],
)
def test_the_title_is_the_declared_one_rather_than(top):
    head = '<meta property="og:title" content="Ferry to sail again">'

    assert "Ferry to sail again" == of(top, head, title="Ferry harbour news").title


@pytest.mark.parametrize(
    "heading",
    [
        "<a href='/f'><small>Harbour</small><br>Ferry to sail again</a>",
        "<span>Harbour</span>Ferry to sail again",
        "Ferry to sail again<a href='#f'>¶</a>",
    ],
    ids=["a word of its own", "a word glued to it", "the sign of its link"],
)
def test_a_heading_is_without_what_stands_beside_the_headline(heading):
    head = '<meta property="og:title" content="Ferry to sail again | Tallow Post">'

    assert "Ferry to sail again" == of(f"<h1>{heading}</h1>", head, title="Ferry to sail again").title


def test_a_heading_is_without_the_first_part_of_what_is_declared():
    head = '<meta property="og:title" content="Harbour news - Ferry to sail again">'

    assert "Ferry to sail again" == of("<h1><b>Harbour news</b>Ferry to sail again</h1>", head).title


def test_a_lone_headline_is_believed_though_search_engines_are_told_another():
    heading = "How the ferry of Tallow came to sail again after so long a winter"

    assert heading == of(f"<h1>{heading}</h1>", title="Tallow ferry: times, prices, harbours").title


def test_a_long_list_in_the_headline_is_read_at_once():
    headline = json.dumps({"@type": "NewsArticle", "headline": "a | " * 60_000})
    head = f'<script type="application/ld+json">{headline}</script>'
    started = time.process_time()
    article = of("<h1>One <b>two</b> three</h1>", head, title="One two three")

    assert "One two three" == article.title
    assert time.process_time() - started < 8


def test_a_date_behind_a_thousand_boxes_is_found():
    boxes = f"<div>\n<span>\n</span>\n<p>{SENTENCE}</p>\n</div>\n" * 1000
    page = f"<html lang='en'><body>{H1}{boxes}<p>12 March 2021</p></body></html>"
    article = article_from_html(page)

    assert article.published
    assert dt.date(2021, 3, 12) == article.published.date()


def test_a_date_of_the_furniture_is_none():
    assert None is of(H1 + "<div id='footer'><a href='/t'>Terms of Use (10 Mar 2001)</a></div>").published


@pytest.mark.parametrize(
    "masthead",
    [
        "<h1><a href='/'>Ferry Tallow Post</a></h1>",
        "<h1><a href='https://web.archive.org/web/2014/http://t.example/'>Ferry Tallow</a></h1>",
        "<h1>The Tallow Post</h1>",
        "<h1>The Ferry Post</h1>",
    ],
    ids=["a link home", "a link home in the archive", "the end of the title", "words of the site"],
)
def test_the_name_of_the_site_is_no_headline(masthead):
    head = '<meta property="og:site_name" content="The Tallow Ferry Post">'

    assert "Ferry to sail again" == of(masthead + "<h2>Ferry to sail again</h2>", head).title


@pytest.mark.parametrize(
    ("top", "title"),
    [
        ("<h1>Ferry to sail again</h1>", "Tallow Post - Ferry to sail again"),
        ("<h2>Ferry to sail again</h2>", "Tallow Post » Archive » Ferry to sail again"),
        ("<h2>Ferry to sail again</h2>", "Ferry to sail again: Tallow Post"),
        ("<h2>Ferry to sail again</h2>", "Tallow Post: Ferry to sail again"),
        ("<h2>Ferry to sail again</h2>", "Ferry to sail again | Ferries | The Forum of Tallow"),
    ],
    ids=["behind the site", "the last of three", "before a colon", "behind a colon", "the first of three"],
)
def test_the_part_of_the_title_that_a_heading_shows_is_the_headline(top, title):
    assert "Ferry to sail again" == of(top, title=title).title


def test_a_heading_that_leads_up_in_the_site_is_not_the_title():
    head = '<link rel="canonical" href="https://tallow.example/blogs/harbour/2024/ferry">'
    top = (
        "<a href='/blogs/harbour/index'><h1>Harbour: what ferry people say of boats, piers and ropes</h1></a>"
    )

    assert "Ferry to sail again" == of(top, head).title


def test_a_title_of_one_word_is_one_where_the_page_is_called_so():
    linked = '{"@type": "Article", "headline": "Boat that carries people"}'
    head = f'<script type="application/ld+json">{linked}</script>'

    assert "Ferry" == of("<h1>Ferry</h1>", head, title="Ferry - Tallow").title


def test_a_shown_title_is_without_the_site_where_it_is_declared_so():
    head = '<meta property="og:title" content="Ferry to sail again">'

    assert "Ferry to sail again" == of("<h1>Ferry to sail again | Tallow</h1>", head).title


def test_one_word_before_a_longer_name_is_no_title_by_itself():
    assert "Ferries - The Harbours of Tallow" == of("", title="Ferries - The Harbours of Tallow").title


SITES = {
    "Tallow Post": "Tallow Post",
    "Tallow Post | Ferries | Harbours | Storms": "Tallow Post",
    "https://www.tallowpost.example": "tallowpost.example",
    "": "The Tallow Post",
}


@pytest.mark.parametrize("name", SITES)
def test_the_source_is_the_name_of_the_site(name):
    article = of(H1, f'<meta property="og:site_name" content="{name}">')

    assert SITES[name] == article.source


def test_the_address_of_a_site_is_not_taken_for_that_of_a_page() -> None:
    page = (
        '<link rel="canonical" href="https://tallow.example/"><meta property="og:url" content="{}"><p>Text.'
    )
    found = [
        article_from_html(page.format(url), "https://tallow.example/ferry").url
        for url in ("https://tallow.example/boats", "")
    ]

    assert ["https://tallow.example/boats", "https://tallow.example/ferry"] == found


def dated(head, text="", url=None):
    page = (
        f"<html><head>{head}</head><body><h1>Ferry</h1>{text}<p>{'It sails again. ' * 20}</p></body></html>"
    )
    article = article_from_html(page, url)
    return article.published and str(article.published)


GREENWICH = '<meta property="article:published_time" content="2019-06-13T00:27:00Z">'


@pytest.mark.parametrize(
    ("head", "text", "expected"),
    [
        ('<meta name="date" content="2019-06-12T17:27:00-07:00">', "", "2019-06-12 17:27:00"),
        ("", '<time datetime="2019-06-12">June 12, 2019</time>', "2019-06-12 00:00:00"),
        ("", '<time datetime="2019-06-14">June 14, 2019</time>', "2019-06-13 00:27:00"),
        ('<meta name="date" content="2019-06-01T17:27:00-07:00">', "", "2019-06-13 00:27:00"),
    ],
)
def test_the_day_is_that_on_the_clock_of_the_publisher(head, text, expected):
    assert expected == dated(GREENWICH + head, text)


@pytest.mark.parametrize("path", ["2014/12/16/ferry", "2014/HARBOUR/12/16/ferry.html", "2014-12-16-ferry"])
def test_the_day_in_the_address_comes_before_that_of_a_later_version(path):
    head = '<meta name="datePublished" content="2015-01-02T16:00:31Z">'

    assert "2014-12-16" == dated(head, url=f"https://tallow.example/{path}")[:10]


def test_of_several_days_that_of_the_address_is_taken_with_its_hour():
    head = (
        '<meta property="article:published_time" content="2015-01-02T16:00:31Z">'
        '<meta name="dc.date" content="2014-12-16T11:45:18-05:00">'
    )

    assert "2014-12-16 11:45:18" == dated(head, url="https://tallow.example/2014/12/16/ferry")


def test_the_beginning_of_time_is_no_day():
    head = (
        '<meta property="article:published_time" content="1970-01-01T00:00:00Z">'
        '<meta property="article:modified_time" content="2012-07-24T03:55:18+00:00">'
    )

    assert "2012-07-24" == dated(head)[:10]


def signed(text, head=""):
    page = (
        f"<html><head>{head}</head><body><h1>Ferry</h1>{text}<p>{'It sails again. ' * 20}</p></body></html>"
    )
    return article_from_html(page).authors


@pytest.mark.parametrize(
    "text",
    [
        "Follow",
        "Follow Author",
        "See All Articles",
        "December 31",
        "2017-03-01",
        "Subscribe to RSS",
        "User Admin",
        "Send an Email",
        "投稿者",
        "未知",
    ],
)
def test_what_is_no_name_is_no_author(text):
    assert () == signed(f'<span class="author-name">{text}</span>')


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (
            '<meta name="author" content="T.A. Lee">',
            '<div class="item"><span class="author-name">Bo Ek</span></div>',
        ),
        ("", '<div class="byline"><a href="/show">All Matters</a><p class="byline-name">T.A. Lee</p></div>'),
        (
            "",
            '<b class="tweet"><b class="author-name">Bo Ek</b></b><i class="byline">By T.A. Lee</i>',
        ),
        ("", '<i class="byline">By T.A. Lee/Wire News</i>'),
    ],
)
def test_who_signs_is_the_author(head, text):
    assert ("T.A. Lee",) == signed(text, head)


CARD = "<h4><a href='/b'>Harbour master is looked for again</a></h4>"


@pytest.mark.parametrize(
    "box",
    [
        "<figure><figcaption><i class='img-author'>Bo Ek</i></figcaption></figure>",
        "<div class='teaser'><i class='author'>Bo Ek</i></div>",
        "<div class='side widget'><i class='author'>Bo Ek</i></div>",
        "<div class='teaser'><p class='author-line'>By Bo Ek and the crew of the ferry</p></div>",
        "<div class='pull-quote'><i class='author'>Bo Ek</i></div>",
    ],
    ids=["photo", "teaser", "widget", "signed teaser", "pulled quotation"],
)
def test_a_name_in_a_box_beside_the_article_is_not_its_author(box):
    assert () == of(H1, end=box).authors


def test_the_author_in_a_box_around_a_whole_article_with_a_linked_heading_is_found():
    box = f"<div>{CARD}<p>{SENTENCE * 12}</p><i class='author'>Bo Ek</i></div>"

    assert ("Bo Ek",) == of(H1, end=box).authors


@pytest.mark.parametrize(
    ("name", "title", "source"),
    [
        ("Bay news - The Tallow Post", "Ferry sails | The Tallow Post", "The Tallow Post"),
        ("Tallow Post - The bay and its boats", "Ferry sails", "Tallow Post"),
        (
            "Bay Office - South Bay",
            "Ferry sails - Bay Office - South Bay",
            "Bay Office - South Bay",
        ),
    ],
    ids=["part that ends the title", "part that the host is called", "whole in the title"],
)
def test_a_source_is_the_part_that_the_page_confirms(name, title, source):
    head = f"<meta property='og:site_name' content='{name}'>"
    address = "<link rel='canonical' href='https://www.tallowpost.example/a'>"

    assert source == of(H1, head + address, title=title).source


def test_a_day_that_is_declared_and_shown_comes_before_that_of_the_address():
    head = (
        "<link rel='canonical' href='https://www.tallowpost.example/2024/03/05/ferry'>"
        "<meta property='article:published_time' content='2024-03-11T06:00:00-05:00'>"
    )

    article = of(H1 + "<time datetime='2024-03-11T06:00:00-05:00'>11 March</time>", head)

    assert article.published
    assert dt.date(2024, 3, 11) == article.published.date()


@pytest.mark.parametrize(
    ("title", "source"),
    [
        ("TALLOW NEWS | South Bay | Ferry to sail again", "TALLOW NEWS"),
        ("Ferry to sail again | South Bay | Tallow News", "Tallow News"),
        ("Ferry to sail again | 4.3.2024", None),
        ("Live: Ferry to sail again", None),
    ],
)
def test_the_title_of_a_page_names_the_site_where_nothing_else_does(title, source):
    assert source == of(H1, title=title).source


def test_the_headline_that_an_old_page_declares_is_its_title():
    page = of(
        "",
        "<meta name='Headline' content='Ferry to sail again'>",
        title="TN | South Bay | Ferry to sail again",
    )

    assert "Ferry to sail again" == page.title


@pytest.mark.parametrize("maker", ["Rope Flux Labs", "Tallow Media Kft.", "Harbour Software"])
def test_the_company_that_made_a_site_is_no_author(maker):
    assert () == of(H1, f"<meta name='author' content='{maker}'>").authors


def test_a_link_to_all_columns_names_no_author():
    assert () == of("<a href='/news/columnists/?from=menu'>Columns</a>" + H1).authors


@pytest.mark.parametrize(
    "byline", ["<p>Author: TallowPost.hu</p>", "<meta name='author' content='河湾通訊社 Tallow News Agency'>"]
)
def test_the_outlet_is_no_author_in_whatever_form_it_signs(byline):
    name = "河湾通訊社 Tallow News Agency" if "河" in byline else "TallowPost"

    assert () == of(H1 + byline, f"<meta property='og:site_name' content='{name}'>{byline}").authors
