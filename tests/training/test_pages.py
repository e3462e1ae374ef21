"""The recipe of the article's blocks, from labelled pages to a forest that the reader loads."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from searcher.readers.html.block_choice import Chooser

try:
    import lightgbm  # noqa: F401
except ImportError:
    pytest.skip("the recipe needs the extra train", allow_module_level=True)
except OSError as error:  # LightGBM does not ship OpenMP
    pytest.skip(f"LightGBM cannot be loaded: {error}", allow_module_level=True)

BODY = [
    f"Crews of the northern line {verb} on Saturday after a week of talks with the harbour board of Calder."
    for verb in ("sailed", "rested", "voted", "waited", "returned")
]
PAGE = """<html><head><title>Ferries sail</title></head><body>
<ul><li><a href="/a">Home</a></li><li><a href="/b">Sport</a></li><li><a href="/c">Weather</a></li></ul>
<h1>Ferries sail</h1>{body}
<div><a href="/d">Ten islands to visit</a> <a href="/e">Sign up for our letter</a></div>
<p>Copyright. All rights reserved.</p></body></html>"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for folder in ("aeb", "wcxb"):
        (tmp_path / "pages" / folder).mkdir(parents=True)
        for number in range(5):
            body = [f"{paragraph} ({number})" for paragraph in BODY]
            page = PAGE.format(body="".join(f"<p>{paragraph}</p>" for paragraph in body))
            path = tmp_path / "pages" / folder / f"{number}.json"
            truth = {"url": f"https://site{number}.example/{folder}", "body": "\n\n".join(body)}
            path.write_text(json.dumps(truth), "utf-8")
            path.with_suffix(".html.gz").write_bytes(gzip.compress(page.encode()))
    return tmp_path


def test_what_is_trained_is_what_the_reader_loads(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from training import pages

    pages.main([str(data), "--write", str(tmp_path / "choice.npz")])
    with np.load(tmp_path / "choice.npz") as tables:
        trained = Chooser(dict(tables))
    example = pages.examples(data)[0]
    probabilities = trained.probabilities(example.blocks)

    assert ["aeb", "wcxb", "choice.npz:"] == [
        Path(line.split()[0]).name for line in capsys.readouterr().out.splitlines()
    ]
    assert probabilities.shape == example.labels.shape
    assert ((0 < probabilities) & (probabilities < 1)).all()
