"""Addresses of articles in one form, however they were saved."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

# Tracking parameters, which record where a visitor came from.
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|gclsrc|dclid|msclkid|mc_[ce]id|igshid|yclid|twclid|ttclid|_ga|_gl|ref_?src|ref_url"
    r"|cmpid|icid|ncid|ito|smid|smtyp|sr_share|xtor|wt_mc|at_\w+|s?mbid|__twitter_impression|guccounter|guce_\w+"
    r"|amp|partner|share|shared|feature|output)$",
    re.I,
)


#: Maximum length of an address, as in the strictest browsers and servers.
_MAX_ADDRESS_CHARACTERS = 2000
#: Control characters, direction marks, tag characters and lone surrogates, which addresses cannot contain.
_DROPPED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)


_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d{4,14}(?:[a-z]{2}_|\*)?/(https?://.+)", re.I)


def absolute(url: str | None, base: str | None = None) -> str | None:
    """Return ``url`` with scheme and host, or None if it cannot have them."""
    if not url or len(url) > _MAX_ADDRESS_CHARACTERS:
        return None
    url = _DROPPED.sub("", url).strip()
    try:
        joined = _DROPPED.sub("", urljoin(base[:_MAX_ADDRESS_CHARACTERS], url)) if base else url
        parts = urlsplit(joined)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "." not in parts.hostname:
        return None
    return joined if len(joined) <= _MAX_ADDRESS_CHARACTERS else None


def canonical(url: str, *, fragment: bool = False) -> str:
    """Return the form shared by all addresses of a page: no scheme, ``www.``, tracking or fragment."""
    parts = urlsplit(url)
    host = re.sub(r"^(?:www|amp|m|mobile)\.", "", (parts.hostname or "").lower())
    query = urlencode(sorted((k, v) for k, v in parse_qsl(parts.query) if not _TRACKING.match(k)))
    path = re.sub(r"/(?:amp|index\.(?:html?|php))?/*$", "", parts.path)
    fragment_part = parts.fragment if fragment or parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit(("", host, path, query, fragment_part))


def search_key(written: str) -> str:
    """Return the form that :func:`search_keys` uses for an address or a host."""
    try:
        return canonical(written if re.match(r"(\w+:)?//", written) else f"//{written}").removeprefix("//")
    except ValueError:
        return written


def search_keys(url: str) -> tuple[str, ...]:
    """Return the terms by which searches find an address: itself, its host, and the domains of its host."""
    address = search_key(url)
    labels = re.split("[/?#]", address)[0].split(".")
    return (address, *(".".join(labels[n:]) for n in range(max(1, len(labels) - 1))))


def archived_original(url: str | None) -> str | None:
    """Return the address of a page archived by the Internet Archive."""
    match = _ARCHIVED.match(url or "")
    return url and (match[1] if match else url)


def has_path(url: str) -> bool:
    """Return True if an address has more than a host."""
    parts = urlsplit(canonical(url))
    return bool(parts.path or parts.query or parts.fragment)


#: Parameters and path endings that contain a page number, up to the highest number that counts as one.
_PAGE_KEYS = frozenset({"page", "paged", "pagenum", "pageno", "pg", "pagewanted", "seite", "pagina"})
_MAX_PAGE_NUMBER = 99
_PAGE_PATH = re.compile(
    r"(?:/(?:(?:page|seite|pagina)[-/]?)?|[-_,](?:page[-_]?|seite[-_]?|p)?)(\d{1,2})(\.[sp]?html?|\.php|\.aspx)/*$"
    r"|/(?:(?:page|seite|pagina)[-/]?)?(\d{1,2})/*$",
    re.I,
)


def split_page_number(url: str) -> tuple[str, int | None]:
    """Return the address shared by the pages of an article, and the page number, or None."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query)
    for name, value in query:
        number = value.rpartition(",")[2]
        if name.lower() in _PAGE_KEYS and number.isdecimal() and int(number) <= _MAX_PAGE_NUMBER:
            rest = urlencode([pair for pair in query if pair != (name, value)])
            return canonical(urlunsplit(parts._replace(query=rest))), int(number)
    match = _PAGE_PATH.search(parts.path)
    if not match:
        return canonical(url), None
    path = parts.path[: match.start()] + (match[2] or "")
    return canonical(urlunsplit(parts._replace(path=path))), int(match[1] or match[3])


def host_of(url: str | None) -> str | None:
    """Return the host of an address without ``www.``, the source of an article that names none."""
    if not url:
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return re.sub(r"^www\.", "", host.lower()) if host else None
