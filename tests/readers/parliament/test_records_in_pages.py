"""Records of parliaments and hearings in pages, in text and in open data."""

from __future__ import annotations

import datetime as dt
import json

from searcher import readers
from searcher.article import Article

RECORD = """<html><head><title>Congressional Record</title></head><body><pre>
[Congressional Record Volume 143, Number 8 (Tuesday, January 28, 1997)]
[Senate]
[Pages S704-S705]
From the Congressional Record Online through the Government Publishing Office [www.gpo.gov]

                   FERRIES AND PIERS

  Mr. McQUILL of Maine. Mr. President, boats
sail.

[[Page S705]]

  They sail soon.
  The PRESIDING OFFICER. Without objection, it is so ordered.
                          ____________________
</pre></body></html>"""

HEARING = """[House Hearing, 116 Congress]
[From the U.S. Government Publishing Office]

                        BOATS IN WINTER
                            HEARING
                     TUESDAY, MARCH 5, 2019

                     IDA BRANDT, Maine, Chairwoman
    Chairwoman Brandt. The hearing will come to order.
    [The prepared statement of Mr. Quill follows:]
    Boats are old.
    Mr. Quill. Thank you.
    [Whereupon, at 3 p.m., the committee was adjourned.]
"""

ASSEMBLY = """<html><head>
<meta name="QUANTIEME_SEANCE" content="Première séance du mardi 12 février 2013">
</head><body><h5 class="presidence"><b>Présidence de Mme Ida Brandt</b></h5>
<h2 class="titre1">Ferries</h2>
<p><b>Mme la présidente.</b> La parole est à M. Quill.</p>
<p><b>M. Ole Quill,</b> <i>ministre des bateaux.</i> Bientôt.</p><p>Très bientôt.</p></body></html>"""

SYCERON = """<compteRendu xmlns="http://schemas.assemblee-nationale.fr/referentiel"><metadonnees>
<dateSeance>20240530150000000</dateSeance></metadonnees><contenu><point nivpoint="1">
<texte>Ferries</texte>
<paragraphe><orateurs><orateur><nom>Mme Ida Brandt</nom></orateur></orateurs><texte>Bientôt.</texte>
</paragraphe>
<paragraphe><orateurs><orateur><nom>Mme Ida Brandt</nom></orateur></orateurs><texte>Oui.</texte>
</paragraphe>
<paragraphe code_style="Info Italiques"><texte>(Applaudissements.)</texte></paragraphe></point></contenu>
</compteRendu>"""

SENATE = """<cri:cri xmlns:cri="http://senat.fr/schemas/thb/cri" xmlns="http://www.w3.org/1999/xhtml">
<title>Séance du 5 octobre 2023</title><h2>Ferries</h2><div><cri:intervenant nom="Ida BRANDT">
<p><span class="orateur_nom">Mme Ida Brandt.</span> Bientôt.</p></cri:intervenant></div></cri:cri>"""

REPORT = """<DEBATS><CHAPTER NUMBER="1"><TL-CHAP VL="EN">1. Ferries</TL-CHAP>
<INTERVENTION VOD-START="2022-07-04T17:02:30"><ORATEUR PP="PPE" LIB="Ida | BRANDT">
<EMPHAS>Ida Brandt (PPE).</EMPHAS>
– </ORATEUR><PARA>Soon.</PARA></INTERVENTION></CHAPTER></DEBATS>"""

REPORT_PAGE = """<html lang="en"><head><title>Verbatim report of proceedings - 4 July 2022</title>
<link href="/doceo/document/CRE-9-2022-07-04_EN.html"></head><body><table><tr>
<td class="doc_title">1. Ferries</td>
</tr></table><p class="contents"><span class="doc_subtitle_level1_bis">
<span class="bold">Ida Brandt (PPE),</span>
</span> <i>rapporteur</i>. – Soon.</p><p class="contents">Very soon.</p></body></html>"""

HANSARD = """<html><body><a class="anchor-column" name="column_771"> </a><p>
<b>19 July 2011 : Column 771</b></p>
<h3>Ferries</h3><p>1. <b>Mr Ole Quill (Skerry) (Lab):</b> When?</p>
<p><b>The Minister for Boats (Ida Brandt):</b> Soon.</p><p><b>Mr Quill:</b> Good.</p></body></html>"""


def debates(data: str, name: str) -> list[Article]:
    return list(readers.read_bytes(data.encode("utf-8"), name))


def turns(article: Article) -> list[tuple[str | None, str | None, str | None, str]]:
    return [(quote.speaker, quote.role, quote.moment, quote.text) for quote in article.speech]


def test_the_congressional_record_gives_speakers_and_pages() -> None:
    (article,) = debates(RECORD, "a.htm")

    assert ("FERRIES AND PIERS", "US Senate", dt.datetime(1997, 1, 28)) == (
        article.title,
        article.source,
        article.published,
    )
    assert [
        ("McQuill", None, "p. S704", "Mr. President, boats sail.\n\nThey sail soon."),
        ("The PRESIDING OFFICER", "The PRESIDING OFFICER", "p. S705", "Without objection, it is so ordered."),
    ] == turns(article)


def test_the_record_in_json_gives_the_same() -> None:
    header = {"vol": "143", "num": "8", "month": "January", "day": "28", "year": "1997", "pages": "S704"}
    said = {"kind": "speech", "speaker": "Mr. QUILL", "text": "  Mr. QUILL. Boats\nsail.\n", "turn": 0}
    made = {"header": {**header, "chamber": "Senate"}, "content": [said], "title": "FERRIES"}
    (article,) = debates(json.dumps(made), "a.json")

    assert [("Quill", None, "p. S704", "Boats sail.")] == turns(article)
    assert ("FERRIES", "US Senate") == (article.title, article.source)


def test_in_a_hearing_what_is_put_in_is_said_by_nobody() -> None:
    (article,) = debates(HEARING, "a.txt")

    assert [
        ("Ida Brandt", "Chairwoman", "The hearing will come to order."),
        ("Quill", None, "Thank you."),
    ] == [(quote.speaker, quote.role, quote.text) for quote in article.speech]


def test_who_presides_is_called_by_name() -> None:
    (article,) = debates(ASSEMBLY, "a.html")

    assert [
        ("Ida Brandt", "présidente", None, "La parole est à M. Quill."),
        ("Ole Quill", "ministre des bateaux", None, "Bientôt.\n\nTrès bientôt."),
    ] == turns(article)


def test_paragraphs_of_one_speaker_are_one_turn() -> None:
    (article,) = debates(SYCERON, "a.xml")

    assert ("Ferries", dt.datetime(2024, 5, 30)) == (article.title, article.published)
    assert [("Ida Brandt", None, None, "Bientôt.\n\nOui.")] == turns(article)


def test_the_senate_gives_names_as_attributes() -> None:
    (article,) = debates(SENATE, "a.xml")

    assert [("Ida Brandt", None, None, "Bientôt.")] == turns(article)
    assert "Ferries" == article.title


def test_the_verbatim_report_of_the_european_parliament_gives_times_and_groups() -> None:
    (article,) = debates(REPORT, "a.xml")

    assert [("Ida Brandt", None, "17:02", "Soon.")] == turns(article)
    assert ("1. Ferries", "PPE") == (article.title, article.speech[0].party)


def test_a_page_of_the_verbatim_report_gives_the_same() -> None:
    (article,) = debates(REPORT_PAGE, "a.html")

    assert [("Ida Brandt", "rapporteur", None, "Soon.\n\nVery soon.")] == turns(article)
    assert ("PPE", "en") == (article.speech[0].party, article.language)


def test_a_page_of_the_commons_gives_columns_and_full_names() -> None:
    (article,) = debates(HANSARD, "a.html")

    assert [
        ("Ole Quill", None, "col. 771", "When?"),
        ("Ida Brandt", "The Minister for Boats", "col. 771", "Soon."),
        ("Ole Quill", None, "col. 771", "Good."),
    ] == turns(article)
