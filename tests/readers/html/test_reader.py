import datetime as dt
import json
from dataclasses import replace

import numpy as np
import pytest

from searcher import readers
from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers.html.blocks import assemble, layout
from searcher.readers.html.body import count_entry_days, select, teaser_characters, unchosen_table_ratio
from searcher.readers.html.doubts import doubts
from searcher.readers.html.outline import Outline
from searcher.readers.html.page import parse
from searcher.readers.html.reader import events_from_html

SENTENCE = (
    "The ferry company said on Tuesday that its boats would run again from June after a long winter in port. "
)
PAGE = f"""<!doctype html><html lang="en-GB"><head><title>Ferry to sail again | The Tallow Post</title>
<meta property="og:site_name" content="The Tallow Post">
<link rel="canonical" href="https://tallow.example/2024/ferry?utm_source=mail">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Ferry to sail again",
"datePublished": "2024-03-03T14:05:00+02:00", "author": [{{"name": "Ann Lee"}}, {{"name": "Bo Ek"}}],
"articleSection": "Harbour", "keywords": "ferries, boats"}}</script></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Ferry to sail again</h1><p class="byline">By Ann Lee</p>
<p>{SENTENCE * 2}</p><p>“We are ready,” said Ida Brandt, who runs it. {SENTENCE}</p>
<p>Read more: <a href="/other">Piers to close</a></p><p>{SENTENCE * 2}She waits.</p></article>
<footer>© 2024 The Tallow Post</footer></body></html>"""


def one(page, name="a.html"):
    (article,) = readers.read_bytes(page.encode() if isinstance(page, str) else page, name)
    return article


def test_the_body_is_the_article_in_paragraphs():
    expected = [
        (SENTENCE * 2).strip(),
        f"“We are ready,” said Ida Brandt, who runs it. {SENTENCE}".strip(),
        f"{SENTENCE * 2}She waits.",
    ]

    assert expected == one(PAGE).body.split("\n\n")


def test_a_page_that_is_built_in_the_browser_has_its_article_in_a_script():
    body = "".join(f"<p>{number}. {SENTENCE * 2}</p>" for number in range(4))
    data = json.dumps({"data": {"contentHtml": f'<div class="text">{body}</div>', "menu": "<p>Sport</p>"}})
    page = f"<html><head><title>Ferry</title></head><body><script>push({data});</script></body></html>"

    assert [f"{number}. {SENTENCE * 2}".strip() for number in range(4)] == one(page).body.split("\n\n")


def test_the_metadata_are_those_of_the_publisher():
    article = one(PAGE)

    assert (
        "Ferry to sail again",
        ("Ann Lee", "Bo Ek"),
        dt.datetime(2024, 3, 3, 14, 5),
        "The Tallow Post",
        "en",
        "Harbour",
        ("ferries", "boats"),
    ) == (
        article.title,
        article.authors,
        article.published,
        article.source,
        article.language,
        article.section,
        article.tags,
    )


def test_one_address_is_one_article_however_it_was_reached():
    other = PAGE.replace("?utm_source=mail", "/")

    assert one(PAGE).id == one(other).id


def test_a_page_of_links_holds_no_article():
    links = "".join(f'<li><a href="/{number}">Piers of the north {number}</a></li>' for number in range(30))

    with pytest.raises(ReadError, match="contains no article"):
        one(f"<html><title>Home</title><body><ul>{links}</ul></body></html>")


def test_a_label_with_a_headline_as_link_leads_elsewhere_in_any_language():
    elsewhere = '<p>Wowoni:&nbsp;<a href="/x">Piers to close for a winter of repairs</a></p>'

    assert one(PAGE).body == one(PAGE.replace("<p>Read more", elsewhere + "<p>Read more")).body


def test_a_page_that_was_saved_as_a_pdf_is_a_page():
    assert one(PAGE).body == one(PAGE, "a.pdf").body


@pytest.mark.parametrize("around", ["comments", "lista-comentarios", "itemcomentari", "art-kommentare"])
def test_comments_are_no_part_of_the_article(around):
    remark = "I waited for this boat the whole winter, and now it comes in June, so who pays for the taxi? "
    comments = f'<div class="{around}"><div><p>{remark * 2}</p></div></div></article>'

    assert one(PAGE).body == one(PAGE.replace("</article>", comments)).body


def test_an_article_that_may_be_commented_on_is_no_comment():
    assert one(PAGE).body == one(PAGE.replace("<article>", '<article class="post comments-open">')).body


def test_a_second_copy_of_the_article_in_one_piece_is_left_out():
    paragraphs = one(PAGE).body.replace("\n\n", " ")
    copy = f'</article><div class="article-body"><p>{paragraphs}</p></div>'

    assert one(PAGE).body == one(PAGE.replace("</article>", copy)).body


def test_an_article_that_the_page_holds_for_two_kinds_of_screens_is_read_once():
    start, end = PAGE.index("<article>"), PAGE.index("<footer>")
    twice = f'{PAGE[:end]}<div class="mobile">{PAGE[start:end]}</div>{PAGE[end:]}'

    assert one(PAGE).body == one(twice).body


def test_posts_that_an_article_quotes_are_part_of_it():
    post = '<blockquote class="twitter-tweet"><p>Boats in June, hooray! The quay sings.</p></blockquote>'

    assert "Boats in June, hooray!" in one(PAGE.replace("<p>“We", post + "<p>“We")).body


def found_in(markup, title="Ferry to sail again"):
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{markup}</body></html>"
    return list(events_from_html(page))


PROSE = "".join(
    f"<p>Passengers had waited since November, on {n} piers, for the ferry to sail again, they said.</p>"
    for n in range(20)
)
OTHER = PROSE.replace("piers", "boats")
SOLD = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>'
DOUBTFUL = {
    "<p>This domain is for sale. Buy this domain now.</p>": "a domain that is for sale",
    "<p>Please enable JavaScript to read on.</p>": "readers without scripts",
    "<p>The material on this site may not be reproduced without permission.</p>": "a legal notice",
    "<p>Trending now</p><p>My networks</p><p>Public</p>": "reads like a menu",
    "<p>Page not found</p><p>Use your browser to return to where you came from, or try again later.</p>": (
        "an error page of a server"
    ),
    "<h1>百科错误页</h1><ul><li>如果您要举报侵权信息,请到投诉中心;</li><li>其他问题请访问论坛。</li></ul>": (
        "an error page of a server"
    ),
    "<p>Harbour forum</p><p>您尚未登录，您可以输入用户名、密码登录。</p>": "an error page of a server",
    f"<main><article><h1>One</h1>{PROSE}</article><article><h1>Two</h1>{OTHER}</article></main>": (
        "2 articles one below the other"
    ),
    f"<main><article><h1>One</h1>{PROSE}<article><p>Quay</p></article></article>"
    f"<article><h1>Two</h1>{OTHER}</article></main>": "2 articles one below the other",
    '<link rel="canonical" href="https://tallow.example/"><p>The Post in your inbox each Monday, free.</p>': (
        "that of a site"
    ),
    **{
        f"<title>{title}</title><main><p>Your account lets you read on, on each of your devices.</p>"
        "<form><input name='who'><input type='password'></form></main>": "readers sign in"
        for title in ("Log in | The Tallow Post", "Tallower Post – Anmelden", "Connexion", "ログイン：潮報")
    },
    SOLD + PROSE[:800]: "the beginning alone",
}


TEASER = "<li><a href='/{0}'>Pier {0} to close</a><div>Passengers had waited there, they said.</div></li>"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"<ul>{''.join(TEASER.format(n) for n in range(4))}</ul>", 156),
        ("".join(f"<ul>{TEASER.format(n)}</ul>" for n in range(4)), 156),
        (f"<ul>{TEASER.format(0)}{TEASER.format(1)}</ul>", 0),
    ],
    ids=["a list of teasers", "lists of one teaser each", "two items that link to something"],
)
def test_text_is_under_links_where_items_of_a_list_begin_with_them(markup, expected):
    found = layout(parse(PROSE + markup).tree)

    assert expected == teaser_characters(found, [block for block in found.blocks if not block.linked])


ENTRY = "<div><h2>Boats {0}</h2><p class='date'>Posted on {0} March 2019</p>" + PROSE + "</div>"
ASIDE = "<div class='box'><p class='date'>Posted on {} March 2019</p></div>"


@pytest.mark.parametrize(
    ("markup", "chosen", "expected"),
    [
        ("".join(ENTRY.format(day) for day in (1, 2, 3)), "p", 3),
        (ENTRY.format(1) * 3, "p", 1),
        (PROSE.join(ASIDE.format(day) for day in (1, 2, 3)), "p", 0),
        ("".join(ENTRY.format(day) for day in (1, 2, 3)), "p date", 0),
    ],
    ids=["entries of a blog", "entries of a day", "days of teasers between", "days of a chronicle"],
)
def test_days_are_those_of_entries_that_stand_side_by_side(markup, chosen, expected):
    found = layout(parse(f"<main>{markup}</main>").tree)
    nodes = [found.nodes[block.node] for block in found.blocks]

    assert expected == count_entry_days(
        Outline(found), np.array([node.tag == "p" and node.classes in ("", chosen[2:]) for node in nodes])
    )


def test_tables_beside_the_text_are_told_by_how_much_they_hold():
    found = layout(parse(f"<main>{PROSE}<table>{ROWS * 50}</table></main>").tree)
    taken = np.array([found.nodes[block.node].tag == "p" for block in found.blocks])

    assert 3 < unchosen_table_ratio(Outline(found), taken) < 4


@pytest.mark.parametrize(
    ("measured", "body", "expected"),
    [
        ({"teaser_share": 0.2}, PROSE, "teasers of other articles"),
        ({"uncertain_share": 0.2}, PROSE, "unlike the rest"),
        ({"entry_days": 3}, PROSE, "3 dates appear"),
        ({"table_ratio": 1.1}, PROSE, "tables that hold more text"),
        (
            {},
            PROSE + "".join(f"\n\n{n}/12\n\nA pier at dawn." for n in range(1, 6)),
            "5 pictures of a gallery",
        ),
        (
            {},
            "\n\n".join(f"Ann {n}, on Dec {n}, 2009 wrote:\n\n{PROSE}" for n in range(3)),
            "3 lines that sign",
        ),
        ({}, "\n\n".join(f"By Ann {name}\n\n{PROSE}" for name in ("Lee", "Ray", "Dow")), "3 lines that sign"),
    ],
)
def test_a_body_that_may_be_of_several_articles_is_doubtful(measured, body, expected):
    page = replace(parse(PROSE), **measured)

    assert expected in next(doubts(page, Article("", body=body)))


def test_a_page_whose_root_is_closed_before_its_body_is_read():
    page = f"<html><head><title>A</title></head></html><body>{PROSE}</body></html>"

    assert "Passengers had waited" in next(readers.read_bytes(page.encode(), "page.html")).body


def test_a_notice_of_rights_behind_a_chinese_article_is_none_of_it():
    text = "<p>渡轮周一起重新开航，乘客们已经在码头等候了很久，他们说。</p>"
    (article,) = found_in(f"{text * 4}<p>版权声明：本站所有文字、图片和音视频资料，版权均属本站所有。</p>")

    assert "版权" not in article.body


def test_the_rules_for_remarks_below_a_short_chinese_article_are_none_of_it():
    text = "渡轮周一重新开航，乘客们已经在码头等候了很久，船长说船票全部售完，下一班要等到星期四早上。"
    rules = "<p>请勿发表与主题无关的内容，违反上述规定者，本网站有权删除留言，或者直接封锁帐号。</p>" * 5
    (article,) = found_in(f"<main>{f'<p>{text}</p>' * 4}</main><section class='comments'>{rules}</section>")

    assert "留言" not in article.body


LINE = "The ferry that sails from Monday on calls at these piers:"
PIERS = ("Tallow", "Quay West", "Old Dock")
ITEMS = "".join(f"<li>{pier}</li>" for pier in PIERS)
LINKS = "".join(f'<li><a href="/{pier}">{pier}</a></li>' for pier in PIERS)
ROWS = "".join(f"<tr><td>{pier}</td><td>at {pier} from June the fourth</td></tr>" for pier in PIERS)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"<p>{LINE}</p><ul>{ITEMS}</ul>", [LINE, *PIERS]),
        (f"<p>{LINE[:-1]}：</p><ol>{ITEMS}</ol>", [f"{LINE[:-1]}：", *PIERS]),
        (f"<p>{LINE[:-1]}.</p><ul>{ITEMS}</ul>", [f"{LINE[:-1]}."]),
        (f"<p>{LINE}</p><ul>{LINKS}</ul>", [LINE]),
        (f"<p>{LINE}</p><ul>{ITEMS}{LINKS}</ul>", [LINE]),
        (f"<table>{ROWS}</table>", [f"{pier} | at {pier} from June the fourth" for pier in PIERS]),
    ],
)
def test_what_is_left_of_a_list_or_a_table_that_belongs_to_the_article_is_chosen(markup, expected):
    found = layout(parse(f"<main>{markup}</main>").tree)
    long = [number for number, block in enumerate(found.blocks) if len(block.text) > 20]

    assert expected == assemble(found, select(found, np.array(long)))


def test_a_page_about_markup_is_itself():
    (article,) = found_in(f"{PROSE}<p>It begins with &lt;!doctype html&gt;, as pages do.</p>")

    assert "Passengers had waited" in article.body


def test_a_body_that_has_little_of_what_the_page_declares_is_doubtful():
    linked = '{"@type": "SocialMediaPosting", "headline": "Boats", "text": "%s"}' % (
        "The quay is to close. " * 30
    )
    _, doubt = found_in(f'<script type="application/ld+json">{linked}</script>{PROSE}')

    assert "little of the text that the page declares" in str(doubt)


@pytest.mark.parametrize(
    "mark", ["<a href='#b'>¶</a>", " <a href='#b'>#</a>", "<span>[<a href='/e'>edit</a>]</span>"]
)
def test_a_heading_is_without_links_to_itself(mark):
    (article,) = found_in(f"<main>{PROSE}<h2>Boats in C{mark}</h2>{PROSE}</main>")

    assert "\n\nBoats in C\n\n" in article.body


@pytest.mark.parametrize("markup", DOUBTFUL)
def test_what_reads_like_no_article_is_doubtful(markup):
    article, doubt = found_in(markup)

    assert DOUBTFUL[markup] in str(doubt)
    assert article.body


@pytest.mark.parametrize(
    "markup",
    [
        PROSE,
        "<p>The ferry sails. Its owner had asked readers to enable JavaScript.</p>" + PROSE,
        "<p>The privacy policy of the ferry line is new, and the town is divided about it.</p>" + PROSE,
        "<p>It sails on Monday.</p>",
        PROSE + "<p>24/7 the pier is lit.</p>" * 3,
        f"<title>Log in for the ferry, riders told</title>{PROSE}<form><input type='password'></form>",
        f"<title>Log in</title>{PROSE}",
        SOLD.replace("NewsArticle", "Event") + PROSE[:800],
        SOLD + PROSE,
    ],
)
def test_an_article_is_not_doubtful(markup):
    assert 1 == len(found_in(markup))


def test_text_for_readers_without_scripts_is_the_body_where_there_is_little_else():
    (article,) = found_in(
        f"<div><p>Sign the petition for ferries, please, now.</p></div><noscript>{PROSE}</noscript>"
    )

    assert 20 == article.body.count("Passengers had waited")
