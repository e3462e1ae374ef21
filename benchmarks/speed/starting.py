"""What one question costs from the command line: a new process that counts the articles with one word, and
one that shows a whole answer."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from benchmarks.speed.driving import ROOT
from benchmarks.speed.results import Start

#: A name that the corpus does not hold, so that Searcher looks for the nearest word as well, and a word of
#: many articles.
WORDS = ("LeCun", "oil")
#: The shortest program that counts, for engines that come without a command.
SCRIPTS = {
    "whoosh": """\
import sys
from whoosh.index import open_dir
from whoosh.qparser import QueryParser

index = open_dir(sys.argv[1])
query = QueryParser("text", index.schema).parse(sys.argv[2])
with index.searcher() as searcher:
    print(len(searcher.search(query, limit=10)))
""",
    "fts5": """\
import sqlite3
import sys

db = sqlite3.connect(sys.argv[1] + "/db")
print(db.execute("SELECT count(*) FROM words WHERE words MATCH ?", sys.argv[2:]).fetchone()[0])
""",
    "tantivy": """\
import sys
import tantivy

index = tantivy.Index.open(sys.argv[1])
print(index.searcher().search(index.parse_query(sys.argv[2], ["text"]), 10).count)
""",
    "xapian": """\
import sys
import xapian

parser = xapian.QueryParser()
parser.set_stemmer(xapian.Stem("english"))
parser.set_stemming_strategy(parser.STEM_ALL)
enquire = xapian.Enquire(xapian.Database(sys.argv[1] + "/db"))
enquire.set_query(parser.parse_query(sys.argv[2]))
print(enquire.get_mset(0, 10, 10**9).get_matches_estimated())
""",
}

#: What is asked for ten hits with snippets and five facets, of engines that have facets.
WHOLE = "japan trade"
_WHOLE_SCRIPTS = {
    "fts5": """\
import sqlite3
import sys

db = sqlite3.connect(sys.argv[1] + "/db")
match = " AND ".join(sys.argv[2].split())
print(db.execute("SELECT count(*) FROM words WHERE words MATCH ?", [match]).fetchone()[0])
shown = "title, snippet(words, 1, '[', ']', '…', 48)"
ranked = f"SELECT {shown} FROM words WHERE words MATCH ? ORDER BY rank LIMIT 10"
print(*db.execute(ranked, [match]), sep="\\n")
facet = (
    "SELECT value, count(*) FROM words CROSS JOIN facet ON facet.article = words.rowid AND field = ? "
    "WHERE words MATCH ? GROUP BY value ORDER BY 2 DESC LIMIT 8"
)
for field in range(5):
    print(*db.execute(facet, [field, match]))
""",
    "tantivy": """\
import sys
import tantivy

index = tantivy.Index.open(sys.argv[1])
searcher, query = index.searcher(), index.parse_query(sys.argv[2], ["text"], conjunction_by_default=True)
found = searcher.search(query, 10)
print(found.count)
snippets = tantivy.SnippetGenerator.create(searcher, query, index.schema, "text")
for _, address in found.hits:
    document = searcher.doc(address)
    print(document["title"], snippets.snippet_from_doc(document).to_html())
facets = ("people", "orgs", "source", "topics", "year")
print(searcher.aggregate(query, {name: {"terms": {"field": name, "size": 8}} for name in facets}))
""",
}
_FACETS = "person,organisation,source,tag,year"

#: The command that asks for a word, or for a whole answer to WHOLE; None where the engine has none.
Command = Callable[[str], list[str] | None]


def has_command(engine: str) -> bool:
    return engine == "searcher" or engine in SCRIPTS


def command(engine: str, python: str, folder: Path) -> Command:
    """Counts the articles with a word, and shows a whole answer."""
    if engine == "searcher":
        search = [python, "-m", "searcher.cli.search", "-i", str(folder)]
        return lambda word: [*search, *(("--facets", _FACETS) if word == WHOLE else ("-c",)), word]

    def script(word: str) -> list[str] | None:
        program = _WHOLE_SCRIPTS.get(engine) if word == WHOLE else SCRIPTS[engine]
        return [python, "-c", program, str(folder), word] if program else None

    return script


def measure(commands: Mapping[tuple[str, int], Command], times: int) -> dict[str, list[Start]]:
    """The median of so many times, in turns, of what each engine needs for each number of articles."""
    taken: dict[tuple[str, int, str], list[tuple[float, float]]] = {}
    for _ in range(times + 1):
        for (name, articles), command in commands.items():
            for word in (*WORDS, WHOLE):
                asked = command(word)
                if asked:
                    taken.setdefault((name, articles, word), []).append(_time(asked))
    found: dict[str, list[Start]] = {}
    for (name, articles, word), times_taken in taken.items():
        cpu, wall = (median(column) for column in zip(*times_taken[1:]))  # files are in memory after one
        found.setdefault(name, []).append(Start(articles, word, cpu, wall))
    return found


def _time(command: list[str]) -> tuple[float, float]:
    """CPU and wall-clock seconds of a process. Searcher ends with 1 where there is nothing."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in (0, 1), command
    return used.ru_utime + used.ru_stime, time.perf_counter() - started
