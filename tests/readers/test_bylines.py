"""Names in author fields and bylines, in several languages."""

import pytest

from searcher.readers import bylines

FIELDS = {
    "La rédaction de TF1info": ("La rédaction de TF1info",),
    "Rope Flux Labs": (),
    "Rosa Orr More from this author": ("Rosa Orr",),
    "By Ann Lee and Bo Ek": ("Ann Lee", "Bo Ek"),
    "Ana Pardo y Luis Olmo": ("Ana Pardo", "Luis Olmo"),
    "Anna Rosi e Marco Bini": ("Anna Rosi", "Marco Bini"),
    "Анна Белова и Пётр Седов": ("Анна Белова", "Пётр Седов"),
    "Deniz Ak ve Ece Tan": ("Deniz Ak", "Ece Tan"),
    "Léa Morin avec Paul Tanguy": ("Léa Morin", "Paul Tanguy"),
    "Dan Brook": ("Dan Brook",),
    "José Ruiz y Vega": ("José Ruiz y Vega",),
    "Di Nardo Luca": ("Di Nardo Luca",),
    "Von der Linde Ursula": ("Von der Linde Ursula",),
    "Di Nardo, Luca": ("Luca Di Nardo",),
    "Von Cora Künz": ("Cora Künz",),
    "di Luca Nardo": ("Luca Nardo",),
    "Erstellt von Cora Künz": ("Cora Künz",),
    "Publié par Léa Morin": ("Léa Morin",),
    "Ein Artikel von Cora Künz": ("Cora Künz",),
    "Cora Künz, Redaktion": ("Cora Künz",),
    "R. R.": ("R. R.",),
    "Von Cora Künz&softReturn;und Bo Ek": ("Cora Künz", "Bo Ek"),
    "Ann O&#39;Lee &amp; Bo Ek": ("Ann O'Lee", "Bo Ek"),
    "林書豪/河湾青年报": ("林書豪",),
    "河湾新闻记者 林書豪": ("林書豪",),
    "編集委員 林田健": ("林田健",),
    "Ann Lee の投稿": ("Ann Lee",),
    "著者：林田健": ("林田健",),
    "[林田健，Tallow Post]": ("林田健", "Tallow Post"),
    "Ann Lee - tallowpost": ("Ann Lee",),
    "Ann Lee Jurnalis": ("Ann Lee",),
    "Ann Lee Dec 12, 2024": ("Ann Lee",),
    "Ann June Lee": ("Ann June Lee",),
    "Jan Mikael Marhart": ("Jan Mikael Marhart",),
    "Ann Lee June": ("Ann Lee",),
    "Ann Lee June 12, 2024": ("Ann Lee",),
    "anónimo": (),
    "Anonymous": (),
    "Letters To The Editor": (),
    "Ann Lee at": (),
    "Ann Lee, illustration by Bo Ek": ("Ann Lee",),
    "By Ann Lee, Tallow Press Association": ("Ann Lee",),
    "Tallow Press Association": ("Tallow Press Association",),
    "Tallowtel and Tallow Press Association": ("Tallowtel", "Tallow Press Association"),
}


@pytest.mark.parametrize("field", FIELDS)
def test_the_names_in_an_author_field(field):
    assert FIELDS[field] == bylines.names(field)


def test_a_particle_before_a_name_is_a_label_where_a_byline_is_shown():
    assert ("Luca Nardo",) == bylines.names("Di Luca Nardo", on_page=True)


LABELLED = {
    "Author: Ann Lee": ("Ann Lee",),
    "Author:Ann Lee": ("Ann Lee",),
    "Autorin: Cora Künz, Projektleiterin": ("Cora Künz",),
    "Ein Artikel von Cora Künz | 27.01.2022 - 12:45": ("Cora Künz",),
    "Auteur : Léa Morin": ("Léa Morin",),
    "Ann Lee": (),
    "By the sea": (),
    "Von A bis Z": (),
}


@pytest.mark.parametrize("text", LABELLED)
def test_the_names_behind_a_label(text):
    assert LABELLED[text] == bylines.label_names(text)


@pytest.mark.parametrize("line", ["Av Kari Moe", "Przez Jana Wilka", "Haber: Deniz Ak"])
def test_a_byline_of_any_language_is_one(line):
    assert 1 == len(bylines.byline(line))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Ann van der Lee", True), ("Maria della Torre", True), ("Fähren über Nordwieck", False)],
)
def test_a_long_word_in_lower_case_is_not_part_of_a_name(text, expected):
    assert expected == bylines.is_name(text)


@pytest.mark.parametrize(("text", "expected"), [("lupine", True), ("R. R.", True), ("All articles", False)])
def test_a_pen_name_is_one_word(text, expected):
    assert expected == bylines.is_pen_name(text)


def test_an_office_is_told_from_names():
    assert [("Staff Writer",), ()] == [bylines.office("By Staff Writer"), bylines.office("By Ann Lee")]
