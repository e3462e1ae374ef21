"""Mailboxes of Outlook. A store cannot be written by hand, so that a stand-in for libpff has the messages."""

import datetime as dt
import sys
from types import SimpleNamespace

import pytest

from searcher import readers
from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers.dispatch import Dispatcher

TEXT = "The ferry company said on Tuesday that it would run again from June."


def properties(**values):
    numbers = {"kind": 0x001A, "subject": 0x0037, "sender": 0x0C1A, "headers": 0x007D, "body": 0x1000}
    entries = [
        SimpleNamespace(entry_type=numbers[name], value_type=0x001F, data=f"{text}\0".encode("utf-16-le"))
        for name, text in values.items()
    ]
    return [SimpleNamespace(entries=entries)]


def message(attachments=(), rtf=None, **values):
    return SimpleNamespace(
        record_sets=properties(**{"kind": "IPM.Note", **values}),
        client_submit_time=dt.datetime(2024, 3, 3, 9, 30),
        delivery_time=None,
        number_of_attachments=len(attachments),
        get_attachment=lambda number: attachments[number],
        rtf_body=rtf,
    )


def attachment(name, data):
    entry = SimpleNamespace(entry_type=0x3707, value_type=0x001F, data=name.encode("utf-16-le"))
    return SimpleNamespace(
        record_sets=[SimpleNamespace(entries=[entry])],
        get_size=lambda: len(data),
        read_buffer=lambda size: data,
    )


def folder(name="", messages=(), folders=()):
    def get(number):
        if isinstance(messages[number], OSError):
            raise messages[number]
        return messages[number]

    return SimpleNamespace(
        name=name,
        number_of_sub_messages=len(messages),
        get_sub_message=get,
        number_of_sub_folders=len(folders),
        get_sub_folder=lambda number: folders[number],
    )


def events(monkeypatch, root):
    file = SimpleNamespace(open_file_object=lambda stream: None, close=lambda: None, root_folder=root)
    monkeypatch.setitem(sys.modules, "pypff", SimpleNamespace(file=lambda: file))
    return [
        (event.title, event.body) if isinstance(event, Article) else str(event)
        for event in Dispatcher().data(b"!BDN", "mail.pst")
    ]


def test_every_message_of_every_folder_is_an_article(monkeypatch):
    inbox = folder(
        "Inbox", [message(subject="Ferry", body=TEXT)], [folder("Old", [message(body="It sails.")])]
    )

    assert [("Ferry", TEXT), ("", "It sails.")] == events(monkeypatch, folder(folders=[inbox]))


def test_the_sender_and_the_day_are_those_of_the_message(monkeypatch):
    events(monkeypatch, folder(messages=[message(subject="Ferry", body=TEXT, sender="Ann Lee")]))
    (article,) = readers.read_bytes(b"!BDN", "mail.pst")

    assert (("Ann Lee",), dt.datetime(2024, 3, 3, 9, 30)) == (article.authors, article.published)


def test_what_is_attached_is_read(monkeypatch):
    note = message([attachment("note.txt", TEXT.encode())], subject="Ferry", body="See below.")

    assert [("Ferry", "See below."), ("", TEXT)] == events(monkeypatch, folder(messages=[note]))


def test_a_message_that_is_kept_as_rtf_alone_has_its_text(monkeypatch):
    rich = message(subject="Ferry", rtf=b"{\\rtf1 It sails.}")

    assert [("Ferry", "It sails.")] == events(monkeypatch, folder(messages=[rich]))


def test_what_has_a_text_and_is_no_message_is_read_too(monkeypatch):
    note = SimpleNamespace(record_sets=properties(kind="IPM.StickyNote", subject="Ferry", body=TEXT))
    inbox = folder("Notes", [note, message(subject="Bridge", body="It stands.")])

    assert [("Ferry", TEXT), ("Bridge", "It stands.")] == events(monkeypatch, folder(folders=[inbox]))


def test_contacts_are_no_messages(monkeypatch):
    contact = message(kind="IPM.Contact", subject="Ann Lee")

    assert ["It contains no articles."] == events(monkeypatch, folder(messages=[contact]))


def test_a_damaged_message_costs_itself_alone(monkeypatch):
    damaged = OSError("unable to retrieve item. libpff_folder: at 17.")
    inbox = folder("Inbox", [damaged, message(subject="Ferry", body=TEXT)])

    assert ["Inbox, message 1: unable to retrieve item", ("Ferry", TEXT)] == events(
        monkeypatch, folder(folders=[inbox])
    )


@pytest.mark.parametrize("data", [b"!BDN" + bytes(600), b"It sails."], ids=["damaged", "text"])
def test_what_is_no_store_says_so(data):
    with pytest.raises(ReadError, match="no mailbox of Outlook"):
        list(readers.read_bytes(data, "a.pst"))


@pytest.mark.parametrize(("module", "name"), [("pypff", "a.pst"), ("py7zr", "a.7z")])
def test_a_format_without_its_extra_says_what_to_install(module, name, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(ReadError, match=f"needs the package {module}: pip install"):
        list(readers.read_bytes(b"It sails.", name))
