"""Extract names from bylines and author fields."""

from __future__ import annotations

import html
import re

from searcher.readers.base import MAX_FIELD

# Verbs before a name: "Erstellt von", "Propos recueillis par", "A cura di".
_WRITTEN_BY = (
    r"(?:(?:written|posted|story|reported|reporting|published|submitted|article|post|words and photos) by"
    r"|(?:erstellt|geschrieben|verfasst|veröffentlicht|gespeichert|eingestellt|gepostet|alles|mehr"
    r"|(?:(?:ein|eine|blog) )?(?:artikel|beitrag|gastbeitrag|kolumne|kommentar|analyse|text)) vo[nm]"
    r"|(?:publié|écrit|rédigé|propos recueillis|posté) par|article de"
    r"|(?:publicado|escrito|enviado|elaborado) por|(?:scritto|pubblicato) da|(?:a cura|articolo) di"
    r"|(?:geschreven|geplaatst|gepost) door|(?:skriven|publicerad|skrevet|publisert) a[vf]"
    r"|(?:napisane|opublikowane|dodane) przez)"
)
# Words for "author", also gender-neutral: "Autor:in", "Autorin/Autor", "auteur·rice".
_AUTHOR = (
    r"(?:autor(?:en|es|a|in|ka)?|auteure?|autore|authors?)(?:\((?:s|e[ns]|in(?:nen)?|a)\))?"
    r"(?:[/:*_·]-?(?:autor(?:in|a)?|in(?:nen)?|trice|rice|ra|as|es|a|e)\b)?"
)
_BY = (
    rf"(?:{_WRITTEN_BY}|by|vo[nm]|par|por|di|da|de|af|av|door|przez|{_AUTHOR}"
    r"|text[eo]?|words|tekst|testo"
    r"|interview|oleh|penulis|текст|автор|автори|записала?|yazan|haber|kirjoittanut|teksti|γράφει"
    r"|γράφουν|της|του|tác giả|bởi"
    r"|כתבה?|מאת|بقلم|كتبت?|إعداد|بواسطة|लेखक|द्वारा|redaktion(?=\s*:))"
)
# Starts of surnames that look like "by": "Di Maio Luigi", "De Gaulle Charles", "Von der Leyen Ursula".
_PARTICLE = re.compile(r"^(?:D[iae]\s+(?=[^\W\d_])|Von\s+(?:und|zu|der|dem|den|de)\s)")
_BY_PREFIX = re.compile(rf"^\s*(?:{_BY})(?!\w)\s*[:：]?\s+|^\s*(?:{_BY})\s*[:：]\s*", re.I)
_NO_PARTICLE = re.compile(r"\s(?!d[ae]ll[aeo]\b|degli\b)[a-zß-ÿ]{4,}(?!\S)")  # too long for a particle
_JOINED_BY = re.compile(r"^By(?=[A-Z][a-z])")  # a label and a name joined without a space
_SPLIT = re.compile(
    r"\s*(?:;|\||•|·|\n|\s/\s|&|,(?!\s*(?:jr|sr|ph\.?\s?d|m\.?d|ii|iii|iv|esq)\b\.?)|、|\b(?:and|und|et"
    r"|och|og|en|ja|with|avec|mit|met|ve|и|та|și|και|és)\b(?=\s+[^\W\d_]))\s*",
    re.I,
)
# One-letter words for "and", which also occur in surnames ("Ramón y Cajal"): only between two-word names.
_SPLIT_FULL = re.compile(r"(?<=\S\s)(\S+)\s+(?:y|e|i|a|і|й|dan)\s+(?=[^\W\d_]\S*\s+[^\W\d_])")
# Degrees after a name and a comma.
_LEARNED = re.compile(
    r",\s*(?:[A-Z]{2,5}|M\.D|Ph\.?\s?D|Psy\.?D|Ed\.?D|D\.O|J\.D|R\.N|MSc|BSc|PharmD)\b\.?(?=\s*(?:,|;|$"
    r"|and\b|&|\|))"
)
# Text after a name in the same element: dates, roles, reading times.
_TRAILING_DETAILS = re.compile(
    r"\s*(?:[|•·,–—-]\s*)?(?:\b(?:(?:january|february|march|april|may|june|july|august|september|october"
    r"|november|december)(?:\s\d+|$)|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?\s\d+"
    r"|updated|published|posted|last|on\s+\d+"
    r"|senior|staff|contributing|reporter|correspondent|editor)\b|(?<![A-Z])\d).*$",
    re.I,
)
# Occupations and links after a name in an author's box.
_OCCUPATION = re.compile(
    r"(?<=\s)(?:writer|author|founder|co-founder|ceo|contributor|journalist|columnist|freelancer"
    r"|journaliste|journalistin|periodista|giornalista|jornalista|jurnalis|wartawan|dziennikar[zk]a?|muhabiri?"
    r"|журналист(?:ка)?|корреспондент"
    r"|reviewed by|edited by|fact[- ]checked|more (?:by|from)|view profile|bio)\b.*$",
    re.I,
)
_TRAILING_DAY = re.compile(
    r"\s+[-–—]\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?$", re.I
)
_TRAILING_OUTLET = re.compile(r"/|\s[-–—]\s")  # "Ann Lee/Wire News", "Ann Lee - The Ledger"
# Credits for images: "Ann Lee, illustration by Bo Ek".
_OTHER_WORK = re.compile(r"(?:illustrations?|photos?|photographs?|photography|graphics?|video) by\b", re.I)
_AGENCY = re.compile(r"\b(?:associated press|press association|news agency|news service|newswires?)\b", re.I)
_INITIAL_LAST = re.compile(r"(?:^|[\s.])[^\W\d_]\.$")  # "R. R."
_JOB_TITLE = re.compile(
    r"\b(?:writer|reporter|correspondent|editor|columnist|analyst|reviewer|director|officer|manager|president"
    r"|contributor|professor|engineer|founder|chair(?:man|woman|person)?|secretary|fellow|adviser|advisor|developer)s?$",
    re.I,
)
_NOT_A_NAME = re.compile(
    r"^(?:(?:see|view|follow(?:ing)?|subscribe|send|download|click|share|sign (?:in|up)|log ?in|read|load"
    r"|show|more|all|about|contact|connect|comment|please|enter|user|guest|trial|unregistered|this|these|posts?)(?:\s.*)?"
    r"|our foreign"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s*(?:\d.*|[ecmp][sd]?t|gmt|utc)|(?:\d\W?)+"
    r"|(?:web)?admin(?:istrator|istrateur)?|webmaster|root|owner|default|authors?|name|news|menu|home"
    r"|expert reviewer|rss|shutterstock|getty images|авторы?|未知|文|投稿者|翻訳者|作者|匿名)$"
    r"|^(?:no author|author unknown|unknown author|undefined|null|an[oóô]n[iy]m(?:o|e|ous|us)?|аноним|مجهول)$"
    r"|^(?:letters?|comments?|questions?) (?:to|from|for)\b|\s(?:the|of|to|at|am)$"
    r"|https?:|www\.|@|\.com\b|^\W*$|^\d+$|:|^(?:ceo|(?:written|reviewed|posted|edited|published) by"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december))$"
    # Endings of company names, including web agencies.
    r"|\b(?:gmbh|kft|zrt|nyrt|inc|llc|ltd|plc|corp|d\.o\.o)\.?$"
    r"|\s(?:labs|studios?|solutions|interactive|technologies|software|systems|web ?design)$",
    re.I,
)
_ACCOUNT = re.compile(
    r"\b(?:user|users|admin\w*|version|trial|demo|test|default|windows|microsoft|office|pdf|word|scan\w*|printer"
    r"|copy|computer|laptop|pc|student|valued|customer|registered|licensed)\b",
    re.I,
)
_ROLE = re.compile(
    r"^(?:(?:senior|chief|staff|deputy|managing|assistant|associate|news|political|business|science"
    r"|sports|world|"
    r"foreign|special|guest|contributing|legal|health|technology|tech|economics|investigative)\s+)*"
    r"(?:reporter|correspondent|editor(?:\s+in\s+chief)?|writer|columnist|contributor|journalist|author"
    r"|staff|"
    r"(?:die |unserer )?redaktion|redacción"
    r"|rédaction|redakteur(?:in)?|redazione|editorial\s+team|news\s+desk)s?$",
    re.I,
)
# Patterns for Chinese, Japanese and Korean, which do not separate a label from a name.
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CJK_OTHER_CREDITS = re.compile(
    r"(?:攝影|摄影|图|圖|写真|撮影|사진|編輯|编辑|責任編輯|责任编辑|责编|校对|审核|编审|来源|來源"
    r"|出处)\s*[:：/／|｜].*$"
)
_CJK_PREFIX = re.compile(
    r"^(?:(?:文(?=[\s:：/／|｜])|投稿者|編集委員|論説委員"
    r"|[^\s、,，/／]{0,6}(?:新闻|新聞|日报|日報|晚报|晚報|青年报|网|網|社)(?=(?:首席|特约|见习|实习)?(?:记者|記者))|撰文|撰稿|采写|作者|本报|本報|新华社|特派|特約|特约|實習|实习|見習|见习|首席|記者|记者"
    r"|通讯员|取材|執筆者?|著者|筆者|ライター|文責|글|글쓴이|작성자)"
    r"[\s:：/／|｜]*)+(?=\S{2})"
)
_CJK_SUFFIX = re.compile(
    r"[\s（(／/]{0,4}(?:記者|记者|特派員|编辑|編集委員|論説委員|特約記者|報導|报道|綜合報導|综合报道|기자"
    r"|특파원|선임기자|논설위원|の投稿(?:一覧)?)(?:의 다른 기사 보기)?[)）]?$"
)
_CJK_ORGANISATION = re.compile(
    r"编辑部|編輯部|編集部|取材班|新聞|新闻|日報|日报|晚报|晚報|통신|뉴스|신문|일보|편집부|온라인"
    r"|通讯社|通訊社|新社|网$|網$|综合|綜合|中心$|社$"
)
# "石佳/中国青年报"
_CJK_NAME_WITH_PAPER = re.compile(
    r"([\u3400-\u9fff]{2,4})\s*[/／]\s*[\u3400-\u9fff]{2,10}(?:报|報|社|网|網|新闻|新聞)"
)
_CJK_NAME = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·・]{2,8}(?: [\u3040-\u30ff\u3400-\u9fff]{1,4})?"
)
#: Words that only occur in names of organisations.
ORGANISATION_WORD = re.compile(
    r"\b(?:news|times|post|daily|journal|magazine|media|press|agency|team|blog|group|inc|ltd|gmbh|company"
    r"|weekly|gazette|herald|tribune|ledger|chronicle|review|letter|newsletter|university|institute"
    r"|staff|editors?|redaktion|online|today|society|association|services?)\b",
    re.I,
)
# Too many sentences begin with "De" for it to mark a byline alone.
_BYLINE = re.compile(
    rf"^(?!de\s){_BY}(?!\w)\s*[:：]?\s+(?P<names>[^.!?؟]{{3,120}})$|^(?P<caps>BY\s+[A-Z][^a-z]{{3,120}})$",
    re.I,
)
_LABEL = re.compile(
    rf"^(?:{_WRITTEN_BY}(?!\w)\s*[:：]?\s+|{_BY}\s*[:：]\s*|(?:by|von|par|door|av|{_AUTHOR})\s+)(?=\S)", re.I
)
# The end of the names in a signature: "Ann Lee, reporter", "Ann Lee | 3 May", "Ann Lee/Wire", "Ann Lee on".
_END_OF_NAMES = re.compile(r",|\s[|–—]\s|/|\s*\d|\s(?:on|am|le|el|il|op|den)\s*$")
# Addresses, and entities that no browser knows ("&softReturn;" of Factiva).
_NON_NAME = re.compile(r"(?<!\S)\S+@\S+|https?://\S+|www\.\S+|&[A-Za-z]{2,12};")
_BLANKS = re.compile(r"[^\S\n]+")
_LINE_BREAKS = re.compile(r"\n+")
#: Maximum length of a byline. _BYLINE allows 120 characters after its label.
_MAX_BYLINE_CHARACTERS = 250


def _bounded_text(text: str) -> str:
    """Shorten a field and its white space, since the patterns take quadratic time for long runs of it."""
    text = text[:MAX_FIELD]
    return text if " ".join(text.split()) == text else _LINE_BREAKS.sub("\n", _BLANKS.sub(" ", text))


def names(text: str, *, on_page: bool = False) -> tuple[str, ...]:
    """Return the names in an author field. On a page, an initial "Di" or "De" means "by"."""
    text = _NON_NAME.sub(";", _bounded_text(re.sub(r"\([^()]*\)", " ", html.unescape(text[:MAX_FIELD]))))
    if _CJK.search(text):
        return _cjk_names(text)
    particle = not on_page and _PARTICLE.match(text.strip())
    text = _JOINED_BY.sub("", text.strip() if particle else _BY_PREFIX.sub("", text).strip())
    inverted = re.fullmatch(r"([^\s,;]+(?:\s[^\s,;]+){0,3}),\s+([^\s,;]+)", text)
    if inverted and (particle or " " not in inverted[1]) and not _ROLE.match(inverted[2]):
        return (f"{inverted[2]} {inverted[1]}",)  # "Lee, Ann"
    text = _SPLIT_FULL.sub(r"\1;", text)
    out: list[str] = []
    for part in _SPLIT.split(_LEARNED.sub("", text)):
        name = _TRAILING_DAY.sub("", " ".join(part.split()))
        left = _TRAILING_OUTLET.split(name, maxsplit=1)[0]
        name = left if is_name(left) else name
        name = (name if particle or _PARTICLE.match(name) else _BY_PREFIX.sub("", name)).strip(" ,:–—-")
        name = name if _INITIAL_LAST.search(name) else name.strip(".")
        if out and (_JOB_TITLE.search(name) or _OTHER_WORK.match(name)):
            continue
        if out and all(map(is_name, out)) and _AGENCY.search(name):
            continue  # an agency they work for
        if len(name.split()) > 2:
            name = _OCCUPATION.sub("", _TRAILING_DETAILS.sub("", name)).strip(" ,–—-")
        if name and len(name) <= 80 and not _NOT_A_NAME.search(name) and not _ROLE.match(name):
            out.append(_normalise_case(name))
    return tuple(dict.fromkeys(out))


def file_authors(text: str) -> tuple[str, ...]:
    """Return the names in a file's author property, without those of accounts and programs: "w2k-User"."""
    authors = names(text)
    return tuple(name for name in authors if is_name(name) and not _ACCOUNT.search(name))


def signed_names(text: str) -> tuple[str, ...]:
    """Return the names in a text that begins with "by", or an empty tuple."""
    return names(text) if _BY_PREFIX.match(_bounded_text(text)) else ()


def office(text: str) -> tuple[str, ...]:
    """Return the role that a text consists of: "By Staff Writer". Empty for any other text."""
    plain = _BY_PREFIX.sub("", _bounded_text(text)).strip(" .,:–—-")
    return (plain,) if _ROLE.match(plain) else ()


def _normalise_case(name: str) -> str:
    """Capitalise a name written in capitals."""
    if name.isupper() and " " in name:
        return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize() if len(word[0]) > 2 else word[0], name)
    return name


def _cjk_names(text: str) -> tuple[str, ...]:
    """Return the names in a Chinese, Japanese or Korean author field: "文／記者林書豪" gives ("林書豪",)."""
    text = _CJK_OTHER_CREDITS.sub("", " ".join(text.split()))
    if of_paper := _CJK_NAME_WITH_PAPER.fullmatch(text):
        return (of_paper[1],)
    out: list[str] = []
    for part in re.split(r"\s*[、,，;；&|｜]\s*|(?<=記者|记者|기자)\s+(?=\S{2,}\s*(?:記者|记者|기자))", text):
        name = _CJK_PREFIX.sub("", _BY_PREFIX.sub("", part).strip(" []［］【】"))
        name = _CJK_SUFFIX.sub("", name).strip(" :：/／")
        if " " in name and not name.isascii() and any(len(word) > 2 for word in name.split()):
            out.extend(name.split() if _CJK_NAME.fullmatch(name.split()[0]) else [name])
        elif name:
            out.append(name)
    short = (name for name in out if len(name) <= 80)
    people = (name for name in short if not (_CJK_ORGANISATION.search(name) or _NOT_A_NAME.search(name)))
    return tuple(dict.fromkeys(people))


def is_name(text: str) -> bool:
    """Return True if a text looks like a person's name: two to four words, capitalised if the script has
    capitals."""
    if _CJK.search(text):
        return bool(_CJK_NAME.fullmatch(text)) and len(text) <= 8
    words = text.split()
    letters = len(words) > 2 and len(words[0] + words[-1]) == 2  # "A bis Z"
    if letters or not 2 <= len(words) <= 4 or re.search(r"[\d@/:?!]|\s(?:at|of|by|for)(?:\s|$)", text):
        return False
    if not any(word.lower() != word.upper() for word in words):
        return all(word[0].isalpha() for word in words)
    if _NO_PARTICLE.search(text):
        return False
    return sum(word[0].isupper() for word in words) >= 2 and words[0][0].isupper()


def is_pen_name(text: str) -> bool:
    """Return True if a text marked as a name may be a pen name: one word or initials ("R. R.")."""
    if _CJK.search(text) or not 2 <= len(text) <= 25 or re.search(r"[@/:?!|]", text):
        return False
    return len(text.split()) == 1 or bool(re.fullmatch(r"(?:[^\W\d_]\.\s?){2,3}", text))


def label_names(text: str) -> tuple[str, ...]:
    """Return the names in a short text of a label and names: "Author: Ann Lee". Otherwise empty."""
    text = _bounded_text(text).lstrip(" -–—|·•")
    label = _LABEL.match(text)
    if not label:
        return ()
    signature = _END_OF_NAMES.split(text[label.end() :], maxsplit=1)[0]
    people = names(signature, on_page=True)
    return people if people and all(map(is_name, people)) else ()


def is_organisation(text: str) -> bool:
    """Return True if a name contains a word that only names of organisations have."""
    return bool(ORGANISATION_WORD.search(text))


def byline(line: str) -> tuple[str, ...]:
    """Return the names in a line that is only a byline. Otherwise empty."""
    if len(line := line.strip()) > _MAX_BYLINE_CHARACTERS:
        return ()
    line = _bounded_text(line)
    if _CJK.search(line):
        marks = (_CJK_PREFIX.search, _CJK_SUFFIX.search, _CJK_NAME_WITH_PAPER.fullmatch)
        labelled = len(line) < 40 and any(mark(line) for mark in marks)
        found_names = _cjk_names(line) if labelled else ()
        return found_names if all(map(is_name, found_names)) else ()
    match = _BYLINE.match(line)
    if not match:
        return ()
    text = match["names"] or match["caps"]
    people = names(text.split(",")[0] if "," in text and len(text.split(",")) == 2 else text)
    plausible = all(2 <= len(name.split()) <= 5 and not name[0].islower() for name in people)
    return people if people and plausible else ()
