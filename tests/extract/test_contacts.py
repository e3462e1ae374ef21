"""The contacts in a text: what is certain, and nothing that only looks like it."""

from __future__ import annotations

import pytest

from searcher import Article
from searcher.extract import annotate
from searcher.extract.contacts import contacts_in, find_contacts

FOUND = [
    ("Write to Press.Desk+tips@Harbour-Weekly.org.", ["press.desk+tips@harbour-weekly.org"]),
    ("Quill (ada [at] norvane (dot) org)", ["ada@norvane.org"]),
    ("On Monday Ada Quill <ada at norvane.org> wrote:", ["ada@norvane.org"]),
    ("presse(at)norvane.de", ["presse@norvane.de"]),
    ("See https://www.norvane.org/ferry?page=2 and www.saltmere.gov.uk.", ["norvane.org", "saltmere.gov.uk"]),
    ("more at norvane.org/ferry", ["norvane.org"]),
    ("Received: from mail.saltmere.org\nFrom: Ada <ada@norvane.org>", ["ada@norvane.org"]),
    ("References: Prof. Quill, quill@norvane.org", ["quill@norvane.org"]),
    ("Call +44 (0)20 7946 0958 today", ["+44 20 7946 0958"]),
    ("Reach her at (212) 736-5000 or 212-736-5001.", ["+1 212-736-5000", "+1 212-736-5001"]),
    ("Tel. 030 / 227-32152, www.norvane.de", ["+49 30 22732152", "norvane.de"]),
    ("Pay to DE89 3704 0044 0532 0130 00 today", ["IBAN DE89370400440532013000"]),
    ("of Norvane (LEI 5493001KJTIIGC8Y1R12)", ["LEI 5493001KJTIIGC8Y1R12"]),
    ("ISIN: US0378331005", ["ISIN US0378331005"]),
    ("to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", ["Bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"]),
]
NONE = [
    "Message-ID: <CAHU3GgVHd6C@mail.norvane.org>",
    "References: <1@mail.norvane.org> <2@mail.norvane.org>\n <3@mail.norvane.org>",
    "Received: from relay.norvane.org (relay.norvane.org [192.0.2.7])\n\tby mail.saltmere.org; 3 May 2010",
    "The message was received at 01:23 from relay.norvane.org [192.0.2.7]",
    "Booking.com and Node.js and U.S. and e.g. this",
    "@@ -1978,6 +1978,16 @@ static int",
    "Tel. 030 / 227-32152",  # of which country?
    "on 01.02.2024, from 2023-2024, at 10.50.67.18, for 101331.07",
    "Pay to DE89 3704 0044 0532 0130 01 today",
    "5493001KJTIIGC8Y1R13",
    "the order US0378331005",
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
    "+49 30 1",
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_a_contact(text: str, expected: list[str]) -> None:
    assert expected == [*dict.fromkeys(contacts_in(text))]


@pytest.mark.parametrize("text", NONE)
def test_no_contact(text: str) -> None:
    assert [] == [*contacts_in(text)]


def test_numbers_are_of_the_country_of_the_outlet() -> None:
    assert ["+44 20 7946 0958"] == [*contacts_in("Phone: 020 7946 0958", "https://saltmere.co.uk/1")]


def test_the_site_of_an_article_is_no_contact_in_it() -> None:
    assert [] == [*contacts_in("More at https://www.norvane.org/1", "https://norvane.org/2")]


def test_each_once_and_in_the_body_alone() -> None:
    made = find_contacts(Article("1", "b@norvane.org", "a@norvane.org, A@norvane.org"))

    assert ("a@norvane.org",) == made.contacts


def test_articles_without_a_language_that_is_served_have_contacts() -> None:
    assert ("a@norvane.org",) == annotate(Article("1", "", "Andika a@norvane.org", language="sw")).contacts
