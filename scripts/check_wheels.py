"""Check that installing any extra builds nothing from source.

Usage: python scripts/check_wheels.py WHEEL PYTHON_VERSION...

Resolves the requirements of each extra with uv, for each version of Python (it need not be installed): as pip
does by default, and from wheels only. A difference means that the newest release of a package has no wheel.
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


def main(wheel: Path, versions: list[str]) -> int:
    """Print the errors, and return the number of extras that failed."""
    extras = list_extras(wheel)
    with ThreadPoolExecutor(PROCESSES) as pool:
        errors = list(pool.map(lambda case: check(wheel, *case), product(versions, extras)))
    failed = [error for error in errors if error]
    print(
        f"{len(extras)} extras, {len(versions)} versions of Python: {len(failed)} failed", *failed, sep="\n"
    )
    return len(failed)


def list_extras(wheel: Path) -> list[str]:
    with ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(name).decode())
    return metadata.get_all("Provides-Extra", [])


def check(wheel: Path, version: str, extra: str) -> str:
    """Return what prevents an installation of one extra from wheels, or an empty string."""
    requirement = f"article-searcher[{extra}] @ {wheel.resolve().as_uri()}"
    # The wheel of the models is next to that of the code.
    options = ("--python-version", version, "--find-links", str(wheel.parent))
    try:
        wheels = resolve(requirement, *options, "--only-binary", ":all:")
        newest = resolve(requirement, *options)
    except subprocess.CalledProcessError as error:
        return f"Python {version}, extra {extra}:\n{error.stderr}"
    if missing := ", ".join(sorted(newest - wheels)):
        return f"Python {version}, extra {extra}: installed only by building from source: {missing}"
    return ""


def resolve(requirement: str, *options: str) -> set[str]:
    """Return the pinned requirements. Raises CalledProcessError."""
    command = ["uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--python", sys.executable]
    done = subprocess.run(
        [*command, *options, "-"], input=requirement, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines())


if __name__ == "__main__":
    sys.exit(bool(main(Path(sys.argv[1]), sys.argv[2:])))
