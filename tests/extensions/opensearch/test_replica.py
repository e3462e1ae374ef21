"""Replicas of one ledger say the same, whoever changes what, in whichever order they hear of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from searcher import Article
from searcher.engines.memory import MemoryEngine
from searcher.extensions.opensearch.replica import LedgerEntry, Replica
from searcher.ingest import loader
from searcher.ingest.pipeline import FileChunk
from searcher.ingest.report import Problem, ProblemKind
from searcher.ingest.run import Records, Run
from searcher.ingest.sources import Source
from searcher.ingest.stories import Stories
from searcher.names.table import Identities
from searcher.records.log import Log, acting_as
from searcher.records.store import Store
from searcher.records.tags import TagChange
from tests.ingest.test_minhash import WIRE

Use = Callable[[str], Records]


class ListedLedger:
    """A ledger in memory."""

    def __init__(self) -> None:
        self.name = "first"
        self.written: list[LedgerEntry] = []

    def latest(self) -> tuple[str, int]:
        return self.name, len(self.written) - 1

    def entries(self, after: int, last: int) -> Iterator[tuple[Sequence[LedgerEntry], int]]:
        for number in range(after + 1, last + 1):
            yield [self.written[number]], number

    def write(self, entries: Sequence[LedgerEntry]) -> None:
        self.written += entries


@pytest.fixture
def ledger() -> ListedLedger:
    return ListedLedger()


@pytest.fixture
def use(ledger: ListedLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Use:
    def opened(name: str) -> Records:
        monkeypatch.setenv("SEARCHER_MACHINE", name)
        replica = Replica(tmp_path / name, ledger)
        records = Records(replica.store, shared=replica)
        records.pull()
        return records

    return opened


PROBLEM = Problem("/a/1.txt", "/a/1.txt!x", "It is empty.", ProblemKind.PART, 2, "7")


def test_a_file_is_known_with_its_machine(use: Use, tmp_path: Path) -> None:
    one = use("one")
    one.sources.record(Source("/a/1.txt", "digest", "title=x", "{}"), ["1", "2"], [PROBLEM])
    one.push()
    two = use("two")

    assert ["elsewhere:one:/a/1.txt"] == [source.path for source in two.sources.all()]
    assert two.sources.paths("1") - {"/a/1.txt"}
    (tmp_path / "two" / "records.sqlite").unlink()

    assert ["elsewhere:one:/a/1.txt"] == [problem.path for problem in use("two").sources.problems()]


def test_names_of_files_and_ids_need_not_be_unicode(use: Use, tmp_path: Path) -> None:
    one = use("one")
    one.sources.record(Source("/a/\udce9.txt", "digest"), ["\ud800"])
    one.push()
    (tmp_path / "one" / "records.sqlite").unlink()
    again = use("one")

    assert ["/a/\udce9.txt"] == [source.path for source in again.sources.all()]
    assert {"\ud800"} == again.sources.all_ids()


def test_nothing_is_written_twice_or_back(use: Use, ledger: ListedLedger) -> None:
    one = use("one")
    one.sources.delete(["1"])
    one.push()
    one.push()
    two = use("two")
    two.push()

    assert [LedgerEntry("deleted", ("1",), {"deleted": [[None]]})] == ledger.written


def test_what_was_undone_is_undone_everywhere(use: Use) -> None:
    one = use("one")
    one.sources.delete(["1", "2"])
    one.push()
    two = use("two")
    two.sources.undelete(["1"])
    two.push()
    one.pull()

    assert {"2"} == one.sources.deleted()


def test_what_was_changed_here_and_not_yet_written_is_kept(use: Use) -> None:
    one, two = use("one"), use("two")
    one.tags.decide(["1"], TagChange(("lead",)))
    two.tags.decide(["1"], TagChange(remove=("lead",)))
    one.push()
    two.pull()
    two.push()
    one.pull()

    assert [("lead",)] == [tagged.remove for tagged in one.tags.all()]
    assert one.tags.all() == two.tags.all()


def test_tags_of_two_machines_on_one_article_are_both_there(use: Use) -> None:
    one, two = use("one"), use("two")
    one.tags.decide(["1"], TagChange(("lead",)))
    two.tags.decide(["1"], TagChange(("port",)))
    for records in (one, two):
        records.push()
    for records in (one, two):
        records.pull()

    assert [{"lead", "port"}] * 2 == [set(records.tags.all()[0].add) for records in (one, two)]


def notes_and_tags(records: Records) -> tuple[str, ...]:
    """The tags that an article is given."""
    (article,) = records.tags.apply_to([Article("1")])
    return article.tags


@pytest.mark.parametrize("first", ["one", "two"])
def test_of_notes_that_two_write_at_once_the_later_one_stays(use: Use, first: str) -> None:
    machines = {name: use(name) for name in ("one", "two")}
    for name, records in machines.items():
        records.tags.decide(["1"], TagChange.of([f"of {name}"], [], None, f"Note of {name}"))
    for records in (machines.pop(first), *machines.values()):
        records.push()
    both = [use(name) for name in ("one", "two")]

    assert [("of one", "of two", "note=Note of two")] * 2 == [notes_and_tags(records) for records in both]
    assert both[0].tags.all() == both[1].tags.all()


def test_a_note_that_came_second_is_taken_off_by_whoever_writes_next(use: Use) -> None:
    engine = MemoryEngine(identities=Identities())
    with engine.writer() as writer:
        writer.add(Article("1"))
    one, two = use("one"), use("two")
    for name, records in (("one", one), ("two", two)):
        records.tags.decide(["1"], TagChange.of([], [], None, f"Note of {name}"))
    for records in (one, two, one):
        loader.import_tags(engine, records, ())

    assert [("note=Note of two",)] == [article.tags for article in engine.storage().articles()]
    assert [(), ()] == [records.tags.pending_decisions() for records in (one, use("two"))]


def test_the_names_of_many_files_are_found_by_the_machine_that_loads_them(
    use: Use, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "LARGE_FILES", 1)
    (tmp_path / "1.txt").write_text(f"Harbour\n\n{WIRE}")
    engine = MemoryEngine(identities=Identities())

    report = loader.load(engine, use("one"), [tmp_path / "1.txt"], {"workers": 1})

    assert (1, 0) == (report.added, report.annotated)


def test_stories_are_found_again_and_forgotten_together(use: Use) -> None:
    one = use("one")
    one.stories.assign([Article("1", body=WIRE)])
    one.push()
    two = use("two")
    (copy,) = two.stories.assign([Article("2", body=f"{WIRE} It is late.")])
    two.stories.replace_by(Stories(Store(None)))
    two.push()
    one.pull()
    (alone,) = one.stories.assign([Article("3", body=WIRE)])

    assert ("1", "3") == (copy.story, alone.story)


def test_what_is_of_another_ledger_is_dropped(use: Use, ledger: ListedLedger) -> None:
    one = use("one")
    one.sources.delete(["1"])
    one.push()
    ledger.name, ledger.written = "second", []
    one.pull()

    assert frozenset() == one.sources.deleted()


def test_what_was_kept_before_there_was_a_ledger_is_written_to_it(
    use: Use, ledger: ListedLedger, tmp_path: Path
) -> None:
    before = Records(Store(tmp_path / "one", elsewhere=True))
    before.sources.record(Source("/a/1.txt", "digest"), ["1"], [PROBLEM])
    before.tags.decide(["1"], TagChange(("lead",)))
    before.stories.assign([Article("1", body=WIRE)])
    use("one").push()
    two = use("two")

    assert (frozenset({"1"}), [("lead",)]) == (
        two.sources.all_ids(),
        [tagged.add for tagged in two.tags.all()],
    )
    assert ["1"] == [article.story for article in two.stories.assign([Article("2", body=WIRE)])]


def test_machines_that_give_one_id_to_two_articles_at_once_part_them(use: Use) -> None:
    engine = MemoryEngine(identities=Identities())
    runs = []
    for name in ("one", "two"):
        path = Path(f"/{name}/1.csv")
        article = Article("1", f"Of {name}", f"This is of {name}.", origin=str(path), cleaner="7")
        runs.append(Run(engine, use(name), 1))
        runs[-1].accept(FileChunk(path, (article,), done=True), Source(str(path), "digest"))
    for run, name in zip(runs, ("one", "two")):
        use(name)
        run.commit()
    first, second = engine.storage().articles()

    assert ("Of one", "Of two") == (first.title, second.title)
    assert {second.id} == runs[1].sources.ids("/two/1.csv")
    assert second.id.startswith("1-")


def chunk_of(path: str, id: str, title: str) -> tuple[FileChunk, Source]:
    """What one file gives, and the file."""
    article = Article(id, title, f"This is {title}.", origin=path, cleaner="7")
    return FileChunk(Path(path), (article,), done=True), Source(path, title)


def test_files_of_one_path_on_two_machines_are_two_files(use: Use) -> None:
    engine = MemoryEngine(identities=Identities())
    for machine in ("one", "two"):
        run = Run(engine, use(machine), 1)
        run.accept(*chunk_of("/data/1.csv", "1", f"of {machine}"))
        run.commit()

    assert ["of one", "of two"] == sorted(article.title for article in engine.storage().articles())


@pytest.mark.parametrize("at_once", [True, False])
def test_files_of_one_path_that_give_one_id_on_three_machines_are_three(use: Use, at_once: bool) -> None:
    engine = MemoryEngine(identities=Identities())
    runs = []
    for machine in ("one", "two", "three"):
        runs.append((machine, Run(engine, use(machine), 1)))
        runs[-1][1].accept(*chunk_of("/data/1.csv", "1", f"of {machine}"))
        if not at_once:
            runs[-1][1].commit()
    for machine, run in runs if at_once else ():
        use(machine)
        run.commit()
    before = list(engine.storage().articles())
    again = Run(engine, use("three"), 1)
    again.accept(*chunk_of("/data/1.csv", "1", "of three"))
    again.commit()

    assert ["of one", "of three", "of two"] == sorted(
        article.title for article in engine.storage().articles()
    )
    assert {article.id for article in before} == {article.id for article in engine.storage().articles()}


def test_what_is_deleted_elsewhere_during_a_run_stays_away(use: Use) -> None:
    engine = MemoryEngine(identities=Identities())
    run = Run(engine, use("one"), 1)
    two = use("two")
    two.sources.delete(["1"])
    two.push()
    use("one")
    run.accept(*chunk_of("/one/1.csv", "1", "the harbour"))
    run.commit()

    assert ([], 1) == (list(engine.storage().articles()), run.tally["left_out"])


def test_an_article_that_another_machine_wrote_meanwhile_is_counted_once(use: Use) -> None:
    engine = MemoryEngine(identities=Identities())
    runs = [(name, Run(engine, use(name), 1)) for name in ("one", "two")]
    for name, run in runs:
        run.accept(*chunk_of(f"/{name}/1.csv", "1", f"of {name}"))
    for name, run in runs:
        use(name)
        run.commit()

    assert [(1, 0), (1, 0)] == [(run.tally["added"], run.tally["updated"]) for _, run in runs]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_file_that_gives_one_id_twice_keeps_both_beside_another_machines(use: Use, at_once: bool) -> None:
    engine, runs = MemoryEngine(identities=Identities()), []
    for name, titles in (("one", ["a"]), ("two", ["b", "c"])):
        path = f"/{name}/1.zip"
        articles = [
            Article("1", title, f"This is {title}.", origin=f"{path}!{title}", cleaner="7")
            for title in titles
        ]
        run = Run(engine, use(name), 1)
        run.accept(FileChunk(Path(path), tuple(articles), done=True), Source(path, name))
        runs.append((name, run))
        if not at_once:
            run.commit()
    for name, run in runs if at_once else ():
        use(name)
        run.commit()

    assert ["a", "b", "c"] == sorted(article.title for article in engine.storage().articles())


def test_who_has_changed_what_is_known_everywhere(use: Use) -> None:
    one, two = use("one"), use("two")
    for records, who in ((one, "ida"), (two, "kim")):
        with acting_as(who):
            records.tags.decide(["1", "2"], TagChange((f"of {who}",)))
        records.push()
    one.pull()
    two.pull()

    assert ["kim", "ida"] == [step.who for step in Log(one.store).steps()]
    assert Log(one.store).steps() == Log(two.store).steps()
    assert () == one.store.verify({})
