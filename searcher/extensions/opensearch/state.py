"""The state of an index: one document that names the committed generation. Replacing it is the commit."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from searcher.errors import IndexDamaged, IndexFailure, IndexLocked, IndexMissing, IndexOutdated
from searcher.extensions.opensearch.client import Client, Conflict, NotFound, OutcomeUnknown
from searcher.extensions.opensearch.index_settings import FORMAT
from searcher.languages import ENGLISH

STATE = "state"
#: Maximum number of attempts if it is unclear whether a commit succeeded, or if only one copy has it.
_MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the articles of a generation. ``check``: of checksums. ``pending``: not yet annotated."""

    articles: int = 0
    length: int = 0
    quotations: int = 0
    quoted_length: int = 0
    check: int = 0
    pending: int = 0

    @property
    def average(self) -> float:
        return self.length / self.articles if self.articles else 0.0

    @property
    def quoted_average(self) -> float:
        return self.quoted_length / self.quotations if self.quotations else 0.0


@dataclass(frozen=True, slots=True)
class ClusterState:
    """A committed state.

    Attributes:
        articles: The index of the documents.
        generation: Documents added up to this generation, and not ended by it, are part of the state.
        order: Number of the next article.
        languages: Languages of the indexed words. None: any.
        decisions: Decisions about names that were applied.
        rules: Version of the rules for names.
        void: Abandoned generations, each with the time in seconds.
        replaced: The index before the last rebuild, which readers may still use, and the time of the rebuild.
    """

    articles: str
    generation: int = 0
    order: int = 0
    totals: Totals = Totals()
    languages: tuple[str, ...] | None = (ENGLISH,)
    decisions: tuple[tuple[str, str, str], ...] = ()
    rules: int = 0
    void: tuple[tuple[int, int], ...] = ()
    replaced: tuple[str, int] | None = None
    commit: str = ""
    format: int = FORMAT

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Self:
        replaced, languages = content["replaced"], content["languages"]
        parsed = {
            "totals": Totals(**content["totals"]),
            "languages": tuple(languages) if languages is not None else None,
            "decisions": tuple((kind, name, what) for kind, name, what in content["decisions"]),
            "void": tuple((number, second) for number, second in content["void"]),
            "replaced": (replaced[0], replaced[1]) if replaced else None,
        }
        return cls(**{**content, **parsed})

    def live(self) -> list[dict[str, Any]]:
        void = [number for number, _ in self.void]
        brought: dict[str, Any] = {"range": {"from": {"lte": self.generation}}}
        ended: dict[str, Any] = {"range": {"to": {"lte": self.generation}}}
        if not void:
            return [brought, {"bool": {"must_not": ended}}]
        given_up = {"terms": {"from": void}}
        ended = {"bool": {"filter": ended, "must_not": {"terms": {"to": void}}}}
        return [brought, {"bool": {"must_not": [given_up, ended]}}]


@dataclass(frozen=True, slots=True)
class Versioned:
    """A document with its version."""

    content: dict[str, Any] = field(default_factory=dict)
    number: int = -1
    term: int = -1

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        return cls(answer["_source"].get("stored", {}), answer["_seq_no"], answer["_primary_term"])

    @property
    def unchanged(self) -> str:
        if self.number < 0:
            return "op_type=create"
        return f"if_seq_no={self.number}&if_primary_term={self.term}"


def read_state(client: Client) -> tuple[ClusterState, Versioned]:
    """Return the last commit. Raises IndexMissing, IndexOutdated, and IndexDamaged if it is not an index."""
    address = client.address
    try:
        document = Versioned.of(client.get(f"/{address.name}/_doc/{STATE}"))
    except NotFound as error:
        if "index_not_found" in str(error):
            raise IndexMissing(
                f"There is no index {address}. Make one with: searcher index -i {address} PATH…"
            ) from error
        raise IndexDamaged(
            f"{address} is not an index of Searcher, or its state is missing: use another name."
        ) from error
    return state_of(client, document.content), document


def state_of(client: Client, content: dict[str, Any]) -> ClusterState:
    """Parse a state. Raises IndexOutdated."""
    if content.get("format") != FORMAT:
        raise IndexOutdated(
            f"{client.address} has format {content.get('format')}, but this version reads {FORMAT}: use "
            "the version that created it, or create it under another name."
        )
    if unknown := (content.keys() - _names_of(ClusterState)) | (content["totals"].keys() - _names_of(Totals)):
        raise IndexOutdated(  # A writer would drop unknown fields.
            f"{client.address} was written by a newer version of Searcher (this one does not know what "
            f"{', '.join(sorted(unknown))} is): update Searcher here."
        )
    return ClusterState.from_dict(content)


def _names_of(kind: type[ClusterState | Totals]) -> set[str]:
    return {one.name for one in fields(kind)}


def write_state(client: Client, state: ClusterState, before: Versioned) -> None:
    """Replace the state ``before``. Raises IndexLocked if it has changed, and IndexFailure if the cluster
    refuses. Both say whether the batch is in the index."""
    of_commit = state.generation > before.content.get("generation", -1)
    sure = True
    for _ in range(_MAX_ATTEMPTS):
        path = f"/{client.address.name}/_doc/{STATE}?{before.unchanged}"
        try:
            answer = client.put(path, {"what": STATE, "stored": asdict(state)}, repeatable=False)
        except IndexFailure as error:
            if _is_written(client, state, of_commit=of_commit):
                return
            if isinstance(error, OutcomeUnknown):
                continue
            if isinstance(error, Conflict):
                raise IndexLocked(
                    f"Another writer has changed {client.address}; {_batch_outcome(sure)}."
                ) from error
            raise IndexFailure(f"{error} {_batch_outcome(sure).capitalize()}.") from error
        if not answer["_shards"]["failed"]:
            return
        # The commit succeeded, but a copy failed. Write again, so that another copy also has it.
        sure = False
        before = Versioned({}, answer["_seq_no"], answer["_primary_term"])
    if not _is_written(client, state, of_commit=of_commit):
        raise IndexFailure(f"{client.address} does not accept the commit; {_batch_outcome(sure)}.")


def _is_written(client: Client, state: ClusterState, *, of_commit: bool) -> bool:
    """Return True if the current state is this one, or, for a commit, a successor of it."""
    try:
        current = Versioned.of(client.get(f"/{client.address.name}/_doc/{STATE}")).content
    except IndexFailure as error:
        raise IndexFailure(
            f"{error} Whether {client.address} has the last commit is not known: begin it again."
        ) from error
    if current.get("commit") == state.commit:
        return True
    void = {number for number, _ in current.get("void", ())}
    built_on = current.get("articles") == state.articles and current.get("generation", 0) > state.generation
    return of_commit and built_on and state.generation not in void


def _batch_outcome(sure: bool) -> str:
    return "nothing of this batch is in it" if sure else "this batch may be in it: begin it again"
