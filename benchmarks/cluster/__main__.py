"""``python -m benchmarks.cluster opensearch+http://127.0.0.1:9200/measured --articles 100000``

How fast an index on a cluster is loaded and asked, with the articles and the questions of
``benchmarks.speed``; ``--bare`` asks OpenSearch the same by its own means, in an index beside it.
``--like FOLDER --names 300000`` loads copies of the articles of an index in a folder instead, of which some
have quotations: then statements are asked for as well. What is there already is asked as it is. A process of
its own asks, whose memory is that of asking alone.

Milliseconds by the clock, median and 95th percentile: for the first time, again after the nodes forgot the
counts that they keep for who asks the same (the questions of a class differ), and once more; those of
processors are means, of the second time.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

import searcher
from benchmarks.cluster.bare import Bare
from benchmarks.speed import statements
from benchmarks.speed.corpus import Question, read_articles, read_questions, write_corpus
from benchmarks.speed.driving import ROOT
from benchmarks.speed.peers.searcher_ import Searcher, _article
from searcher.article import Article
from searcher.errors import QueryTooBroad
from searcher.extensions.opensearch.client import Address, Client
from searcher.ingest.run import optimize

__all__: list[str] = []

#: Questions of each class that are asked beforehand, as in benchmarks.speed.
_BEFOREHAND = 3
#: Answers of new processes.
_NEW_PROCESSES = 20
#: Seconds until a node looks again how much of its processors it has used (monitor.process.refresh_interval).
_REFRESH_SECONDS = 1.1

Asking = Callable[[], object]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cluster",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("address")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=20_000, help="articles of a commit")
    parser.add_argument("--like", type=Path, help="an index in a folder whose articles are copied")
    parser.add_argument("--names", type=int, default=0, help="names that are made as well, with --like")
    parser.add_argument("--bare", action="store_true", help="ask OpenSearch itself as well")
    options = parser.parse_args()
    with searcher.open_index(options.address) as index:
        client = Client(Address.parse(options.address))
        if not index.count():
            with _articles(options) as articles:
                _load(index, client, articles, options.batch)
            index.close()
            subprocess.run([sys.executable, "-m", "benchmarks.cluster", *sys.argv[1:]], check=True)
            return
        print(f"{index.count():,} articles, {index.count(quotes=True):,} quotations")
        print(
            f"{'':<20}{'first':>15}{'again':>15}{'kept':>15}{'client CPU':>15}{'servers CPU':>15}", flush=True
        )
        _ask(index, client, options.data)
        if index.count(quotes=True):
            _ask_for_statements(index, client)
        _start(options.address, client, options.data)
        print(f"peak memory of this process {_peak():,.0f} MB")
        if options.bare:
            _ask_bare(client, options)


@contextmanager
def _articles(options: argparse.Namespace) -> Iterator[Iterator[Article]]:
    """Give the articles to load, one after another."""
    if options.like:
        with searcher.open_index(options.like, create=False) as index:
            copies = statements.Copies(list(index.articles), options.articles, options.names)
        yield map(copies.__getitem__, range(options.articles))
        return
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.jsonl"
        write_corpus(options.data, corpus, options.articles)
        yield map(_article, read_articles(corpus))


def _load(index: searcher.Index, client: Client, articles: Iterator[Article], batch: int) -> None:
    """Write articles, and print what that took without making them."""
    count, seconds, used, servers = 0, 0.0, 0.0, _servers_cpu(client)
    while some := list(islice(articles, batch)):
        began, before = time.perf_counter(), time.process_time()
        with index._session.engine.writer() as writer:
            for article in some:
                writer.add(article)
        count += len(some)
        seconds += time.perf_counter() - began
        used += time.process_time() - before
        print(f"{count:,} after {seconds:.1f} s", flush=True)
    began = time.perf_counter()
    optimize(index._session.engine, count)
    merged = time.perf_counter() - began
    print(
        f"loaded {count / seconds:,.0f} articles/s, merged in {merged:.0f} s; CPU of this process "
        f"{used:.1f} s, of the servers {(_servers_cpu(client) - servers) / 1000:.0f} s; "
        f"peak memory {_peak():,.0f} MB"
    )
    _print_size(client, client.address.name)


def _ask(index: searcher.Index, client: Client, data: Path) -> None:
    """Print the times of each class of questions: asked for the first time, and again."""
    peer = Searcher()
    peer._engine, peer._index = index._session.engine, index  # type: ignore[assignment]
    for kind, questions in _by_class(data).items():
        for question in questions[:_BEFOREHAND] * 2:
            peer.ask(question)
        _print_times(kind, client, [partial(peer.ask, one) for one in questions[_BEFOREHAND:]])


def _ask_for_statements(index: searcher.Index, client: Client) -> None:
    asked: dict[str, list[Asking]] = defaultdict(list)
    for query, narrowed in statements._questions(index):
        kind = f"{'word' if query else ''} {'person' if narrowed else ''}".strip()
        asked[f"said: {kind}"].append(partial(index.statements, query, **narrowed))
    asked["find_quote"] = [partial(index.find_quote, text) for text in statements._remembered(index)]
    for kind, questions in asked.items():
        _print_times(kind, client, questions)


def _start(address: str, client: Client, data: Path) -> None:
    """Print what a whole answer takes in a new process."""
    command = [sys.executable, "-m", "searcher.cli.search", "-i", address]
    questions = [
        partial(_run, [*command, " OR ".join(one.words)])
        for one in islice(_by_class(data)["whole"], _NEW_PROCESSES)
    ]
    _print_times("search", client, questions)


def _run(command: Sequence[str]) -> None:
    """Run a search, which ends with 1 where nothing is found."""
    code = subprocess.run(
        command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ).returncode
    if code > 1:
        raise RuntimeError(f"{command} ends with {code}.")


def _ask_bare(client: Client, options: argparse.Namespace) -> None:
    bare = Bare(client)
    if not bare.exists():
        with _articles(options) as articles:
            servers, used, began = _servers_cpu(client), time.process_time(), time.perf_counter()
            bare.load(articles)
        print(
            f"bare: loaded in {time.perf_counter() - began:.0f} s, making the articles included; CPU of this "
            f"process {time.process_time() - used:.1f} s, of the servers "
            f"{(_servers_cpu(client) - servers) / 1000:.0f} s"
        )
        _print_size(client, bare.name)
    for kind, questions in _by_class(options.data).items():
        for question in questions[:_BEFOREHAND] * 2:
            bare.ask(question)
        _print_times(f"bare: {kind}", client, [partial(bare.ask, one) for one in questions[_BEFOREHAND:]])


def _by_class(data: Path) -> Mapping[str, list[Question]]:
    by_class: dict[str, list[Question]] = defaultdict(list)
    for question in read_questions(data):
        by_class[question.kind].append(question)
    return by_class


def _print_times(kind: str, client: Client, questions: Sequence[Asking]) -> None:
    columns, given_up = [], 0
    for kept in (False, False, True):
        times = []
        if not kept:
            client.post(f"/{client.address.name}*/_cache/clear?request=true")
        servers, used = _servers_cpu(client), _cpu()
        for ask in questions:
            began = time.perf_counter()
            try:
                ask()
            except QueryTooBroad:
                given_up += 1
            times.append(1000 * (time.perf_counter() - began))
        columns.append(f"{statistics.median(times):.0f} / {statistics.quantiles(times, n=20)[-1]:.0f}")
        if not kept:
            mine, theirs = 1000 * (_cpu() - used), _servers_cpu(client) - servers
    columns += [f"{cpu / len(questions):.1f}" for cpu in (mine, theirs)]
    told = f"  {given_up} of {3 * len(questions)} given up" if given_up else ""
    print(f"{kind:<20}{''.join(f'{one:>15}' for one in columns)}{told}", flush=True)


def _print_size(client: Client, name: str) -> None:
    rows = client.get(f"/_cat/indices/{name}*?format=json&bytes=b&h=store.size")
    print(f"{sum(int(row['store.size']) for row in rows) / 1e6:,.0f} MB with the copies")


def _servers_cpu(client: Client) -> float:
    """Return the milliseconds of processors that the nodes have used; they look once a second."""
    time.sleep(_REFRESH_SECONDS)
    nodes = client.get("/_nodes/stats/process")["nodes"].values()
    return float(sum(node["process"]["cpu"]["total_in_millis"] for node in nodes))


def _cpu() -> float:
    """Return the seconds of processors that this process has used, and those that it started."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak() -> float:
    """Return the megabytes of memory that this program had at most; getrusage knows of who started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
