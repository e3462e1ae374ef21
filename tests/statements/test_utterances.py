from __future__ import annotations

from searcher.article import Article, Quote
from searcher.statements import first_parts, utterance_parts

FIRST = Quote("It burnt,", "Ada Moss", "direct", 1, 10, utterance=0)
SECOND = Quote("and it smoked.", "Ada Moss", "direct", 25, 39, utterance=0)
OTHER = Quote("Nobody saw it.", "Bo Quill", "direct", 50, 64, utterance=1)
REPORTED = Quote("that it rained", "Bo Quill", "indirect", 70, 84, utterance=1)
ARTICLE = Article("a", quotes=(SECOND, FIRST, OTHER, REPORTED))


def test_a_quotation_is_shown_with_the_other_parts_of_its_utterance() -> None:
    assert (FIRST, SECOND) == utterance_parts(ARTICLE, SECOND)


def test_indirect_speech_stands_alone() -> None:
    assert [(OTHER,), (REPORTED,)] == [utterance_parts(ARTICLE, OTHER), utterance_parts(ARTICLE, REPORTED)]


def test_the_first_part_of_each_utterance_is_known() -> None:
    assert [0, 0, 2, 3] == first_parts((FIRST, SECOND, OTHER, REPORTED))
