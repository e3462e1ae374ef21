"""Made-up articles: as many as are asked for, each recognisable by its number and version."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path

from searcher.article import Article, Mention, Quote

PEOPLE = ("Mara Lindqvist", "Tomás Adeyemi", "Ines Okafor", "Pavel Horvat", "Sigrid Tan", "Jonas Abara")
ORGANISATIONS = ("Borealis Steel", "Harbour Trust", "Quillon Bank", "Velden Council", "Orrery Labs")
_NOUNS = [
    "bridge",
    "budget",
    "harbour",
    "strike",
    "tariff",
    "election",
    "drought",
    "model",
    "merger",
    "court",
    "river",
    "airport",
    "pension",
    "vaccine",
    "railway",
    "satellite",
    "census",
    "forest",
    "reactor",
    "festival",
    "museum",
    "ferry",
    "quarry",
    "orchard",
    "tunnel",
    "lighthouse",
    "archive",
]
_VERBS = [
    "opened",
    "closed",
    "delayed",
    "approved",
    "questioned",
    "funded",
    "rejected",
    "expanded",
    "audited",
    "postponed",
]


def article(number: int, version: int = 0) -> Article:
    """Article ``number`` in its ``version``: always the same one, annotated, with one or two quotations."""
    random_ = random.Random(number * 1009 + version)  # repeatable on purpose
    person, organisation = random_.choice(PEOPLE), random_.choice(ORGANISATIONS)
    said = " ".join(_words(random_, 12))
    opening = f"{person} of {organisation} {random_.choice(_VERBS)} the {random_.choice(_NOUNS)}. "
    paragraphs = [opening + f"“{said},” said {person}."]
    paragraphs += [f"The {' '.join(_words(random_, 40))}." for _ in range(random_.randint(1, 5))]
    body = "\n\n".join(paragraphs)
    start = body.index(said)
    return Article(
        id=f"made-{number}",
        title=f"The {random_.choice(_NOUNS)} number{number} in version{version}",
        body=body,
        source=random_.choice(("Lake Courier", "Daily Ledger", "Northern Post")),
        published=f"20{random_.randint(10, 25)}-{random_.randint(1, 12):02}-{random_.randint(1, 28):02}",  # type: ignore[arg-type]
        language="en",
        mentions=(
            Mention(person, "person", 0, len(person)),
            Mention(organisation, "organisation", len(person) + 4, len(person) + 4 + len(organisation)),
        ),
        quotes=(Quote(said, person, "direct", start, start + len(said), 0.9, "person"),),
    )


def write_records(path: Path, articles: Iterable[Article]) -> None:
    """A file of JSON Lines with these articles, without what was found in them."""
    lines = (json.dumps({"id": a.id, "title": a.title, "body": a.body, "source": a.source}) for a in articles)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def numbered(found: Article | None) -> int | None:
    """The version of a made-up article, None if there is none."""
    return int(found.title.rpartition("version")[2]) if found else None


def battery() -> list[str]:
    """Queries that between them use every kind of node and every file of an index."""
    words = [f"{a} {b}" for a, b in zip(_NOUNS[::3], _NOUNS[1::3], strict=False)]
    return [
        "",
        *words,
        '"opened the bridge"',
        "number7*",
        "title:harbour OR budget",
        "-strike tariff",
        "date:2015..2020 court",
        'said:(bridge) OR said:"river"',
        'person:"Mara Lindqvist"',
        "organisation:borealis source:Lake",
        "bridge NEAR/5 budget",
        "harbor",
    ]


def _words(random_: random.Random, number: int) -> list[str]:
    return [random_.choice(_NOUNS) for _ in range(number)]
