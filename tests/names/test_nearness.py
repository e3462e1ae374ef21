"""Whom a surname alone means, by the articles that give a full name and how near the others are to them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from searcher.article import Article, Mention
from searcher.engines.memory import MemoryEngine
from searcher.engines.whoosh import WhooshEngine
from searcher.names.decisions import Curation
from searcher.names.doubts import doubts
from searcher.names.nearness import LongerName, NameContext, ShortName
from searcher.names.rules import Rules
from searcher.names.table import Identities, NameTable
from searcher.query.tree import MatchAll, Query

DAY = dt.datetime(2024, 3, 1)
#: Whom the articles about Ada Lindqvist name besides her.
COMPANY = ("Lotte van Houten", "Ben Moss")


def article(*people: str, bodies: Iterable[str] = (), **about: Any) -> Article:
    mentions = [Mention(name, "person", 0, 1) for name in people]
    mentions += [Mention(name, "organisation", 0, 1) for name in bodies]
    return Article("", "", "A body.", **{"language": "en", "mentions": tuple(mentions), **about})


def numbered(articles: Iterable[Article]) -> list[Article]:
    return [replace(one, id=f"a{number}") for number, one in enumerate(articles)]


def names_in(*articles: Article, decided: Curation | None = None) -> NameTable:
    engine = MemoryEngine(identities=Identities(decided))
    with engine.writer() as writer:
        for one in numbered(articles):
            writer.add(one)
    return engine.names()


def meant(*articles: Article, surname: str = "Lindqvist") -> str | None:
    return names_in(*articles).name_of("person", surname)


BOARD, COUNCIL = "Harbour Board", "Tide Council"
POST = {"source": "Skerry Post"}


@pytest.mark.parametrize(
    ("articles", "people", "about"),
    [
        (1, COMPANY, {}),
        (1, COMPANY[:1], {"bodies": [BOARD, COUNCIL]}),
        (2, COMPANY[:1], {"bodies": [BOARD]}),
        (2, COMPANY[:1], POST),
        (3, COMPANY[:1], {}),
        (3, (), {"bodies": [BOARD, COUNCIL]}),
        (3, (), {**POST, "published": DAY}),
    ],
)
def test_a_surname_joins_a_bearer_whose_articles_are_near(
    articles: int, people: tuple[str, ...], about: dict[str, Any]
) -> None:
    full = [article("Ada Lindqvist", *people, **about)] * articles

    assert "Ada Lindqvist" == meant(*full, article("Lindqvist", *people, **about))


@pytest.mark.parametrize(
    ("articles", "people", "about"),
    [
        (1, (), {}),
        (1, COMPANY[:1], POST),
        (2, COMPANY[:1], {}),
        (2, (), {**POST, "published": DAY}),
        (3, (), {}),
        (9, (), POST),
    ],
)
def test_a_surname_stands_alone_where_too_little_is_shared(
    articles: int, people: tuple[str, ...], about: dict[str, Any]
) -> None:
    full = [article("Ada Lindqvist", *people, **about)] * articles

    assert "Lindqvist" == meant(*full, article("Lindqvist", *people, **about))


def test_whoever_is_kept_apart_is_joined_by_nobody() -> None:
    alike = [article("Ada Lindqvist", *COMPANY), article("Lindqvist", *COMPANY)]
    decided = Curation().split("person", "Ada Lindqvist")

    assert "Lindqvist" == names_in(*alike, decided=decided).name_of("person", "Lindqvist")


def test_articles_of_other_languages_are_far() -> None:
    full = [article("Ada Lindqvist", *COMPANY, language="de")] * 5

    assert "Lindqvist" == meant(*full, article("Lindqvist", *COMPANY))


def test_another_body_of_the_initials_is_no_company() -> None:
    works, water = "Norvane Works Association", "Northern Water Authority"
    said = {works: frozenset({works, water}), "NWA": frozenset({"NWA", water})}
    group = {"NWA": 1, works: 1, water: 2}
    Rules(Curation()).add_evidence(
        "organisation",
        [group],
        lambda _, values: {
            value: [NameContext("en", "", None, frozenset(), said[value])] for value in {*values} & {*said}
        },
    )

    assert {"NWA": 1, works: 1, water: 2} == group


def test_articles_of_other_weeks_are_of_another_time() -> None:
    def after(days: int) -> Article:
        return article("Lindqvist", source="Skerry Post", published=DAY + dt.timedelta(days))

    full = [article("Ada Lindqvist", source="Skerry Post", published=DAY)] * 3

    assert ("Ada Lindqvist", "Lindqvist") == (meant(*full, after(30)), meant(*full, after(31)))


def test_two_in_three_of_the_articles_with_the_surname_alone_are_near() -> None:
    full, near, far = (
        [article("Ada Lindqvist", *COMPANY)] * 3,
        article("Lindqvist", *COMPANY),
        article("Lindqvist"),
    )

    assert "Ada Lindqvist" == meant(*full, near, near, far)
    assert "Lindqvist" == meant(*full, near, far)


def test_who_is_named_in_full_in_ten_articles_needs_no_company() -> None:
    assert "Ada Lindqvist" == meant(*[article("Ada Lindqvist")] * 10, article("Lindqvist"))


def test_who_is_named_by_two_first_names_needs_company_in_twenty() -> None:
    assert "David" == meant(*[article("Ada David")] * 19, article("David"), surname="David")
    assert "Ada David" == meant(*[article("Ada David")] * 20, article("David"), surname="David")


def test_a_surname_in_very_many_articles_goes_to_no_rare_bearer() -> None:
    full, alone = [article("Ada Lindqvist", *COMPANY)] * 3, article("Lindqvist", *COMPANY)

    assert ("Ada Lindqvist", "Lindqvist") == (meant(*full, *[alone] * 50), meant(*full, *[alone] * 51))


def test_an_article_with_the_full_name_and_the_surname_is_no_company_of_its_own() -> None:
    assert "Lindqvist" == meant(*[article("Ada Lindqvist", "Lindqvist", *COMPANY)] * 3)


def test_a_first_name_needs_three_articles() -> None:
    full, alone = article("Ada David", *COMPANY), article("David", *COMPANY)

    assert "David" == meant(full, full, alone, surname="David")
    assert "Ada David" == meant(full, full, full, alone, surname="David")


def test_another_bearer_in_the_same_company_leaves_the_surname_alone() -> None:
    near = [article("Ada Lindqvist", *COMPANY)] * 3

    assert "Lindqvist" == meant(*near, article("Ben Lindqvist", *COMPANY), article("Lindqvist", *COMPANY))


@pytest.mark.parametrize(
    "unrelated",
    [
        article("Ben Lindqvist", "Zoe Marlowe"),
        article("Ben Lindqvist", *COMPANY, language="de"),
        article("Zoe Marlowe", *COMPANY, source="Skerry Post"),
        article("Zoe Marlowe", bodies=["Lindqvist"]),
    ],
)
def test_an_unrelated_article_changes_no_join(unrelated: Article) -> None:
    joined = [article("Ada Lindqvist", *COMPANY), article("Lindqvist", *COMPANY)]
    apart = [article("Ada Lindqvist", *COMPANY), article("Lindqvist", "Bo Lind")]

    assert "Ada Lindqvist" == meant(*joined, *[unrelated] * 9)
    assert "Lindqvist" == meant(*apart, *[unrelated] * 9)


def test_a_speaker_goes_by_the_same_name() -> None:
    names = names_in(*[article("Ada Lindqvist", *COMPANY)] * 3, article("Lindqvist", *COMPANY))

    assert "Ada Lindqvist" == names.name_of("speaker", "Lindqvist")


def test_those_merged_are_one_bearer() -> None:
    company = [
        article(name, *COMPANY)
        for name in ("Ada Lindqvist", "Adalind Lindqvist", "Adalind Lindqvist", "Lindqvist")
    ]
    decided = Curation().merge("person", "Ada Lindqvist", ["Adalind Lindqvist"])

    assert "Lindqvist" == names_in(article("Ada Lindqvist", *COMPANY), *company).name_of(
        "person", "Lindqvist"
    )
    assert "Ada Lindqvist" == names_in(*company, decided=decided).name_of("person", "Lindqvist")


def test_a_surname_that_is_kept_apart_joins_nobody() -> None:
    decided = Curation().split("person", "Lindqvist")
    names = names_in(
        *[article("Ada Lindqvist", *COMPANY)] * 3, article("Lindqvist", *COMPANY), decided=decided
    )

    assert ("Lindqvist", []) == (names.name_of("person", "Lindqvist"), doubts(names, "person"))


def test_what_tells_is_nobodys_name() -> None:
    names = names_in(*[article("Ada Lindqvist", *COMPANY)] * 3, article("Lindqvist", *COMPANY))

    assert ["Ada Lindqvist"] == [*names.names_with("person", ["lindqvist"])]
    assert {"Ada Lindqvist", "Lindqvist"} == names.values_meant("person", ["Lindqvist"])


@pytest.mark.parametrize("seed", range(8))
def test_a_collection_that_grows_by_commits_has_the_names_of_one_that_came_at_once(
    seed: int, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    people = (
        "Ada Lindqvist",
        "Lindqvist",
        "Ben Lindqvist",
        "Lotte van Houten",
        "van Houten",
        "Houten",
        "Moss",
        "Al Moss",
    )
    made = [
        article(
            *chance.sample(people, 3),
            bodies=chance.sample(["Harbour Board", "Tide Council", "Skerry Oil"], 1),
            source=chance.choice(["Skerry Post", "Gazette"]),
            published=DAY + dt.timedelta(chance.randrange(100)),
        )
        for _ in range(24)
    ]
    articles = numbered(made)
    judge = MemoryEngine(identities=Identities())
    engine = WhooshEngine(tmp_path / "index", identities=Identities(), create=True)
    for start in range(0, 24, 6):
        for one in (judge, engine):
            with one.writer() as writer:
                for each in articles[start : start + 6]:
                    writer.add(each)
                writer.delete(f"a{start - 3}")

        asked = Query(MatchAll(), facets=("person",))

        assert judge.search(asked).facets["person"].values == engine.search(asked).facets["person"].values

    engine.close()


@pytest.mark.parametrize(
    ("possible", "expected"),
    [((True, True), 2 / 3), ((False, True), 2 / 3), ((False, False), 2 / 3), ((True, False), 1)],
)
def test_the_share_of_the_likeliest_is_one_at_most(possible: tuple[bool, bool], expected: float) -> None:
    among = [LongerName(name, n, 0.0, may) for name, n, may in zip(("Ada Moss", "Bo Moss"), (2, 1), possible)]

    assert expected == ShortName.of("Moss", 1, among).share
