"""``searcher``: what its commands do to an index, print and exit with."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import searcher
from searcher import Article, Quote
from searcher.article import PENDING
from searcher.cli.commands.ingest import map_option
from searcher.cli.search import search
from searcher.cli.searcher import searcher as group
from searcher.ingest.paths import remember_paths
from searcher.ingest.sources import LoadJob, Sources
from searcher.records.store import Store
from tests.cli.conftest import ARTICLES, Run

STORY = """Harbour plan approved

The board of Norvane Labs approved the harbour plan on Tuesday, after months of talks with the town.

“It is a good day for the coast,” said Mara Lindqvist, who leads the board. She thanked the dockers.
"""


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    folder = tmp_path / "stories"
    folder.mkdir()
    (folder / "plan.txt").write_text(STORY, "utf-8")
    return folder


@pytest.mark.parametrize("name", group.list_commands(click.Context(group)))
def test_every_command_has_help(run_searcher: Run, name: str) -> None:
    result = run_searcher(name, "--help")

    assert 0 == result.exit_code
    command = group.get_command(click.Context(group), name)
    assert command
    assert command.get_short_help_str(60)
    assert "..." not in command.get_short_help_str(60)


def test_show_prints_the_article(run_searcher: Run) -> None:
    result = run_searcher("show", "deep")

    assert (0, "Drilling chief leaves Norvane") == (result.exit_code, result.stdout.splitlines()[0])


def test_show_jsonl_is_the_whole_article(run_searcher: Run) -> None:
    assert ARTICLES[0] == Article.from_dict(json.loads(run_searcher("show", "--jsonl", "deep").stdout))


def test_show_json_says_what_is_missing(run_searcher: Run) -> None:
    shown = json.loads(run_searcher("show", "--json", "deep", "nope", "strike").stdout)

    assert ["deep", "strike"] == [article["id"] for article in shown["articles"]]
    assert ["nope"] == shown["missing"]


def test_show_says_why_a_quotation_has_its_speaker(run_searcher: Run) -> None:
    result = run_searcher("show", "--why", "strike")

    expected = [
        "=2+2 dockers on strike",
        "",
        "1. “We shall stay out,”",
        "   Speaker: Tomas Reyl (confidence 0.99)",
        "   Attribution: … went on strike. “We shall stay out,” [Tomas Reyl said].",
        "     Nobody sailed.",
        "   Candidates: Tomas Reyl 100%",
        "   Is speech: 99%",
        "   Decided by: rules for English",
    ]
    assert expected == result.stdout.splitlines()


def test_show_jsonl_has_the_reasons(run_searcher: Run) -> None:
    shown = json.loads(run_searcher("show", "--jsonl", "--why", "strike").stdout)

    (why,) = [quote["why"] for quote in shown["quotes"]]
    first, last = why["words"]
    assert ("Tomas Reyl said", ["rules"], []) == (shown["body"][first:last], why["judges"], why["doubts"])


def test_show_by_address(change: Run, tmp_path: Path) -> None:
    file = tmp_path / "saved.txt"
    file.write_text(
        "https://www.tallowbay.example/news/ferry?utm_source=mail\n\nFerry to sail again\n\nIt sails."
    )
    change("index", str(file))
    result = change("show", "http://tallowbay.example/news/ferry/")

    assert (0, "Ferry to sail again") == (result.exit_code, result.stdout.splitlines()[0])


def test_show_of_nothing(run_searcher: Run) -> None:
    result = run_searcher("show", "nope")

    assert (1, "There is no article with the id “nope”.\n") == (result.exit_code, result.stderr)


def test_stats(run_searcher: Run) -> None:
    stats = json.loads(run_searcher("stats", "--json").stdout)

    assert (3, "2024-05-06", "2025-02-01", 2, 1, 2) == tuple(
        stats[name] for name in ("articles", "from", "to", "people", "organisations", "quotations")
    )


def test_stats_and_an_export_have_the_same_quotations(run_searcher: Run, tmp_path: Path) -> None:
    said = [Quote("No", "Ada", "direct", 0, 2), Quote("he left", "Ada", "indirect", 4, 11)]
    with searcher.open_index(tmp_path) as index:
        index.add([Article("a", body="No, he left.", quotes=tuple(said))], annotate=False)
    stats = json.loads(run_searcher("stats", "--json", "-i", str(tmp_path)).stdout)
    written = run_searcher("export", "--sqlite", str(tmp_path / "all.db"), "-i", str(tmp_path)).stderr

    assert (1, 1, True) == (stats["quotations"], stats["indirect"], written.endswith(" 2 quotations\n"))


def test_stats_for_people(run_searcher: Run) -> None:
    assert "articles       3\n" in run_searcher("stats").stdout


def test_stats_say_what_is_served_in_each_language(run_searcher: Run) -> None:
    shown = run_searcher("stats").stdout.splitlines()
    rows = json.loads(run_searcher("stats", "--json").stdout)["by_language"]

    assert "en                   2  yes         yes    yes" in shown
    assert {"language": "en", "articles": 2, "words": True, "names": True, "quotations": True} == rows[0]
    assert [None] == [row["language"] for row in rows[1:]]


def test_export_gives_every_article_back(run_searcher: Run) -> None:
    lines = run_searcher("export").stdout.splitlines()

    assert list(ARTICLES) == [Article.from_dict(json.loads(line)) for line in lines]


@pytest.mark.parametrize(
    ("form", "beginning"),
    [("--ris", "TY  - NEWS"), ("--bibtex", "@article{"), ("--csl", "["), ("--csv", "id,title,source")],
)
def test_export_for_other_programs(run_searcher: Run, form: str, beginning: str) -> None:
    result = run_searcher("export", form, "Norvane")

    assert (0, beginning) == (result.exit_code, result.stdout[: len(beginning)])


def test_export_of_a_query(run_searcher: Run) -> None:
    lines = run_searcher("export", "Norvane", "-dockers").stdout.splitlines()

    assert ["deep"] == [json.loads(line)["id"] for line in lines]


def test_index_adds_and_then_skips_what_is_unchanged(change: Run, stories: Path) -> None:
    first = json.loads(change("index", "--json", str(stories)).stdout)
    again = json.loads(change("index", "--json", str(stories)).stdout)

    assert (1, 0, 4) == (first["added"], first["unchanged"], first["count"])
    assert (0, 1, 4) == (again["added"], again["unchanged"], again["count"])


def test_index_goes_on_with_a_run_that_was_stopped(change: Run, stories: Path, own_index: Path) -> None:
    remember_paths([stories])
    Sources(Store(own_index)).begin(LoadJob((str(stories),)))
    first = json.loads(change("index", "--resume", "--json").stdout)
    again = json.loads(change("index", "--resume", "--json").stdout)

    assert (1, 4) == (first["added"], first["count"])
    assert (0, 4) == (again["added"], again["count"])


def test_a_field_of_ones_own_is_asked_for_in_a_query(change: Run, stories: Path, own_index: Path) -> None:
    change("index", "--set", "desk=foreign", str(stories))
    ran = CliRunner().invoke(search, ["desk:foreign", "-i", str(own_index)])

    assert (0, "1 article") == (ran.exit_code, ran.stdout.splitlines()[0])


@pytest.fixture
def waiting(own_index: Path) -> str:
    """The id of an article that was added as text, whose names are to come."""
    with searcher.open_index(own_index) as index:
        index.add([Article("waits", "Quay", "“We sail,” said Ada Quill.", annotator=PENDING)], annotate=False)
    return "waits"


@pytest.mark.usefixtures("waiting")
def test_annotate_finds_the_names_that_are_to_come(change: Run) -> None:
    assert "1 article annotated with names and quotations" in change("annotate").stdout
    assert '"Ada Quill"' in change("show", "waits", "--jsonl").stdout


@pytest.mark.usefixtures("waiting")
def test_a_search_says_what_is_to_come(own_index: Path) -> None:
    ran = CliRunner().invoke(search, ["sail", "-i", str(own_index), "--json"])

    assert 1 == json.loads(ran.stdout)["pending"]
    assert "1 article has no names or quotations yet (run: searcher annotate)." in ran.stderr


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(
    "arguments",
    [
        ("export",),
        ("person", "Ada Quill"),
        ("together",),
        ("names", "list"),
        ("names", "show", "Ada Quill"),
        ("names", "doubtful"),
        ("alerts",),
        ("related", "waits"),
    ],
)
def test_what_counts_names_says_what_is_to_come(arguments: tuple[str, ...], change: Run) -> None:
    assert "1 article has no names or quotations yet" in change(*arguments).stderr


@pytest.mark.usefixtures("waiting")
def test_a_list_of_names_that_is_looked_for_says_what_is_to_come(change: Run, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("Ada Quill\n")

    assert "1 article has no names or quotations yet" in change("match", str(tmp_path / "list.txt")).stderr


@pytest.mark.usefixtures("waiting")
def test_an_article_whose_names_are_to_come_says_so(change: Run) -> None:
    assert "This article has no names or quotations yet" in change("show", "waits").stdout


@pytest.mark.parametrize("arguments", [(), ("--resume", "articles/"), ("--resume", "--prune")])
def test_index_wants_paths_or_a_run_to_go_on_with(arguments: tuple[str, ...], change: Run) -> None:
    done = change("index", *arguments)

    assert (2, True) == (done.exit_code, "--resume" in done.stderr)


def test_index_says_what_it_did(change: Run, stories: Path) -> None:
    result = change("index", str(stories))

    assert 0 == result.exit_code
    assert ["1 file: 1 read", "1 article: 1 added"] == [
        line.partition(" (")[0] for line in result.stdout.splitlines()[:2]
    ]
    assert "holds 4 articles." in result.stdout
    assert "" == result.stderr


def test_no_index_is_made_in_the_folder_that_is_indexed(change: Run, stories: Path) -> None:
    result = change("index", "-i", str(stories), str(stories))

    assert 2 == result.exit_code
    assert "Give the index its own folder" in result.stderr
    assert not (stories / "searcher.json").exists()


def test_index_names_what_cannot_be_read(change: Run, stories: Path) -> None:
    (stories / "empty.txt").write_text("", "utf-8")
    result = change("index", str(stories), str(stories / "gone.txt"))

    assert 1 == result.exit_code
    assert f"{stories / 'empty.txt'}: " in result.stderr
    assert f"{stories / 'gone.txt'}: There is no such file or folder." in result.stderr


def test_index_counts_what_it_could_not_read(change: Run, stories: Path) -> None:
    (stories / "empty.txt").write_text("")
    (stories / "map.xyz").write_text("")
    first, second, _ = change("index", str(stories)).stdout.splitlines()

    assert "2 files: 1 read, 1 not read; 1 passed over: 1 .xyz" == first.partition(" (")[0]
    assert "1 article: 1 added" == second


def test_index_reminds_of_what_could_not_be_read_earlier(change: Run, stories: Path) -> None:
    (stories / "empty.txt").write_text("")
    change("index", str(stories))
    again = change("index", str(stories))

    assert 0 == again.exit_code
    assert again.stderr.startswith("1 file could not be read earlier: searcher problems")


def test_of_many_files_with_one_reason_the_first_are_named(change: Run, stories: Path) -> None:
    for number in range(30):
        (stories / f"empty{number:02}.txt").write_text("")
    lines = change("index", str(stories)).stderr.splitlines()

    assert "30 files: It is empty." == lines[0]
    assert (22, "  … and 10 more: searcher problems") == (len(lines), lines[-1])


def test_index_prunes_when_asked(change: Run, stories: Path) -> None:
    change("index", str(stories))
    (stories / "plan.txt").unlink()

    assert 1 == json.loads(change("index", "--json", "--prune", "--yes", str(stories)).stdout)["removed"]


def test_index_does_not_prune_much_of_the_index_without_a_yes(change: Run, stories: Path) -> None:
    change("index", str(stories))
    (stories / "plan.txt").unlink()
    result = change("index", "--prune", str(stories))

    assert 2 == result.exit_code
    assert "the files of 1 article are missing" in result.stderr
    assert "--yes" in result.stderr
    assert "holds 4 articles" in result.stdout


def test_index_reads_columns_by_mapping(change: Run, tmp_path: Path, own_index: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(f"kicker,story\nHarbour plan,{json.dumps(STORY.split(chr(10) * 2)[1])}\n", "utf-8")
    result = change("index", "--map", "title=kicker,body=story", str(table))

    assert 0 == result.exit_code
    with searcher.open_index(own_index) as index:
        assert "Harbour plan" == index.search("months of talks").hits[0].article.title


def test_index_sets_fields_and_search_narrows_to_them(change: Run, stories: Path) -> None:
    done = change("index", "--set", "source=Heron Daily", "--set", "desk=foreign", str(stories))

    assert 0 == done.exit_code
    assert "desk=foreign" in change("export", "desk:foreign", "source:“Heron Daily”").stdout


def test_what_is_set_must_have_a_value(change: Run, stories: Path) -> None:
    result = change("index", "--set", "source", str(stories))

    assert (2, True) == (result.exit_code, "source=BBC" in result.stderr)


def test_a_mapping_that_is_none_is_an_error(change: Run, stories: Path) -> None:
    result = change("index", "--map", "title", str(stories))

    assert (2, True) == (result.exit_code, "title=headline" in result.stderr)


def test_mappings_may_be_given_apart() -> None:
    command = map_option(click.Command("show", callback=lambda mapping: mapping))
    mapping = command.main(["--map", "title=a", "--map", " body = b c "], standalone_mode=False)

    assert {"title": "a", "body": "b c"} == mapping


def test_rebuild_keeps_everything(change: Run, stories: Path) -> None:
    change("index", str(stories))
    report = json.loads(change("rebuild", "--json").stdout)

    assert (1, 3, 4) == (report["added"], report["carried_over"], report["count"])


def test_extract_needs_no_index(run_searcher: Run, stories: Path) -> None:
    article = json.loads(run_searcher("extract", str(stories)).stdout)
    said = article["quotes"][0]

    assert "Harbour plan approved" == article["title"]
    assert ("It is a good day for the coast,", "Mara Lindqvist") == (said["text"], said["speaker"])
    assert said["text"] == article["body"][said["start"] : said["end"]]


def test_extract_reports_what_is_not_there(run_searcher: Run) -> None:
    result = run_searcher("extract", "gone.html")

    assert (1, "gone.html: There is no such file or folder.\n") == (result.exit_code, result.stderr)


def test_extract_names_bad_rows_of_one_file_once(run_searcher: Run, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("title,text\nBridge,It opened.\n" + "A,\n" * 300)

    assert 1 == len(run_searcher("extract", str(tmp_path / "rows.csv")).stderr.splitlines())


def test_no_index_names_the_command_that_makes_one(run_searcher: Run, tmp_path: Path) -> None:
    result = run_searcher("stats", "-i", str(tmp_path))

    assert (2, True) == (result.exit_code, "searcher index -i" in result.stderr)


def test_an_unknown_command_is_an_error(run_searcher: Run) -> None:
    assert 2 == run_searcher("frobnicate").exit_code


def test_a_whole_index_is_called_so(run_searcher: Run) -> None:
    result = run_searcher("verify")

    assert (0, "The index is intact.\n") == (result.exit_code, result.stdout)


def test_damage_is_named(change: Run, own_index: Path) -> None:
    for file in own_index.glob("*.art"):
        file.write_bytes(file.read_bytes()[:-9])
    result = change("verify", "--json")

    assert 1 == result.exit_code
    assert not json.loads(result.stdout)["whole"]


def test_related_articles(change: Run, own_index: Path) -> None:
    later = Article("later", "Deep drilling at Norvane", "Lindqvist left after deep drilling at Norvane.")
    with searcher.open_index(own_index) as index:
        index.add([later], annotate=False)
    result = change("related", "deep")

    assert (0, "1. Deep drilling at Norvane") == (result.exit_code, result.stdout.splitlines()[0])


def test_related_to_nothing(run_searcher: Run) -> None:
    assert 1 == run_searcher("related", "nope").exit_code
