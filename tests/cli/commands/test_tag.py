"""``searcher tag``: tags, cases and notes of one's own."""

from __future__ import annotations

import json

from click.testing import CliRunner

from searcher.cli import search as search_command
from tests.cli.conftest import Run


def ids(*args: str) -> list[str]:
    return sorted(CliRunner().invoke(search_command.search, ["--ids", *args]).stdout.split())


def test_articles_are_tagged_by_id(change: Run) -> None:
    printed = change("tag", "deep", "strike", "+lead", "-read").stdout

    assert "2 articles found, 2 changed\n" == printed
    assert ["deep", "strike"] == ids("tag:lead")


def test_articles_are_tagged_by_a_query(change: Run) -> None:
    assert "1 article found, 1 changed\n" == change("tag", "dockers strike", "+lead").stdout
    assert ["strike"] == ids("--tag", "lead")


def test_an_article_is_tagged_by_its_address(change: Run) -> None:
    change("tag", "https://example.org/deep", "+lead")

    assert ["deep"] == ids("tag:lead")


def test_ids_come_from_stdin(change: Run) -> None:
    change("tag", "-", "+lead", stdin="deep\n\nstrike\n")

    assert ["deep", "strike"] == ids("tag:lead")


def test_a_tag_that_is_no_text_is_refused(change: Run) -> None:
    result = change("tag", "deep", "+caf\udce9")

    assert 2 == result.exit_code
    assert "is not valid UTF-8" in result.output


def test_cases_and_notes(change: Run) -> None:
    change("tag", "deep", "--case", "Port fire", "--note", "Ask her about the pallets")

    assert ["deep"] == ids("--case", "Port fire")
    assert ["deep"] == ids("note:pallets")
    assert ["hostile", "strike"] == ids("--not-case", "Port fire")
    assert "Case: Port fire\nNote: Ask her about the pallets\n" in change("show", "deep").stdout


def test_a_note_keeps_its_lines(change: Run) -> None:
    change("tag", "deep", "--note", " Ask  her:\r\n\n- the pallets\n- the key \n")

    assert ["deep"] == ids("note:pallets", 'note:"ask her"')
    assert "Note: Ask her:\n  - the pallets\n  - the key\n" in change("show", "deep").stdout
    change("tag", "deep", "--note", "")
    assert [] == ids("note:pallets")


def test_a_case_before_there_is_any_says_what_to_do(run_search: Run) -> None:
    result = run_search("--case", "Port fire")

    assert (2, "search: No article has a case yet. To add one: searcher tag.\n") == (
        result.exit_code,
        result.stderr,
    )


def test_a_tag_is_taken_off(change: Run) -> None:
    change("tag", "deep", "+lead", "+later")
    change("tag", "deep", "-lead")

    assert ([], ["deep"]) == (ids("tag:lead"), ids("tag:later"))


def test_words_are_not_corrected_for_a_change(change: Run) -> None:
    result = change("tag", "dockerz", "+lead")

    assert (1, "", "No articles found. Nothing was tagged.\n") == (
        result.exit_code,
        result.stdout,
        result.stderr,
    )


def test_the_tags_there_are(change: Run) -> None:
    change("tag", "deep", "strike", "+lead")
    change("tag", "deep", "--case", "Port fire")

    assert "      2  lead\n      1  case=Port fire\n" == change("tags").stdout


def test_nothing_is_tagged_at_first(run_searcher: Run) -> None:
    result = run_searcher("tags")

    assert (1, "", "There are no tags yet. Add one: searcher tag ID +TAG\n") == (
        result.exit_code,
        result.stdout,
        result.stderr,
    )


def test_export_and_import(change: Run) -> None:
    change("tag", "deep", "+lead", "-read")
    exported = change("tags", "export").stdout
    change("tag", "deep", "-lead")

    assert {"id": "deep", "add": ["lead"], "remove": ["read"]} == json.loads(exported)
    assert "1 article changed\n" == change("tags", "import", "-", stdin=exported).stdout
    assert ["deep"] == ids("tag:lead")


def test_a_line_that_makes_no_sense_is_named(change: Run) -> None:
    result = change("tags", "import", "-", stdin='{"id": "deep", "add": ["lead"]}\n[]\n')

    assert 2 == result.exit_code
    assert "searcher: Line 2 of <stdin>: A line of tags is" in result.stderr


def test_what_cannot_be_done_says_why(change: Run) -> None:
    for args, said in (
        ((), "Which articles?"),
        (("+lead",), "Which articles?"),
        (("deep",), "Nothing to change"),
        (("deep", "nobody", "+lead"), "There is no article with the id “nobody”. Nothing was tagged."),
        (("deep", "economy"), "“economy”. Nothing was tagged. To add it as a tag: +economy"),
    ):
        result = change("tag", *args)

        assert (2, True) == (result.exit_code, said in result.stderr), result.stderr


def test_no_ids_on_stdin_are_no_articles(change: Run) -> None:
    assert 1 == change("tag", "-", "+lead", stdin="\n").exit_code
    assert [] == ids("tag:lead")


def test_what_stands_on_stdin_is_no_query(change: Run) -> None:
    result = change("tag", "-", "+lead", stdin="dockers\n")

    assert (2, []) == (result.exit_code, ids("tag:lead"))
    assert result.stderr.endswith("“dockers”. Nothing was tagged.\n")


def test_an_empty_query_tags_nothing(change: Run) -> None:
    assert 2 == change("tag", "", "+lead").exit_code
    assert [] == ids("tag:lead")
