"""What the classes of elements say, and what stands with a block that is no text."""

import re

import pytest

from searcher.readers.html.blocks import HINTS, layout
from searcher.readers.html.page import parse


def laid_out(markup):
    return layout(parse(f"<html><body>{markup}</body></html>").tree)


def hints(name):
    found = laid_out(f'<div class="{name}">Ferry to sail again</div>')
    held = found.nodes[found.blocks[0].node].hints
    return {hint for number, hint in enumerate(HINTS) if held >> number & 1}


@pytest.mark.parametrize("name", ["comments", "comment-list", "commentsList", "fbcomments", "disqus"])
def test_a_place_for_comments_is_one(name):
    assert "comment" in hints(name)


@pytest.mark.parametrize("name", ["has-comments", "comments-open", "type-commentary", "noloaddisqus"])
def test_a_word_about_comments_is_no_place_for_them(name):
    assert "comment" not in hints(name)


@pytest.mark.parametrize(
    "name", ["relative", "overflow-hidden", "items-center", "football", "preview", "grow"]
)
def test_letters_of_a_hint_within_another_word_say_nothing(name):
    assert set() == hints(name)


def test_pictures_before_a_block_are_counted():
    found = laid_out(
        "<p>Ferries.</p><figure><img src='a'><img src='b'><figcaption>Pier.</figcaption></figure>"
    )

    assert [0, 2] == [block.images for block in found.blocks]


def test_controls_are_counted_where_they_stand():
    found = laid_out("<form><p>Sign up.</p><input><button>Go</button></form>")

    assert 2 == sum(node.controls for node in found.nodes if node.tag == "form")


SPELLED = sorted({letters for pattern in HINTS.values() for letters in re.findall("[a-z]{2,}", pattern)})


@pytest.mark.parametrize(
    "made", ["{}", "x{}", "{}s", "my-{}", "{}-box", "{}_1", "the{}er", "{}nav", "{}-lead"]
)
def test_every_word_of_a_hint_is_searched_for_it(made):
    words = [made.format(letters) for letters in SPELLED]
    wanted = {word: {hint for hint, pattern in HINTS.items() if re.search(pattern, word)} for word in words}

    assert wanted == {word: hints(word) for word in words}
