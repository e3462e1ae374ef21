"""Pages in encodings that they declare wrongly or not at all."""

from __future__ import annotations

from benchmarks.hostile.case import Case, around

__all__ = ["ENCODINGS"]

JAPANESE = "<p>" + "港のフェリー会社は火曜日、長い冬のあと六月から再び運航すると発表した。" * 12 + "</p>"
CHINESE = "<p>" + "渡轮公司星期二表示，经过漫长的冬天，船只将从六月起重新航行。" * 12 + "</p>"
FRENCH = (
    "<p>"
    + "La compagnie de ferries a déclaré mardi que ses bateaux navigueraient à nouveau dès l’été. " * 6
    + "</p>"
)
LATIN = FRENCH.encode("cp1252")

ENCODINGS = (
    Case("cp1252 that says UTF-8", "a.html", lambda: b'<meta charset="utf-8">' + LATIN, "read", "déclaré"),
    Case("cp1252 that says nothing", "a.html", lambda: b"<html><body>" + LATIN, "read", "déclaré"),
    Case(
        "UTF-8 that says Latin-1",
        "a.html",
        lambda: b'<meta charset="iso-8859-1">' + FRENCH.encode(),
        "read",
        "déclaré",
    ),
    Case(
        "UTF-8 with a bad byte",
        "a.html",
        lambda: FRENCH.encode().replace(b"mardi", b"mar\xffdi", 1),
        "read",
        "déclaré",
    ),
    Case("GBK", "a.html", lambda: b'<meta charset="gbk">' + CHINESE.encode("gbk"), "read", "渡轮公司"),
    Case(
        "GBK that says nothing", "a.html", lambda: b"<html><body>" + CHINESE.encode("gbk"), "read", "渡轮公司"
    ),
    Case(
        "Shift-JIS",
        "a.html",
        lambda: b'<meta charset="shift_jis">' + JAPANESE.encode("cp932"),
        "read",
        "フェリー",
    ),
    Case(
        "EUC-JP", "a.html", lambda: b'<meta charset="euc-jp">' + JAPANESE.encode("euc_jp"), "read", "フェリー"
    ),
    Case(
        "ISO-2022-JP",
        "a.html",
        lambda: b'<meta charset="iso-2022-jp">' + JAPANESE.encode("iso2022_jp"),
        "read",
        "フェリー",
    ),
    Case("UTF-16 with a mark", "a.html", lambda: around("").decode().encode("utf-16")),
    Case("UTF-16 without a mark", "a.html", lambda: around("").decode().encode("utf-16-le")),
    Case("UTF-32 with a mark", "a.html", lambda: around("").decode().encode("utf-32")),
    Case(
        "an encoding that there is not",
        "a.html",
        lambda: b'<meta charset="x-nothing">' + LATIN,
        "read",
        "déclaré",
    ),
)
