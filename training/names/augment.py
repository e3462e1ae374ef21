"""Training articles made from training articles: other names, other quotation marks, other letter case."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from searcher.extract.names.wordpiece import CAPITALISED, CAPITALS, LOWER, MIXED
from training.names.guidelines import Span

__all__ = ["HERE", "Lists", "curly_quotes", "listed", "other_case", "swap_names"]

HERE = Path(__file__).parent / "lists"
_LEGAL = re.compile(
    r",?\s+(Inc|Corp|Corporation|Ltd|Limited|plc|PLC|Company|Co|Holdings|Group|N\.V|S\.A|AG|SE)\.?$"
)
_CLUB = re.compile(r"\b(?:FC|AFC|SC|CF|Football Club)\b")
_KINDS = (
    ("university", re.compile(r"\b(?:Universit|College|School|Institute|Academy)", re.IGNORECASE)),
    (
        "ministry",
        re.compile(r"\b(?:Ministr|Department|Court|Assembly|Parliament|Cabinet|Council)", re.IGNORECASE),
    ),
    (
        "agency",
        re.compile(r"\b(?:Agency|Authority|Commission|Federation|Association|United Nations|Union)\b"),
    ),
    ("party", re.compile(r"\b(?:Party|Congress|Front|Movement|Alliance)\b")),
    ("club", re.compile(r"\b(?:FC|United|City|Club|Athletic|Sporting|Rangers|Rovers)\b")),
    ("media", re.compile(r"\b(?:News|Times|Post|Herald|Radio|TV|Tribune|Daily)\b")),
    ("company", re.compile(r"\b(?:Bank|Inc|Corp|Ltd|Limited|Company|Group|Airlines|Holdings|Energy)\b")),
)


@dataclass(frozen=True, slots=True)
class Lists:
    """Names to put in: lists of this folder, and those of the data folder (companies, clubs, …)."""

    companies: Sequence[str]
    known_companies: Sequence[str]
    clubs: Sequence[str]
    other_clubs: Sequence[str]
    teams: Sequence[tuple[str, str]]
    universities: Sequence[str]
    agencies: Sequence[tuple[str, str]]
    parties: Sequence[tuple[str, str]]
    ministries: Sequence[str]
    media: Sequence[str]
    products: Sequence[str]
    terms: Sequence[str]
    places: Sequence[str]
    nations: Sequence[str]
    first_names: Sequence[str]
    surnames: Sequence[str]

    @classmethod
    def read(cls, data: Path, surnames: Iterable[str]) -> Lists:
        """``data`` is the folder with the public lists; ``surnames`` those seen in training articles."""
        first = [line.split("\t")[0] for line in listed(data / "first-names-us.tsv")]
        return cls(
            companies=listed(data / "companies.txt"),
            known_companies=listed(HERE / "companies-world.txt"),
            clubs=listed(data / "football-clubs.txt"),
            other_clubs=listed(HERE / "other-clubs.txt"),
            teams=_pairs("us-teams"),
            universities=listed(data / "universities.txt"),
            agencies=_pairs("agencies"),
            parties=_pairs("parties"),
            ministries=listed(HERE / "ministries.txt"),
            media=listed(HERE / "media.txt"),
            products=listed(HERE / "products.txt"),
            terms=listed(HERE / "terms.txt"),
            places=listed(HERE / "places.txt"),
            nations=listed(HERE / "nationalities.txt"),
            first_names=[name for name in first if name.isalpha()],
            surnames=[*listed(HERE / "surnames.txt") * 5, *sorted(set(surnames))],
        )

    def company(self, rnd: random.Random) -> str:
        """A company as newspapers call it: mostly without legal form, sometimes shortened."""
        if rnd.random() < 0.45:
            return rnd.choice(self.known_companies)
        name = rnd.choice(self.companies)
        if rnd.random() < 0.8:
            name = _LEGAL.sub("", _LEGAL.sub("", name))
            if rnd.random() < 0.35:
                name = " ".join(name.split()[: rnd.choice((1, 1, 2))])
        return name.strip(" ,&") or "Intel"

    def club(self, rnd: random.Random) -> str:
        if rnd.random() < 0.3:
            return rnd.choice(self.other_clubs)
        name = rnd.choice(self.clubs)
        return _CLUB.sub("", name).strip() or name if rnd.random() < 0.75 else name

    def team(self, rnd: random.Random) -> str:
        city, nickname = rnd.choice(self.teams)
        return rnd.choice((nickname, nickname, f"{city} {nickname}", city))

    def acronym(self, rnd: random.Random) -> str:
        """A known short form, or letters that nobody has seen."""
        if rnd.random() < 0.4:
            return rnd.choice(self.agencies)[1]
        return "".join(rnd.choices("ABCDEFGHIKLMNOPRSTUV", k=rnd.choice((3, 3, 4))))

    def organisation(self, rnd: random.Random, instead_of: str) -> str:
        """A name of the same kind as ``instead_of`` where the kind shows, else of any."""
        if instead_of.isupper() and len(instead_of) <= 6 and rnd.random() < 0.6:
            return self.acronym(rnd)
        kind = next((kind for kind, words in _KINDS if words.search(instead_of)), "")
        if not kind or rnd.random() < 0.25:
            kind = rnd.choices(
                ("company", "club", "team", "university", "agency", "party", "ministry", "media"),
                (42, 15, 10, 6, 10, 5, 3, 9),
            )[0]
        makers: dict[str, Callable[[], str]] = {
            "company": lambda: self.company(rnd),
            "club": lambda: self.club(rnd),
            "team": lambda: self.team(rnd),
            "university": lambda: rnd.choice(self.universities),
            "agency": lambda: rnd.choice(rnd.choice(self.agencies)),
            "party": lambda: rnd.choice(rnd.choice(self.parties)),
            "ministry": lambda: rnd.choice(self.ministries),
            "media": lambda: rnd.choice(self.media),
        }
        return makers[kind]()

    def person(self, rnd: random.Random) -> tuple[str, str]:
        """A first name (now and then with an initial) and a surname."""
        first = rnd.choice(self.first_names)
        if rnd.random() < 0.08:
            first = f"{first} {rnd.choice('ABCDEFGHJKLMPRSTW')}."
        elif rnd.random() < 0.04:
            first = f"{rnd.choice('ABCDEGHJKLMPRST')}.{rnd.choice('ABCDEGHJKLMPRST')}."
        return first, rnd.choice(self.surnames)


def swap_names(
    text: str, spans: Sequence[Span], lists: Lists, rnd: random.Random, organisations: float, people: float
) -> tuple[str, list[Span]]:
    """The article with these shares of its names replaced, each name by the same one throughout."""
    chosen: dict[str, str] = {}
    parts: dict[str, str] = {}
    pieces: list[str] = []
    moved: list[Span] = []
    position = length = 0
    swap_people = rnd.random() < people
    for start, end, kind in sorted(spans):
        if start < position:
            continue
        name = text[start:end]
        if kind == "ORG" and name not in chosen:
            chosen[name] = lists.organisation(rnd, name) if rnd.random() < organisations else name
        if kind == "PER" and swap_people:
            chosen[name] = _other_person(name, parts, lists, rnd)
        new = chosen.get(name, name) if kind in ("ORG", "PER") else name
        pieces += [text[position:start], new]
        length += start - position
        moved.append((length, length + len(new), kind))
        length += len(new)
        position = end
    return "".join([*pieces, text[position:]]), moved


def _other_person(name: str, parts: dict[str, str], lists: Lists, rnd: random.Random) -> str:
    """Word by word, so that "Kato" stays the surname of "David Kato"."""
    words = name.split()
    for number, word in enumerate(words):
        if word not in parts:
            first, last = lists.person(rnd)
            parts[word] = last if number == len(words) - 1 else first
        if not word[:1].isupper():
            parts[word] = word
    return " ".join(parts[word] for word in words)


def curly_quotes(text: str) -> str:
    """Typewriter quotation marks and apostrophes as a newspaper sets them; lengths stay."""
    text = re.sub(r"(?<!\S)'|(?<=[(\[“])'", "‘", text).replace("'", "’")
    text = re.sub(r'(?<!\S)"|(?<=[(\[])"', "“", text)
    return text.replace('"', "”")


def other_case(cases: Sequence[int], rnd: random.Random) -> list[int]:
    """The letter cases of a passage set in capitals, like a headline, or (rarely) in small letters."""
    draw = rnd.random()
    if draw < 0.035:
        return [CAPITALS if case in (LOWER, CAPITALISED, MIXED) else case for case in cases]
    if draw < 0.075:
        return [CAPITALISED if case == LOWER and rnd.random() < 0.8 else case for case in cases]
    if draw < 0.085:
        return [LOWER if case in (CAPITALISED, CAPITALS, MIXED) else case for case in cases]
    return list(cases)


def listed(path: Path) -> list[str]:
    """The entries of a file of them, a line each; remarks and blank lines left out."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _pairs(name: str) -> list[tuple[str, str]]:
    return [(a, b) for a, b in (line.split("|") for line in listed(HERE / f"{name}.txt"))]
