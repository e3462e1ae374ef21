"""The page of a transcript: its speakers and times, its recording, and who its speakers are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from searcher import open_index
from searcher.extensions.web.app import create_app

CUES = (
    "WEBVTT\n\n00:01.000 --> 00:02.000\n<v SPEAKER_00>The tide is in.\n\n"
    "01:02:03.000 --> 01:02:05.000\n<v Bo Moss>So we sail.\n"
)


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talks" / "talk.en.vtt"
    path.parent.mkdir()
    path.write_text(CUES, "utf-8")
    (path.parent / "talk.mp3").write_bytes(bytes(range(256)))
    (path.parent / "other.mp3").write_bytes(b"another")
    return path


@pytest.fixture
def page(talk: Path, tmp_path: Path) -> Iterator[TestClient]:
    folder = tmp_path / "index"
    with open_index(folder) as index:
        index.load([talk.parent])
        yield TestClient(create_app(index, folder=folder), base_url="http://localhost")


def test_times_are_heard_in_the_recording_beside_the_file(page: TestClient) -> None:
    id = article_of(page)
    text = page.get(f"/article/{id}").text

    assert f'<audio id="player" controls preload="metadata" src="/medium/{id}"' in text
    assert f'<a class="moment" href="/medium/{id}#t=3723">1:02:03</a>' in text


def test_a_part_of_the_recording_is_answered(page: TestClient) -> None:
    answer = page.get(f"/medium/{article_of(page)}", headers={"Range": "bytes=2-4"})

    assert (206, b"\x02\x03\x04", "audio/mpeg") == (
        answer.status_code,
        answer.content,
        answer.headers["content-type"],
    )


@pytest.mark.parametrize("how", ["gone", "a link to elsewhere"])
def test_no_other_file_is_answered(how: str, page: TestClient, talk: Path) -> None:
    recording = talk.with_name("talk.mp3")
    recording.unlink()
    if how != "gone":
        recording.symlink_to(talk.with_name("other.mp3"))

    assert 404 == page.get(f"/medium/{article_of(page)}").status_code
    assert "#t=" not in page.get(f"/article/{article_of(page)}").text


def test_speakers_are_named_on_the_page(page: TestClient) -> None:
    id = article_of(page)
    form = {"id": id, "label": ["SPEAKER_00", "Bo Moss"], "name": ["Ada Quill", "Bo Moss"]}

    assert (
        f"/article/{id}#speakers"
        == page.post("/speakers", data=form, follow_redirects=False).headers["location"]
    )
    assert {"Ada Quill", "Bo Moss"} == {q["speaker"] for q in page.get("/api/quotes?q=*").json()["quotes"]}


def test_what_is_on_record_is_marked(page: TestClient) -> None:
    assert "on record" in page.get("/quotes?q=tide").text


@pytest.mark.parametrize(
    ("address", "there"),
    [("unreported=1", True), ("print_only=1", False)],
)
def test_what_is_on_record_and_not_in_print_is_a_page(address: str, there: bool, page: TestClient) -> None:
    answer = page.get(f"/quotes?q=tide&{address}")

    assert (200, there) == (answer.status_code, "1:02:03" in answer.text or "0:00:01" in answer.text)


def article_of(page: TestClient) -> str:
    found: str = page.get("/api/search?q=tide").json()["hits"][0]["id"]
    return found
