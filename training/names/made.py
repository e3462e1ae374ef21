"""Made-up newswire: the sentences of `lists/templates.txt` with names in their slots."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from training.names.augment import HERE, Lists, listed
from training.names.guidelines import Span

__all__ = ["made_articles"]

T = TypeVar("T")

_SLOT = re.compile(r"\{([A-Z]+)(\d?)\}")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_KIND = {
    **dict.fromkeys(("PERSON", "LAST", "FIRST"), "PER"),
    **dict.fromkeys(
        (
            "COMPANY",
            "LAB",
            "CLUB",
            "TEAM",
            "NICK",
            "CITYTEAM",
            "AGENCY",
            "ABBR",
            "PARTY",
            "MINISTRY",
            "MEDIA",
            "UNIVERSITY",
        ),
        "ORG",
    ),
    "PLACE": "LOC",
    "NATION": "NORP",
    "PRODUCT": "Product",
}


def made_articles(lists: Lists, rnd: random.Random, count: int) -> Iterator[tuple[str, list[Span]]]:
    """``count`` short articles of one to four paragraphs, with spans."""
    templates = listed(HERE / "templates.txt")
    for _ in range(count):
        text, spans = "", list[Span]()
        for template in rnd.sample(templates, rnd.choice((1, 1, 2, 3, 4))):
            if text:
                text += "\n\n"
            paragraph, found = _filled(template, lists, rnd)
            spans += [(start + len(text), end + len(text), kind) for start, end, kind in found]
            text += paragraph
        yield text, spans


def _filled(template: str, lists: Lists, rnd: random.Random) -> tuple[str, list[Span]]:
    fill = _Filler(lists, rnd)
    text, spans, position = "", list[Span](), 0
    for slot in _SLOT.finditer(template):
        text += template[position : slot.start()]
        value = fill(slot[1], slot[2])
        kind = _KIND.get(slot[1])
        if kind:
            spans.append((len(text), len(text) + len(value), kind))
        text += value
        position = slot.end()
    return text + template[position:], spans


class _Filler:
    """Chooses for every slot, the same for the same number."""

    def __init__(self, lists: Lists, rnd: random.Random) -> None:
        self._lists = lists
        self._rnd = rnd
        self._people: dict[str, tuple[str, str]] = {}
        self._pairs: dict[tuple[str, str], tuple[str, str]] = {}
        self._words: dict[tuple[str, str], str] = {}

    def __call__(self, slot: str, number: str) -> str:
        if slot in ("PERSON", "LAST", "FIRST"):
            first, last = self._person(number)
            return {"PERSON": f"{first} {last}", "LAST": last, "FIRST": first.split()[0]}[slot]
        if slot in ("TEAM", "NICK", "CITYTEAM"):
            city, nick = self._pair("TEAM", number, self._lists.teams)
            return {"TEAM": f"{city} {nick}", "NICK": nick, "CITYTEAM": city}[slot]
        if slot in ("AGENCY", "ABBR"):
            full, short = self._pair("AGENCY", number, self._lists.agencies)
            return full if slot == "AGENCY" else short
        return self._same(self._words, slot, number, lambda: self._simple(slot))

    def _person(self, number: str) -> tuple[str, str]:
        if not number:
            return self._lists.person(self._rnd)
        return self._people.setdefault(number, self._lists.person(self._rnd))

    def _pair(self, slot: str, number: str, pairs: Sequence[tuple[str, str]]) -> tuple[str, str]:
        return self._same(self._pairs, slot, number, lambda: self._rnd.choice(pairs))

    @staticmethod
    def _same(chosen: dict[tuple[str, str], T], slot: str, number: str, make: Callable[[], T]) -> T:
        if not number:
            return make()
        if (slot, number) not in chosen:
            chosen[slot, number] = make()
        return chosen[slot, number]

    def _simple(self, slot: str) -> str:
        lists, rnd = self._lists, self._rnd
        if slot == "NUMBER":
            return rnd.choice(
                (
                    str(rnd.randint(2, 99)),
                    f"{rnd.randint(1, 19)}.{rnd.randint(1, 9)}",
                    f"{rnd.randint(1, 9)},500",
                )
            )
        if slot == "COMPANY":
            return lists.company(rnd)
        if slot == "CLUB":
            return lists.club(rnd)
        if slot == "PARTY":
            return rnd.choice(rnd.choice(lists.parties))
        if slot == "LAB":
            return rnd.choice(
                (
                    "DeepMind",
                    "Meta AI",
                    "OpenAI",
                    "Anthropic",
                    "Google Brain",
                    lists.company(rnd) + " Research",
                    lists.company(rnd) + " AI",
                    lists.company(rnd) + " Labs",
                )
            )
        return rnd.choice(
            {
                "MINISTRY": lists.ministries,
                "MEDIA": lists.media,
                "UNIVERSITY": lists.universities,
                "PLACE": lists.places,
                "NATION": lists.nations,
                "PRODUCT": lists.products,
                "TERM": lists.terms,
                "DAY": _DAYS,
            }[slot]
        )
