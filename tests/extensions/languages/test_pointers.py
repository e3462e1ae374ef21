"""What the pointers of a quotation say."""

from __future__ import annotations

import pytest

from searcher.extract.quotes.named_units import NamedUnit, PointedAnswer, resolved_answer

BANK, MAYOR = NamedUnit("Brindle Bank", "organisation"), NamedUnit("Nora Lindqvist", "person")


def pointed(names: dict[NamedUnit, float], nobody: float, share: float = 0.9) -> PointedAnswer:
    return PointedAnswer(0.9, (10, 18), share, 1 - share, names, nobody)


def test_whom_the_words_mean_counts_as_much_as_whom_the_quotation_means() -> None:
    one = resolved_answer(pointed({BANK: 0.2}, 0.8), pointed({BANK: 0.6, MAYOR: 0.3}, 0.1))

    assert (one.names[BANK], one.names[MAYOR], one.nobody) == pytest.approx((0.4, 0.15, 0.45))


def test_all_else_of_the_answer_stays() -> None:
    one = resolved_answer(pointed({}, 1.0), PointedAnswer(0.1, None, 0.0, 1.0, {}, 1.0))

    assert (one.speech, one.mention, one.mention_share) == (0.9, (10, 18), 0.9)


@pytest.mark.parametrize(("share", "place"), [(0.9, (10, 18)), (0.3, None)])
def test_words_attribute_where_some_are_likelier_than_none(
    share: float, place: tuple[int, int] | None
) -> None:
    assert pointed({}, 1.0, share).attribution == place
