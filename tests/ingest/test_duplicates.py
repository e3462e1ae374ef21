"""An article keeps its id when its text is corrected."""

from pathlib import Path

from searcher import Index

TEXT = "Harbour fees to rise\n\nHarbour fees will rise, the port of Aldern said on Monday.\n"
CORRECTED = TEXT.replace("Monday", "Tuesday")


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def ids(index: Index) -> list[str]:
    return [article.id for article in index.articles]


def ids_before_correction(index: Index, folder: Path) -> list[str]:
    """Load a text and then its correction; return the ids between both."""
    write(folder, "a.txt", TEXT)
    index.load([folder])
    before = ids(index)
    write(folder, "a.txt", CORRECTED)
    index.load([folder])
    return before


def test_a_corrected_text_keeps_its_id(index: Index, tmp_path: Path) -> None:
    before = ids_before_correction(index, tmp_path)

    assert before == ids(index)
    assert "Tuesday" in next(iter(index.articles)).body


def test_a_rebuild_keeps_the_id_of_a_corrected_text(index: Index, tmp_path: Path) -> None:
    before = ids_before_correction(index, tmp_path)
    index.rebuild()

    assert before == ids(index)


def test_a_copy_of_a_corrected_text_is_the_same_article(index: Index, tmp_path: Path) -> None:
    before = ids_before_correction(index, tmp_path)
    write(tmp_path, "copies/b.txt", CORRECTED)
    index.load([tmp_path])

    assert before == ids(index)


def test_of_two_copies_the_one_that_is_corrected_becomes_an_article_of_its_own(
    index: Index, tmp_path: Path
) -> None:
    write(tmp_path, "a.txt", TEXT)
    write(tmp_path, "copies/b.txt", TEXT)
    index.load([tmp_path])
    before = ids(index)
    write(tmp_path, "a.txt", CORRECTED)
    index.load([tmp_path])

    assert 1 == len(before)
    assert {True, False} == {"Tuesday" in article.body for article in index.articles}


def download(*papers: str) -> str:
    """A download of one story as several papers ran it."""
    parts = (
        f"{' ' * 20}{number} of {len(papers)} DOCUMENTS\n\n"
        f"{' ' * 20}{paper}\n\n{' ' * 20}March {number}, 2024\n\n"
        "HEADLINE: Harbour fees to rise\n\nBODY:\n   Harbour fees will rise, the port of Aldern said.\n\n"
        "LOAD-DATE: March 9, 2024\n"
        for number, paper in enumerate(papers, 1)
    )
    return "\n".join(parts)


def test_a_story_that_several_papers_ran_is_an_article_of_each(index: Index, tmp_path: Path) -> None:
    write(tmp_path, "a.txt", download("The Aldern Post", "Heron Daily", "Rope Gazette"))
    write(tmp_path, "copies/b.txt", download("Heron Daily", "Rope Gazette", "Aldern Post"))
    index.load([tmp_path])

    assert ["Heron Daily", "Rope Gazette", "The Aldern Post"] == sorted(
        article.source or "" for article in index.articles
    )


def test_a_story_that_a_paper_ran_twice_is_told_with_paper_and_day(index: Index, tmp_path: Path) -> None:
    write(tmp_path, "a.txt", download("The Aldern Post", "The Aldern Post"))
    index.load([tmp_path])
    said = "“Harbour fees to rise”: The file contains it more than once (The Aldern Post, 2024-03-02)."

    assert [said] == [problem.reason for problem in index.files.problems(repeated=True)]


def test_white_space_alone_makes_no_other_article(index: Index, tmp_path: Path) -> None:
    write(tmp_path, "a.txt", download("The Aldern Post"))
    write(tmp_path, "b.txt", download("The Aldern Post").replace("rise, the port", "rise , the\n\n   port"))
    index.load([tmp_path])

    assert ["Harbour fees to rise"] == [article.title for article in index.articles]
