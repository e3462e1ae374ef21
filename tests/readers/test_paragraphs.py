from hypothesis import given
from hypothesis import strategies as st

from searcher.readers.paragraphs import reflow, split_paragraphs

WIRE = (
    "The harbour board of Tallow Bay said\n"
    "it will close two of its seven piers for repairs that may last\n"
    "until autumn.\n"
    "    Shipping agents expect delays of up to three days for grain\n"
    "and timber.\n"
    "    Shr 12 cts vs nine\n"
    " Net 1,204,000 vs 903,000\n"
    " Revs 22.1 mln vs 20.4 mln\n"
    " Wirepost\n"
)


def test_a_wire_story_is_unwrapped_and_indents_begin_paragraphs():
    expected = [
        (
            "The harbour board of Tallow Bay said it will close two of its seven piers for repairs that may "
            "last until autumn."
        ),
        "Shipping agents expect delays of up to three days for grain and timber.",
        "Shr 12 cts vs nine",
        "Net 1,204,000 vs 903,000\nRevs 22.1 mln vs 20.4 mln\nWirepost",
    ]

    assert expected == split_paragraphs(WIRE)


def test_blank_lines_separate_paragraphs_and_wrapped_lines_are_joined():
    text = (
        "The council met on Monday to decide how the old brewery should\n"
        "be used, and could not agree on anything but the date of the\n"
        "next meeting.\n\n"
        "“We shall see,” said the mayor."
    )
    expected = [
        (
            "The council met on Monday to decide how the old brewery should be used, and could not agree on "
            "anything but the date of the next meeting."
        ),
        "“We shall see,” said the mayor.",
    ]

    assert expected == split_paragraphs(text)


def test_the_items_of_a_list_are_not_joined():
    items = "* Original: The ferry sails again, says the board\n* Author: Ann Lee\n* Translator: Bo Ek\n\n"

    assert items.strip() == split_paragraphs(items + WIRE)[0]


def test_without_blank_lines_every_long_line_is_a_paragraph():
    first = (
        "One paragraph that runs on for a good while, as those of news sites do when they are saved as text. "
        * 2
    )
    second = "Another."

    assert [first.strip(), second] == split_paragraphs(f"{first}\n{second}\n")


def test_verse_keeps_its_lines():
    text = "Roses are red,\nviolets too.\n\nNothing else rhymes\nas these things do."

    assert ["Roses are red,\nviolets too.", "Nothing else rhymes\nas these things do."] == split_paragraphs(
        text
    )


@given(st.text(alphabet=st.sampled_from("ab .,\n\t“”")))
def test_no_word_is_lost_added_or_moved(text):
    assert text.split() == reflow(text).split()


@given(st.text(alphabet=st.sampled_from("ab .\n")))
def test_reflowed_text_has_no_empty_paragraph(text):
    assert all(part.strip() == part and part for part in reflow(text).split("\n\n")) or not text.strip()
