"""Find reasons to doubt the article of a page: an error page, a notice, a menu, or several articles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from searcher.article import Article
from searcher.readers.html import jsonld
from searcher.readers.html.body import MIN_ENTRIES, MIN_PROSE
from searcher.readers.html.lines import key
from searcher.readers.html.page import Page, words

#: Maximum length of a suspiciously short body, and minimum ratio of other paragraphs to it.
_MAX_SHORT_CHARACTERS, _MIN_TIMES = 400, 4
#: Maximum length of a notice.
_MAX_NOTICE_CHARACTERS = 1_500
#: Maximum number of paragraphs, and of article elements, examined.
_MAX_PARAGRAPHS, _MAX_ARTICLES = 2_000, 50
#: Minimum length of one of several articles, and maximum share of the body in one.
_MIN_ARTICLE_CHARACTERS, _MIN_SHARE_OF_BODY = 1_000, 0.75
_DOMAIN_FOR_SALE = re.compile(
    r"\b(?:domain (?:name )?(?:is |may be )?(?:for sale|parked|expired)|buy this domain"
    r"|parked (?:free|domain)|domain (?:steht|ist).{0,20}zum verkauf|domaine est à vendre"
    r"|site has been suspended)\b",
    re.I,
)
_SCRIPTS_REQUIRED = re.compile(
    r"\b(?:(?:enable|activate|turn on|requires?|aktivieren sie|activer|active|habilit\w+) javascript"
    r"|javascript (?:is |seems to be )?(?:disabled|required|deaktiviert|désactivé)|are you a robot"
    r"|access denied|checking your browser|verify (?:that )?you are (?:a )?human)\b",
    re.I,
)
_LEGAL = re.compile(
    r"\b(?:all rights reserved|terms (?:of (?:use|service)|and conditions)|privacy policy|cookie policy"
    r"|use cookies|user agreement|your consent|may not be (?:reproduced|published|distributed)"
    r"|affiliate commission)\b",
    re.I,
)
_NOT_FOUND = re.compile(
    r"^\W*(?:(?:http )?(?:error )?(?:404|403|500|503)\b.*|(?:page|article|file) (?:was )?not found|forbidden"
    r"|seite nicht gefunden|page (?:non trouvée|introuvable)|página no encontrada|página não encontrada"
    r"|pagina non trovata|pagina niet gevonden|страница не найдена|nie znaleziono strony"
    r"|.{0,60}(?:错误页|错误信息|尚未登录|(?:页面|網頁|网页|頁面)(?:不存在|未找到)|ページが見つかりません"
    r"|페이지를 찾을 수 없).{0,30})\W*$",
    re.I | re.M,
)
#: The heading of a sign-in page, besides the name of its site.
_SIGN_IN = re.compile(
    r"^(?:.{0,60}(?: [|·:–—-] |[｜：]))?(?:please )?(?:log.?in|sign.?in|anmelden|anmeldung|einloggen"
    r"|connexion|se connecter|iniciar? sesión|iniciar sessão|acceder|entrar|accedi|inloggen|logga in|logg inn"
    r"|log ind|zaloguj się|logowanie|войти|вход|увійти|вхід|giriş yap|登录|登入|ログイン|로그인|تسجيل الدخول)"
    r"(?: (?:to|or|with|bei|oder|à|ou|o) .{0,60})?(?:(?: ?[|·:–—-] |[｜：]).{0,60})?\W*$",
    re.I | re.M,
)
#: Maximum length of a preview of paid content.
_MAX_SAMPLE_CHARACTERS = 1_000
#: Maximum share of the body below links in lists.
_MAX_SHARE_OF_LIST = 0.1
#: Maximum share of the body in paragraphs unlike the rest.
_MAX_SHARE_UNSURE = 0.17
_SENTENCE_END = re.compile(r"\w[.!?…。！？؟।][\"'”’»)\]]*(?:\s|$)")
_MIN_LEGAL_PHRASES = 2  # a text with one phrase may be about it


def doubts(page: Page, article: Article) -> Iterator[str]:
    """Yield the first reason why an article may be wrong."""
    body = article.body
    if len(body) < _MAX_NOTICE_CHARACTERS and (
        _DOMAIN_FOR_SALE.search(body) or _DOMAIN_FOR_SALE.search(article.title)
    ):
        yield "It reads like the notice of a domain that is for sale."
    elif len(body) < _MAX_NOTICE_CHARACTERS and _SCRIPTS_REQUIRED.search(body):
        yield "It reads like the notice to readers without scripts, and not like an article."
    elif len(body) < _MAX_SHORT_CHARACTERS and _NOT_FOUND.search(
        "\n".join([article.title, body, *_headings(page)])
    ):
        yield "It reads like an error page of a server."
    elif len(body) < _MAX_NOTICE_CHARACTERS and len(_LEGAL.findall(body)) >= (
        _MIN_LEGAL_PHRASES if len(body) > _MAX_SHORT_CHARACTERS else 1
    ):
        yield "It reads like a legal notice, and not like an article."
    elif (
        len(body) < _MAX_SHORT_CHARACTERS
        and max(map(len, body.split("\n"))) < MIN_PROSE
        and not _SENTENCE_END.search(body)
    ):
        yield "It has no sentence, and reads like a menu."
    elif len(body) < _MAX_SHORT_CHARACTERS and article.url and not urlsplit(article.url).path.strip("/"):
        yield "Its address is that of a site, and not of an article."
    elif len(body) < _MAX_NOTICE_CHARACTERS and _asks_to_sign_in(page, article.title):
        yield "It reads like a page on which readers sign in, and not like an article."
    elif _differs_from_declared(page, body):
        yield "It has little of the text that the page declares as its own."
    elif len(body) < _MAX_SAMPLE_CHARACTERS and _is_paid(page):
        yield "The page says that it is not free, and has little text: it may be the beginning alone."
    elif page.teaser_share > _MAX_SHARE_OF_LIST:
        yield "It has items of a list under links that are not in it: teasers of other articles, or comments."
    elif page.entry_days >= MIN_ENTRIES:
        yield f"{page.entry_days} dates appear between its paragraphs: it may be a blog or comments."
    elif page.table_ratio > 1:
        yield "It stands among tables that hold more text than it has, and are not in it."
    elif page.uncertain_share > _MAX_SHARE_UNSURE:
        yield "Some paragraphs of it are unlike the rest: they may be no part of the article."
    elif not page.heavy:
        yield from islice(_doubts_about_page(page, body), 1)


#: Length of the pieces of the declared text that are looked for in the body, and their minimum share.
_PIECE_CHARACTERS, _MIN_SHARE_OF_PIECES = 40, 0.2


def _differs_from_declared(page: Page, body: str) -> bool:
    """Return True if the body contains little of the text that the page declares."""
    stated = key(jsonld.article_body(jsonld.articles(page.linked)))
    if len(stated) <= _MAX_SHORT_CHARACTERS:
        return False
    body_key = key(body)
    places = range(0, min(len(stated), _MAX_PARAGRAPHS) - _PIECE_CHARACTERS, 2 * _PIECE_CHARACTERS)
    matches = sum(stated[at : at + _PIECE_CHARACTERS] in body_key for at in places)
    return matches < _MIN_SHARE_OF_PIECES * max(1, len(places))


def _is_paid(page: Page) -> bool:
    values = [str(one.get("isAccessibleForFree")).lower() for one in jsonld.articles(page.linked)]
    return any(text.endswith("false") for text in values)


def _asks_to_sign_in(page: Page, title: str) -> bool:
    has_password_field = any((one.get("type") or "").lower() == "password" for one in page.tree.iter("input"))
    return has_password_field and bool(_SIGN_IN.search("\n".join([title, *_headings(page)])))


def _headings(page: Page) -> list[str]:
    return [words(one)[:MIN_PROSE] for one in islice(page.tree.iter("title", "h1"), _MIN_TIMES)]


#: A line that signs an article or comment, and the minimum number of different ones.
_SIGNED = re.compile(
    r"^(?:(?:By|Von|Par|Por|Di|Door|Av|Af)(?: [A-ZÀ-Ý][\w.'’-]+){2,4}"
    r"|.{2,60}\d (?:wrote|said|says|schrieb|escribió|a écrit|ha scritto) ?:)$",
    re.M,
)
_MIN_SIGNED_TIMES = 3
_PICTURE_NUMBER = re.compile(r"^(\d{1,3}) ?/ ?(\d{1,3})\b", re.M)


def _doubts_about_page(page: Page, body: str) -> Iterator[str]:
    if (signed := len(set(_SIGNED.findall(body)))) >= _MIN_SIGNED_TIMES:
        yield f"It has {signed} lines that sign a text, one below the other: comments, or several articles."
    if (pictures := _numbered_pictures(body)) >= MIN_ENTRIES:
        yield f"It has the captions of {pictures} pictures of a gallery: they may be of other articles."
    if len(body) < _MAX_SHORT_CHARACTERS and (left := _other_prose(page, body)) > max(
        _MIN_TIMES * len(body), _MAX_SHORT_CHARACTERS
    ):
        yield f"It has {len(body.split()):,} words, and the page some {left // 6:,} others in paragraphs."
    body_text = " ".join(body.split())
    contained = [text for text in _articles_of(page) if text[:MIN_PROSE] in body_text]
    if len(contained) > 1 and max(map(len, contained)) < _MIN_SHARE_OF_BODY * len(body):
        yield f"The page holds {len(contained)} articles one below the other, and they were read as one."


def _numbered_pictures(body: str) -> int:
    """Return the number of captions that begin with "1/12", "2/12", …"""
    numbers: dict[str, set[int]] = defaultdict(set)
    for match in _PICTURE_NUMBER.finditer(body):
        numbers[match[2]].add(int(match[1]))
    return max(
        (len(found_numbers) for found_numbers in numbers.values() if {1, 2, 3} <= found_numbers), default=0
    )


def _other_prose(page: Page, body: str) -> int:
    paragraphs = (words(one) for one in islice(page.tree.iter("p"), _MAX_PARAGRAPHS))
    body_key = key(body)
    return sum(
        len(text) for text in paragraphs if len(text) >= MIN_PROSE and key(text[:MIN_PROSE]) not in body_key
    )


def _articles_of(page: Page) -> list[str]:
    """Return the texts of article elements with their own headline and no such element inside."""
    elements = [*islice(page.tree.iter("article"), _MAX_ARTICLES)]
    headlines = {key(jsonld.text_of(one.get("headline"))) for one in jsonld.articles(page.linked)} - {""}
    articles, around = [], set[Any]()
    for element in reversed(elements if len(elements) > 1 else ()):
        titled = element.find(".//h1") is not None or (
            len(headlines) > 1 and element.find(".//h2") is not None
        )
        if titled and element not in around:
            paragraphs = [text for one in element.iter("p") if len(text := words(one)) >= MIN_PROSE]
            if sum(map(len, paragraphs)) >= _MIN_ARTICLE_CHARACTERS:
                articles.append(" ".join(paragraphs))
                around.update(element.iterancestors("article"))
    return articles
