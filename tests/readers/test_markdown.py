import pytest

from searcher import readers
from searcher.readers.text import strip_markdown

MARKED = {
    "a **bold** word": "a bold word",
    "a __bold__ and an *italic* word": "a bold and an italic word",
    "snake_case_names and 2 * 3 * 4 stay": "snake_case_names and 2 * 3 * 4 stay",
    'see [the paper](https://tallow.example/a_(b) "T") and <https://tallow.example>': (
        "see the paper and https://tallow.example"
    ),
    "see [the paper][1]\n\n[1]: https://tallow.example": "see the paper\n\n",
    "![a pier](pier.jpg)Text": "Text",
    "# Headline\n\n## Later ##\n\n> “We are ready,” she said.": (
        "# Headline\n\nLater\n\n“We are ready,” she said."
    ),
    "run `searcher index`": "run searcher index",
    "before\n\n* * *\n\nafter": "before\n\n\n\nafter",
    "- one\n- two": "- one\n- two",
    "1\\. A \\*star\\* and snake\\_case\\_names": "1. A *star* and snake_case_names",
    "[![a pier](pier.jpg)](https://tallow.example) Text": " Text",
    "Headline\n========\n\nText": "# Headline\n\nText",
    "> One.\n>\n> > Two.": "One.\n\nTwo.",
    "```sh\nsearcher index\n```": "\nsearcher index\n",
    "Lee &amp; Ek, AT&T; &#8220;We are.&#8221;": "Lee & Ek, AT&T; “We are.”",
    "[[Harbour]], the [[Ann Lee|captain]] ![[map.png]] sails.[^1]\n\n[^1]: Once.": (
        "Harbour, the captain  sails.\n\nOnce."
    ),
    "a ~~broken~~ mended pier, ~20 boats": "a broken mended pier, ~20 boats",
}


@pytest.mark.parametrize(("text", "expected"), MARKED.items())
def test_marks_are_taken_off(text, expected):
    assert expected == strip_markdown(text)


def test_a_byline_in_italics_is_one():
    text = "# Ferry to sail again\n\n*By Bo Ek, 3 March 2024*\n\nIt is **ready**, she said.\n\nThey wait.\n"
    (article,) = readers.read_bytes(text.encode(), "a.md")

    assert ("Ferry to sail again", ("Bo Ek",), "It is ready, she said.\n\nThey wait.") == (
        article.title,
        article.authors,
        article.body,
    )


def test_plain_text_keeps_its_signs():
    (article,) = readers.read_bytes(b"Ferry to sail again\n\nThe *ferry* sails.\n\nThey wait.", "a.txt")

    assert "The *ferry* sails.\n\nThey wait." == article.body


BODY = "The ferry sails again, and nobody had thought it would.\n\nThey wait at the pier.\n"


def article(head, body=BODY, name="post.md"):
    (one,) = readers.read_bytes(f"{head}{body}".encode(), name)
    return one


@pytest.mark.parametrize("first", ["![a pier](pier.jpg)", "Mar 18, 2025", "A line.\n\n# A heading", ""])
def test_the_title_is_that_of_the_front_matter(first):
    assert "Ferry: to sail" == article('---\ntitle: "Ferry: to sail"\n---\n', f"{first}\n\n{BODY}").title


def test_a_heading_that_repeats_the_title_is_no_text():
    assert BODY.strip() == article("---\ntitle: Ferry to sail\n---\n", f"# Ferry to Sail\n\n{BODY}").body


HEADERS = {
    "lists": "---\nauthors:\n- Ann Lee\n- Bo Ek\ntags: [harbour, ice]\ndate: 2024-03-03 14:05 -0400\n---\n",
    "mappings": "---\nauthor: {name: Ann Lee}\nauthors: [name: Bo Ek]\nkeywords: harbour, ice\n"
    "published: true\npublishDate: 2024-03-03\n---\n",
    "TOML": '+++\nauthors = ["Ann Lee", "Bo Ek"]\ntags = ["harbour", "ice"]\ndate = 2024-03-03T14:05:00Z\n'
    "+++\n",
    "of Windows": "---\r\nauthor: Ann Lee and Bo Ek\r\ncategories:\r\n  - harbour\r\ntags: ice\r\n"
    "date: 3 March 2024\r\n---\r\n",
    "no YAML, for a colon in the title": "---\ntitle: Ferry: it sails\nauthors:\n  - Ann Lee\n  - Bo Ek\n"
    "tags:\n- harbour\n- ice\ndate: 2024-03-03\n---\n",
    "of Obsidian's clipper": '---\nsource: "https://tallow.example/ferry"\nauthor:\n  - "[[Ann Lee]]"\n'
    '  - "[[Bo Ek]]"\npublished: 2024-03-03\ncreated: 2025-01-01\ntags:\n  - "#harbour"\n  - ice\n---\n',
}


@pytest.mark.parametrize("head", HEADERS.values(), ids=HEADERS)
def test_front_matter_tells_authors_tags_and_day(head):
    one = article(head)

    assert (("Ann Lee", "Bo Ek"), ("harbour", "ice")) == (one.authors, one.tags)
    assert "2024-03-03" == str(one.published.date())
    assert BODY.strip() == one.body


def test_a_source_that_is_an_address_is_that_of_the_article():
    one = article('---\nsource: "https://tallow.example/ferry"\n---\n')

    assert ("https://tallow.example/ferry", "tallow.example") == (one.url, one.source)


def test_what_is_no_mapping_between_two_rules_is_text():
    one = article("", "---\nThe pier was closed.\n---\nIt is open again.\n")

    assert "The pier was closed." in f"{one.title} {one.body}"


def test_a_title_ends_before_the_name_of_its_site():
    one = article("---\ntitle: Ferry - to sail - Tallow Post\nsite: Tallow Post\n---\n")

    assert ("Ferry - to sail", "Tallow Post") == (one.title, one.source)


@pytest.mark.parametrize(
    "name", ["2024-03-03-ferry.md", "posts.zip!_posts/2024-03-03-ferry.markdown", "2024-03-03/index.md"]
)
def test_the_day_in_the_name_of_a_post_is_its_day(name):
    assert "2024-03-03" == str(article("---\ntitle: Ferry\n---\n", name=name).published.date())


def test_the_day_of_the_front_matter_comes_before_that_in_the_name():
    assert 2023 == article("---\ndate: 2023-01-01\n---\n", name="2024-03-03-ferry.md").published.year


HTML = {
    '<p><img class="alignnone" src="a.jpg"></p>\n\n<p>One.</p><p>A &amp; b.</p>': "One.\n\nA & b.",
    '<div class="row">\n\nOne **more**.\n\n</div>': "One more.",
    'A <em>ferry</em> with <a href="b_c_d.html">a mast</a>.': "A ferry with a mast.",
    "<!-- more\n\nhidden -->\n\nText.\n\n<script>\n\nvar a;\n</script>": "Text.",
    "<ul><li>One</li><li>Two</li></ul>": "One\n\nTwo",
    "Write to <ann@tallow.example>, a < b, <name here>.": "Write to ann@tallow.example, a < b, <name here>.",
    "Use `<p>` so:\n\n```html\n<p>*One*</p>\n```": "Use <p> so:\n\n<p>*One*</p>",
}


@pytest.mark.parametrize(("text", "expected"), HTML.items())
def test_html_in_markdown_is_read_as_html(text, expected):
    assert f"Before.\n\n{expected}" == article("---\ntitle: T\n---\n", f"Before.\n\n{text}\n").body


TEMPLATES = {
    '{% image "assets/a.jpg" %}\n\nText.': "Text.",
    "{% include a.html x='1' -%}Text{{ site.name }}.": "Text.",
    "{{< youtube abc >}}\n\nText{{% note %}}.": "Text.",
    "Text.\n{: .lead}": "Text.",
    "## Later {#later}\n\nText.": "Later\n\nText.",
}


@pytest.mark.parametrize(("text", "expected"), TEMPLATES.items())
def test_templates_are_no_text(text, expected):
    assert f"Before.\n\n{expected}" == article("---\ntitle: T\n---\n", f"Before.\n\n{text}\n").body


@pytest.mark.parametrize(
    "header", ["[" * 4_000, "a: &a [*a]", "a: " + "- " * 2_000, "<<: *a", "a: !!python/x {}"]
)
def test_a_header_that_is_no_yaml_costs_nothing(header):
    assert "They wait at the pier." in article(f"---\n{header}\n---\n").body


@pytest.mark.parametrize(
    "header",
    [
        "date:\n  created: 2024-03-03\n  updated: 2026-01-01\nauthor_name: Ann Lee",
        "posted: 2024-03-03\nauthor:\n  name: Ann Lee",
    ],
)
def test_a_header_may_hold_mappings(header):
    (article,) = readers.read_bytes(f"---\ntitle: Ferry\n{header}\n---\nIt sails.\n".encode(), "a.md")

    assert (("Ann Lee",), "2024-03-03") == (article.authors, str(article.published)[:10])


def test_a_day_below_another_heading_than_the_title_is_that_of_the_post():
    text = "---\ntitle: Ferry\n---\n# Harbour news\n\n3 March 2024\n\nIt sails.\n\nThey wait.\n"
    (article,) = readers.read_bytes(text.encode(), "a.md")

    assert ("2024-03-03", "Harbour news\n\nIt sails.\n\nThey wait.") == (
        str(article.published)[:10],
        article.body,
    )
