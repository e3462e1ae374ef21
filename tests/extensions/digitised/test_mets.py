"""Issues of digitised papers: METS joins pages in ALTO and says which words are an article."""

import datetime as dt
import tarfile
import zipfile

import py7zr
import pytest

from searcher import readers
from searcher.article import Article
from searcher.errors import ReadError

DESCRIPTIONS = """
<dmdSec ID="paper"><mdWrap><xmlData><mods>
  <titleInfo><title>Messenger</title></titleInfo>
</mods></xmlData></mdWrap></dmdSec>
<dmdSec ID="issue"><mdWrap><xmlData><mods>
  <titleInfo><nonSort>The</nonSort><title>Tallow Messenger.</title></titleInfo>
  <originInfo><dateIssued>17.01.1904</dateIssued></originInfo>
  <language><languageTerm>en</languageTerm></language>
</mods></xmlData></mdWrap></dmdSec>
<dmdSec ID="ferry"><mdWrap><xmlData><mods>
  <titleInfo><title>The ferry sails again</title></titleInfo>
  <name><namePart type="given">Ann</namePart><namePart type="family">Lee</namePart>
    <role><roleTerm>aut</roleTerm></role></name>
  <name><namePart>Tallow Library</namePart><role><roleTerm>own</roleTerm></role></name>
</mods></xmlData></mdWrap></dmdSec>
"""
FILES = """
<fileSec><fileGrp>
  <file ID="image1"><FLocat xlink:href="file://./images/0001.tif"/></file>
  <file ID="text1"><FLocat xlink:href="file://./ALTO/0001.xml"/></file>
  <file ID="text2"><FLocat xlink:href="file://./ALTO/0002.xml"/></file>
</fileGrp></fileSec>
"""
#: The article begins on the first page and ends on the second; its text is named block by block.
NESTED = """
<structMap TYPE="LOGICAL"><div TYPE="Newspaper" DMDID="paper issue">
<div TYPE="SECTION" LABEL="Town"><div TYPE="ARTICLE" ID="a1" DMDID="ferry">
  <div TYPE="HEADING"><div TYPE="TITLE"><fptr><area FILEID="text1" BEGIN="head"/></fptr></div></div>
  <div TYPE="BODY">
    <div TYPE="PARAGRAPH"><fptr><area FILEID="text1" BETYPE="IDREF" BEGIN="one"/></fptr></div>
    <div TYPE="PARAGRAPH"><fptr><area FILEID="text2" BETYPE="IDREF" BEGIN="two"/></fptr></div>
  </div>
</div></div></div></structMap>
"""
#: The same, linked to parts of pages that name their first and last words.
LINKED = """
<structMap TYPE="LOGICAL"><div TYPE="ISSUE" DMDID="paper issue">
  <div TYPE="ARTICLE" ID="a1" DMDID="ferry"/>
</div></structMap>
<structMap TYPE="PHYSICAL"><div TYPE="page">
  <div TYPE="pagearea" ID="p1" LABEL="Headline"><fptr><area FILEID="text1" BEGIN="w1" END="w4"/></fptr></div>
  <div TYPE="pagearea" ID="p2"><fptr><area FILEID="text1" BEGIN="w5" END="w6"/></fptr></div>
  <div TYPE="pagearea" ID="p3"><fptr><area FILEID="text2" BEGIN="w1" END="w2"/></fptr></div>
</div></structMap>
"""
GROUPED = (
    LINKED
    + """
<structLink><smLinkGrp>
  <smLocatorLink xlink:href="#a1"/><smLocatorLink xlink:href="#p1"/>
  <smLocatorLink xlink:href="#p2"/><smLocatorLink xlink:href="#p3"/>
</smLinkGrp></structLink>
"""
)
SINGLE = (
    LINKED
    + "<structLink>"
    + "".join(f'<smLink xlink:from="a1" xlink:to="p{number}"/>' for number in (1, 2, 3))
    + "</structLink>"
)


def mets(structure, descriptions=DESCRIPTIONS):
    spaces = 'xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<mets {spaces}>{descriptions}{FILES}{structure}</mets>"


def alto(**blocks):
    """A page with these blocks; its words are numbered from w1 on."""
    number, out = 0, []
    for id, text in blocks.items():
        words = []
        for word in text.split():
            number += 1
            words.append(f'<String ID="w{number}" CONTENT="{word}"/>')
        out.append(f'<TextBlock ID="{id}"><TextLine>{"<SP/>".join(words)}</TextLine></TextBlock>')
    return f'<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Layout>{"".join(out)}</Layout></alto>'


ADVERTS = "Boots mended at the quay. " * 8


@pytest.fixture
def issue(tmp_path):
    (tmp_path / "ALTO").mkdir()
    first = alto(head="The ferry sails again", one="It sails.", advert=ADVERTS)
    (tmp_path / "ALTO" / "0001.xml").write_text(first)
    (tmp_path / "ALTO" / "0002.xml").write_text(alto(two="From June.", number="2"))
    return tmp_path


def read(folder, structure=NESTED, descriptions=DESCRIPTIONS, name="issue-METS.xml"):
    path = folder / name
    path.write_text(mets(structure, descriptions))
    return list(readers.events(path))


@pytest.mark.parametrize("structure", [NESTED, GROUPED, SINGLE], ids=["nested", "groups of links", "links"])
def test_an_article_is_what_the_issue_says_across_its_pages(structure, issue):
    article = read(issue, structure)[0]

    assert ("The ferry sails again", "It sails.\n\nFrom June.") == (article.title, article.body)


def test_an_article_has_the_paper_and_the_day_of_its_issue(issue):
    article = read(issue)[0]

    assert ("The Tallow Messenger", dt.datetime(1904, 1, 17), ("Ann Lee",), "Town", "en") == (
        article.source,
        article.published,
        article.authors,
        article.section,
        article.language,
    )


def test_what_no_article_holds_is_kept_page_by_page(issue):
    events = read(issue)

    assert [("The Tallow Messenger, p. 1", ADVERTS.strip())] == [(one.title, one.body) for one in events[1:]]


def test_an_issue_without_articles_is_read_page_by_page(issue):
    events = read(issue, structure="")

    assert ["The Tallow Messenger, p. 1", "The Tallow Messenger, p. 2"] == [one.title for one in events]


def test_the_day_of_an_issue_may_stand_in_the_name_of_its_file_alone(issue):
    (first, *_) = read(issue, descriptions="", name="19040117_01-METS.xml")

    assert dt.datetime(1904, 1, 17) == first.published


def test_pages_that_are_missing_are_told(issue):
    (issue / "ALTO" / "0002.xml").unlink()
    *articles, problem = read(issue)

    assert ["It sails.", ADVERTS.strip()] == [one.body for one in articles]
    assert "Some of its pages were not found (ALTO/0002.xml)." == str(problem)


def test_an_issue_without_its_pages_is_refused(tmp_path):
    (problem,) = read(tmp_path)

    assert "Its pages were not found (ALTO/0001.xml)." == str(problem)


def test_a_page_is_not_looked_for_outside_the_folder(issue):
    inner = issue / "inner"
    inner.mkdir()
    path = inner / "mets.xml"
    path.write_text(mets(NESTED).replace("./ALTO/", "../ALTO/"))
    (problem,) = readers.events(path)

    assert isinstance(problem, ReadError)


def pack_zip(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, file in files.items():
            archive.write(file, name)


def pack_tar(path, files):
    with tarfile.open(path, "w") as archive:
        for name, file in files.items():
            archive.add(file, name)


def pack_7z(path, files):
    with py7zr.SevenZipFile(path, "w") as archive:
        for name, file in files.items():
            archive.write(file, name)


@pytest.mark.parametrize(
    ("name", "pack"), [("a.zip", pack_zip), ("a.tar", pack_tar), ("a.7z", pack_7z)], ids=["zip", "tar", "7z"]
)
def test_an_issue_in_an_archive_is_read_once(issue, name, pack):
    read(issue)
    files = ("ALTO/0001.xml", "ALTO/0002.xml", "issue-METS.xml")
    pack(issue / name, {f"1904/{file}": issue / file for file in files})
    events = list(readers.events(issue / name))

    assert ["The ferry sails again", "The Tallow Messenger, p. 1"] == [
        event.title if isinstance(event, Article) else str(event) for event in events
    ]


def test_articles_keep_their_ids_when_their_text_is_corrected(issue):
    before = read(issue)[0].id
    page = issue / "ALTO" / "0002.xml"
    page.write_text(page.read_text().replace("June", "July"))
    after = read(issue)[0]

    assert (before, "It sails.\n\nFrom July.") == (after.id, after.body)
