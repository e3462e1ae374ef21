"""Pages that databases give: each article apart, with its facts, and a body without its header."""

import datetime as dt

import pytest

from searcher.article import Article
from searcher.errors import ReadError
from searcher.extensions.databases.pages import europresse_elements
from searcher.readers.dispatch import Dispatcher
from tests.readers.samples import BODY, FIRST, MARKUP, PARAGRAPHS, SECOND, THIRD, TITLE


def everything(text, name="a.html"):
    return list(Dispatcher().data(text.encode(), name))


def facts(article):
    return article.title, article.body, article.source, article.authors, article.published


MARCH = dt.datetime(2024, 3, 3)


def nexis_block(kind, text, label=""):
    spans = (f'<SPAN CLASS="c7">{label}: </SPAN>' if label else "") + f'<SPAN CLASS="c2">{text}</SPAN>'
    return f'<BR><DIV CLASS="{kind}"><P CLASS="c1">{spans}</P>\n</DIV>\n'


def nexis(*documents):
    style = "<STYLE><!--\n.c3 { text-align: center; }\n.c4 { text-align: left; }\n--></STYLE>"
    parts = (
        f"<!-- Hide XML section from browser\n<DOC NUMBER=1>\n<DOCFULL> -->{document}"
        '<!-- Hide XML section from browser\n</DOCFULL>\n</DOC> -->\n<DIV CLASS="c9"/>\n'
        for document in documents
    )
    return f"<HTML><HEAD>{style}</HEAD><BODY>{''.join(parts)}</BODY></HTML>"


def nexis_document(labels, *, count="1 of 300 DOCUMENTS"):
    body = "".join(f'<P CLASS="c8"><SPAN CLASS="c2">{part}</SPAN>' for part in PARAGRAPHS)
    return (
        nexis_block("c3", count)
        + nexis_block("c3", "The Tallow Post")
        + nexis_block("c3", "March 3, 2024, Sunday<BR>Correction Appended")
        + nexis_block("c4", "Ferry to<BR>sail again")
        + nexis_block("c4", "By ANN LEE; Ann Lee reported from Tallow Bay", labels[0])
        + nexis_block("c4", "Section A; Column 2; Harbour Desk; Pg. 3", labels[1])
        + nexis_block("c4", "43 words", labels[2])
        + f'<BR><DIV CLASS="c4">{body}</DIV>\n'
        + nexis_block("c4", "March 4, 2024", labels[3])
        + nexis_block("c3", "Copyright 2024 Tallow Media")
    )


@pytest.mark.parametrize(
    "labels",
    [
        ("BYLINE", "SECTION", "LENGTH", "LOAD-DATE"),
        ("AUTOR", "RUBRIK", "LÄNGE", "UPDATE"),
        ("AUTEUR", "RUBRIQUE", "LONGUEUR", "DATE-CHARGEMENT"),
    ],
)
def test_nexis_in_the_languages_of_its_interface(labels):
    (article,) = everything(nexis(nexis_document(labels)))

    assert (TITLE, BODY, "The Tallow Post", ("Ann Lee",), MARCH) == facts(article)
    assert "Harbour Desk" == article.section


def test_nexis_tags_in_capitals_do_not_count_as_unclosed():
    document = nexis_document(("BYLINE", "SECTION", "LENGTH", "LOAD-DATE"))
    found = everything(nexis(*[document] * 300))

    assert 300 == len(found)
    assert {TITLE} == {article.title for article in found}


def test_a_nexis_document_without_text_is_counted():
    empty = nexis_block("c4", "We are sorry but there is an error in this document.")
    article, error = everything(nexis(nexis_document(("BYLINE", "SECTION", "LENGTH", "UPDATE")), empty))

    assert TITLE == article.title
    assert "1 of 2 documents of the download from Nexis have no text or no date." == str(error)


def factiva(*articles):
    return f"<html><head><title>Factiva</title></head><body>{''.join(articles)}</body></html>"


def factiva_article(language, words, date, tongue):
    body = "".join(
        f'<p class="articleParagraph {language}articleParagraph">{part}</p>' for part in PARAGRAPHS
    )
    rows = (
        words,
        date,
        "09:15",
        "The Tallow Post",
        "TALLPO",
        "First Edition",
        "3",
        tongue,
        "(c) 2024 Tallow",
    )
    divs = "".join(f"<div>{row}</div>" for row in rows)
    return (
        f'<div class="article"><div class="article {language}Article"><p></p><div>Harbour</div><div id="hd">'
        f'<span class="{language}Headline counted">1) {TITLE}</span></div>'
        f'<div class="author">By Ann Lee </div>'
        f"{divs}{body}<p>Tallow Media Ltd</p><p>Document TALLPO0020240303ek330000d</p></div></div>"
    )


@pytest.mark.parametrize(
    ("language", "words", "date", "tongue"),
    [
        ("en", "43 words", "3 March 2024", "English"),
        ("de", "1.043 Wörter", "3 März 2024", "Englisch"),
        ("zhcn", "43 字", "2024 年 3 月 3 日", "英语"),
        ("ru", "43 слов", "3 марта 2024", "Английский"),
    ],
)
def test_factiva_in_any_language(language, words, date, tongue):
    (article,) = everything(factiva(factiva_article(language, words, date, tongue)))

    assert (TITLE, BODY, "The Tallow Post", ("Ann Lee",), dt.datetime(2024, 3, 3, 9, 15)) == facts(article)
    assert ("TALLPO0020240303ek330000d", "Harbour") == (article.id, article.section)


def test_factiva_with_codes():
    rows = {"HD": TITLE, "BY": "Ann Lee", "PD": "3 mars 2024", "SN": "The Tallow Post", "LA": "Français"}
    cells = "".join(
        f'<tr><td class="index"><b>{code}</b></td><td>{text}</td></tr>' for code, text in rows.items()
    )
    lead = f'<tr><td class="index"><b>LP</b></td><td><p class="articleParagraph">{FIRST}</p></td></tr>'
    rest = f'<tr><td class="index"><b>TD</b></td><td><p>{SECOND}</p><p>{THIRD}</p></td></tr>'
    page = factiva(f'<div class="article frArticle"><table>{cells}{lead}{rest}</table></div>')
    (article,) = everything(page)

    assert (TITLE, BODY, "The Tallow Post", ("Ann Lee",), MARCH) == facts(article)


def test_factiva_that_cannot_be_divided_is_no_article():
    (error,) = everything(factiva(f'<p class="articleParagraph">{BODY}</p>' * 9))

    assert isinstance(error, ReadError)
    assert "a download from Factiva, but its articles could not be separated" in str(error)


def test_factiva_as_xml():
    text = (
        '<R xmlns="http://global.factiva.com/pps/2.0"><article><accessionNo>T1</accessionNo>'
        "<headline><paragraph>"
        f"<hlt>Ferry</hlt> to sail again</paragraph></headline><leadParagraph><paragraph>{FIRST}</paragraph>"
        "</leadParagraph><publicationDate><dateTime>2024-03-03T00:00:00Z</dateTime></publicationDate>"
        f"<sourceName>The Tallow Post</sourceName><byline>By Ann Lee</byline>"
        f"<tailParagraphs><paragraph>{SECOND}"
        f"</paragraph><paragraph>{THIRD}</paragraph></tailParagraphs></article></R>"
    )
    (article,) = everything(text, "a.xml")

    assert (TITLE, BODY, "The Tallow Post", ("Ann Lee",), MARCH) == facts(article)


def test_europresse():
    body = "".join(f"<p>{part}</p>" for part in PARAGRAPHS)
    page = (
        '<article><header><span class="DocPublicationName">Le Phare (site web), no. 5968</span><div>'
        '<span class="DocHeader">Port, dimanche 3 mars 2024, p. 3</span></div><div class="titreArticle">'
        f'<p class="titreArticleVisu">{TITLE}</p></div>'
        '<div class="docAuthors">Ann Lee</div></header><section>'
        f'<div class="DocText clearfix"><div class="docOcurrContainer">{body}</div></div></section><footer>'
        "<small>© 2024 Le Phare.</small><p>news·20240303·PH·175071</p></footer></article>"
    )
    (article, _) = everything(f"<html><body>{page}{page}</body></html>")

    assert (TITLE, BODY, "Le Phare", ("Ann Lee",), MARCH) == facts(article)
    assert ("news·20240303·PH·175071", "Port") == (article.id, article.section)


def test_europresse_reads_what_stands_in_an_article_once():
    nested = "<article><p class='DocPublicationName'>Le Phare</p>" * 50

    assert 1 == len(europresse_elements(nested))


def test_europresse_before_it_had_articles():
    cell = (
        '<table><tr><td><span class="DocPublicationName">Le Phare, no. 5968</span><br>'
        '<span class="DocHeader">Port, </span><span class="DocHeader">dimanche </span>'
        f'<span class="DocHeader">3 mars 2024</span><br><br>'
        f'<span class="TitreArticleVisu">{TITLE}</span><br><br>'
        f"Ann Lee<br><p></p>{FIRST}<p></p>{SECOND}<p></p>{THIRD}<p></p><b><i>© 2024 Le Phare.</i></b><p></p>"
        "Numéro de document : news·20240303·PH·175071<br>"
        "<table><tr><td>news·20240303·PH·175071</td></tr></table>"
        "</td></tr></table>"
    )
    found = everything(f"<html><body>{cell}{cell}</body></html>")

    assert [(TITLE, BODY, "Le Phare", ("Ann Lee",), MARCH)] * 2 == [facts(article) for article in found]


def test_kikuzo():
    heads = "".join(f"<TH>{head}</TH>" for head in ("No.", "発行日", "朝夕刊", "面名", "ページ", "文字数"))
    cells = ("00001", "<NOBR>2024年</NOBR><NOBR>03月03日</NOBR>", "朝刊", "１総", "001", "00733文字")
    row = "".join(f"<TD>{cell}</TD>" for cell in cells)
    text = "<BR>　".join(PARAGRAPHS)
    one = (
        f'<TABLE class="topic-list"><TR>{heads}</TR><TR>{row}</TR></TABLE>'
        '<TABLE class="topic-detail"><TR><TD>'
        f'<SPAN class="font002">\n{TITLE}</SPAN></TD></TR>'
        '<TR><TD><SPAN class="font003"><DIV class="detail001">'
        f"　{text}</DIV></SPAN></TD></TR></TABLE>"
    )
    (article, _) = everything(f"<html><body>{one}<HR>{one}</body></html>")

    assert (TITLE, BODY, "朝日新聞", (), MARCH) == facts(article)
    assert "１総" == article.section


def test_yomidasu():
    cells = "".join(
        f"<th>{cell}</th>" for cell in ("1", "2024.03.03", TITLE, "東京朝刊", "解説", "09頁", "43字")
    )
    one = (
        f'<div id="heiseiDetailArea"><table class="contentsTable"><tr>{cells}</tr></table></div>'
        f'<div id="heiseiDetailContents"><p class="mb10">{"<br>".join(PARAGRAPHS)}</p></div>'
    )
    (article, _) = everything(f"<html><body>{one}{one}</body></html>")

    assert (TITLE, BODY, "読売新聞", (), MARCH, "解説") == (*facts(article), article.section)


def test_integrum():
    fields = {"ИС": "Маяк", "РБ": "ПОРТ", "НР": "6", "ДТ": "03.03.2024", "АВ": "Анна Ли,", "ЗГ": TITLE}
    coded = "".join(f"^{code}:\n   {text}\n<br>" for code, text in fields.items())
    text = "\n".join(f"     {part}" for part in PARAGRAPHS)
    one = f"<div><table><tr><td>{coded}</td></tr></table><h3>{TITLE}\n</h3><pre>\n{text}</pre></div>"
    (article, _) = everything(f"<html><body><h3>Report</h3>{one}<br>{one}</body></html>")

    assert (TITLE, BODY, "Маяк", ("Анна Ли",), MARCH) == facts(article)


def test_a_page_that_only_speaks_of_a_database_is_a_page():
    page = f"<html><body><h1>How to use Factiva</h1>{MARKUP}</body></html>"

    assert [Article] == [type(event) for event in everything(page)]


def nexis_document_of_2015():
    """A document with a notice of rights above the name of the paper, and a label before its text."""
    rights = "Copyright 2024 Tallow Media, LLC d/b/a Tallow Digital<BR>All Rights Reserved"
    body = "".join(f'<P CLASS="c8"><SPAN CLASS="c2">{part}</SPAN></P>' for part in PARAGRAPHS)
    return (
        nexis_block("c3", "1 of 300 DOCUMENTS")
        + nexis_block("c3", f"{rights}<BR>The Tallow Post (Tallow Bay, Ohio)")
        + nexis_block("c3", "Distributed by Rope Content Agency")
        + nexis_block("c3", "March 3, 2024 Sunday<BR>Final Edition")
        + nexis_block("c4", "43 words", "LENGTH")
        + nexis_block("c4", "Ferry to sail again", "HEADLINE")
        + nexis_block("c4", "Ann Lee, The Tallow Post, Tallow Bay, Ohio", "BYLINE")
        + f'<DIV CLASS="c4"><P><SPAN CLASS="c7"> BODY:<BR></SPAN></P>{body}</DIV>'
        + nexis_block("c4", "ENGLISH", "LANGUAGE")
        + nexis_block("c4", "boats; harbours", "PUB-SUBJECT")
        + nexis_block("c4", "March 4, 2024", "LOAD-DATE")
    )


def test_nexis_names_the_paper_below_the_notice_of_rights():
    (article,) = everything(nexis(nexis_document_of_2015()))

    assert (TITLE, BODY, "The Tallow Post (Tallow Bay, Ohio)", ("Ann Lee",), MARCH) == facts(article)


def test_the_text_and_the_page_of_one_nexis_download_give_the_same_article():
    lines = [
        " " * 20 + line
        for line in (
            "1 of 300 DOCUMENTS", "Copyright 2024 Tallow Media, LLC d/b/a", "Tallow Digital",
            "All Rights Reserved", "The Tallow Post (Tallow Bay, Ohio)", "Distributed by Rope Content Agency",
            "March 3, 2024 Sunday",
        )
    ]  # fmt: skip
    labels = ("LENGTH: 43 words", "HEADLINE: Ferry to sail again", "BYLINE: Ann Lee, The Tallow Post")
    text = "\n\n".join(
        [*lines, *labels, "BODY:", *PARAGRAPHS, "LANGUAGE: ENGLISH", "LOAD-DATE: March 4, 2024"]
    )
    (page,) = everything(nexis(nexis_document_of_2015()))
    (plain,) = everything(text, "a.txt")

    assert (page.id, page.source, page.authors) == (plain.id, plain.source, plain.authors)
