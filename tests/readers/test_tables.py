"""What a table holds is decided for the whole of it, and told."""

import zipfile
from io import BytesIO

import pytest

from searcher import readers
from searcher.article import Article
from searcher.errors import Doubt, ReadError
from tests.readers.samples import xlsx

TEXT = (
    "The ferry company said on Tuesday that its boats would run again from June, after a long winter in port."
)
OTHER = (
    "Passengers had waited since November, when ice closed the harbour to all but the smallest of the craft."
)


def of(text, name="a.csv", **options):
    return list(readers.read_bytes(text.encode(), name, **options))


def events(tmp_path, data, name="a.csv", **options):
    (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(readers.events(tmp_path / name, **options))


BUDGET = [
    ["City of Tallow Bay, budget", "", ""],
    ["Text", "2023", "2024"],
    ["Police", "1200", "1300.5"],
    ["City attorney", "300", "310"],
    ["Total revenues", "1500", "1610.5"],
]


def test_a_sheet_of_numbers_is_one_article_with_its_rows_as_lines():
    (article,) = readers.read_bytes(xlsx(BUDGET), "budget.xlsx")

    assert "budget" == article.title
    assert (
        "City of Tallow Bay, budget\nText | 2023 | 2024\nPolice | 1200 | 1300.5\nCity attorney | 300 | 310\n"
        "Total revenues | 1500 | 1610.5"
    ) == article.body


def test_facts_that_are_called_descriptions_are_the_lines_of_one_article():
    facts = [
        ["ferry", "label", "description"],
        ["Grace", "Built", "1904, Tallow"],
        ["Grace", "Owner", "Bo Ek"],
    ]
    (article,) = readers.read_bytes(xlsx(facts), "ferries.xlsx")

    assert "ferry | label | description\nGrace | Built | 1904, Tallow\nGrace | Owner | Bo Ek" == article.body


def test_short_descriptions_below_titles_are_articles():
    rows = [["title", "description"], ["Grace sails again", "Mended, 1904"], ["Anna is sold", "Bo Ek, 1906"]]
    found = readers.read_bytes(xlsx(rows), "ferries.xlsx")

    assert ["Grace sails again", "Anna is sold"] == [article.title for article in found]


def test_a_list_of_donors_is_one_article_and_that_is_told(tmp_path):
    rows = "".join(f"Ann Lee {n},Harbour Road {n},2024-01-0{n % 9 + 1},{n}00\n" for n in range(30))
    article, doubt = events(tmp_path, f"name,street,day,amount\n{rows}")

    assert 31 == len(article.body.split("\n"))
    assert isinstance(doubt, Doubt)
    assert "its rows are the lines of one article" in str(doubt)


def test_a_large_sheet_is_several_articles():
    rows = "".join(f"Ann Lee {n},Harbour Road {n},{n}00\n" for n in range(9_000))
    first, *_, last = of(f"name,street,amount\n{rows}", "payroll.csv")

    assert "payroll, 1–" == first.title[:11]
    assert last.title.endswith("9,001")
    assert len(first.body) <= 100_000


@pytest.mark.parametrize("name", ["speech", "Rede", "col_7"])
def test_the_longest_column_of_prose_is_the_text_where_no_name_is_known(name, tmp_path):
    rows = "".join(f"{n},Ann Lee,{TEXT.replace(',', '')} {n}.,short\n" for n in range(5))
    *articles, doubt = events(tmp_path, f"nr,author,{name},note\n{rows}")

    assert [f"{TEXT.replace(',', '')} {n}." for n in range(5)] == [article.body for article in articles]
    assert {("Ann Lee",)} == {article.authors for article in articles}
    assert f"What its columns hold was told by their contents alone, as with --map body={name}." == str(doubt)


def test_the_address_of_a_picture_is_not_that_of_the_article():
    rows = "".join(
        f"{n},Ferry number {n} sails,{TEXT.replace(',', '')} {n}.,https://img.example/{n}.JPG?w=300\n"
        for n in range(5)
    )
    articles = of(f"nr,title,col_3,kuva\n{rows}")

    assert {None} == {article.url for article in articles}


def headerless(quote, delimiter, count=20):
    rows = [
        (
            "Web",
            f"https://tallow.example/{n}",
            f"2024-03-{n + 1:02}",
            f"Ferry number {n} sails",
            f"{TEXT} {OTHER}",
        )
        for n in range(count)
    ]
    return "\n".join(delimiter.join(f"{quote}{cell}{quote}" for cell in row) for row in rows)


@pytest.mark.parametrize("quote", ["'", '"'])
@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_a_file_without_header_is_read_by_what_stands_in_its_columns(quote, delimiter):
    first, *others = of(headerless(quote, delimiter))

    assert 19 == len(others)
    assert (f"{TEXT} {OTHER}", "Ferry number 0 sails", "https://tallow.example/0", "Web") == (
        first.body,
        first.title,
        first.url,
        first.section,
    )
    assert "2024-03-01" == str(first.published.date())


def test_labels_and_texts_without_header_between_single_quotes():
    rows = "\n".join(f"Web;'{TEXT} Nr. {n}; it\u2019s so, he said.'" for n in range(12))

    assert [f"{TEXT} Nr. {n}; it’s so, he said." for n in range(12)] == [article.body for article in of(rows)]


@pytest.mark.parametrize("header", ["", "a;b;c\n"])
def test_a_column_may_be_named_by_its_number(header):
    (article,) = of(f"{header}x;Bridge;It opened.", mapping={"body": "3", "title": "2"})

    assert ("Bridge", "It opened.") == (article.title, article.body)


def test_a_column_whose_name_is_a_number_is_meant_by_it():
    (article,) = of("title;text;1\nBridge;no;It opened.", mapping={"body": "1"})

    assert "It opened." == article.body


def test_the_commas_of_a_single_column_divide_nothing():
    assert [TEXT, OTHER] == [article.body for article in of(f"text\n{TEXT}\n{OTHER}\n")]


def test_commas_in_texts_are_more_than_the_delimiter():
    text = TEXT.replace(" ", ", ")

    assert [text] * 3 == [a.body for a in of("text;title\n" + f"{text};Ferry\n" * 3, "a.csv")]


def test_the_longest_text_of_a_record_is_its_own_where_no_name_tells():
    (article,) = of(f'{{"texts": "{TEXT} {OTHER}", "title": "Ferry"}}', "a.json")

    assert ("Ferry", f"{TEXT} {OTHER}") == (article.title, article.body)


def test_short_texts_below_a_name_are_articles_all_the_same():
    assert ["It opened.", "Closed."] == [a.body for a in of("title,text\nBridge,It opened.\nPier,Closed.\n")]


@pytest.mark.parametrize("text", ["a", "a,b", "1,2\n3,4", "'", "''''\n'", '"a\nb', "\x1f,\n,"])
def test_any_table_ends_in_articles_or_in_a_reason(text, tmp_path):
    found = events(tmp_path, text)

    assert all(isinstance(one, (Article, ReadError)) for one in found)
    assert found


def test_a_last_row_that_is_cut_does_not_decide_what_divides_the_columns():
    head = "title;text;notes, by, whom, and, when"

    articles = of(f"{head}\nFerry;{TEXT};none\nIce;{OTHER}")

    assert ["Ferry", "Ice"] == [article.title for article in articles]


def test_rows_of_one_title_and_day_are_a_recording():
    rows = "title,date,speaker,text\n" + "".join(
        f"{title},2026-03-0{day},{speaker},It is {speaker}.\n"
        for title, day in (("Harbour", 4), ("Quay", 5))
        for speaker in ("Keane", "Poe", "Keane")
    )

    assert [("Harbour", 4, ["Keane", "Poe", "Keane"]), ("Quay", 5, ["Keane", "Poe", "Keane"])] == [
        (one.title, one.published.day, [quote.speaker for quote in one.quotes]) for one in of(rows)
    ]


def test_a_speaker_of_an_article_of_its_own_makes_no_transcript():
    rows = f"""title,speaker,text\nIce,Keane,"{TEXT}"\nWater,Keane,"{OTHER}"\nMud,Keane,"{TEXT}"\n"""

    assert ["Ice", "Water", "Mud"] == [one.title for one in of(rows)]


def test_a_mapping_makes_articles_of_the_rows_of_a_transcript():
    rows = f"""speaker,text\nKeane,"{TEXT}"\nPoe,"{OTHER}"\nKeane,"{TEXT}"\n"""

    assert [TEXT, OTHER, TEXT] == [one.body for one in of(rows, mapping={"body": "text"})]


POLL = [
    ["AMONG 900 ADULTS, MAY 2024", "", "Total", "Men", "Women"],
    [
        "Which one of the following matters most to you when you take the ferry to town?",
        "N",
        "900",
        "450",
        "450",
    ],
    *[
        ["", answer, "0.25", "0.2", "0.3"]
        for answer in ("Fares", "Seats", "Hours", "Sun", "Rain", "No answer")
    ],
    [
        "Would you say that the harbour has become better or worse over the last year?",
        "N",
        "900",
        "450",
        "450",
    ],
    *[["", answer, "0.25", "0.2", "0.3"] for answer in ("Better", "Worse", "The same", "No answer")],
]


def test_questions_above_figures_are_the_lines_of_one_article():
    found = list(readers.read_bytes(xlsx(POLL), "poll.xlsx"))

    assert ["poll"] == [article.title for article in found]


def test_each_part_of_a_long_table_of_figures_is_doubtful():
    rows = ",".join(["1250"] * 200)
    found = [event for event in of(f"{rows}\n" * 300) if isinstance(event, Article)]

    assert (True, {True}) == (len(found) > 1, {bool(article.tags) for article in found})


def test_a_column_without_a_name_is_called_by_its_number(tmp_path):
    found = events(tmp_path, f'desk,town,\nnews,Rope,"{TEXT}"\nsport,Heron,"{OTHER}"\n')
    said = "What its columns hold was told by their contents alone, as with --map body=3."

    assert [said] == [str(event) for event in found if isinstance(event, Doubt)]


def test_days_may_be_numbers():
    first, *_ = of(f'20240503,"{TEXT}"\n20240504,"{OTHER}"\n')

    assert "2024-05-03" == first.published.date().isoformat()


def test_the_cells_of_other_parts_are_not_those_of_a_sheet():
    """The chain of calculation lists cells of all sheets, which are not in one rectangle."""
    chain = '<calcChain><c r="A1" i="1"/><c r="XFD1048576" i="2"/></calcChain>'
    data = BytesIO(xlsx(BUDGET))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("xl/calcChain.xml", chain)
    (article,) = readers.read_bytes(data.getvalue(), "budget.xlsx")

    assert next(readers.read_bytes(xlsx(BUDGET), "budget.xlsx")).body == article.body
