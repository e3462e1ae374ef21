"""``search`` over a small index: what it finds, how it is printed, what it exits with."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from pathlib import Path

import pytest

import searcher
from searcher import Article, Quote
from searcher.query.request import DEFAULT_MIN_CONFIDENCE
from tests.cli.conftest import DEEP, Run, mention


def test_title_facts_and_passages_are_shown(run_search: Run) -> None:
    result = run_search("drilling", "Norvane", "--facets", "none")

    expected = [
        "1 article",
        "",
        "1. Drilling chief leaves Norvane",
        "   Harbour Post · 2024-05-06 · deep",
    ]

    assert (0, expected) == (result.exit_code, result.stdout.splitlines()[:4])


def test_one_argument_and_several_are_the_same_query(run_search: Run) -> None:
    assert run_search("drilling Norvane").stdout == run_search("drilling", "Norvane").stdout


def test_facets_with_counts_follow(run_search: Run) -> None:
    result = run_search("Norvane")

    assert "  Norvane   2 " in result.stdout
    assert "  2024 1" in result.stdout


def test_a_word_with_a_minus_is_left_out(run_search: Run) -> None:
    assert "deep\n" == run_search("Norvane", "-dockers", "--ids").stdout


def test_nothing_found_is_said_and_exits_1(run_search: Run) -> None:
    result = run_search("Norvane", "-Norvane")

    assert (1, "", "Nothing found.\n") == (result.exit_code, result.stdout, result.stderr)


def test_any_of_the_words_if_none_has_all_and_it_is_said(run_search: Run) -> None:
    result = run_search("dockers", "porcupines")

    assert "No article has all the words. These have at least one of them." == result.stdout.splitlines()[0]
    assert "2 articles" == result.stdout.splitlines()[1]


def test_a_count_counts_what_was_asked_for(run_search: Run) -> None:
    result = run_search("-c", "dockers", "porcupines")

    assert (1, "0\n") == (result.exit_code, result.stdout)
    assert "2 with at least one of them: --any" in result.stderr


def test_a_misspelt_word_is_corrected_and_it_is_said(run_search: Run) -> None:
    result = run_search("porcupnies", "--facets", "none")

    assert (
        "No article contains “porcupnies”. Showing results for “porcupines”.\n"
        "To search for what you typed: search '\"porcupnies\"'\n1 article" in result.stdout
    )


@pytest.mark.parametrize(
    "options",
    ["-c", "--ids", "-l", "--csv", "--json", "--jsonl", "--histogram year", "--in quotes -c"],
)
def test_a_program_gets_no_answer_for_a_misspelt_word(run_search: Run, options: str) -> None:
    result = run_search("porcupnies", *options.split())
    suggested = '"porcupnies": "porcupines"' if "--json" == options else "Did you mean “porcupines”?"

    assert (1, True) == (result.exit_code, suggested in result.stdout + result.stderr)


@pytest.mark.parametrize(
    ("args", "ids"),
    [
        (["--person", "Lindqvist"], {"deep"}),
        (["--person", "Mara Lindqvist", "--person", "Tomas Reyl"], {"deep", "strike"}),
        (["--person", "Tomas Reyl", "--source", "Coast Daily"], {"strike"}),
        (["--not-person", "Mara Lindqvist", "--org", "norvane"], {"strike"}),
        (["--author", "Ida Brandt"], {"deep"}),
        (["--speaker", "Reyl"], {"strike"}),
        (["--lang", "en"], {"deep", "strike"}),
        (["--after", "2025"], {"strike"}),
        (["--before", "2024-05"], {"deep"}),
        (["--after", "2024-05-06", "--before", "2024-05-06"], {"deep"}),
        (["--any", "dockers", "porcupines"], {"strike", "hostile"}),
    ],
)
def test_options_narrow(run_search: Run, args: list[str], ids: set[str]) -> None:
    assert ids == set(run_search("--ids", *args).stdout.split())


def test_said_by_answers_with_quotations(run_search: Run) -> None:
    result = run_search("--said-by", "Lindqvist", "dead", "end")

    assert result.stdout.splitlines() == [
        "1 quotation",
        "",
        "1. Mara Lindqvist (confidence 0.90)",
        "   “Deep drilling is a dead end,”",
        "     Mara Lindqvist left Norvane on Monday. “[…]” Lindqvist told the Harbour",
        "     Post.",
        "   Drilling chief leaves Norvane · Harbour Post · 2024-05-06 · deep",
        "",
    ]


@pytest.mark.parametrize(("about", "found"), [("founder", "1\n"), ("dockers", "0\n")])
def test_quotations_in_articles_about_something(run_search: Run, about: str, found: str) -> None:
    assert found == run_search("--said-by", "Lindqvist", "--about", about, "-c").stdout


@pytest.mark.parametrize("words", [(), ("dead",)])
def test_what_an_article_is_about_asks_for_quotations(run_search: Run, words: tuple[str, ...]) -> None:
    asked = (*words, "--about", "founder", "--jsonl")

    assert run_search("--in", "quotes", *asked).stdout == run_search(*asked).stdout != ""


def test_how_sure_to_be_goes_with_quotations(run_search: Run) -> None:
    answer = run_search("dead", "--min-confidence", "0.5")

    assert (2, True) == (answer.exit_code, "--indirect and --min-confidence need" in answer.stderr)


@pytest.mark.parametrize(("more", "ids"), [([], {"deep", "strike"}), (["--match-all", "person"], {"deep"})])
def test_any_of_two_people_or_both(run_search: Run, more: list[str], ids: set[str]) -> None:
    args = ["--person", "Reyl", "--person", "Lindqvist", *more]

    assert ids == set(run_search("--ids", *args).stdout.split())


@pytest.mark.parametrize(
    ("args", "goes_with"),
    [
        (["--match-all", "person"], "--match-all person needs --person."),
        (["--match-all", "people", "--not-person", "Reyl"], "--match-all person needs --person."),
        (
            ["--person", "Reyl", "--match-all", "person", "--match-all", "org"],
            "--match-all organisation needs --org.",
        ),
        (["--match-all", "story", "--histogram", "year"], "--match-all story needs --where story=…."),
    ],
)
def test_all_of_no_values_are_refused(run_search: Run, args: list[str], goes_with: str) -> None:
    result = run_search("Norvane", *args)

    assert (2, True) == (result.exit_code, goes_with in result.stderr)


def test_quotations_of_anybody(run_search: Run) -> None:
    assert "2\n" == run_search("--in", "quotes", "-c").stdout


def test_quotations_with_a_sure_speaker_only(run_search: Run) -> None:
    assert "1\n" == run_search("--in", "quotes", "--min-confidence", "0.5", "-c").stdout


def test_the_help_names_the_confidence_that_is_asked_for(run_search: Run) -> None:
    unwrapped = "".join(run_search("--help").stdout.split())

    assert f"(defaultwith--said-by:{DEFAULT_MIN_CONFIDENCE})" in unwrapped


@pytest.fixture
def harbour_index(own_index: Path) -> Path:
    speech = Quote("We open the harbour in June.", "Anna Roe", "speech", 0, 28)
    article = Article("talk", "Port works", "We open the harbour in June.", quotes=(speech,))
    with searcher.open_index(own_index) as index:
        index.add([article], annotate=False)
    return own_index


QUESTION = "What did Roe say about the harbour?"
LITERAL = f"To search for the words: search '({QUESTION})'"


def test_a_listing_answers_a_question_and_says_how_it_was_read(run_search: Run, harbour_index: Path) -> None:
    lines = run_search("-i", str(harbour_index), QUESTION).stdout.splitlines()

    assert [
        f"Read as: statements by Anna Roe in articles about “harbour”. {LITERAL}",
        "1 quotation",
    ] == lines[:2]


def test_words_in_parentheses_are_no_question(run_search: Run, harbour_index: Path) -> None:
    assert "Read as" not in run_search("-i", str(harbour_index), f"({QUESTION})").stdout


@pytest.mark.parametrize("options", [["-c"], ["--histogram", "year"]])
def test_a_count_is_of_the_words_of_a_question(
    run_search: Run, harbour_index: Path, options: list[str]
) -> None:
    answer = run_search("-i", str(harbour_index), *options, QUESTION)

    assert answer.stdout in ("0\n", "")
    assert "To search for statements by Anna Roe in articles about “harbour” instead: --ask" in answer.stderr


def test_a_count_answers_a_question_if_asked_to(run_search: Run, harbour_index: Path) -> None:
    assert "1\n" == run_search("-i", str(harbour_index), "-c", "--ask", QUESTION).stdout


def test_json_carries_the_reading_beside_the_answer_to_the_words(
    run_search: Run, harbour_index: Path
) -> None:
    answer = json.loads(run_search("-i", str(harbour_index), "--json", QUESTION).stdout)

    assert QUESTION == answer["query"]
    assert {
        "sentence": "statements by Anna Roe in articles about “harbour”",
        "command": "search --said-by 'Anna Roe' --about harbour --indirect",
        "search": {
            "quotes": True,
            "said_by": ["Anna Roe"],
            "about": "harbour",
            "kinds": ["direct", "partial", "indirect", "speech"],
        },
    } == answer["reading"]


FORMS_FOR_PROGRAMS = ["-c", "--ids", "-l", "--csv", "--json", "--jsonl"]


@pytest.mark.parametrize("form", FORMS_FOR_PROGRAMS)
def test_no_form_for_programs_has_articles_with_only_some_of_the_words(run_search: Run, form: str) -> None:
    assert 1 == run_search(form, "Norvane unheardof").exit_code


def test_json_says_how_many_articles_have_any_of_the_words(run_search: Run) -> None:
    answer = json.loads(run_search("--json", "Norvane unheardof").stdout)

    assert (0, [], False, 2) == tuple(answer[name] for name in ("total", "hits", "relaxed", "any_word"))


@pytest.mark.parametrize("form", [one for one in FORMS_FOR_PROGRAMS if one != "-l"])
def test_every_form_answers_a_question_if_asked_to(run_search: Run, harbour_index: Path, form: str) -> None:
    assert 0 == run_search("-i", str(harbour_index), form, "--ask", QUESTION).exit_code


@pytest.mark.parametrize(
    ("form", "expected"),
    [("-c", "1"), ("--ids", "talk"), ("--csv", "Anna Roe"), ("--json", "found_quotes"), ("--jsonl", "part")],
)
def test_every_form_answers_a_question_for_a_quotation(
    run_search: Run, harbour_index: Path, form: str, expected: str
) -> None:
    answer = run_search("-i", str(harbour_index), form, "--ask", "Who said “we open the harbour”?")

    assert expected in answer.stdout


def test_a_histogram_of_a_question_for_a_quotation_counts_it(run_search: Run, harbour_index: Path) -> None:
    question = "Who said “we open the harbour”?"

    answer = run_search("-i", str(harbour_index), "--histogram", "year", "--ask", "--json", question).stdout

    assert "searcher.histogram/1" == json.loads(answer)["schema"]


def test_a_question_for_a_quotation_finds_it(run_search: Run, harbour_index: Path) -> None:
    answer = run_search("-i", str(harbour_index), "Who said “we open the harbour”?").stdout

    assert "Read as: who said “we open the harbour”" in answer
    assert "Anna Roe" in answer


def test_a_question_about_a_stranger_says_that_nobody_has_the_name(
    run_search: Run, harbour_index: Path
) -> None:
    answer = run_search("-i", str(harbour_index), "What did Brandt say about the harbour?")

    assert 1 == answer.exit_code
    assert "No article has the speaker “Brandt”." in answer.stderr


def test_what_is_left_out_as_unsure_is_told(run_search: Run) -> None:
    answer = run_search("--said-by", "Reyl")

    assert 1 == answer.exit_code
    assert "1 with lower confidence in the speaker: add --min-confidence 0." in answer.stderr


def test_how_many_are_left_out_beside_those_shown(run_search: Run) -> None:
    answer = run_search("--said-by", "Reyl", "--said-by", "Lindqvist")

    assert (
        "1 quotation, plus 1 with lower confidence in the speaker (--min-confidence 0)"
        == answer.stdout.splitlines()[0]
    )


def test_quotations_with_any_of_the_words(run_search: Run) -> None:
    assert "2\n" == run_search("--in", "quotes", "--any", "dead", "stay", "-c").stdout


def test_dates_order(run_search: Run) -> None:
    assert "deep\nstrike\n" == run_search("Norvane", "--sort", "oldest", "--ids").stdout
    assert "strike\ndeep\n" == run_search("Norvane", "--sort", "newest", "--ids").stdout


def test_pages(run_search: Run) -> None:
    first, second = (run_search("--ids", "-n1", "--page", page, "Norvane").stdout for page in "12")

    assert {"deep\n", "strike\n"} == {first, second}


def test_the_summary_says_which_are_shown(run_search: Run) -> None:
    assert (
        "2 articles, showing number 2" == run_search("Norvane", "-n1", "--page", "2").stdout.splitlines()[0]
    )


def test_json(run_search: Run) -> None:
    answer = json.loads(run_search("--json", "drilling", "Norvane", "--org", "Norvane").stdout)
    hit = answer["hits"][0]
    snippet = hit["snippets"][0]

    assert ("searcher.search/1", "drilling Norvane", 1) == (
        answer["schema"],
        answer["query"],
        answer["total"],
    )
    assert {"value": "Norvane", "count": 1, "selected": True} == answer["facets"]["organisation"][0]
    assert ("deep", "2024-05-06") == (hit["id"], hit["published"])
    assert snippet["text"] == DEEP[snippet["start"] : snippet["start"] + len(snippet["text"])]
    assert {"Norvane", "drilling"} == {snippet["text"][a:b] for a, b in snippet["marks"]}


def test_json_of_nothing_is_an_answer_too(run_search: Run) -> None:
    result = run_search("--json", "Norvane", "-Norvane")

    assert (1, 0) == (result.exit_code, json.loads(result.stdout)["total"])


def test_json_facets_can_be_limited(run_search: Run) -> None:
    answer = json.loads(run_search("--json", "--facets", "person,year", "--facet-limit", "1").stdout)

    assert {"person": 1, "year": 1} == {name: len(values) for name, values in answer["facets"].items()}


def test_json_lines(run_search: Run) -> None:
    lines = run_search("--jsonl", "Norvane").stdout.splitlines()

    assert {"deep", "strike"} == {json.loads(line)["id"] for line in lines}


def test_json_of_quotations(run_search: Run) -> None:
    answer = json.loads(run_search("--json", "--said-by", "Reyl", "--min-confidence", "0.1").stdout)
    said = answer["quotes"][0]

    assert ("searcher.quotes/1", "We shall stay out,") == (answer["schema"], said["text"])
    assert ("Tomas Reyl", "strike") == (said["speaker"], said["article"]["id"])


def test_csv_has_a_heading_and_no_formula(run_search: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run_search("--csv", "dockers").stdout)))

    assert [("strike", "'=2+2 dockers on strike", "2025-02-01")] == [
        (row["id"], row["title"], row["published"]) for row in rows
    ]


def test_csv_of_quotations(run_search: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run_search("--csv", "--in", "quotes", "dead end").stdout)))

    assert [("Deep drilling is a dead end,", "Mara Lindqvist")] == [
        (row["text"], row["speaker"]) for row in rows
    ]


def test_files(run_search: Run) -> None:
    assert "/archive/strike.txt\n" == run_search("-l", "dockers").stdout


def test_forms_exclude_each_other(run_search: Run) -> None:
    result = run_search("--json", "--csv", "x")

    assert (2, True) == (result.exit_code, "cannot be combined" in result.stderr)


def test_matches_between_brackets(run_search: Run) -> None:
    result = run_search("dockers", "--mark", "--color", "never")

    assert "1. =2+2 [[dockers]] on strike" in result.stdout
    assert "• [[Dockers]] at Norvane went on strike." in result.stdout


def test_matches_in_colour(run_search: Run) -> None:
    result = run_search("dockers", "--color", "always")

    assert "\x1b[1;31mDockers\x1b[0m at Norvane" in result.stdout


def test_no_colour_on_a_pipe(run_search: Run) -> None:
    assert "\x1b" not in run_search("dockers").stdout


@pytest.mark.parametrize("form", [[], ["--json"], ["--jsonl"], ["--csv"], ["--ids"], ["-l"]])
def test_no_article_commands_the_terminal(run_search: Run, form: list[str]) -> None:
    printed = run_search("porcupines", *form).stdout

    assert printed
    assert not set("\x1b\x07\u202e\u202c") & set(printed)


def test_scores_are_explained(run_search: Run) -> None:
    told = run_search("dockers", "--explain").stdout.partition("   score ")[2]

    assert re.search(r"dockers: \d+ times?, \d in the title; in \d of \d+ articles", told)


def test_the_place_of_a_mistake_is_shown(run_search: Run) -> None:
    result = run_search("strike", "(dead")

    assert 2 == result.exit_code
    assert ["  strike (dead", "         ^"] == result.stderr.splitlines()[1:]


@pytest.mark.parametrize(
    "args",
    [
        ["--facets", "nonsense", "x"],
        ["--after", "soon", "x"],
        ["--limit", "-1", "x"],
        ["--sort", "best", "x"],
        ["--nonsense", "x"],
        ["--after", "2024..2025", "x"],
        ["--min-confidence", "0.5", "x"],
        ["--indirect", "x"],
    ],
)
def test_nonsense_is_an_error(run_search: Run, args: list[str]) -> None:
    result = run_search(*args)

    assert (2, "") == (result.exit_code, result.stdout)
    assert result.stderr
    assert "Traceback" not in result.stderr


def test_no_index_names_the_command_that_makes_one(run_search: Run, tmp_path: Path) -> None:
    result = run_search("x", "-i", str(tmp_path))

    assert 2 == result.exit_code
    assert f"searcher index -i {tmp_path}" in result.stderr


def test_without_arguments_it_helps(run_search: Run) -> None:
    result = run_search()

    assert (2, True) == (result.exit_code, "Usage: search" in result.stderr)


def test_queries_from_stdin(run_search: Run) -> None:
    result = run_search("-", "-c", stdin="Norvane\n\nporcupines\n")

    assert (0, "2\tNorvane\n1\tporcupines\n") == (result.exit_code, result.stdout)


def test_a_bad_query_among_others_does_not_stop_them(run_search: Run) -> None:
    result = run_search("-", "--ids", stdin="(dead\nporcupines\n")

    assert (2, "hostile\n") == (result.exit_code, result.stdout)
    assert result.stderr.startswith("search: line 1: This parenthesis")


@pytest.mark.parametrize(
    ("queries", "expected"),
    [
        ("", []),
        ("(dead\n", []),
        ("dockers\n", [("dockers", 1)]),
        (
            "zzyzx -zzyzx\n(dead\n\nporcupines\ndockers\n",
            [("zzyzx -zzyzx", 0), ("porcupines", 1), ("dockers", 1)],
        ),
    ],
    ids=["none", "a bad one", "one", "several"],
)
def test_many_answers_as_json_are_one_document(
    run_search: Run, queries: str, expected: list[tuple[str, int]]
) -> None:
    answers = json.loads(run_search("-", "--json", stdin=queries).stdout)

    assert expected == [(answer["query"], answer["total"]) for answer in answers]


def test_many_answers_as_csv_have_one_heading(run_search: Run) -> None:
    printed = run_search("-", "--csv", stdin="zzyzx\nzzyzx dockers\ndockers\nporcupines\n").stdout

    assert ["dockers", "porcupines"] == [row["query"] for row in csv.DictReader(io.StringIO(printed))]


def test_many_answers_say_whose_they_are(run_search: Run) -> None:
    lines = run_search("-", "--jsonl", stdin="dockers\nporcupines\n").stdout.splitlines()

    assert [("dockers", "strike"), ("porcupines", "hostile")] == [
        (row["query"], row["id"]) for row in map(json.loads, lines)
    ]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--person", "Tomas Rail"], "No article has the person “Tomas Rail”. Similar: Tomas Reyl."),
        (["--said-by", "Lindqvest"], "No article has the speaker “Lindqvest”. Similar: Mara Lindqvist."),
        (["--org", "Zzyzx"], "No article has the organisation “Zzyzx”."),
        (["drilling org:Zzyzx"], "No article has the organisation “Zzyzx”."),
        (
            ["said:(end speaker:Lindqvest)"],
            "No article has the speaker “Lindqvest”. Similar: Mara Lindqvist.",
        ),
        (
            ["--said-by", "Lindqvist", "--about", "founder person:Lindqvest"],
            "No article has the person “Lindqvest”. Similar: Mara Lindqvist.",
        ),
    ],
)
def test_a_name_that_nobody_has_is_pointed_out(run_search: Run, args: list[str], expected: str) -> None:
    assert ["Nothing found.", expected] == run_search(*args).stderr.splitlines()


def test_a_word_that_only_begins_others_is_pointed_out(own_index: Path, run_search: Run) -> None:
    with searcher.open_index(own_index) as index:
        index.add(
            [searcher.Article("klima", body="Der Klimaschutzplan steht.", language="de")], annotate=False
        )

    expected = "No article has the word “Klima”. To find klimaschutzplan: klima*"

    assert ["Nothing found.", expected] == run_search("Klima", "-i", str(own_index)).stderr.splitlines()


def test_articles_in_a_language_without_names_are_said_to_be(own_index: Path, run_search: Run) -> None:
    with searcher.open_index(own_index) as index:
        index.add([searcher.Article("feri", body="Feri ya Norvane inarudi", language="sw")], annotate=False)
    found = run_search("feri", "-i", str(own_index))
    missed = run_search("--person", "Amani", "-i", str(own_index))

    assert "Names and quotations are not supported in: sw." == found.stdout.splitlines()[2]
    assert (
        "1 article without names and quotations because the language is not supported: sw."
        == missed.stderr.splitlines()[-1]
    )


@pytest.mark.parametrize("form", ["-c", "-l", "--ids", "--jsonl", "--csv"])
def test_forms_that_cannot_say_why_nothing_is_found_say_it_to_stderr(run_search: Run, form: str) -> None:
    result = run_search("--person", "Tomas Rail", form)

    assert ["No article has the person “Tomas Rail”. Similar: Tomas Reyl."] == result.stderr.splitlines()


def test_days_between_which_there_is_none_are_an_error(run_search: Run) -> None:
    result = run_search("Norvane", "--after", "2025", "--before", "2024")

    assert (2, True) == (result.exit_code, "must not be later than" in result.stderr)


def test_a_page_behind_the_last_is_said_to_be(run_search: Run) -> None:
    assert "2 articles; there is no number 91" == run_search("Norvane", "--page", "10").stdout.split("\n")[0]


@pytest.mark.parametrize(
    ("query", "noted"),
    [("deep or drilling", True), ("deep OR drilling", False), ('"deep or drilling"', False), ("or", False)],
)
@pytest.mark.parametrize("option", [["--in", "articles"], ["--any", "--said-by", "Lindqvist", "--about"]])
def test_a_lower_case_operator_is_pointed_out(
    run_search: Run, query: str, noted: bool, option: list[str]
) -> None:
    shown = run_search(*option, query).stdout.splitlines()
    told = "“or” was searched for as a word; the operator is OR." in shown

    assert noted == told


TEXT = "The harbour board of Port Aurel approved the wall. Work begins in the spring, the board said."


@pytest.fixture
def syndicated(tmp_path: Path) -> str:
    """An index of one story that two sources ran, and another article."""
    folder = tmp_path / "syndicated"
    with searcher.open_index(folder) as index:
        index.add(
            [
                Article("late", "Wall", TEXT, source="Coast Daily", published="2024-05-02", story="s"),  # type: ignore[arg-type]
                Article("early", "Wall", TEXT, source="Harbour Post", published="2024-05-01", story="s"),  # type: ignore[arg-type]
                Article("other", "Board", "The board of the harbour met.", source="Coast Daily"),
            ],
            annotate=False,
        )
    return str(folder)


def test_a_story_is_shown_once_with_who_ran_it_first(run_search: Run, syndicated: str) -> None:
    lines = run_search("-i", syndicated, "harbour board", "--collapse").stdout.splitlines()

    assert "2 stories (3 articles)" == lines[0]
    assert "   1 more copy; first: Harbour Post, 2024-05-01" in lines


def test_others_that_ran_a_story_are_named_beside_each(run_search: Run, syndicated: str) -> None:
    lines = run_search("-i", syndicated, "harbour board").stdout.splitlines()

    assert "   1 more copy; first: this one; also: Coast Daily" in lines


def test_the_file_is_named_of_an_article_without_a_source(run_search: Run, own_index: Path) -> None:
    with searcher.open_index(own_index) as index:
        index.add([Article("memo", "Memo", "Plaster.", origin="/notes/old.zip!memo.txt")], annotate=False)

    assert "   memo.txt · memo" in run_search("-i", str(own_index), "plaster").stdout.splitlines()


def test_copies_in_json(run_search: Run, syndicated: str) -> None:
    hits = json.loads(run_search("-i", syndicated, "wall", "--collapse", "--json").stdout)["hits"]
    first = {"id": "early", "source": "Harbour Post", "published": "2024-05-01"}

    assert [{"total": 2, "first": first, "sources": ["Harbour Post", "Coast Daily"]}] == [
        hit["copies"] for hit in hits
    ]


def test_pages_of_stories(run_search: Run, syndicated: str) -> None:
    pages = [
        json.loads(
            run_search("-i", syndicated, "harbour", "--collapse", "--json", "-n1", "--page", page).stdout
        )
        for page in ("1", "2", "3")
    ]

    assert [1, 1, 0] == [len(page["hits"]) for page in pages]


def test_stories_are_counted_once_and_it_is_said(run_search: Run, syndicated: str) -> None:
    args = ("-i", syndicated, "harbour", "--facets", "source", "--collapse")
    told = json.loads(run_search(*args, "--json").stdout)
    shown = run_search(*args).stdout

    assert (2, 3, True) == (told["total"], told["articles"], told["collapsed"])
    assert [("Coast Daily", 2), ("Harbour Post", 1)] == [
        (value["value"], value["count"]) for value in told["facets"]["source"]
    ]
    assert "\nCounted by story:\nSources" in shown


@pytest.mark.parametrize(("form", "expected"), [("-c", ["2"]), ("--ids", ["other", "late"])])
def test_stories_in_lists(run_search: Run, syndicated: str, form: str, expected: list[str]) -> None:
    assert sorted(expected) == sorted(
        run_search("-i", syndicated, "harbour board", "--collapse", form).stdout.split()
    )


@pytest.fixture
def statements(tmp_path: Path) -> str:
    said, folder = "The wall will not hold another winter", tmp_path / "statements"
    body = f"“{said}” was what she said."
    with searcher.open_index(folder) as index:
        index.add(
            [
                Article(id, "Wall", body, source=source, published=day, quotes=quotes)  # type: ignore[arg-type]
                for id, source, day, quotes in (
                    ("late", "Coast Daily", "2024-05-02", (Quote(said, "Ada Moss", "direct", 1, 38, 0.9),)),
                    ("early", "Harbour Post", "2024-05-01", (Quote(said, "Bo Quill", "direct", 1, 38, 0.5),)),
                )
            ],
            annotate=False,
        )
    return str(folder)


def test_statements_are_counted_by_what_is_asked(run_search: Run, statements: str) -> None:
    asked = ["-i", statements, "--in", "quotes", "winter", "--collapse", "--facets", "source,speaker"]
    shown = [" ".join(line.split()) for line in run_search(*asked).stdout.splitlines()[-3:]]
    told = json.loads(run_search(*asked, "--json", "--facet-limit", "1").stdout)["facets"]

    assert ["Sources Speakers", "Coast Daily 1 Ada Moss 1", "Harbour Post 1"] == shown
    assert {"source": ["Coast Daily"], "speaker": ["Ada Moss"]} == {
        name: [one["value"] for one in values] for name, values in told.items()
    }
    assert ["early", "late"] == sorted(run_search(*asked, "--ids").stdout.split())


def test_facets_of_single_quotations_are_refused(run_search: Run, statements: str) -> None:
    answer = run_search("-i", statements, "--in", "quotes", "winter", "--facets", "source")

    assert (2, True) == (answer.exit_code, "facets work for articles and statements" in answer.stderr)


def test_a_statement_is_shown_once_with_who_had_it_first(run_search: Run, statements: str) -> None:
    lines = run_search("-i", statements, "--said-by", "Moss", "winter", "--collapse").stdout.splitlines()

    assert [
        "1 statement (1 place)",
        "",
        "1. Ada Moss? (confidence 0.58)",
        "   “The wall will not hold another winter”",
        "   Wall · Harbour Post 2024-05-01 · early",
        "   the first of 2 articles; then Coast Daily 2024-05-02",
        "   attributed to: Ada Moss (1), Bo Quill (1)",
    ] == lines[:7]


def test_a_statement_says_whom_a_copy_names_and_nobody_first_of_one_day(
    run_search: Run, tmp_path: Path
) -> None:
    said = "Nobody rang me that night and I rang nobody"
    with searcher.open_index(tmp_path / "copies") as index:
        index.add(
            [
                Article(id, "Fire", body, source=source, published=dt.datetime(2024, 5, 1), story="a",
                        origin=f"/news/{name}.txt", quotes=(Quote(said, name, "direct", 1, 44, 0.9),))
                for id, name, source, body in (
                    ("a", "Ada", None, f"“{said}”, Ada said."),
                    ("b", "Bo", "Coast Daily", f"“{said}”, Bo said. And so on."),
                )
            ],
            annotate=False,
        )  # fmt: skip
    lines = run_search("-i", str(tmp_path / "copies"), "--in", "quotes", "rang", "--collapse").stdout

    assert [
        "   Fire · Ada.txt 2024-05-01 · a",
        "   one of 2 articles; also Coast Daily 2024-05-01",
        "   attributed to: Bo (1), Ada (in a copy)",
    ] == lines.splitlines()[4:7]


def test_of_copies_of_one_day_none_is_the_first(run_search: Run, tmp_path: Path) -> None:
    body = "The wall will not hold another winter, and nobody in the town has the money to mend it."
    with searcher.open_index(tmp_path / "copies") as index:
        for day in (1, 2):
            papers = ("Coast Daily", "Harbour Post")
            ids = [f"{paper} {day}" for paper in papers]
            dates = [dt.datetime(2024, 5, 1), dt.datetime(2024, 5, day)]
            index.add(
                [
                    Article(id, "Wall", f"{body} {day}", source=paper, published=date, story=str(day))
                    for id, paper, date in zip(ids, papers, dates)
                ],
                annotate=False,
            )
    lines = run_search("-i", str(tmp_path / "copies"), "wall", "--sort", "oldest").stdout.splitlines()

    assert [
        "1 more copy; also: Harbour Post",
        "1 more copy; also: Coast Daily",
        "1 more copy; first: this one; also: Harbour Post",
        "1 more copy; first: Coast Daily, 2024-05-01",
    ] == [line.strip() for line in lines if "more copy" in line]


def test_statements_for_programs(run_search: Run, statements: str) -> None:
    args = ("-i", statements, "--in", "quotes", "winter", "--collapse")
    document = json.loads(run_search(*args, "--json").stdout)
    line = json.loads(run_search(*args, "--jsonl").stdout)

    assert ("searcher.statements/1", 1, 2) == (document["schema"], document["total"], document["places"])
    assert document["statements"] == [line]
    assert ["Harbour Post", "Coast Daily"] == line["sources"]


@pytest.mark.parametrize(("form", "expected"), [("-c", ["1"]), ("--ids", ["early", "late"])])
def test_statements_in_lists(run_search: Run, statements: str, form: str, expected: list[str]) -> None:
    found = run_search("-i", statements, "--in", "quotes", "winter", "--collapse", form).stdout.split()

    assert expected == sorted(found)


def test_a_table_of_statements(run_search: Run, statements: str) -> None:
    table = run_search("-i", statements, "--in", "quotes", "winter", "--collapse", "--csv").stdout

    assert ["text", "speaker", "confidence", "places", "sources"] == table.splitlines()[0].split(",")[:5]
    assert "Harbour Post; Coast Daily" in table.splitlines()[1]


def test_a_remembered_quotation_is_found(run_search: Run, statements: str) -> None:
    result = run_search("-i", statements, "--find-quote", "The walls will not hold another winter")

    assert 0 == result.exit_code
    assert "1. Ada Moss? (confidence 0.58)" == result.stdout.splitlines()[0]
    assert "   86% of your words match; the original has “wall” for “walls”" in result.stdout.splitlines()


def test_remembered_quotations_for_programs(run_search: Run, statements: str) -> None:
    document = json.loads(run_search("-i", statements, "--find-quote", "another winter", "--json").stdout)

    assert ("searcher.found_quotes/1", "another winter") == (document["schema"], document["quote"])
    assert ["part"] == [found["match"] for found in document["found_quotes"]]


def test_nobody_said_it(run_search: Run, statements: str) -> None:
    result = run_search("-i", statements, "--find-quote", "a summer of ships")

    assert (1, "", "No similar quotation found.\n") == (result.exit_code, result.stdout, result.stderr)


@pytest.mark.parametrize("more", [["winter"], ["--said-by", "Moss"], ["--match-all", "person"]])
def test_a_remembered_quotation_is_asked_for_alone(run_search: Run, statements: str, more: list[str]) -> None:
    assert 2 == run_search("-i", statements, "--find-quote", "another winter", *more).exit_code


def test_names_end_with_a_nul_for_xargs(run_search: Run) -> None:
    assert "deep\0strike\0" == run_search("Norvane", "--ids", "-0", "--sort", "oldest").stdout
    assert "/archive/deep.html\0" == run_search("-0", "-l", "drilling").stdout


def test_a_nul_is_for_names_only(run_search: Run) -> None:
    result = run_search("-0", "Norvane")

    assert 2 == result.exit_code
    assert "-0 needs -l or --ids." in result.stderr


@pytest.mark.parametrize(("word", "operator"), [("same", "w/50"), ("near", "w/5"), ("adj", "pre/5")])
def test_operators_of_factiva_may_have_been_meant(run_search: Run, word: str, operator: str) -> None:
    shown = (
        run_search("dockers", word, "strike", "--any").stdout + run_search("dockers", word, "strike").stdout
    )

    assert f"“{word}” was searched for as a word; the operator is {operator}." in shown


def test_all_values_of_a_facet_are_printed_where_0_are_asked_for(
    run_search: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("searcher.cli.output.text.MAX_VALUES", 1)
    asked = ("-n", "0", "--facets", "person", "*")

    assert " more" in run_search(*asked).stdout
    assert " more" not in run_search(*asked, "--facet-limit", "0").stdout


def test_a_question_that_is_not_understood_is_said_to_be_searched_as_words(run_search: Run) -> None:
    result = run_search("-c", "Norvane drilling?")

    assert ("1\n", "Not understood as a question; searched for the words.\n") == (
        result.stdout,
        result.stderr,
    )


def test_a_question_that_is_understood_is_only_offered(run_search: Run) -> None:
    result = run_search("-c", "What did Lindqvist say about drilling?")

    assert "Not understood" not in result.stderr
    assert "--ask" in result.stderr


def test_a_name_of_several_people_is_said_to_be(own_index: Path, run_search: Run) -> None:
    with searcher.open_index(own_index) as index:
        text = "Ida Lindqvist left. Mara Lindqvist stays."
        mentions = tuple(mention(text, name, name) for name in ("Ida Lindqvist", "Mara Lindqvist"))
        index.add([Article("ida", body=text, mentions=mentions)], annotate=False)

    result = run_search("-c", "--person", "Lindqvist", "-i", str(own_index))

    assert "“Lindqvist” matches 2 names: Ida Lindqvist, Mara Lindqvist.\n" == result.stderr
