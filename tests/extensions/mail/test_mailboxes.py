"""Messages as programs keep them: in a Maildir, by Apple Mail, under the name of a text."""

import pytest

from searcher import readers
from searcher.errors import ReadError
from tests.readers.samples import BODY, TITLE

MESSAGE = (
    "Return-Path: <ann@tallow.example>\n"
    "Received: from a.example by b.example; Sun, 3 Mar 2024 10:00:00 +0000\n"
    f"Message-ID: <a@tallow.example>\nFrom: Ann Lee <ann@tallow.example>\nSubject: {TITLE}\n\n{BODY}\n"
)


def one(text, name):
    (article,) = readers.read_bytes(text.encode(), name)
    return article


@pytest.mark.parametrize(
    "name", ["1382298587.M20046P22282.host:2,S", "1382298587.001736_2,", "1382298587.host!2,RS", "a.txt", "a"]
)
def test_a_message_whatever_it_is_called(name):
    assert (TITLE, BODY) == (one(MESSAGE, name).title, one(MESSAGE, name).body)


def test_a_text_with_a_heading_of_labels_is_no_message():
    text = f"From: Ann Lee\nSubject: {TITLE}\n\n{BODY}\n"

    assert BODY in one(text, "a.txt").body


def test_a_message_of_apple_mail():
    text = f"{len(MESSAGE.encode())}\n{MESSAGE}<?xml version='1.0'?><plist></plist>"

    assert (TITLE, BODY) == (one(text, "a.emlx").title, one(text, "a.emlx").body)


def test_an_encrypted_message_says_so():
    text = "From: a@b.example\nContent-Type: multipart/encrypted; boundary=x\n\n"
    text += "--x\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--x--\n"

    with pytest.raises(ReadError, match="The message is encrypted"):
        one(text, "a.eml")


def test_a_sender_of_brackets_within_brackets_costs_no_message():
    assert BODY == one(f"From: {'(' * 40_000}\nSubject: {TITLE}\n\n{BODY}\n", "a.eml").body
