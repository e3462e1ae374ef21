"""Contacts in a body that are certain by form, country or check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from searcher.article import Article

#: Maximum number of contacts per article. A club's directory has a few hundred.
MAX_CONTACTS: Final = 2_000

_HOST: Final = r"(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}(?![\w-])"
_MAIL = re.compile(rf"(?<![\w.+%/=-])[a-z0-9][\w.+%-]{{0,63}}@{_HOST}(?!@)", re.A | re.I)
#: “name (at) site.org”, “name [at] site (dot) org”, and “<name at site.org>” as in mailing-list archives.
_AT = re.compile(r"[(\[{<] ?(?:at|ät|@) ?[)\]}>]| at [\w.-]+>", re.I)
_OBFUSCATED = re.compile(
    r"(?:(?<![\w.+-])([\w.+-]{1,64}) ?[(\[{<] ?(?:at|ät|@) ?[)\]}>] ?|<([\w.+-]{1,64}) at )"
    r"((?:[a-z0-9-]{1,63} ?(?:\.|[(\[{] ?(?:dot|punkt|\.) ?[)\]}]) ?){1,6}[a-z]{2,24})(?![\w-])",
    re.I,
)
_DOT = re.compile(r" ?[(\[{] ?(?:dot|punkt|\.) ?[)\]}] ?", re.I)
#: Mail headers with the route and IDs of a message, including quoted messages.
_MAIL_HEADER = re.compile(
    r"\b(?:Received: (?:from|by)\b|(?:Message|Content)-I[Dd]:|In-Reply-To: ?<|References: ?<).*"
    r"(?:\n[ \t]+\S.*)*"
)
_SITE = re.compile(rf"(?:\b(?:https?|ftp|git)://|\bwww\.)(?:www\.)?({_HOST})", re.A | re.I)
#: A site in lower case without “www”. With a capital, as in “Booking.com”, it is a company.
_BARE_SITE = re.compile(
    r"(?<![\w.@/-])((?:[a-z0-9-]{1,63}\.){1,5}(?:com|org|net|edu|gov|info|eu))"
    r"(?![\w@>-]|\.\w| [(\[]\d+\.\d+\.\d+\.\d)",  # not a mail relay followed by its IP address
    re.A,
)

#: Lengths of IBANs by country (SWIFT's register, 2024).
_IBAN_LENGTHS: Final = {
    country: int(length)
    for length, countries in re.findall(
        r"(\d+)([A-Z ]+)",
        "15NO 16BE 18DK FI FO GL NL SD 19MK SI 20AT BA EE KZ LT LU MN XK 21CH HR LI LV "
        "22BG BH CR DE GB GE IE ME RS VA 23AE GI IL IQ OM SO TL 24AD CZ ES MD PK RO SA SE SK TN VG "
        "25LY PT ST 26IS TR 27BI DJ FR GR IT MC MR SM 28AL AZ BY CY DO GT HU LB NI PL SV "
        "29BR EG PS QA UA 30JO KW MU 31MT SC 33RU",
    )
    for country in countries.split()
}
_IBAN = re.compile(r"\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_LEI = re.compile(r"\b[0-9A-Z]{4}00[0-9A-Z]{12}\d\d\b")
#: An ISIN needs a label, because a word may pass its single check digit by chance.
_ISIN = re.compile(r"\bISIN[^\w\n]{0,3}(?:code|no|nr|number)?[^\w\n]{0,3}([A-Z]{2}[0-9A-Z]{9}\d)\b", re.I)
_BITCOIN = re.compile(r"\b[13][1-9A-HJ-NP-Za-km-z]{25,34}\b")
_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

_PART: Final = r"(?:[ ()./–‑-]{0,3}\d)"
_INTERNATIONAL = re.compile(rf"(?<![\w=/+])\+ ?\(?[1-9]{_PART}{{6,14}}(?!\w)")
_NATIONAL = re.compile(rf"(?<![\w.,:/+–-])\(?0\d{_PART}{{6,13}}(?!\w)")
_AMERICAN = re.compile(r"(?<![\w.,:/+–-])(?:1[-. ])?\(?[2-9]\d\d(?:\) ?|[-. ])[2-9]\d\d[-. ]\d{4}(?!-?\w)")
_SPACED = re.compile(r"[\d ]+")
_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d\d){1,2}(?!\d)")
#: Words before a phone number, or a previous phone number and a conjunction.
_PHONE_LABEL = re.compile(
    r"(?:\b(?:tel|phone|fon|fax|call|mobil|cell|handy|whats ?app|signal|ruf|appel|tél|hotline|text|dial)|☎)"
    r"[a-z]{0,12}[^\n\d]{0,25}$|\d\)?(?: or | and | oder | ou | und |, | / )\(?$",
    re.I,
)
#: Country domains that sites all over the world use.
_GLOBAL_ENDINGS: Final = frozenset({"AI", "CO", "EU", "FM", "GG", "IO", "LY", "ME", "SO", "TO", "TV"})


def find_contacts(article: Article) -> Article:
    contacts = dict.fromkeys(islice(contacts_in(article.body, article.url), MAX_CONTACTS))
    return replace(article, contacts=tuple(contacts))


def contacts_in(text: str, url: str | None = None) -> Iterator[str]:
    """Yield the contacts in a text: mail addresses, phone numbers, other sites, and accounts."""
    text, own = _MAIL_HEADER.sub("", text), _host(urlsplit(url).hostname or "") if url else ""
    mails = list(_mails(text))
    matches = (match for pattern in (_SITE, _BARE_SITE) for match in pattern.finditer(text))
    sites = [site for match in matches if (site := _host(match[1])) != own]
    yield from mails
    yield from _numbers(text, _region([own] if own else [*mails, *sites]))
    yield from sites
    yield from _accounts(text)


def _mails(text: str) -> Iterator[str]:
    if "@" in text:
        yield from (match[0].lower() for match in _MAIL.finditer(text))
    if _AT.search(text):
        for match in _OBFUSCATED.finditer(text):
            yield f"{match[1] or match[2]}@{_DOT.sub('.', match[3])}".replace(" ", "").lower()


def _host(name: str) -> str:
    return name.lower().removeprefix("www.")


def _region(hosts: list[str]) -> str | None:
    endings = {host.rpartition(".")[2].upper() for host in hosts}
    countries = {"GB" if one == "UK" else one for one in endings if len(one) == 2} - _GLOBAL_ENDINGS
    return countries.pop() if len(countries) == 1 else None


def _numbers(text: str, region: str | None) -> Iterator[str]:
    for pattern, country in ((_INTERNATIONAL, None), (_NATIONAL, region), (_AMERICAN, "US")):
        if pattern is _NATIONAL and not region:
            continue
        for match in pattern.finditer(text):
            if pattern is not _INTERNATIONAL and not _is_phone_number(text, match):
                continue
            if number := _valid_number(match[0], country):
                yield number


def _is_phone_number(text: str, match: re.Match[str]) -> bool:
    """Return True if digits are a phone number by their form, the word before, or a line of their own."""
    if match.re is _AMERICAN and not _SPACED.fullmatch(match[0]):
        return True
    if _DATE.match(match[0]):
        return False
    is_separate = {text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]} <= {"", "\n"}
    return is_separate or _PHONE_LABEL.search(text, max(0, match.start() - 40), match.start()) is not None


def _valid_number(written: str, region: str | None) -> str | None:
    import phonenumbers  # imported only if the text may contain a phone number

    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _accounts(text: str) -> Iterator[str]:
    for match in _IBAN.finditer(text):
        number = match[0].replace(" ", "")[: _IBAN_LENGTHS.get(match[0][:2], 0)]
        if len(number) == _IBAN_LENGTHS.get(match[0][:2]) and _has_valid_checksum(number[4:] + number[:4]):
            yield f"IBAN {number}"
    yield from (f"LEI {match[0]}" for match in _LEI.finditer(text) if _has_valid_checksum(match[0]))
    yield from (f"ISIN {one}" for match in _ISIN.finditer(text) if _passes_luhn(one := match[1].upper()))
    yield from (f"Bitcoin {match[0]}" for match in _BITCOIN.finditer(text) if _is_bitcoin(match[0]))


def _digits(number: str) -> str:
    return "".join(str(int(sign, 36)) for sign in number)


def _has_valid_checksum(number: str) -> bool:
    """Return True if the check digits are right (ISO 7064, MOD 97-10)."""
    return int(_digits(number)) % 97 == 1


def _passes_luhn(number: str) -> bool:
    """Return True if the check digit is right (ISO 6166)."""
    digits = list(map(int, reversed(_digits(number))))
    return sum(digits[::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


def _is_bitcoin(address: str) -> bool:
    """Return True if the checksum is right (Base58Check: start of a double SHA-256)."""
    number = 0
    for sign in address:
        number = number * 58 + _BASE58.index(sign)
    data = number.to_bytes(25, "big") if number < 1 << 200 else b""
    return sha256(sha256(data[:-4]).digest()).digest()[:4] == data[-4:]
