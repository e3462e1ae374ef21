"""Pages in encodings that they declare wrongly or not at all."""

from __future__ import annotations

from benchmarks.hostile.case import Case, around

JAPANESE = "<p>" + "港のフェリー会社は火曜日、長い冬のあと六月から再び運航すると発表した。" * 12 + "</p>"
CHINESE = "<p>" + "渡轮公司星期二表示，经过漫长的冬天，船只将从六月起重新航行。" * 12 + "</p>"
FRENCH = (
    "<p>"
    + "La compagnie de ferries a déclaré mardi que ses bateaux navigueraient à nouveau dès l’été. " * 6
    + "</p>"
)
#: What each text must hold when it is read.
HOLDS = {JAPANESE: "フェリー", CHINESE: "渡轮公司", FRENCH: "déclaré"}


def declared(title: str, head: str, text: str, codec: str) -> Case:
    """A page that begins with ``head`` and is in the encoding ``codec``."""
    return Case(title, "a.html", lambda: head.encode() + text.encode(codec), "read", HOLDS[text])


ENCODINGS = (
    declared("cp1252 that says UTF-8", '<meta charset="utf-8">', FRENCH, "cp1252"),
    declared("cp1252 that says nothing", "<html><body>", FRENCH, "cp1252"),
    declared("UTF-8 that says Latin-1", '<meta charset="iso-8859-1">', FRENCH, "utf-8"),
    declared("an encoding that there is not", '<meta charset="x-nothing">', FRENCH, "cp1252"),
    declared("GBK", '<meta charset="gbk">', CHINESE, "gbk"),
    declared("GBK that says nothing", "<html><body>", CHINESE, "gbk"),
    declared("Shift-JIS", '<meta charset="shift_jis">', JAPANESE, "cp932"),
    declared("EUC-JP", '<meta charset="euc-jp">', JAPANESE, "euc_jp"),
    declared("ISO-2022-JP", '<meta charset="iso-2022-jp">', JAPANESE, "iso2022_jp"),
    Case(
        "UTF-8 with a bad byte",
        "a.html",
        lambda: FRENCH.encode().replace(b"mardi", b"mar\xffdi", 1),
        "read",
        HOLDS[FRENCH],
    ),
    Case("UTF-16 with a mark", "a.html", lambda: around("").decode().encode("utf-16")),
    Case("UTF-16 without a mark", "a.html", lambda: around("").decode().encode("utf-16-le")),
    Case("UTF-32 with a mark", "a.html", lambda: around("").decode().encode("utf-32")),
)
