"""Lines that close the articles of a site, and who is quoted with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from searcher import Index
from searcher.article import Article, Quote
from searcher.extract import ANNOTATOR
from searcher.extract.quotes.reasons import ExplainedQuote, Reason
from searcher.ingest.site_lines import SITE_LINE_CONFIDENCE, doubt_site_lines, with_site_line_doubts

LINE = "Seen a heron today? Send us a picture of it"
SPEAKERS = ("Mara Lindqvist", "Tomas Reyl", "Berit Sandvik", "Nora Vance", "Ada Quill", "Ivo Brandt")


def article(
    number: int, line: str = LINE, *, speaker: str | None, story: str | None = None, rest: str = "."
) -> Article:
    body = f"Report {number} on the bridge of Aldern. {line}{rest}"
    start = body.index(line)
    quotes = (Quote(line, speaker, "direct", start, start + len(line), 0.7),) if speaker else ()
    return Article(str(number), body=body, source="Heron Daily", annotator="1", quotes=quotes, story=story)


def confidences(articles: Iterable[Article]) -> list[float]:
    return [one.confidence for article in doubt_site_lines(list(articles)) for one in article.quotes]


def test_a_line_that_closes_most_articles_is_nobodys() -> None:
    articles = [article(n, speaker=speaker) for n, speaker in enumerate(SPEAKERS)]

    assert [SITE_LINE_CONFIDENCE] * 6 == confidences(articles)


def test_a_line_is_doubted_though_few_articles_have_it_as_a_quotation() -> None:
    articles = [article(n, speaker="Ada Quill" if n == 3 else None) for n in range(6)]

    assert [SITE_LINE_CONFIDENCE] == confidences(articles)


def test_a_quotation_in_a_few_articles_of_a_source_stays() -> None:
    articles = [article(n, speaker=speaker) for n, speaker in enumerate(SPEAKERS)]
    others = [article(n, "It rains", speaker=None) for n in range(6, 20)]

    assert [0.7] * 6 == confidences([*articles, *others])


def test_what_one_speaker_says_in_most_articles_stays() -> None:
    assert [0.7] * 6 == confidences(article(n, speaker="Ada Quill") for n in range(6))


def test_a_quotation_of_one_story_stays() -> None:
    articles = (article(n, speaker=speaker, story="wire") for n, speaker in enumerate(SPEAKERS))

    assert [0.7] * 6 == confidences(articles)


def test_a_quotation_amid_the_articles_stays() -> None:
    articles = (article(n, speaker=speaker, rest=" It rains." * 60) for n, speaker in enumerate(SPEAKERS))

    assert [0.7] * 6 == confidences(articles)


def test_quotations_that_were_not_found_here_stay() -> None:
    articles = (replace(article(n, speaker=speaker), annotator=None) for n, speaker in enumerate(SPEAKERS))

    assert [0.7] * 6 == confidences(articles)


def test_articles_are_indexed_with_the_doubt(index: Index) -> None:
    index.add(
        [replace(article(n, speaker=speaker), annotator=ANNOTATOR) for n, speaker in enumerate(SPEAKERS)],
        annotate=False,
    )

    assert {SITE_LINE_CONFIDENCE} == {quote.confidence for one in index.articles for quote in one.quotes}


def test_the_reasons_tell_of_the_doubt() -> None:
    articles = [article(n, speaker=speaker) for n, speaker in enumerate(SPEAKERS)]
    found = [ExplainedQuote(articles[0].quotes[0], Reason(("network",)))]

    (one,) = with_site_line_doubts(doubt_site_lines(articles)[0], found)

    assert (("site",), SITE_LINE_CONFIDENCE) == (one.reason.doubts, one.quote.confidence)


def test_other_quotations_keep_their_reasons() -> None:
    held = article(1, speaker="Ada Quill")
    found = [ExplainedQuote(held.quotes[0], Reason(("network",)))]

    assert found == with_site_line_doubts(held, found)
