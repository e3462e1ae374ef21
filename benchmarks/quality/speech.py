"""Transcripts and records: is every turn found, with speaker and moment, and nothing else taken for one?

``speech.jsonl`` names the files as ``strangers.jsonl`` does: a source with its commit, licence and half, and
below it its files, with the number of turns and the digests of their speakers and moments, as
``speech_counts`` counted them before Searcher read one. A file may have another ``name`` here; a source may
have lists ``beside``.

``python -m benchmarks.quality.speech CLONES DATA`` copies the files to ``DATA/speech`` from clones.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import sha1
from pathlib import Path
from typing import Any

from benchmarks.quality.speech_counts import counted
from searcher import readers
from searcher.article import Article

LABELS = Path(__file__).with_suffix(".jsonl")
FOLDER = "speech"
_COLUMNS = ("files", "turns", "found", "speakers", "moments", "extra")
#: Letters at the beginning of a turn by which it is told from others.
_TELLING = 60


def main(data: Path, verbose: str = "") -> None:
    """Print the sums by kind and half, and the first failures of each file of the half ``verbose``."""
    sums: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for source, file in _labelled():
        tally, failures = _compared(_below(data, source, file), file)
        for kind in (file["kind"], "all"):
            sums[kind, source["half"]] += tally
        if source["half"] == verbose:
            for failure in failures[:5]:
                print(f"{source['repo']}/{file['path']}: {failure}")
    print(f"{'kind':11} half" + "".join(f"{head:>10}" for head in _COLUMNS))
    for (kind, half), tally in sorted(sums.items(), key=lambda pair: (pair[0][0] == "all", pair[0])):
        shares = [tally["found"] / max(1, tally["turns"])]
        shares += [tally[name] / max(1, tally["found"]) for name in ("speakers", "moments")]
        cells = [tally["files"], tally["turns"], *(f"{share:.4f}" for share in shares), tally["extra"]]
        print(f"{kind:11} {half:4}" + "".join(f"{cell:>10}" for cell in cells))


def measure(data: Path) -> dict[str, float]:
    """For each half the share of turns found, and of speakers and moments of those that are right."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for source, file in _labelled():
        sums[source["half"]] += _compared(_below(data, source, file), file)[0]
    return {
        f"{name}, half {half}": tally[name] / max(1, tally["turns" if name == "found" else "found"])
        for half, tally in sorted(sums.items())
        for name in ("found", "speakers", "moments")
    }


def _labelled() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each file that the labels name, with its source."""
    source: dict[str, Any] = {}
    for line in LABELS.read_text("utf-8").splitlines():
        row = json.loads(line)
        if "repo" in row:
            source = row
        else:
            yield source, row


def _below(data: Path, source: dict[str, Any], file: dict[str, Any]) -> Path:
    name: str = file.get("name", file["path"])
    repo: str = source["repo"]
    return data / FOLDER / repo.replace("/", "+") / name


def digest(values: list[str]) -> str:
    """What the labels have of a sequence of speakers or of moments."""
    return sha1("\n".join(values).encode()).hexdigest()[:12]


def _compared(path: Path, file: dict[str, Any]) -> tuple[Counter[str], list[str]]:
    """Sums over the turns of a file, and what is wrong with them."""
    right = counted(path, file["kind"])
    speakers, moments = (digest([turn[n] for turn in right]) for n in (0, 1))
    if (len(right), speakers, moments) != (file["turns"], file["speakers"], file["moments"]):
        raise ValueError(f"{path} is not the file that was labelled")
    tally = Counter(files=1, turns=len(right))
    failures = []
    said = defaultdict[str, list[tuple[str, str]]](list)
    events = list(readers.events(path))
    for event in events:
        if isinstance(event, Article):
            for quote in event.speech:
                said[_telling(quote.text)].append((quote.speaker or "", quote.moment or ""))
        elif right:
            failures.append(str(event))
    for speaker, moment, text in right:
        given = said[_telling(text)]
        if not given:
            failures.append(f"missing: {speaker} | {moment} | {text[:60]}")
            continue
        best = next((n for n, one in enumerate(given) if _is_named(one[0], speaker) and one[1] == moment), 0)
        found = given.pop(best)
        tally["found"] += 1
        tally["speakers"] += _is_named(found[0], speaker)
        tally["moments"] += _is_moment(found[1], moment)
        if not (_is_named(found[0], speaker) and _is_moment(found[1], moment)):
            failures.append(f"{found} for {(speaker, moment)}: {text[:40]}")
    tally["extra"] = sum(map(len, said.values()))
    failures += [f"extra: {one} {text[:40]}" for text, left in said.items() for one in left]
    return tally, failures


def _telling(text: str) -> str:
    return "".join(re.findall(r"\w", text))[:_TELLING].casefold()


def _is_named(given: str, right: str) -> bool:
    """Whether a name is right; a label holds the whole name, or its last word."""
    if not right.startswith("~"):
        plain = re.sub(r"\s*\([^()]*\)$", "", right)  # what stands in brackets is a role
        return _words(given) in (_words(right), _words(plain))
    words, label = _words(given), _words(right)
    return (not label and not words) or (bool(words) and (set(words) <= set(label) or words[-1] in label))


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name.casefold())


def _is_moment(given: str, right: str) -> bool:
    """Whether a moment is right, however its hours are written."""
    plain = [
        re.sub(r"^(?:0+:)?0?(?=\d)", "", one.partition(".")[0].replace(",", "")) for one in (given, right)
    ]
    return given == right or (":" in right and right.count(":") > 1 and plain[0] == plain[1])


def copy_files(clones: Path, data: Path) -> None:
    """Copy the labelled files, as they were at the commit, from clones of their repositories."""
    for source, file in _labelled():
        names = {file.get("name", file["path"]): file["path"], **source.get("beside", {})}
        for name, path in names.items():
            clone = clones / source["repo"].replace("/", "+")
            show = ["git", "-C", str(clone), "show", f"{source['commit']}:{path}"]
            to = _below(data, source, {"path": name})
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(subprocess.run(show, check=True, capture_output=True).stdout)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.speech", description=__doc__)
    parser.add_argument("clones", type=Path)
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    copy_files(options.clones, options.data)
