import datetime as dt
import json
import math

import pytest

from searcher import readers
from searcher.article import Article
from searcher.errors import ReadError


def of(data, name, **options):
    return list(readers.read_bytes(data.encode(), name, **options))


def test_fields_are_guessed_by_their_names():
    record = {
        "headline": "Bridge opens",
        "content": "It opened.",
        "publication": "Daily Heron",
        "by": "Ann Lee",
        "pub_date": "2024-05-01T10:00:00Z",
        "link": "https://heron.example/bridge",
        "keywords": ["bridges", "rivers"],
    }
    (article,) = of(json.dumps(record), "a.jsonl")

    assert (
        "Bridge opens",
        "It opened.",
        "Daily Heron",
        ("Ann Lee",),
        dt.datetime(2024, 5, 1, 10),
        "https://heron.example/bridge",
        ("bridges", "rivers"),
    ) == (
        article.title,
        article.body,
        article.source,
        article.authors,
        article.published,
        article.url,
        article.tags,
    )


def test_a_mapping_overrules_the_guess():
    record = {"title": "not this", "kop": "Brug open", "tekst": "Hij is open."}
    (article,) = of(json.dumps(record), "a.jsonl", mapping={"title": "kop", "body": "tekst"})

    assert ("Brug open", "Hij is open.") == (article.title, article.body)


def test_a_dotted_name_reaches_into_objects():
    record = {"meta": {"head": {"main": "Bridge opens"}}, "body": "It opened."}
    (article,) = of(json.dumps(record), "a.jsonl", mapping={"title": "meta.head.main"})

    assert "Bridge opens" == article.title


def test_the_id_of_a_record_is_kept():
    (article,) = of('{"id": "A-17", "title": "Bridge", "body": "It opened."}', "a.jsonl")

    assert "A-17" == article.id


def test_a_broken_line_loses_only_itself(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1, "body": "One."}\n{"id": 2, "bo\n\n{"id": 3, "body": "Three."}\n')
    found = list(readers.events(path))

    assert ["1", "3", ReadError] == [e.id if isinstance(e, Article) else type(e) for e in found]
    assert "Line 2: It is not valid JSON (Unterminated string starting at character 10)." == str(found[2])


def test_a_wire_story_in_a_record_is_unwrapped():
    body = (
        "The harbour board of Tallow Bay said it will close two of its\n"
        "seven piers for repairs that may last until autumn.\n"
        "    Shipping agents expect delays of up to three days for the\n"
        "grain and timber trades.\n"
    )
    (article,) = of(json.dumps({"body": body}), "a.jsonl")

    assert (
        "The harbour board of Tallow Bay said it will close two of its seven piers for repairs that may last "
        "until autumn.\n\nShipping agents expect delays of up to three days for the grain and timber trades."
    ) == article.body


@pytest.mark.parametrize(
    "text",
    [
        '[{"body": "One."}, {"body": "Two."}]',
        '{"articles": [{"body": "One."}, {"body": "Two."}]}',
        '{"hits": {"hits": [{"_source": {"body": "One."}}, {"_source": {"body": "Two."}}]}}',
        '{"body": "One."}\n{"body": "Two."}',
        '{\n "items": [\n  {"body": "One."},\n  {"body": "Two."}\n ]\n}',
    ],
)
def test_json_in_all_its_shapes(text):
    assert ["One.", "Two."] == [article.body for article in of(text, "a.json")]


TWO = [
    {"title": "Bridge opens", "content": "The bridge over the Heron was opened on Friday morning."},
    {"title": "Ferry stops", "content": "The ferry of Tallow Bay sailed for the last time yesterday."},
]


@pytest.mark.parametrize(
    "value",
    [
        {"news": TWO, "count": 2},
        {"status": "ok", "payload": {"stories": TWO}},
        {"17": TWO[0], "18": TWO[1]},
        {"nachrichten": {"a-17": TWO[0], "a-18": TWO[1]}},
        {"2024-05-01": TWO[:1], "2024-05-02": TWO[1:]},
        {"title": "The Heron", "description": "News from the bay, every morning.", "newest": TWO},
        {"rows": [{"id": n, "attributes": one} for n, one in enumerate(TWO)]},
        {
            "title": {"0": "Bridge opens", "1": "Ferry stops"},
            "content": {"0": TWO[0]["content"], "1": TWO[1]["content"]},
        },
        {"title": ["Bridge opens", "Ferry stops"], "content": [one["content"] for one in TWO]},
        {"columns": ["title", "content"], "index": [0, 1], "data": [[*one.values()] for one in TWO]},
        [["title", "content"], *([*one.values()] for one in TWO)],
    ],
)
def test_articles_are_found_in_json_whatever_holds_them(value):
    found = of(json.dumps(value), "a.json")

    assert TWO == [{"title": article.title, "content": article.body} for article in found]


def test_a_text_under_a_name_that_is_not_known_may_be_one_without_spaces():
    text = (
        "河湾镇的渡轮公司周二宣布，渡轮将从六月起恢复运行。镇长表示，居民已经等待了两年，码头的修缮"
        "工作也已完成，票价与从前相同，首班船将在清晨六点出发，两岸的学校和工厂都表示欢迎这一决定。"
    )
    (article,) = of(json.dumps({"data": [{"title": "渡轮将再次起航", "desc": text}]}), "a.json")

    assert text == article.body


def test_parts_of_an_article_are_no_articles():
    words = (
        "When will the bridge over the Heron be open for the people of Tallow Bay, who have waited for years?"
    )
    said = [{"date": "2024-05-01", "text": words}] * 3
    record = {"title": "Questions on the bridge", "date": "2024-05-01", "speeches": said}
    (article,) = of(json.dumps(record), "a.json")

    assert "Questions on the bridge" == article.title


@pytest.mark.parametrize(
    "value",
    [
        {"compilerOptions": {"target": "es2022"}, "include": ["src"], "exclude": ["dist"]},
        {"menu": {"title": "Start", "text": "Open"}, "login": {"title": "Log in", "text": "Go"}},
        {"series": [{"date": "2024-05-01", "value": 3.5}, {"date": "2024-05-02", "value": 4}]},
        {"packages": {"a": {"name": "a", "version": "1.0"}, "b": {"name": "b", "version": "2.1"}}},
    ],
)
def test_settings_and_numbers_are_no_articles(value):
    with pytest.raises(ReadError, match="It has no text"):
        of(json.dumps(value), "a.json")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_any_delimiter(delimiter):
    rows = [["title", "text", "date"], ["Bridge", '"It opened, at last."', "1.5.2024"]]
    (article,) = of("\n".join(delimiter.join(row) for row in rows), "a.csv")

    assert ("Bridge", "It opened, at last.", dt.datetime(2024, 5, 1)) == (
        article.title,
        article.body,
        article.published,
    )


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Größe"),
        ("cp1252", "Café"),
        ("cp1252", "L’hôtel de ville a été fermé après l’incendie, a déclaré le maire. " * 9),
        ("cp1251", "Гавань была закрыта в понедельник после пожара. " * 9),
        ("koi8-r", "Гавань была закрыта в понедельник после пожара. " * 9),
        ("cp932", "港は月曜日に火災のため閉鎖されたと市議会が発表した。" * 9),
    ],
)
def test_csv_in_an_encoding_that_is_older(encoding, text):
    (article,) = readers.read_bytes(f'title,text\nBridge,"{text}"\n'.encode(encoding), "a.csv")

    assert text.strip() == article.body


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_the_encoding_of_a_table_may_show_late(encoding):
    rows = [*(f"Bridge {number},It opened at last." for number in range(10_000)), "Späte Brücke,Sie öffnet."]
    *_, last = readers.read_bytes("\n".join(["title,text", *rows]).encode(encoding), "a.csv")

    assert ("Späte Brücke", "Sie öffnet.") == (last.title, last.body)


def test_an_empty_column_of_the_same_name_takes_nothing_away():
    (article,) = of("title,text,text\nBridge,It opened.,\n", "a.csv")

    assert "It opened." == article.body


def test_two_columns_of_one_name_are_both_kept():
    rows = "title,text,text,tag,tag,date,date\nBridge,It opened.,It closed.,a,b,2024-01-02,2024-01-03\n"
    (article,) = of(rows, "a.csv")

    assert "It opened.\n\nIt closed." == article.body
    assert (("a", "b"), "2024-01-02") == (article.tags, f"{article.published:%Y-%m-%d}")


def test_what_is_not_a_number_is_nothing(tmp_path):
    record = {"title": "Bridge", "body": "It opened.", "source": math.nan, "author": math.inf}
    path = tmp_path / "a.jsonl"
    path.write_text(f'{json.dumps(record)}\n{{"body": NaN}}\n')
    article, without_text = readers.events(path)

    assert isinstance(article, Article)
    assert (None, ()) == (article.source, article.authors)
    assert "no text" in str(without_text)


def test_html_in_a_field_becomes_paragraphs():
    (article,) = of('{"body": "<p>One &amp; two.</p><p>Three.</p>"}', "a.jsonl")

    assert "One & two.\n\nThree." == article.body


def test_a_record_without_text_is_reported():
    with pytest.raises(
        ReadError, match=r"no text\. Say which of its fields holds it \(--map body=FIELD\): price"
    ):
        of('{"price": 3}', "a.jsonl")


def test_a_mapping_to_a_field_of_ones_own_gives_tags():
    record = {"title": "Ferry", "body": "It sails.", "ressort": "Ausland; Wirtschaft", "tags": ["ships"]}
    (article,) = of(json.dumps(record), "a.jsonl", mapping={"desk": "ressort"})

    assert ("ships", "desk=Ausland", "desk=Wirtschaft") == article.tags


def test_a_mapping_to_nothing_an_article_has_is_refused():
    with pytest.raises(ReadError, match="names headline"):
        of('{"body": "One."}', "a.jsonl", mapping={"headline": "x"})


def test_a_column_that_is_not_there_is_pointed_out_and_the_rest_is_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Headline,Text\nFerry sails,It sails on Monday.\n")
    missing, article = readers.events(path, mapping={"title": "headline", "body": "Text"})

    assert "There is no column “headline”; there are: Headline, Text." == str(missing)
    assert isinstance(article, Article)
    assert "It sails on Monday." == article.body
