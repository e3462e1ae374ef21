"""Messages and web archives: too deep, too long, with wrong lengths and charsets."""

from __future__ import annotations

import base64

from benchmarks.hostile.case import SENTENCE, TEXT, Case, page

MESSAGES = (
    Case(
        "mail 2,000 parts deep",
        "a.eml",
        lambda: (
            b"Subject: x\nMIME-Version: 1.0\n"
            + b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(2_000))
        ),
        "either",
    ),
    Case(
        "mail with a header of 5 MB",
        "a.eml",
        lambda: b"Subject: " + b"=?utf-8?q?a?= " * 350_000 + b"\n\n" + TEXT.encode(),
        "either",
    ),
    Case(
        "mail with a bad charset",
        "a.eml",
        lambda: b"Subject: x\nContent-Type: text/plain; charset=x-none\n\n" + TEXT.encode(),
    ),
    Case(
        "WARC with a wrong length",
        "a.warc",
        lambda: b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "refused",
    ),
    Case(
        "MHTML of base64 that is none",
        "a.mhtml",
        lambda: (
            b"MIME-Version: 1.0\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
            + b"!!!" * 1000
        ),
        "refused",
    ),
    Case(
        "MHTML of 20 MB of base64",
        "a.mhtml",
        lambda: (
            b"MIME-Version: 1.0\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
            + base64.encodebytes(page(f"<p>{SENTENCE}</p>" * 150_000))
        ),
        "either",
    ),
)
