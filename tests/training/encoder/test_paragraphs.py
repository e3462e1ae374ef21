"""Paragraphs for texts with a sentence a line."""

from __future__ import annotations

from typing import Any

from training.encoder.paragraphs import in_paragraphs


def row(text: str, *said: tuple[str, str, str]) -> dict[str, Any]:
    """An article in which each of the words is said by somebody, behind a dash or not."""
    quotes = []
    for words, who, marks in said:
        start = text.index(words)
        quote = {"start": start, "end": start + len(words), "speaker_canonical": who}
        quotes.append(quote | ({"marks": "dash"} if marks == "dash" else {}))
    return {"text": text, "quotes": quotes}


def said(made: dict[str, Any]) -> list[str]:
    return [made["text"][quote["start"] : quote["end"]] for quote in made["quotes"]]


def test_what_goes_on_behind_a_dash_is_one_paragraph_and_one_quotation() -> None:
    text = "Ferja er seld.\n– Vi er glade.\nDet er bra.\nOla smiler.\n– Ja, seier Kari."
    made = in_paragraphs(
        row(text, ("Vi er glade.", "Ola", "dash"), ("Det er bra.", "Ola", "dash"), ("Ja", "Kari", "dash"))
    )

    assert made["text"] == "Ferja er seld.\n– Vi er glade. Det er bra.\nOla smiler.\n– Ja, seier Kari."
    assert said(made) == ["Vi er glade. Det er bra.", "Ja"]


def test_what_nobody_says_stands_in_paragraphs_of_three_sentences() -> None:
    made = in_paragraphs(row("\n".join(f"Setning {n}." for n in range(7))))

    assert [line.count(".") for line in made["text"].split("\n")] == [3, 3, 1]


def test_a_quotation_over_several_lines_is_one() -> None:
    text = "Han smilte.\n”Vi er glade.\nDet er bra”, sa han.\nSå gikk han."
    made = in_paragraphs(row(text, ("”Vi er glade.", "Ola", ""), ("Det er bra”", "Ola", "")))

    assert said(made) == ["”Vi er glade. Det er bra”"]


def test_a_quotation_without_a_mark_is_not_glued_to_what_nobody_says() -> None:
    text = "Eins.\nZwei.\nDrei.\nWir gehen weiter\nVier."
    made = in_paragraphs(row(text, ("Wir gehen weiter", "Ola", "")))

    assert made["text"].split("\n")[0] == "Eins. Zwei. Drei."


def test_a_text_with_paragraphs_stays() -> None:
    one = row("Ferja er seld. Det er bra. Ola smiler.\nKari gråt. Ola smilte.\nSlutt.")

    assert in_paragraphs(one) == one
