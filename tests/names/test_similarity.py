"""Which names of a collection may be those of a list, and how sure that is."""

from __future__ import annotations

import pytest

from searcher.names.similarity import Similarity, transliteration_probability

KNOWN = [
    "Tomas Reyl", "Mara Lindqvist", "Yevgeny Shcherbakov", "Samira al-Haddad", "Giorgos Bakalis",
    "Jürgen Möller", "Ada van Houten", "Anne-Marie Quill", "Edwin J. Moss",
    "Анна Воронова", "Tony Blair",
]  # fmt: skip


def near(kind: str, asked: str, known: list[str]) -> list[tuple[str, str]]:
    """Who may be meant, and what differs."""
    return [(value, why) for value, _, why in Similarity(kind, [asked]).find(known).get(0, [])]


@pytest.mark.parametrize(
    ("asked", "name", "why"),
    [
        ("TOMAS REYL", "Tomas Reyl", "same"),
        ("Reyl, Tomas", "Tomas Reyl", "same"),
        ("Reyl Tomas", "Tomas Reyl", "word order"),
        ("Prof. Dr. Tomas Reyl", "Tomas Reyl", "title"),
        ("Tomas Rezl", "Tomas Reyl", "typing error"),
        ("Mara Lindqvits", "Mara Lindqvist", "transposed letters"),
        ("Mara Lindqwist", "Mara Lindqvist", "sound"),
        ("M. Lindqvist", "Mara Lindqvist", "initial"),
        ("Lindqvist", "Mara Lindqvist", "surname alone"),
        ("Jurgen Moller", "Jürgen Möller", "same"),
        ("Juergen Moeller", "Jürgen Möller", "spelling"),
        ("Ada Houten", "Ada van Houten", "title"),
        ("Ada VanHouten", "Ada van Houten", "spaces"),
        ("Annemarie Quill", "Anne-Marie Quill", "spaces"),
        ("Edwin Moss", "Edwin J. Moss", "middle name"),
        ("Евгений Щербаков", "Yevgeny Shcherbakov", "script, vowels in another script"),
        ("سميرة الحداد", "Samira al-Haddad", "vowels unwritten"),
        ("Γιώργος Μπακάλης", "Giorgos Bakalis", "same"),
        ("Воронова Анна", "Анна Воронова", "word order"),
        ("Μπακάλης Γιώργος", "Giorgos Bakalis", "script, word order"),
        ("Mary Lindqvist", "Mara Lindqvist", "perhaps another first name"),
        ("Tony Blaire", "Tony Blair", "typing error"),
    ],
)
def test_one_name_written_otherwise(asked: str, name: str, why: str) -> None:
    assert [(name, why)] == near("person", asked, KNOWN)


@pytest.mark.parametrize("asked", ["Ben Reyl", "Tomas Moss", "Mara Houten", "Quill Lindqvist", "J. Reyl"])
def test_somebody_else(asked: str) -> None:
    assert [] == near("person", asked, KNOWN)


def test_a_title_before_a_single_word_may_be_a_first_name() -> None:
    assert [("King Quill", "same")] == near("person", "King Quill", ["Ada Quill", "King Quill"])


def test_of_more_names_than_are_kept_the_best_are() -> None:
    others = [f"A{one}{other} Quill" for one in "bcdfghjk" for other in "aeiouyr"]

    assert ("Quill", "same") in near("person", "Quill", ["Quill", *others])


def test_a_word_that_others_have_is_no_typing_error() -> None:
    assert [] == near("person", "Ada Mass", ["Ada Moss", "Bo Mass"])


def test_the_next_generation_is_somebody_else_mostly() -> None:
    ((_, share, why),) = Similarity("person", ["Ada Moss Jr."]).find(["Ada Moss"])[0]

    assert ("another generation", True) == (why, share < 0.5)


def test_bodies_without_their_legal_form() -> None:
    assert [("Norvane Labs GmbH", "title")] == near("organisation", "The Norvane Labs", ["Norvane Labs GmbH"])


def test_a_body_with_a_word_less_is_another_one() -> None:
    assert [] == near("organisation", "Bank of Skerry Harbour", ["Bank of Skerry"])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("shcherbakov", "щербаков", True),
        ("schtscherbakow", "щербаков", True),
        ("bakalis", "μπακαλης", True),
        ("marlin", "مارلين", True),
        ("марлин", "مارلين", True),
        ("marlin", "marlin", False),  # one script
        ("marlin", "мерлин", False),  # another vowel
        ("marlin", "مرلن", False),  # too little is written
        ("marlina", "مارلين", False),  # a vowel more
        ("mahmud", "محمد", False),
        ("marlin", "マルリン", False),  # not written by its sounds
    ],
)
def test_a_word_is_the_same_name_in_another_script_if_it_sounds_so(one: str, other: str, same: bool) -> None:
    assert (same, same) == (
        transliteration_probability(one, other) > 0.9,
        transliteration_probability(other, one) > 0.9,
    )
