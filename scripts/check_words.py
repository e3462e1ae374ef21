"""Refuse names and phrases that are hard to understand: see words.txt, which says what to write instead.

Also refuses entries of a docstring's Args or Attributes that are not parameters or attributes.

python scripts/check_words.py            print the findings in names, texts and pages; fail if there are any
python scripts/check_words.py --count    the number of findings for each word
"""

from __future__ import annotations

import ast
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
#: Python files whose names and texts are checked, and pages whose text is.
PYTHON = sorted((ROOT / "searcher").rglob("*.py"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("[A-Z]*.md"))]


class Finding(NamedTuple):
    """A refused word at a line of a file."""

    path: Path
    line: int
    word: str
    instead: str

    def __str__(self) -> str:
        place = f"{self.path.relative_to(ROOT)}:{self.line}"
        return f"{place}: “{self.word}”. Better: {self.instead}"


class Words(NamedTuple):
    """The contents of words.txt: refused names and phrases, with what to write instead."""

    names: dict[str, str]
    phrases: dict[re.Pattern[str], str]


def read_words(path: Path) -> Words:
    sections: dict[str, dict[str, str]] = {"names": {}, "text": {}}
    section = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            word, *instead = re.split(r"\s{2,}", line, maxsplit=1)
            sections[section][word] = "".join(instead)
    phrases = {re.compile(word, re.I): instead for word, instead in sections["text"].items()}
    return Words(sections["names"], phrases)


def defined_names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the names of functions, classes, arguments and variables, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno


_DOCUMENTED_NAMES = re.compile(r"^(?:Args|Attributes):\n((?:    .*(?:\n|$)|\n)*)", re.M)
_ENTRY = re.compile(r"^    (\*{0,2}\w+(?:, \*{0,2}\w+)*):", re.M)


def unknown_entries(path: Path, tree: ast.AST) -> Iterator[Finding]:
    """Yield entries of Args and Attributes that the function or class does not have."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        has_any_option = isinstance(node, ast.FunctionDef) and node.args.kwarg is not None
        section = _DOCUMENTED_NAMES.search(ast.get_docstring(node) or "")
        if section is None or has_any_option:
            continue
        known = {name for name, _ in defined_names(node)}
        for entry in _ENTRY.findall(section[1]):
            for name in re.findall(r"\w+", entry):
                if name not in known:
                    yield Finding(path, node.lineno, name, f"the current name in “{node.name}”")


def texts_of_module(path: Path, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the docstrings and comments of a module with their first lines."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(tree):
        if isinstance(node, documented) and (text := ast.get_docstring(node, clean=False)):
            yield node.body[0].lineno, text
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def texts_of_page(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a page outside blocks of code."""
    is_code = False
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("```"):
            is_code = not is_code
        elif not is_code:
            yield number, re.sub(r"`[^`]*`|“[^”]*”", "", line)


def findings(words: Words) -> Iterator[Finding]:
    for path in PYTHON:
        tree = ast.parse(path.read_text("utf-8"))
        for name, line in defined_names(tree):
            if (plain := name.strip("_").casefold()) in words.names:
                yield Finding(path, line, name, words.names[plain])
        yield from unknown_entries(path, tree)
        yield from refused_phrases(path, texts_of_module(path, tree), words.phrases)
    for path in PAGES:
        yield from refused_phrases(path, texts_of_page(path), words.phrases)


def refused_phrases(
    path: Path, texts: Iterator[tuple[int, str]], phrases: dict[re.Pattern[str], str]
) -> Iterator[Finding]:
    for line, text in texts:
        for phrase, instead in phrases.items():
            for match in phrase.finditer(text):
                yield Finding(path, line + text.count("\n", 0, match.start()), match.group(), instead)


def main() -> int:
    words = read_words(ROOT / "scripts" / "words.txt")
    refused = [*findings(words)]
    if "--count" in sys.argv[1:]:
        for word, number in Counter(finding.word.casefold() for finding in refused).most_common():
            print(f"{number:5} {word}")
    elif refused:
        print(*refused, sep="\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
