import datetime as dt

import pytest

from searcher import readers
from searcher.readers.page_text import join_spaced_capitals

BODY = (
    "The ferry company said on Tuesday that it would run again from June, after a winter in which its boats "
    "lay in the harbour.\n\n“We are ready,” said Ida Brandt, who runs it."
)


def one(text, name="a.txt"):
    (article,) = readers.read_bytes(text.encode(), name)
    return article


def test_the_first_line_is_the_headline():
    article = one(f"Ferry to sail again\n\n{BODY}\n")

    assert ("Ferry to sail again", BODY) == (article.title, article.body)


def test_byline_and_date_are_taken_off_the_body():
    article = one(f"Ferry to sail again\nBy Ann Lee and Bo Ek\n3 March 2024\n\n{BODY}\n")

    assert (("Ann Lee", "Bo Ek"), dt.datetime(2024, 3, 3), BODY) == (
        article.authors,
        article.published,
        article.body,
    )


def test_labelled_lines_are_metadata():
    head = "Title: Ferry to sail again\nSource: The Tallow Bay Post\nDate: 2024-03-03 14:05\nAuthor: Ann Lee"
    article = one(f"{head}\n\n{BODY}")

    assert (
        "Ferry to sail again",
        "The Tallow Bay Post",
        dt.datetime(2024, 3, 3, 14, 5),
        ("Ann Lee",),
        BODY,
    ) == (
        article.title,
        article.source,
        article.published,
        article.authors,
        article.body,
    )


def test_an_address_on_top_is_where_the_text_comes_from():
    article = one(f"https://www.tallowbay.example/news/ferry\n\nFerry to sail again\n\n{BODY}")

    assert ("https://www.tallowbay.example/news/ferry", "tallowbay.example", "Ferry to sail again", BODY) == (
        article.url,
        article.source,
        article.title,
        article.body,
    )


def test_front_matter_is_metadata():
    article = one(f'---\ntitle: "Ferry to sail again"\ntags: [ferries, harbour]\n---\n{BODY}', "a.md")

    assert ("Ferry to sail again", ("ferries", "harbour"), BODY) == (
        article.title,
        article.tags,
        article.body,
    )


def test_a_dateline_gives_date_and_agency_and_stays_in_the_body():
    body = "TALLOW BAY, March 3, 2024 (Reuters) - " + BODY
    article = one(f"Ferry to sail again\n\n{body}")

    assert ("Reuters", dt.datetime(2024, 3, 3), body) == (article.source, article.published, article.body)


def test_the_day_may_stand_before_the_month_in_a_dateline():
    article = one(f"Ferry to sail again\n\nTALLOW BAY, 3 March 2024 - {BODY}")

    assert dt.datetime(2024, 3, 3) == article.published


def test_a_byline_may_hold_the_date():
    article = one(f"Ferry to sail again\n\nBy Ann Lee, 3 March 2024\n\n{BODY}")

    assert (("Ann Lee",), dt.datetime(2024, 3, 3)) == (article.authors, article.published)


def test_a_text_that_begins_with_a_sentence_has_no_headline():
    article = one(BODY)

    assert ("", BODY) == (article.title, article.body)


def test_the_language_is_guessed():
    assert "en" == one(f"Ferry to sail again\n\n{BODY}").language


@pytest.mark.parametrize("mark", ["###", "\t", " | "])
def test_a_header_may_stand_in_one_line(mark):
    header = mark.join(
        ("tallow_7", "Ferry to sail again", "https://tallow.example/ferry", "2024-03-03 14:05")
    )
    (article,) = readers.read_bytes(f"{header}\nIt sails.\n".encode(), "a.txt")

    assert ("Ferry to sail again", "https://tallow.example/ferry", "2024-03-03", "It sails.") == (
        article.title,
        article.url,
        str(article.published)[:10],
        article.body,
    )


def test_no_more_than_twenty_paragraphs_are_credits():
    article = one("The ferry is late again\n\n" + "By Ann Lee\n\n" * 25)

    assert "\n\n".join(["By Ann Lee"] * 5) == article.body


MENU = "HOME\nGET HELP\nCONTACT US\nSkip to content"
LINKS = "Victim services\nCareers\nPress releases\nMedia\nFerry of the year: vote now\nAccessibility"
HEADLINE = "Ferry to sail again after the long winter"
SAVED = f"{HEADLINE} - Tallow Harbour Office\n{MENU}\nMonday, March 4, 2024\n{HEADLINE}\n{BODY}\n{LINKS}\n"


def test_a_page_saved_as_text_is_its_article_without_menus():
    article = one(SAVED)

    assert (HEADLINE, "Tallow Harbour Office", dt.datetime(2024, 3, 4), BODY) == (
        article.title,
        article.source,
        article.published,
        article.body,
    )


def test_a_headline_of_two_lines_ends_the_menu_of_a_page():
    assert (
        BODY == one(SAVED.replace(f"\n{HEADLINE}\n", "\nFerry to sail again\nafter the long winter\n")).body
    )


def test_a_text_that_repeats_its_title_after_sentences_keeps_all_of_them():
    text = f"{HEADLINE} - Tallow Post\n\n{BODY}\n\n{HEADLINE}\n\nRead on."

    assert BODY in one(text).body


SPACED = {
    "THE D ISTRICT A TTORNEY said so.": "THE DISTRICT ATTORNEY said so.",
    "H A R B O U R of Tallow": "HARBOUR of Tallow",
    "A MAN IN A CAR": "A MAN IN A CAR",
    "PLAN B FAILED": "PLAN B FAILED",
}


@pytest.mark.parametrize("text", SPACED)
def test_letter_spaced_capitals_are_words(text):
    assert SPACED[text] == join_spaced_capitals(text)
