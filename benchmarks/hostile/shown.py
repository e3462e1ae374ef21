"""``python -m benchmarks.hostile.shown``: the hostile pages as a browser shows them, beside their text.

To each page is added what acts, fetches or leads elsewhere (``tests/extensions/web/hostile.html``), where
it begins and at its end: what is odd in a page must let none of that through. Chromium opens the page of
the site that has the file beside its text, and the file by itself. Wrong is whatever runs, each address
that is asked for and is none of the site's, each connection to another machine, and whatever the policy had
to forbid: Chromium connects to some addresses before it asks that.
"""

from __future__ import annotations

import codecs
import re
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, ConsoleMessage, sync_playwright

import searcher
from benchmarks.hostile import CASES
from benchmarks.hostile.case import Case
from tests.extensions.web.browser.conftest import CHROMIUM, FLAGS, serving
from tests.extensions.web.originals import HOSTILE, elsewhere

PAGES = (".html", ".xhtml", ".mhtml")
#: Behind these begins what a reader of the page sees.
_BEGUN = re.compile(rb"<article>|<body>|<meta charset[^>]*>")
#: What Chromium writes when something was to act and was kept from it.
_FORBIDDEN = re.compile(r"Content.Security|sandboxed|Unsafe attempt")
#: Milliseconds that a page has for what it wants to do behind our back.
_PATIENCE_MILLISECONDS = 500
#: Milliseconds that it may take to be there, on a machine that is busy.
_MAX_LOADING = 180_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a page: how it ended, and what it did."""

    ended: str
    ran: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)


def armed(data: bytes, address: str) -> bytes:
    """The page with what acts added to it, in the encoding that its first bytes show."""
    text = HOSTILE.read_text().replace("ELSEWHERE", address)
    article = text.index("<article>"), text.index("</article>")
    acts = re.sub(r"</?(html|head|body|!doctype)\b[^>]*>", "", text[: article[0]] + text[article[1] :])
    if data.startswith(codecs.BOM_UTF32_LE):
        return data + acts.encode("utf-32-le")
    if b"\0" in data[:4]:
        return data + acts.encode("utf-16-le")
    begun = _BEGUN.search(data[:10_000])
    at = begun.end() if begun else 0
    return data[:at] + acts.encode() + data[at:] + acts.encode()


def see(browser: Browser, case: Case, folder: Path, machine: tuple[str, list[str]]) -> Seen:
    """Load the file alone, and look at its page and at itself."""
    file = folder / case.name
    file.write_bytes(armed(case.make(), machine[0]))
    with searcher.open_index(":memory:") as index:
        # In a language that is not served no names are looked for, which would take longer than all else.
        index.load([file], workers=1, fields={"language": "tlh"})
        ids = [article.id for article in index.articles]
        if not ids:
            return Seen("no article")
        with serving(index, folder) as address:
            return _looked_at(browser, address, ids[0], machine[1])


def _looked_at(browser: Browser, address: str, id: str, reached: list[str]) -> Seen:
    ran: list[str] = []
    asked: list[str] = []
    forbidden: list[str] = []
    context = browser.new_context(base_url=address)
    reached.clear()

    def heard(said: ConsoleMessage) -> None:
        if _FORBIDDEN.search(said.text):
            forbidden.append(said.text)

    page = context.new_page()
    page.on("request", lambda one: None if _ours(one.url, address, id) else asked.append(one.url))
    page.on("console", heard)
    page.on("pageerror", lambda error: ran.append(str(error)))
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    page.goto(f"/original/{quote(id, safe='')}", timeout=_MAX_LOADING)
    page.wait_for_timeout(_PATIENCE_MILLISECONDS)
    ran += [page.title()] if not page.title().startswith("Saved file") else []
    why = " ".join(page.locator(".notice").all_inner_texts())
    ended = "shown" if page.locator("iframe").count() else why or page.title()
    if ended == "shown":
        page.goto(f"/file/{quote(id, safe='')}", timeout=_MAX_LOADING)
        page.wait_for_timeout(_PATIENCE_MILLISECONDS)
        ran += [page.title()] if page.title() else []
    context.close()
    return Seen(ended, ran, [*asked, *reached], forbidden)


def _ours(url: str, address: str, id: str) -> bool:
    path = url.removeprefix(address).partition("#")[0]
    return path.startswith("/static/") or path in {
        f"/{page}/{quote(id, safe='')}" for page in ("original", "file")
    }


def main() -> None:
    """See the cases in whose titles the arguments stand, all without arguments."""
    chosen = [one for one in CASES if one.name.endswith(PAGES) and not one.put]
    chosen = [one for one in chosen if not sys.argv[1:] or any(word in one.title for word in sys.argv[1:])]
    found: list[Seen] = []
    with tempfile.TemporaryDirectory() as folder, elsewhere() as machine, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for case in chosen:
            seen = see(browser, case, Path(folder), machine)
            found.append(seen)
            did = [*seen.ran, *seen.asked, *seen.forbidden]
            print(
                f"{'WRONG' if did else 'ok':6}{case.title:45} {seen.ended}",
                *did[:5],
                sep="\n      ",
                flush=True,
            )
        browser.close()
    shown = sum(one.ended == "shown" for one in found)
    counts = [sum(map(len, (getattr(one, kind) for one in found))) for kind in ("ran", "asked", "forbidden")]
    print(
        f"{len(found)} pages, {shown} shown, {len(found) - shown} not: "
        "{} scripts run, {} addresses asked for elsewhere, {} times the policy had to forbid".format(*counts)
    )
    sys.exit(any(counts))


if __name__ == "__main__":
    main()
