"""Who said a stretch, by what its pointers say and by what stands around it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from searcher.article import Mention
from searcher.extensions.languages.speakers import DisplayedSpeaker, speakers_of
from searcher.extensions.languages.stretches import Stretch
from searcher.extract.encoder.encoded_text import EncodedText
from searcher.extract.quotes.named_units import ArticleName, ArticleNames, PointedAnswer

TEXT = (
    "Jule Brandner wartet. „Ja“, sagt sie. „Nein“, sagt der Sprecher. „Doch“, sagt Brandner. „Gut.“\n\n"
    "„Schluss.“\n\nKonrad Velten schweigt.\n\nEs ist spät.\n\n„Ende.“"
)
TEXT_WITH_MARK = TEXT.replace("„Ja", '"Ja')
BRANDNER, VELTEN = ArticleName("Jule Brandner", "person"), ArticleName("Konrad Velten", "person")


@pytest.fixture(scope="module")
def table() -> ArticleNames:
    mentions = [
        Mention(who.name, "person", TEXT.index(written), TEXT.index(written) + len(written))
        for who, written in ((BRANDNER, "Jule Brandner"), (VELTEN, "Konrad Velten"))
    ]
    surname = TEXT.rindex("Brandner")
    mentions.append(Mention(BRANDNER.name, "person", surname, surname + 8))
    return ArticleNames(mentions, EncodedText(TEXT, []), 0)


def stretch(words: str) -> Stretch:
    start = TEXT.index(words)
    return Stretch(
        start, start + len(words), start - 1, start + len(words) + 1, TEXT.rfind("\n", 0, start) + 1
    )


def pointed(mention: str | None, names: dict[ArticleName, float], nobody: float = 0.0) -> PointedAnswer:
    place = (TEXT.index(mention), TEXT.index(mention) + len(mention)) if mention else None
    return PointedAnswer(1.0, place, 0.9 if mention else 0.0, 0.1 if mention else 0.9, names, nobody)


def said(table: ArticleNames, *asked: tuple[str, PointedAnswer]) -> list[DisplayedSpeaker]:
    stretches = [stretch(words) for words, _ in asked]
    return speakers_of(TEXT, stretches, [one for _, one in asked], table, 0)


def test_a_name_in_the_words_that_attribute_is_the_speaker(table: ArticleNames) -> None:
    (found,) = said(table, ("Doch", pointed("Brandner. „", {VELTEN: 0.6})))

    assert ("Jule Brandner", "person") == (found.name, found.kind)


def test_the_beginning_of_a_compound_is_no_speaker() -> None:
    text = "„Ja“, sagte eine HZB-Sprecherin."
    body = Mention("HZB", "organisation", text.index("HZB"), text.index("HZB") + 3)
    table = ArticleNames([body], EncodedText(text, []), 0)

    assert {} == table.names_within(text.index("eine"), len(text) - 1)


def test_a_surname_that_begins_a_compound_is_no_speaker_either() -> None:
    text = "Jule Brandner wartet. „Ja“, sagte eine Brandner-Vertraute."
    start = text.index("Brandner-")
    people = [Mention("Jule Brandner", "person", at, at + n) for at, n in ((0, 13), (start, 8))]
    table = ArticleNames(people, EncodedText(text, []), 0)

    assert {} == table.names_within(text.index("eine"), len(text) - 1)


def test_a_pronoun_is_the_likeliest_name(table: ArticleNames) -> None:
    (found,) = said(table, ("Ja", pointed("sie", {BRANDNER: 0.04, VELTEN: 0.01}, nobody=0.95)))

    assert "Jule Brandner" == found.name


def test_a_name_among_many_words_that_attribute_says_little(table: ArticleNames) -> None:
    one = pointed("sagt der Sprecher. „Doch“, sagt Brandner", {BRANDNER: 0.1}, nobody=0.9)

    assert "unnamed" == said(table, ("Nein", one))[0].kind


def test_a_role_is_a_name_where_that_is_likelier_than_nobody(table: ArticleNames) -> None:
    likely = pointed("der Sprecher", {VELTEN: 0.6}, nobody=0.4)
    unlikely = replace(likely, names={VELTEN: 0.4}, nobody=0.6)

    assert ["Konrad Velten", "der Sprecher"] == [
        said(table, ("Nein", one))[0].name for one in (likely, unlikely)
    ]


def test_whoever_has_no_name_is_called_as_in_the_article(table: ArticleNames) -> None:
    (found,) = said(table, ("Nein", pointed("der Sprecher", {}, nobody=1.0)))

    assert ("der Sprecher", "unnamed") == (found.name, found.kind)


def test_without_any_answer_the_speaker_goes_on_less_surely(table: ArticleNames) -> None:
    first, second = said(
        table, ("Doch", pointed("Brandner. „", {})), ("Schluss.", pointed(None, {}, nobody=1.0))
    )

    assert first.name == second.name
    assert second.confidence < first.confidence


def test_far_away_nobody_goes_on(table: ArticleNames) -> None:
    found = said(table, ("Doch", pointed("Brandner. „", {})), ("Ende.", pointed(None, {}, nobody=1.0)))

    assert [("Jule Brandner", True), (None, False)] == [(one.name, one.confidence > 0) for one in found]


def test_the_surer_the_answer_the_surer_the_speaker(table: ArticleNames) -> None:
    rival = pointed("Brandner. „", {VELTEN: 0.3})

    (alone,), (disputed,) = (said(table, ("Doch", one)) for one in (replace(rival, names={}), rival))
    assert disputed.confidence < alone.confidence


def test_where_a_straight_mark_closes_nowhere_less_is_claimed(table: ArticleNames) -> None:
    open_mark = replace(stretch("Ja"), outer_start=TEXT_WITH_MARK.index('"'), closed=False)
    answer = pointed("Brandner. „", {BRANDNER: 0.9})

    (found,) = speakers_of(TEXT_WITH_MARK, [open_mark], [answer], table, 0)
    (closed,) = speakers_of(TEXT_WITH_MARK, [replace(open_mark, closed=True)], [answer], table, 0)
    assert (("open",), ()) == (found.reason.doubts, closed.reason.doubts)
    assert found.confidence < closed.confidence


def test_of_many_words_that_attribute_less_is_claimed(table: ArticleNames) -> None:
    few, many = (
        pointed(words, {BRANDNER: 0.9})
        for words in ("Brandner. „Gut", "Jule Brandner wartet. „Ja“, sagt sie. „Nein“")
    )

    (first,), (second,) = (said(table, ("Doch", one)) for one in (few, many))
    assert ((), ("vague",)) == (first.reason.doubts, second.reason.doubts)


def test_the_candidates_are_told_with_their_shares(table: ArticleNames) -> None:
    (found,) = said(table, ("Nein", pointed("der Sprecher", {VELTEN: 0.6, BRANDNER: 0.2}, nobody=0.2)))

    shares = dict(found.reason.candidates)
    assert ["Konrad Velten", pytest.approx(0.6)] == [found.name, shares["Konrad Velten"]]


@pytest.mark.parametrize(("between", "doubts"), [(100, ()), (200, ("far",))])
def test_of_words_far_away_less_is_claimed(
    table: ArticleNames, between: int, doubts: tuple[str, ...]
) -> None:
    text = TEXT + " " * between + "„Spät.“"
    late = Stretch(len(text) - 6, len(text) - 1, len(text) - 7, len(text), len(TEXT))
    near = replace(pointed("Brandner. „", {BRANDNER: 0.9}), mention=(len(TEXT) - 5, len(TEXT)))

    (found,) = speakers_of(text, [late], [near], table, 0)
    assert doubts == found.reason.doubts
