#!/usr/bin/env python3
"""Write the pictures of the page in docs/: the sample articles, served and looked at in Chromium."""

from __future__ import annotations

import base64
import sys
import tempfile
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, ViewportSize, sync_playwright  # noqa: E402

import searcher  # noqa: E402
from tests.extensions.web.browser.conftest import CHROMIUM, FLAGS, serving  # noqa: E402

SIZE: ViewportSize = {"width": 1200, "height": 760}
PAGES: dict[str, tuple[str, Literal["light", "dark"]]] = {
    "search": ("/?q=norvane&person=Priya+Raman", "light"),
    "statements": ("/quotes?said_by=Priya+Raman&said_by=Hugh+Pemberton", "light"),
    "article": ("/article/8e01c0af6f42?q=ferry", "light"),
    "person": ("/person/Priya%20Raman", "light"),
    "names": ("/names?_name=Philippa+Strand&_name=Hamish+Strand", "light"),
    "dark": ("/?q=norvane&sort=newest", "dark"),
}
#: The browser turns the picture into WebP, a third of the size.
TO_WEBP = """async png => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext('2d').drawImage(picture, 0, 0);
    const file = await canvas.convertToBlob({type: 'image/webp', quality: 0.85});
    const bytes = new Uint8Array(await file.arrayBuffer());
    return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
}"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, searcher.open_index(folder) as index:
        index.load([ROOT / "seeds"])
        with serving(index, Path(folder)) as address, sync_playwright() as started:
            browser = started.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            blank = browser.new_page()
            for name, (path, scheme) in PAGES.items():
                page = browser.new_page(viewport=SIZE, color_scheme=scheme, base_url=address)
                page.goto(path)
                (ROOT / "docs" / f"page-{name}.webp").write_bytes(picture(page, blank))
            browser.close()


def picture(page: Page, blank: Page) -> bytes:
    """The page as it is seen, as WebP."""
    png = base64.b64encode(page.screenshot()).decode()
    return base64.b64decode(blank.evaluate(TO_WEBP, png))


if __name__ == "__main__":
    main()
