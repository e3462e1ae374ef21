import pytest

from searcher.readers.html.blocks import layout
from searcher.readers.html.outline import Outline, container, without_comments
from searcher.readers.html.page import parse

SENTENCE = "The ferry company said on Tuesday, after a long winter in port, that its boats would run again. "
STORY = "".join(f"<p>{number}. {SENTENCE * 2}</p>" for number in range(4))
ASIDE = f'<div class="sidebar"><p>Elsewhere. {SENTENCE}</p></div>'
REMARKS = f'<div class="comments"><p>Who pays for the taxi? {SENTENCE * 9}</p></div>'


def blocks_of(markup):
    return layout(parse(f"<html><body>{markup}</body></html>").tree)


def held(markup):
    found = blocks_of(markup)
    return [
        block.text[:9]
        for block, inside in zip(found.blocks, container(Outline(found)).inside_weights)
        if inside
    ]


def test_the_element_with_most_text_holds_the_article():
    assert ["0. The fe", "1. The fe", "2. The fe", "3. The fe"] == held(
        f"<div><p>First. {SENTENCE}</p></div><div>{STORY}</div>{ASIDE}"
    )


def test_paragraphs_in_boxes_of_their_own_are_held_together():
    assert ["0. The fe", "1. The fe", "2. The fe", "3. The fe"] == held(
        "<div>" + STORY.replace("<p>", "<section><div><p>").replace("</p>", "</p></div></section>") + "</div>"
    )


def test_what_the_page_marks_as_beside_the_article_is_not_held():
    assert ["0. The fe", "1. The fe", "2. The fe", "3. The fe"] == held(f"<div>{ASIDE}{STORY}</div>")


def test_a_mark_of_the_whole_page_sets_nothing_apart():
    assert ["0. The fe", "1. The fe", "2. The fe", "3. The fe"] == held(f'<div class="sidebar">{STORY}</div>')


def test_links_between_paragraphs_are_within_the_container_but_not_held():
    found = blocks_of(f'<div>{STORY}<p><a href="/a">Piers to close</a></p>{STORY}</div>')
    likely = container(Outline(found))

    assert [("Piers to close", True, False)] == [
        (block.text, bool(within), bool(held))
        for block, within, held in zip(found.blocks, likely.is_inside, likely.inside_weights)
        if block.linked
    ]


@pytest.mark.parametrize(
    ("markup", "left"),
    [
        (f"<div>{STORY}</div>{REMARKS}", 4),
        (f'<div class="comments-open"><div>{STORY}</div></div>', 4),
        (f"<div><p>Open thread.</p></div>{REMARKS}", 2),
        (f"<div>{STORY * 3}</div>{REMARKS * 100}", 12),
    ],
    ids=["comments", "a class of the whole page", "hardly anything else", "an article and many comments"],
)
def test_comments_are_left_out_where_there_is_text_outside_of_them(markup, left):
    assert left == len(without_comments(blocks_of(markup)).blocks)
