"""A transcript with its recording beside it: heard by the keyboard alone, and in nobody's way."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

import searcher
from tests.extensions.web.browser.conftest import Visit, serving
from tests.extensions.web.browser.test_accessibility import LOOKS, violations

playwright = pytest.importorskip("playwright.sync_api", reason="a development tool: pip install -e '.[dev]'")
from playwright.sync_api import expect  # noqa: E402

CUES = (
    "WEBVTT\n\n00:00.500 --> 00:02.000\n<v SPEAKER_00>The tide is in.\n\n"
    "00:04.000 --> 00:06.000\n<v Bo Moss>So we sail.\n"
)
#: Samples a second of the recording, which is silent.
RATE = 8_000


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a server, and the path of the page of a transcript."""
    folder = tmp_path_factory.mktemp("recording")
    talks: Path = folder / "talks"
    talks.mkdir()
    (talks / "talk.vtt").write_text(CUES, "utf-8")
    with wave.open(str(talks / "talk.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(bytes(2 * RATE * 8))
    with searcher.open_index(folder / "index") as index:
        index.load([talks])
        with serving(index, folder / "index") as address:
            yield address, f"/article/{index.search('tide').hits[0].article.id}"


def test_a_time_is_heard_by_the_keyboard_alone(visit: Visit, recording: tuple[str, str]) -> None:
    address, path = recording
    page = visit(path, base_url=address)
    time = page.locator("a.moment", has_text="0:00:04")
    for _ in range(100):
        page.keyboard.press("Tab")
        if time.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#player")).to_have_js_property("paused", False)

    assert page.locator("#player").evaluate("player => player.currentTime") >= 4
    assert path in page.url


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("path", ["", "/quotes?q=tide&kind=speech", "/quotes?q=tide&unreported=1"])
def test_nothing_of_it_stands_in_anybodys_way(
    visit: Visit, recording: tuple[str, str], path: str, look: str
) -> None:
    address, article = recording
    page = visit(path or article, base_url=address, bypass_csp=True, **LOOKS[look])

    assert [] == violations(page, look)
