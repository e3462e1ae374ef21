from searcher.model import Article
from searcher.readers.near import Stories, fingerprint

WIRE = (
    "The ferry company said on Tuesday that its boats would run again from June after a long winter. "
    "Passengers had waited since November, when ice closed the harbour to all but the smallest craft, and "
    "the mayor of Tallow Bay promised help for the shops along the quay, whose owners had lost much trade."
)
FIRST_NUMBERS = (31061511, 22403541, 3806594)
OTHER = " ".join(f"{word}{number}" for number, word in enumerate(WIRE.split()))


def article(id, body, title="", **more):
    return Article(id=id, title=title, body=body, **more)


def placed(*articles):
    stories = Stories()
    return [stories.place(a) for a in articles]


def test_a_syndicated_copy_shares_the_story():
    first, second = placed(article("a", WIRE), article("b", f"Heron Daily. {WIRE} More follows."))

    assert (first.story, second.story) == ("a", "a")
    assert second.same is None


def test_another_text_is_another_story():
    first, second = placed(article("a", WIRE), article("b", OTHER))

    assert ("a", "b") == (first.story, second.story)


def test_the_same_words_are_the_same_article():
    _, second = placed(article("a", WIRE, "Ferry"), article("b", WIRE.upper() + ".", "FERRY"))

    assert ("a", "a") == (second.same, second.story)


def test_placing_an_article_again_changes_nothing():
    first, again = placed(article("a", WIRE), article("a", WIRE))

    assert first == again


def test_short_texts_are_never_alike_by_chance():
    assert () == fingerprint("Shr 12 cts vs nine. Net 1,204,000 vs 903,000.")
    assert ["a", "b"] == [
        place.story for place in placed(article("a", "Shr 12 cts"), article("b", "Shr 13 cts"))
    ]


def test_what_an_index_holds_is_taken_up():
    stories = Stories()
    stories.restore([article("a", WIRE, story="x"), article("x", WIRE + " indeed", story="x")])

    assert "x" == stories.place(article("b", f"{WIRE} so they say")).story


def test_fingerprints_stay_the_same_for_ever():
    """They are compared across runs and versions."""
    assert FIRST_NUMBERS == fingerprint(WIRE)[:3]
