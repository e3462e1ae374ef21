"""Progress and report of changes to the index."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from searcher.cli.exits import ERROR, INTERRUPTED, NOTHING, OK
from searcher.cli.output.data import write_document
from searcher.cli.output.terminal import amount, cut, screen_of
from searcher.cli.streams import finish, note, write
from searcher.sanitize import clean_line

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.ingest.report import Failure, Progress, Report

#: Maximum number of files listed per reason.
MAX_NAMED_FILES = 20
#: Maximum number of file types listed for skipped files.
MAX_NAMED_ENDINGS = 6


def run_and_report(
    folder: Path | str,
    run: Callable[[Index, Callable[[Progress], None]], Report],
    show_progress: bool | None,
    as_json: bool,
    *,
    repair: bool = False,
    resumable: bool = True,
) -> int:
    """Run a change, show its progress and print its report. ``resumable``: --resume can continue it."""
    from searcher.index import open_index

    line = ProgressLine(show_progress)
    began = time.monotonic()
    with open_index(folder, repair=repair) as opened:
        try:
            report = run(opened, line)
        except KeyboardInterrupt:
            line.end()
            command = "searcher index --resume" if resumable else "run the same command"
            note(
                f"Interrupted after {line.done}. Committed articles are in the index. To continue: {command}"
            )
            return INTERRUPTED
        line.end()
        count = opened.count()
        if as_json:
            write_document("report", {"index": str(folder), "count": count, **report.to_dict()})
        else:
            write(f"{summary(report, time.monotonic() - began)}\n")
            write(f"The index in {folder} holds {amount(count, 'article')}.\n")
    print_failures(report.failed)
    for remark in remarks(report, folder):
        note(remark)
    if report.prune_refused:
        return ERROR
    return NOTHING if report.failed else OK


def summary(report: Report, seconds: float) -> str:
    """Return the summary of a run::

    15 files: 12 read, 1 unchanged, 2 not read; 3 passed over: 2 .xyz, 1 hidden (2.1 s)
    123 articles: 120 added, 3 repeated
    255 rows or other parts of files not read
    """
    files = {
        "read": report.files_read,
        "unchanged": report.files_unchanged,
        "not read": report.files_failed + report.files_failed_before,
    }
    articles = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "repeated": report.copies,
        "deleted by hand": report.left_out,
        "kept": report.carried_over,
    }
    lines = []
    if report.files or not (report.annotated or any(articles.values())):
        lines.append(_outcomes(report.files, "file", files) + endings(report.passed_over))
    if any(articles.values()):
        lines.append(_outcomes(sum(articles.values()), "article", articles))
    if report.annotated:
        lines.append(f"{amount(report.annotated, 'article')} annotated with names and quotations")
    lines[0] += f" ({seconds:.1f} s)"
    if report.removed:
        lines.append(f"{amount(report.removed, 'article')} removed")
    if report.other_texts:
        texts = "text" if report.other_texts == 1 else "texts"
        lines.append(
            f"{report.other_texts:,} other {texts} under the same address: searcher problems --repeated"
        )
    if report.joined:
        lines.append(f"{amount(report.joined, 'page')} joined with others: searcher problems --repeated")
    if report.doubtful:
        lines.append(f"{report.doubtful:,} doubtful: searcher problems")
    if report.parts_failed:
        lines.append(f"{amount(report.parts_failed, 'row')} or other parts of files not read")
    return "\n".join(lines)


def endings(passed_over: Mapping[str, int]) -> str:
    """Return “; 63 passed over: 61 .jpg, 2 hidden”, or "" if no files were passed over."""
    if not passed_over:
        return ""
    kinds = [f"{number:,} {kind}" for kind, number in islice(passed_over.items(), MAX_NAMED_ENDINGS)]
    rest = len(passed_over) - len(kinds)
    more = f" and {rest} more kinds" if rest else ""
    return f"; {sum(passed_over.values()):,} passed over: {', '.join(kinds)}{more}"


def print_failures(failed: Iterable[Failure]) -> None:
    """Print the files that could not be read, by reason, with at most MAX_NAMED_FILES per reason."""
    groups: defaultdict[str, list[Failure]] = defaultdict(list)
    for failure in failed:
        groups[failure.reason].append(failure)
    if groups:
        finish()  # On a terminal, the report must be first.
    for reason, group in groups.items():
        if len(group) == 1:
            note(f"{group[0].origin}: {reason}")
            continue
        note(f"{len(group):,} files: {reason}")
        for failure in group[:MAX_NAMED_FILES]:
            note(f"  {failure.origin}")
        if len(group) > MAX_NAMED_FILES:
            note(f"  … and {len(group) - MAX_NAMED_FILES:,} more: searcher problems")


def _outcomes(number: int, what: str, outcomes: Mapping[str, int]) -> str:
    parts = [f"{count:,} {outcome}" for outcome, count in outcomes.items() if count] or ["nothing to do"]
    return f"{amount(number, what)}: {', '.join(parts)}"


def remarks(report: Report, folder: Path | str) -> Iterator[str]:
    """Yield what is left to do, with the command for it."""
    before = {
        "could not be read earlier": report.files_failed_before,
        "could be read only in part": report.files_partial_before,
    }
    for what, number in before.items():
        if number:
            yield f"{amount(number, 'file')} {what}: searcher problems -i {folder}"
    if report.prune_refused:
        yield (
            f"Nothing was removed: the files of {amount(report.prune_refused, 'article')} are missing, "
            "which is more than a tenth of the index or everything in a folder. Is a disk not mounted? To "
            "remove the articles anyway, add --yes."
        )


#: Seconds between updates of the line on a terminal, and between lines in other output.
TERMINAL_SECONDS, LOG_SECONDS = 0.1, 5.0


class ProgressLine:
    """Shows progress on stderr: one line on a terminal, which :meth:`end` clears, several lines elsewhere.

    ``enabled`` turns it on or off. None: on for a terminal.
    """

    def __init__(self, enabled: bool | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._live = sys.stderr.isatty()
        self._is_shown = self._live if enabled is None else enabled
        self._clock = clock
        self._began = clock()
        self._last = self._began
        self._step: tuple[str | None, float] = None, self._began
        self.done = "0 files"

    def __call__(self, progress: Progress) -> None:
        now = self._clock()
        unit = "articles" if progress.step == "annotated" else "files"
        self.done = f"{progress.files:,} of {progress.total:,} {unit}"
        if progress.step != self._step[0]:
            self._step = progress.step, self._began if self._step[0] is None else now
        if not self._is_shown or now - self._last < (TERMINAL_SECONDS if self._live else LOG_SECONDS):
            return
        self._last = now
        line = self._text_of(progress, now - self._step[1])
        if self._live:
            sys.stderr.write(f"\r\x1b[K{cut(line, screen_of('never').width - 1)}")
            sys.stderr.flush()
        else:
            note(line)

    def end(self) -> None:
        if self._is_shown and self._live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    @staticmethod
    def _text_of(progress: Progress, seconds: float) -> str:
        rate = progress.articles / seconds if seconds > 0 else 0.0
        annotated = progress.step == "annotated"
        left = _time_left(progress.articles if annotated else progress.files, progress.total, seconds)
        if annotated:
            return (
                f"names and quotations: {progress.articles:,} of {progress.total:,} articles (text already "
                f"searchable){left} · {clean_line(progress.path.name)}"
            )
        partial = f": {progress.in_file:,} articles so far" if progress.in_file else ""
        return (
            f"{progress.files:,} of {progress.total:,} files · {progress.articles:,} articles"
            f" · {rate:,.0f} a second{left} · {clean_line(progress.path.name)}{partial}"
        )


#: The remaining time is estimated only after this many seconds and this share of the work.
_MIN_SECONDS, _MIN_SHARE_DONE = 10.0, 0.02


def _time_left(done: int, total: int, seconds: float) -> str:
    """Return “ · about 3 min left”, or "" if it is too early to estimate."""
    if seconds < _MIN_SECONDS or done < total * _MIN_SHARE_DONE or not 0 < done < total:
        return ""
    left = seconds * (total - done) / done
    units = ((5400.0, 3600, "h"), (90.0, 60, "min"), (0.0, 1, "s"))
    return next(f" · about {left / unit:,.0f} {name} left" for least, unit, name in units if left >= least)
