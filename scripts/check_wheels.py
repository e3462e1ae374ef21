"""Check that each extra alone can be installed without building anything from source.

Usage: python scripts/check_wheels.py WHEEL PYTHON_VERSION...

Resolves the requirements of each extra with uv, from wheels only, for each version of Python. These versions
need not be installed.
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from email.parser import Parser
from itertools import product
from pathlib import Path
from zipfile import ZipFile

#: Resolutions wait for the package index most of the time.
PROCESSES = 8


def main(wheel: Path, versions: list[str]) -> str:
    """Return the errors of all resolutions that failed, or an empty string."""
    extras = list_extras(wheel)
    cases = list(product(versions, extras))
    with ThreadPoolExecutor(PROCESSES) as pool:
        errors = list(pool.map(lambda case: resolve(wheel, *case), cases))
    failed = [error for error in errors if error]
    print(f"{len(cases)} resolutions ({len(extras)} extras), {len(failed)} failed")
    return "\n".join(failed)


def list_extras(wheel: Path) -> list[str]:
    with ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(name).decode())
    return metadata.get_all("Provides-Extra", [])


def resolve(wheel: Path, version: str, extra: str) -> str:
    """Return the error of one resolution, or an empty string."""
    done = subprocess.run(
        ["uv", "pip", "compile", "--quiet", "--only-binary", ":all:", "--python-version", version, "-"],
        input=f"article-searcher[{extra}] @ {wheel.resolve().as_uri()}",
        capture_output=True,
        text=True,
    )
    return f"Python {version}, extra {extra}:\n{done.stderr}" if done.returncode else ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
