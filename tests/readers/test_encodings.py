"""In which encoding a file is read that says nothing of its own, or the wrong thing."""

from __future__ import annotations

import pytest

from searcher.readers.encodings import decode

ACCENTS = "Die Fähre fährt für Ärzte über Flüsse, Öl läuft, Bäume blühen, Männer grüßen, Türme stürzen. " * 4


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (ACCENTS.encode(), ACCENTS),
        (b"\xef\xbb\xbf" + ACCENTS.encode(), ACCENTS),
        (ACCENTS.encode("utf-16"), ACCENTS),
        (ACCENTS.encode("cp1252"), ACCENTS),
        (b"Caf\xe9s \x93stay\x94 open", "Cafés “stay” open"),
        (ACCENTS.encode() + b"\xe9 end", ACCENTS + "\ufffd end"),
        (b"\xe9\xe8 " + "Fähre".encode(), "éè FÃ¤hre"),
    ],
    ids=[
        "UTF-8",
        "with a mark",
        "UTF-16",
        "cp1252",
        "few letters",
        "one bad byte",
        "bad bytes beside few good",
    ],
)
def test_a_text_without_a_declaration_is_read_by_its_bytes(data: bytes, expected: str) -> None:
    assert expected == decode(data)
