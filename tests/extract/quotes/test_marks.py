"""Where quotations start and end, in every house style."""

from __future__ import annotations

import pytest

from searcher.extract.quotes import marks
from searcher.extract.quotes.marks import find_spans


def inside(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We won,” she said.", ["We won,"]),
        ('"We won," she said.', ["We won,"]),
        ("‘We won the cup,’ she said.", ["We won the cup,"]),
        ("'We won the cup,' she said.", ["We won the cup,"]),
        ("''We won,'' she said.", ["We won,"]),
        ("``We won,'' she said.", ["We won,"]),
        ("„Wir haben gewonnen“, sagte sie.", ["Wir haben gewonnen"]),
        ("« Nous avons gagné », a-t-elle dit.", ["Nous avons gagné"]),
        ("»Wir haben gewonnen«, sagte sie.", ["Wir haben gewonnen"]),
        ("‚Wir haben gewonnen‘, sagte sie.", ["Wir haben gewonnen"]),
        ("「勝った」と彼女は言った。", ["勝った"]),
        ('"We won,” she said.', ["We won,"]),
        ("”We won,” she said.", ["We won,"]),
        ('“We won," she said. “Twice.”', ["We won,", "Twice."]),
    ],
)
def test_each_style_of_marks(text, expected):
    assert expected == inside(text)


@pytest.mark.parametrize(
    "text",
    [
        "The workers' union and the players' union met in the '90s.",
        "It's the rock 'n' roll of '68, isn't it?",
        "A 6'2\" guard and a 7'1\" centre.",
        "The girls’ school doesn’t open ’til nine.",
        '""',
        "“ ” ‘ ’",
    ],
)
def test_apostrophes_inches_and_years_open_nothing(text):
    assert [] == inside(text)


def test_nested_marks_stay_inside():
    assert ["He said ‘no’ to me,"] == inside("“He said ‘no’ to me,” she said.")


@pytest.mark.parametrize(
    "text",
    [
        '«Ha detto "sì, certo" a tutti», racconta Lodi.',
        "»Han sagde ”nej” til mig«, siger hun.",
        "”'Nej' sade han till 'oss' i går”, säger hon.",
    ],
)
def test_nested_marks_of_other_house_styles(text):
    (found,) = inside(text)

    assert len(found) > 20


def test_a_particle_may_follow_a_closing_single_mark():
    assert ["이런 식이면 떠나겠다"] == inside("대표는 회의에서 '이런 식이면 떠나겠다'는 뜻을 밝혔다.")


def test_nested_marks_in_british_style():
    assert ["He said “no” to me,"] == inside("‘He said “no” to me,’ she said.")


def test_nested_marks_of_the_same_kind():
    assert ["He said 'no way' to me,"] == inside("'He said 'no way' to me,' she said.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("«Мы в «Рассвете» так не считаем», — сказал он.", ["Мы в «Рассвете» так не считаем"]),
        ("««Рассвет» — наша газета», — сказал он.", ["«Рассвет» — наша газета"]),
        ("« Nous lisons « L’Aube » tous les jours », dit-il.", ["Nous lisons « L’Aube » tous les jours"]),
        ("„Wir lesen „Die Frühe“ gern“, sagte er.", ["Wir lesen „Die Frühe“ gern"]),
        ("»Wir lesen »Die Frühe« gern«, sagte er.", ["Wir lesen »Die Frühe« gern"]),
        ("”Vi läser ”Gryningen” varje dag”, säger han.", ["Vi läser ”Gryningen” varje dag"]),
        ('"We read "The Dawn" daily," he said.', ['We read "The Dawn" daily,']),
        ("„Uchodzi za »twardego«!” – zaznaczył.", ["Uchodzi za »twardego«!"]),
    ],
)
def test_a_name_between_the_marks_of_the_quotation_around_it(text, expected):
    assert expected == inside(text)


def test_one_guillemet_closes_a_quotation_and_the_title_at_its_end():
    assert ["Я читал «Рассвет"] == inside("Он сказал: «Я читал «Рассвет». Потом ушёл.")


def test_a_nested_name_leaves_a_quotation_open_that_goes_on_in_the_next_paragraph():
    text = "“Me söödame “Koitu” loomadele.\n\n“Meil on seda küllalt.”"

    assert ["Me söödame “Koitu” loomadele.", "Meil on seda küllalt."] == inside(text)


def test_behind_a_stop_a_mark_begins_a_new_quotation():
    assert ["I think so, he said.", "And then"] == inside("“I think so, he said. “And then” he left.")


def test_a_guillemet_behind_a_word_closes_whatever_way_it_looks():
    assert ["Рассвет", "Закат"] == inside("Газета «Рассвет« и газета «Закат».")


def test_possessives_inside_single_marks():
    assert ["The workers' rights come first,"] == inside("'The workers' rights come first,' she said.")


def test_apostrophes_inside_single_marks():
    assert ["It’s the girls’ turn and they don’t mind,"] == inside(
        "‘It’s the girls’ turn and they don’t mind,’ he said."
    )


def test_each_paragraph_of_a_long_quotation_is_a_span():
    text = "“It began in May.\n\n“It ended in June,” she said."

    assert [("It began in May.", False), ("It ended in June,", True)] == [
        (text[span.start : span.end], span.closed) for span in find_spans(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It began in May.\n\nIt ended in June,” she said.", ["It began in May.", "It ended in June,"]),
        ("Er sagte: „Es begann.\n\nEs endete“, so Roe. „Gut.“", ["Es begann.", "Es endete", "Gut."]),
        ('"It began.\n\nIt ended," she said. "Good."', ["It began.", "It ended,", "Good."]),
        ("« Il commence.\n\nIl finit », dit-elle.", ["Il commence.", "Il finit"]),
        ("”Det började.\n\nDet slutade”, sa hon.", ["Det började.", "Det slutade"]),
        ("「始まった。\n\n終わった」と言った。", ["始まった。", "終わった"]),
        ("“It began in May.  \n\nIt ended in June,” she said.", ["It began in May.", "It ended in June,"]),
    ],
)
def test_a_paragraph_may_close_what_the_one_before_opened(text, expected):
    assert expected == inside(text)


def test_a_paragraph_that_opens_a_quotation_closes_none():
    assert ["It began.", "May"] == inside("He wrote: “It began.\n\nThen came “May”, a novel.")


@pytest.mark.parametrize("end", ["dich“, schrieb er.", "dich!“, schrieb er.", "dich“; so Roe."])
def test_a_german_closing_mark_opens_nothing_where_its_opening_one_is_missing(end):
    assert ["Rosen sind rot,"] == inside(f"„Rosen sind rot,\nVeilchen blau,\nich liebe {end}")


def test_inches_close_no_quotation_of_the_paragraph_before():
    assert "Then a 12" not in inside('He had "one.\n\nThen a 12" pipe broke. "Good," he said.')


def test_what_follows_a_paragraph_is_read_once_however_many_marks_it_has(monkeypatch):
    looked = []
    monkeypatch.setattr(marks, "_end_mark", lambda *_: looked.append(1))

    find_spans("“a " * 50 + "\n\nb")

    assert len(looked) <= 2


def test_single_line_breaks_divide_paragraphs_too():
    assert ["It began in May.", "It ended in June,"] == inside(
        "“It began in May.\n“It ended in June,” she said."
    )


def test_a_forgotten_closing_mark_spoils_no_more_than_its_paragraph():
    text = "“The road is open, Roe said on Monday.\n\nNobody answered.\n\n“Not yet,” Doe said."

    assert ["The road is open, Roe said on Monday.", "Not yet,"] == inside(text)


def test_a_stray_mark_spoils_only_its_paragraph():
    text = 'A stray " mark.\n\n“All is well,” Roe said.'

    assert "All is well," in inside(text)
