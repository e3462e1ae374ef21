"""What confidences mean, drawn."""

from __future__ import annotations

from xml.etree import ElementTree

from training.encoder.reliability import draw, tenths

JUDGED = [*[(0.92, True)] * 9, (0.98, False), *[(0.55, True)] * 3, *[(0.55, False)] * 3, (0.1, True)]


def test_tenths_have_the_share_that_is_right_and_their_number() -> None:
    found = [(round(mean, 3), right, count) for mean, right, count in tenths(JUDGED)]

    assert [(0.55, 0.5, 6), (0.926, 0.9, 10)] == found


def test_each_set_is_a_line_with_dots() -> None:
    drawn = ElementTree.fromstring(draw([("one", JUDGED), ("other", JUDGED[:10])]))

    names = [element.tag.rpartition("}")[2] for element in drawn]
    assert (2, 3) == (names.count("polyline"), names.count("circle"))
