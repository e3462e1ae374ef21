"""Scanned documents: pictures of text, which are recognised where that is asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import searcher
from searcher import readers
from searcher.errors import MissingExtra, UsageError
from searcher.ingest.settings import Settings

SCAN = Path(__file__).with_name("scan.pdf")
needs_ocrmypdf = pytest.mark.skipif(shutil.which("ocrmypdf") is None, reason="ocrmypdf is not installed")


def test_a_scan_says_what_recognises_it() -> None:
    (problem,) = readers.events(SCAN)

    assert "--ocr" in str(problem)


def test_without_the_program_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    (problem,) = readers.events(SCAN, ocr="eng")
    assert (MissingExtra, True) == (type(problem), "apt install ocrmypdf" in str(problem))


@pytest.mark.parametrize("languages", ["", "eng deu", "eng+", "-l", "eng;rm"])
def test_languages_are_written_as_tesseract_writes_them(languages: str) -> None:
    with pytest.raises(UsageError):
        Settings.of(ocr=languages)


def test_languages_are_recorded() -> None:
    settings = Settings.of({"source": "Post"}, ocr="eng+deu")

    assert settings == Settings.from_text(settings.to_text())


@needs_ocrmypdf
def test_a_scan_that_was_refused_is_recognised_later(tmp_path: Path) -> None:
    index = searcher.open_index(tmp_path / "index", create=True)
    refused = index.load([SCAN])

    report = index.load([SCAN], ocr="eng")
    (hit,) = index.search("tug")
    assert (1, 1, "Ferry Stranded for Two Nights") == (len(refused.failed), report.added, hit.article.title)
