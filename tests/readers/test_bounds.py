"""What is too much in one field, record or part costs itself alone."""

import json
import time

import pytest

from benchmarks.hostile.amounts import AMOUNTS
from searcher import readers, urls
from searcher.article import Article
from searcher.errors import ReadError
from searcher.languages import pack
from searcher.readers import bylines
from searcher.readers.dispatch import Dispatcher
from searcher.readers.encodings import decode
from searcher.readers.finish import finish
from searcher.readers.records import annotated_events

TEXT = "The ferry sails again from Tuesday on, the company said."
#: Of the cases of the benchmark those that are read in this process, one or two of each kind.
NAMED = (
    "a record with", "both ends", "repeats a row", "pieces of a name", "quotation marks", "punycode",
    "400 parts deep", "in one another", "lists one chapter", "one page",
)  # fmt: skip
#: Seconds of the processor that no input may take on a quiet core; most take one or two.
MAX_SECONDS = 20
QUICK = [case for case in AMOUNTS if any(words in case.title for words in NAMED)]


def finished(**fields):
    return finish(Article(**{"id": "", "title": "Ferry", "body": TEXT} | fields), "a.txt", "")


@pytest.mark.slow
@pytest.mark.parametrize("case", QUICK, ids=lambda case: case.title)
def test_it_ends_soon_and_as_it_should(case):
    data = case.make()
    start = time.process_time()
    found = list(Dispatcher().data(data, case.name))
    seconds = time.process_time() - start
    read = [event for event in found if isinstance(event, Article)]

    assert MAX_SECONDS > seconds
    assert case.expect in ("either", "read" if read else "refused")


def test_a_title_of_half_a_megabyte_is_cut():
    assert 1000 >= len(finished(title="Ferry " * 90_000).title) > 990


def test_an_article_has_a_bounded_number_of_tags():
    assert 5000 == len(finished(tags=tuple(f"t{number}" for number in range(20_000))).tags)


def test_thirty_accents_stay_on_a_letter():
    body = finished(body=TEXT + " a" + "\u0323\u0316" * 5000 + "b").body

    assert (TEXT + " a", "b") == (body[: len(TEXT) + 2].replace("ạ", "a"), body[-1])
    assert 30 >= len(body) - len(TEXT) - 2 >= 29


def test_no_half_character_comes_out_of_a_record():
    fields = ("title", "body", "source", "author", "section", "language", "id", "url", "tags")
    record = dict.fromkeys(fields, f"http://a.example/{TEXT}\ud800")
    (article,) = readers.read_bytes(json.dumps(record).encode(), "a.jsonl")
    texts = json.dumps(article.to_dict(), ensure_ascii=False, default=str)

    assert texts == texts.encode("utf-8", "replace").decode()


def test_a_record_whose_fields_are_of_odd_types_costs_itself_alone():
    odd = {"title": {"name": [[[]]]}, "body": {"text": {"value": 1}}, "published": 10**400, "tags": {"a": 1}}
    good = {"title": "Ferry", "body": TEXT}
    lines = "\n".join(json.dumps(record) for record in (good, odd, {"body": TEXT + ".", "date": 10**400}))

    assert 2 <= len(list(readers.read_bytes(lines.encode(), "a.jsonl")))


@pytest.mark.parametrize("language", ["../../../etc/pack", "a\0", "a" * 5000, "E", "", 7])
def test_a_language_that_is_no_code_is_refused(language, tmp_path):
    path = tmp_path / "a.jsonl"
    record = finished().to_dict()
    path.write_text(f"{json.dumps(record | {'language': language})}\n{json.dumps(record)}\n")

    assert [Article, ReadError] == [type(event) for event in annotated_events(path)]


@pytest.mark.parametrize("code", ["../../../etc/pack", "a\0b", "a" * 5000, ""])
def test_a_path_is_no_language(code):
    assert pack(code) is None


@pytest.mark.parametrize("sign", ["\x1b]0;x\x07", "\x7f", "\x9b", "\u202e", "\u2028", "\ud800", "\U000e0041"])
def test_an_address_commands_no_terminal(sign):
    found = urls.absolute(f"http://post.example/a{sign}b")

    assert found is not None
    assert set(found) <= set("http://post.example/ab]0;x")


@pytest.mark.parametrize(
    "codec", ["punycode", "idna", "unicode_escape", "undefined", "utf-7", "rot13", "zlib"]
)
def test_an_encoding_that_is_none_of_text_is_not_believed(codec):
    assert "Fähre\\n+AGE- ab-xyz" == decode("Fähre\\n+AGE- ab-xyz".encode("cp1252"), codec)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["Гавань была закрыта. ", "台北市政府昨天宣布,\n捷運新線將於六月通車。\n"])
def test_utf_16_without_a_mark_is_told_in_any_script(encoding, text):
    assert text * 20 == decode((text * 20).encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "big5"])
def test_a_stray_zero_makes_no_text_utf_16(encoding):
    text = ("台北市政府昨天宣布" if encoding == "big5" else "Гавань была закрыта. ") * 90

    assert text == decode(text[:200].encode(encoding) + b"\0" + text[200:].encode(encoding))


@pytest.mark.parametrize("before", ["", "a"])
@pytest.mark.parametrize("encoding", ["gb18030", "big5", "euc_jp"])
def test_the_encoding_of_a_long_text_is_told_by_whole_characters(encoding, before):
    sentence = (
        "渡船は月曜から再び走ります。" if encoding == "euc_jp" else "台北市政府昨天宣布，碼頭下月起重新開放。"
    )
    text = before + f"{sentence * 40}\n" * 40

    assert text == decode(text.encode(encoding))


@pytest.mark.parametrize(
    ("encoding", "text"), [("cp1252", "Die Fähre fährt."), ("cp1251", "Гавань была закрыта. " * 9)]
)
def test_an_encoding_that_shows_late_is_told(encoding, text):
    style = "p { color: red }\n" * 20_000

    assert style + text == decode(f"{style}{text}".encode(encoding))


def test_white_space_in_a_byline_is_passed_over():
    assert () == bylines.names("by" + " \t" * 100_000 + "Ann Lee")


def test_an_archive_of_noise_is_told_in_a_line():
    with pytest.raises(ReadError) as told:
        list(readers.read_bytes(b"\xff\x01zz " * 500, "a.warc"))

    assert 200 > len(str(told.value))


def test_a_web_archive_whose_header_has_no_end_is_told_in_a_line():
    (told,) = Dispatcher().data(b"WARC/1.0\r\nA: " + b"a" * 5_000_000, "a.warc")

    assert "The headers of a record are longer than 4 MB." == str(told)
