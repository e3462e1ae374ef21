from searcher.readers.html.blocks import layout
from searcher.readers.html.outline import Outline
from searcher.readers.html.page import parse

PAGE = "<html><body><div><p>one two</p><p>three</p></div><section><p>four</p></section></body></html>"


def outline():
    return Outline(layout(parse(PAGE).tree))


def element(page, tag):
    return next(number for number, node in enumerate(page.layout.nodes) if node.tag == tag)


def test_elements_sum_up_what_is_inside_them():
    page = outline()
    sums = page.sums(page.lengths)[:, 0]

    assert {"body": 16, "div": 12, "section": 4} == {
        tag: sums[element(page, tag)] for tag in ("body", "div", "section")
    }


def test_an_element_is_inside_itself_and_all_around_it():
    page = outline()
    inside = page.inside(element(page, "div"))

    assert ["div", "p", "p"] == [node.tag for node, here in zip(page.layout.nodes, inside) if here]


def test_elements_share_the_depth_of_the_deepest_around_both():
    page = outline()
    div, section, body = (element(page, tag) for tag in ("div", "section", "body"))

    assert (page.depths[div], page.depths[body]) == (
        page.shared_depths(div)[div + 1],
        page.shared_depths(div)[section],
    )


def test_the_core_is_the_deepest_element_with_a_share_of_the_text():
    page = outline()
    sums = page.sums(page.lengths)[:, 0]

    assert [element(page, "div"), element(page, "body")] == [page.core(sums, share) for share in (0.7, 0.9)]
