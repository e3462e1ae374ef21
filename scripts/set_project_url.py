"""Set the address of the repository in a copy of the sources.

Usage: python scripts/set_project_url.py FOLDER URL TAG

The project's URLs in its metadata lead there, and the relative links and pictures of README.md get absolute
addresses, because a package index shows the page without its repository.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_LINK = re.compile(r"(!?\[[^\]]*\])\((?!https?:|#)([^)\s]+)\)")


def with_absolute_links(text: str, url: str, tag: str) -> str:
    """Return a page of Markdown with absolute addresses for its relative links and pictures."""
    return _LINK.sub(
        lambda found: f"{found[1]}({url}/{'raw' if found[1].startswith('!') else 'blob'}/{tag}/{found[2]})",
        text,
    )


def with_project_urls(metadata: str, url: str) -> str:
    """Return setup.cfg with the project's URLs."""
    urls = {"Source": url, "Issues": f"{url}/issues", "Changelog": f"{url}/blob/main/CHANGELOG.md"}
    lines = "".join(f"    {name} = {address}\n" for name, address in urls.items())
    return metadata.replace("\nlicense_expression", f"\nproject_urls =\n{lines}license_expression", 1)


def main(folder: Path, url: str, tag: str) -> None:
    readme, metadata = folder / "README.md", folder / "setup.cfg"
    readme.write_text(with_absolute_links(readme.read_text("utf-8"), url, tag), "utf-8")
    metadata.write_text(with_project_urls(metadata.read_text("utf-8"), url), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
