"""A real browser on a real server: Debian's Chromium, driven by Playwright, over the sample articles.

With SEARCHER_FIREFOX=/usr/bin/firefox-esr it is that one, as far as Playwright drives a Firefox that is not
its own: scripts cannot be turned off in it.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import searcher
from searcher import Article, Index, Mention, Quote
from tests.extensions.web.serving import port_of

pytest.importorskip("starlette", reason="the page is an extra: pip install 'article-searcher[web]'")
playwright = pytest.importorskip("playwright.sync_api", reason="a development tool: pip install -e '.[dev]'")

from playwright.sync_api import Browser, BrowserContext, Page  # noqa: E402

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
#: Root needs --no-sandbox; the others keep the browser from asking for anything by itself.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: A machine may be busy.
PATIENCE_MILLISECONDS = 60_000
_SPOKEN = "فتح الميناء القديم أبوابه يوم الاثنين بعد ثلاث سنوات من الإغلاق.\n\nوقال المدير إن العمل سيستمر."
ARABIC = Article(
    "arabic",
    "الميناء يفتح أبوابه من جديد",
    _SPOKEN,
    url="https://example.org/ar",
    source="الساحل",
    published="2025-01-15",  # type: ignore[arg-type]  # converted
    language="ar",
    mentions=(Mention("المدير", "person", _SPOKEN.index("المدير"), _SPOKEN.index(" إن")),),
    quotes=(Quote("العمل سيستمر", "المدير", "indirect", _SPOKEN.index("العمل"), len(_SPOKEN) - 1),),
)

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    """The sample articles, and one that is written from right to left."""
    folder = tmp_path_factory.mktemp("archive") / "index"
    with searcher.open_index(folder) as index:
        index.load([seeds], workers=1)
        index.add([ARABIC], annotate=False)
    return folder


@contextmanager
def serving(index: Index, folder: Path, **settings: Any) -> Iterator[str]:
    """The address of a server in a thread of its own, with these settings."""
    import uvicorn

    from searcher.extensions.web.app import create_app
    from searcher.extensions.web.guard import Access

    app = create_app(index, Access(**settings), folder)
    config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1)
    with port_of(uvicorn.Server(config)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def address(archive: Path) -> Iterator[str]:
    with searcher.open_index(archive) as index, serving(index, archive) as found:
        yield found


@pytest.fixture
def team(archive: Path) -> Iterator[str]:
    """The address of a server behind a proxy that says who asks; of those only Ida changes anything."""
    proxied = {"user_header": "X-Remote-User", "writers": frozenset({"ida"})}
    with searcher.open_index(archive) as index, serving(index, archive, **proxied) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    firefox = os.environ.get("SEARCHER_FIREFOX")
    if CHROMIUM is None and not firefox:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    with playwright.sync_playwright() as started:
        if firefox:
            opened = started.firefox.launch(executable_path=firefox, channel="moz-firefox")
        else:
            opened = started.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def script(request: pytest.FixtureRequest) -> bool:
    """With and without JavaScript."""
    return bool(request.param)


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Open an address; whatever a page asks of another machine, or does against its policy, is a failure."""
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def opened(path: str = "/", **settings: Any) -> Page:
        context = browser.new_context(**{"base_url": address, "locale": "en-GB", **settings})
        here = settings.get("base_url", address)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        # The program of the browser that shows PDF is made of pages too, which no machine is asked for.
        page.on(
            "request",
            lambda one: None if one.url.startswith((here, "chrome")) else trouble.append(one.url),
        )
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on(
            "console",
            lambda said: trouble.append(said.text) if re.search("Content.Security", said.text) else None,
        )
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()

    assert [] == trouble
