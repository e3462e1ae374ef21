"""Who wrote it: names from a byline or an author field."""

from __future__ import annotations

import html
import re

from searcher.readers.base import MAX_FIELD

# What was written, and by whom it was, before a name: “Erstellt von”, “Propos recueillis par”, “A cura di”.
_WRITTEN = (
    r"(?:(?:written|posted|story|reported|reporting|published|submitted|article|post|words and photos) by"
    r"|(?:erstellt|geschrieben|verfasst|veröffentlicht|gespeichert|eingestellt|gepostet|alles|mehr"
    r"|(?:(?:ein|eine|blog) )?(?:artikel|beitrag|gastbeitrag|kolumne|kommentar|analyse|text)) vo[nm]"
    r"|(?:publié|écrit|rédigé|propos recueillis|posté) par|article de"
    r"|(?:publicado|escrito|enviado|elaborado) por|(?:scritto|pubblicato) da|(?:a cura|articolo) di"
    r"|(?:geschreven|geplaatst|gepost) door|(?:skriven|publicerad|skrevet|publisert) a[vf]"
    r"|(?:napisane|opublikowane|dodane) przez)"
)
# In both genders too: “Autor:in”, “Autorin/Autor”, “auteur·rice”.
_AUTHOR = (
    r"(?:autor(?:en|es|a|in|ka)?|auteure?|autore|authors?)(?:\((?:s|e[ns]|in(?:nen)?|a)\))?"
    r"(?:[/:*_·]-?(?:autor(?:in|a)?|in(?:nen)?|trice|rice|ra|as|es|a|e)\b)?"
)
_BY = (
    rf"(?:{_WRITTEN}|by|vo[nm]|par|por|di|da|de|af|av|door|przez|{_AUTHOR}"
    r"|text[eo]?|words|tekst|testo"
    r"|interview|oleh|penulis|текст|автор|автори|записала?|yazan|haber|kirjoittanut|teksti|γράφει"
    r"|γράφουν|της|του|tác giả|bởi"
    r"|כתבה?|מאת|بقلم|كتبت?|إعداد|بواسطة|लेखक|द्वारा|redaktion(?=\s*:))"
)
# What a surname may begin with too: “Di Maio Luigi”, “De Gaulle Charles”, “Von der Leyen Ursula”.
_PARTICLE = re.compile(r"^(?:D[iae]\s+(?=[^\W\d_])|Von\s+(?:und|zu|der|dem|den|de)\s)")
_LEAD = re.compile(rf"^\s*(?:{_BY})(?!\w)\s*[:：]?\s+|^\s*(?:{_BY})\s*[:：]\s*", re.I)
_NO_PARTICLE = re.compile(r"\s(?!d[ae]ll[aeo]\b|degli\b)[a-zß-ÿ]{4,}(?!\S)")  # too long for one
_GLUED = re.compile(r"^By(?=[A-Z][a-z])")  # a label and a name from two boxes
_SPLIT = re.compile(
    r"\s*(?:;|\||•|·|\n|\s/\s|&|,(?!\s*(?:jr|sr|ph\.?\s?d|m\.?d|ii|iii|iv|esq)\b\.?)|、|\b(?:and|und|et"
    r"|och|og|en|ja|with|avec|mit|met|ve|и|та|și|και|és)\b(?=\s+[^\W\d_]))\s*",
    re.I,
)
# “and” in a letter, which surnames have too (“Ramón y Cajal”): between names of two words only.
_SPLIT_FULL = re.compile(r"(?<=\S\s)(\S+)\s+(?:y|e|i|a|і|й|dan)\s+(?=[^\W\d_]\S*\s+[^\W\d_])")
# Degrees and offices that follow a name after a comma.
_LEARNED = re.compile(
    r",\s*(?:[A-Z]{2,5}|M\.D|Ph\.?\s?D|Psy\.?D|Ed\.?D|D\.O|J\.D|R\.N|MSc|BSc|PharmD)\b\.?(?=\s*(?:,|;|$"
    r"|and\b|&|\|))"
)
# What stands behind a name in the same element: dates, roles, times to read.
_TRAIL = re.compile(
    r"\s*(?:[|•·,–—-]\s*)?(?:\b(?:(?:january|february|march|april|may|june|july|august|september|october"
    r"|november|december)(?:\s\d+|$)|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?\s\d+"
    r"|updated|published|posted|last|on\s+\d+"
    r"|senior|staff|contributing|reporter|correspondent|editor)\b|(?<![A-Z])\d).*$",
    re.I,
)
# What an author's box says of them after the name.
_OFFICE = re.compile(
    r"(?<=\s)(?:writer|author|founder|co-founder|ceo|contributor|journalist|columnist|freelancer"
    r"|journaliste|journalistin|periodista|giornalista|jornalista|jurnalis|wartawan|dziennikar[zk]a?|muhabiri?"
    r"|журналист(?:ка)?|корреспондент"
    r"|reviewed by|edited by|fact[- ]checked|more (?:by|from)|view profile|bio)\b.*$",
    re.I,
)
_DAY_BEHIND = re.compile(
    r"\s+[-–—]\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?$", re.I
)
_OUTLET_BEHIND = re.compile(r"/|\s[-–—]\s")  # “Ann Lee/Wire News”, “Ann Lee - The Ledger”
# What a byline says of pictures: “Ann Lee, illustration by Bo Ek”.
_OTHER_WORK = re.compile(r"(?:illustrations?|photos?|photographs?|photography|graphics?|video) by\b", re.I)
_AGENCY = re.compile(r"\b(?:associated press|press association|news agency|news service|newswires?)\b", re.I)
_INITIAL_LAST = re.compile(r"(?:^|[\s.])[^\W\d_]\.$")  # “R. R.”
_OFFICE_HELD = re.compile(
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
    # How companies end their names, those that make web sites among them.
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
# The same in Chinese, Japanese and Korean, where nothing stands between a label and a name.
_EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_EASTERN_OTHERS = re.compile(
    r"(?:攝影|摄影|图|圖|写真|撮影|사진|編輯|编辑|責任編輯|责任编辑|责编|校对|审核|编审|来源|來源"
    r"|出处)\s*[:：/／|｜].*$"
)
_EASTERN_LEAD = re.compile(
    r"^(?:(?:文(?=[\s:：/／|｜])|投稿者|編集委員|論説委員"
    r"|[^\s、,，/／]{0,6}(?:新闻|新聞|日报|日報|晚报|晚報|青年报|网|網|社)(?=(?:首席|特约|见习|实习)?(?:记者|記者))|撰文|撰稿|采写|作者|本报|本報|新华社|特派|特約|特约|實習|实习|見習|见习|首席|記者|记者"
    r"|通讯员|取材|執筆者?|著者|筆者|ライター|文責|글|글쓴이|작성자)"
    r"[\s:：/／|｜]*)+(?=\S{2})"
)
_EASTERN_TAIL = re.compile(
    r"[\s（(／/]{0,4}(?:記者|记者|特派員|编辑|編集委員|論説委員|特約記者|報導|报道|綜合報導|综合报道|기자"
    r"|특파원|선임기자|논설위원|の投稿(?:一覧)?)(?:의 다른 기사 보기)?[)）]?$"
)
_EASTERN_DESK = re.compile(
    r"编辑部|編輯部|編集部|取材班|新聞|新闻|日報|日报|晚报|晚報|통신|뉴스|신문|일보|편집부|온라인"
    r"|通讯社|通訊社|新社|网$|網$|综合|綜合|中心$|社$"
)
# “石佳/中国青年报”, and in the first words of a text “新华社巴黎12月9日电（记者唐霁）”.
_EASTERN_OF_PAPER = re.compile(
    r"([\u3400-\u9fff]{2,4})\s*[/／]\s*[\u3400-\u9fff]{2,10}(?:报|報|社|网|網|新闻|新聞)"
)
_EASTERN_REPORTERS = re.compile(
    r"^[^\n]{0,40}?[（(](?:本报)?(?:记者|記者)\s*([\u3400-\u9fff、\s]{2,20})[）)]"
)
_EASTERN_WORK = frozenset(("整合", "综合", "报道", "報道", "摄影", "攝影", "通讯员"))
_EASTERN_NAME = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·・]{2,8}(?: [\u3040-\u30ff\u3400-\u9fff]{1,4})?"
)
#: Words that only the names of organisations hold.
ORGANISED = re.compile(
    r"\b(?:news|times|post|daily|journal|magazine|media|press|agency|team|blog|group|inc|ltd|gmbh|company"
    r"|weekly|gazette|herald|tribune|ledger|chronicle|review|letter|newsletter|university|institute"
    r"|staff|editors?|redaktion|online|today|society|association|services?)\b",
    re.I,
)
# “De” begins too many sentences to be a byline alone.
_BYLINE = re.compile(
    rf"^(?!de\s){_BY}(?!\w)\s*[:：]?\s+(?P<names>[^.!?؟]{{3,120}})$|^(?P<caps>BY\s+[A-Z][^a-z]{{3,120}})$",
    re.I,
)
_LABEL = re.compile(
    rf"^(?:{_WRITTEN}(?!\w)\s*[:：]?\s+|{_BY}\s*[:：]\s*|(?:by|von|par|door|av|{_AUTHOR})\s+)(?=\S)", re.I
)
# Where in a signature the names end: “Ann Lee, reporter”, “Ann Lee | 3 May”, “Ann Lee/Wire”, “Ann Lee on”.
_ENDED = re.compile(r",|\s[|–—]\s|/|\s*\d|\s(?:on|am|le|el|il|op|den)\s*$")
# What is no part of a name: addresses, and marks that no page knows (“&softReturn;” of Factiva).
_NO_NAME = re.compile(r"(?<!\S)\S+@\S+|https?://\S+|www\.\S+|&[A-Za-z]{2,12};")
_BLANKS = re.compile(r"[^\S\n]+")
_GAPS = re.compile(r"\n+")
#: Characters of a line that is nothing but a byline: _BYLINE takes 120 behind its label.
_MAX_BYLINE_CHARACTERS = 250


def _bounded_text(text: str) -> str:
    """The beginning of a field with short runs of white space: for long ones the patterns take the square."""
    text = text[:MAX_FIELD]
    return text if " ".join(text.split()) == text else _GAPS.sub("\n", _BLANKS.sub(" ", text))


def names(text: str, *, shown: bool = False) -> tuple[str, ...]:
    """The names in an author field. In one that is ``shown`` “Di” and “De” at the beginning are no part of a
    name."""
    text = _NO_NAME.sub(";", _bounded_text(re.sub(r"\([^()]*\)", " ", html.unescape(text[:MAX_FIELD]))))
    if _EASTERN.search(text):
        return _eastern(text)
    particle = not shown and _PARTICLE.match(text.strip())
    text = _GLUED.sub("", text.strip() if particle else _LEAD.sub("", text).strip())
    inverted = re.fullmatch(r"([^\s,;]+(?:\s[^\s,;]+){0,3}),\s+([^\s,;]+)", text)
    if inverted and (particle or " " not in inverted[1]) and not _ROLE.match(inverted[2]):
        return (f"{inverted[2]} {inverted[1]}",)  # "Lee, Ann"
    text = _SPLIT_FULL.sub(r"\1;", text)
    out: list[str] = []
    for part in _SPLIT.split(_LEARNED.sub("", text)):
        name = _DAY_BEHIND.sub("", " ".join(part.split()))
        left = _OUTLET_BEHIND.split(name, maxsplit=1)[0]
        name = left if is_name(left) else name
        name = (name if particle or _PARTICLE.match(name) else _LEAD.sub("", name)).strip(" ,:–—-")
        name = name if _INITIAL_LAST.search(name) else name.strip(".")
        if out and (_OFFICE_HELD.search(name) or _OTHER_WORK.match(name)):
            continue
        if out and all(map(is_name, out)) and _AGENCY.search(name):
            continue  # for whom they work
        if len(name.split()) > 2:
            name = _OFFICE.sub("", _TRAIL.sub("", name)).strip(" ,–—-")
        if name and len(name) <= 80 and not _NOT_A_NAME.search(name) and not _ROLE.match(name):
            out.append(_case(name))
    return tuple(dict.fromkeys(out))


def of_file(text: str) -> tuple[str, ...]:
    """The names in what a file says of who made it, but for those of accounts and programs: “w2k-User”."""
    found = names(text)
    return tuple(name for name in found if is_name(name) and not _ACCOUNT.search(name))


def signed_names(text: str) -> tuple[str, ...]:
    """The names in a text that begins with “by”; none if it does not."""
    return names(text) if _LEAD.match(_bounded_text(text)) else ()


def office(text: str) -> tuple[str, ...]:
    """The office alone that a text signs with: “By Staff Writer”; none if it says anything else."""
    plain = _LEAD.sub("", _bounded_text(text)).strip(" .,:–—-")
    return (plain,) if _ROLE.match(plain) else ()


def _case(name: str) -> str:
    """A name in capitals as it is usually written."""
    if name.isupper() and " " in name:
        return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize() if len(word[0]) > 2 else word[0], name)
    return name


def _eastern(text: str) -> tuple[str, ...]:
    """The names in an author field in Chinese, Japanese or Korean: “文／記者林書豪” gives ("林書豪",)."""
    text = _EASTERN_OTHERS.sub("", " ".join(text.split()))
    if of_paper := _EASTERN_OF_PAPER.fullmatch(text):
        return (of_paper[1],)
    out: list[str] = []
    for part in re.split(r"\s*[、,，;；&|｜]\s*|(?<=記者|记者|기자)\s+(?=\S{2,}\s*(?:記者|记者|기자))", text):
        name = _EASTERN_LEAD.sub("", _LEAD.sub("", part).strip(" []［］【】"))
        name = _EASTERN_TAIL.sub("", name).strip(" :：/／")
        if " " in name and not name.isascii() and any(len(word) > 2 for word in name.split()):
            out.extend(name.split() if _EASTERN_NAME.fullmatch(name.split()[0]) else [name])
        elif name:
            out.append(name)
    short = (name for name in out if len(name) <= 80)
    people = (name for name in short if not (_EASTERN_DESK.search(name) or _NOT_A_NAME.search(name)))
    return tuple(dict.fromkeys(people))


def is_name(text: str) -> bool:
    """Whether it looks like a person's name: two to four words, capitalised where there are capitals."""
    if _EASTERN.search(text):
        return bool(_EASTERN_NAME.fullmatch(text)) and len(text) <= 8
    words = text.split()
    letters = len(words) > 2 and len(words[0] + words[-1]) == 2  # “A bis Z”
    if letters or not 2 <= len(words) <= 4 or re.search(r"[\d@/:?!]|\s(?:at|of|by|for)(?:\s|$)", text):
        return False
    if not any(word.lower() != word.upper() for word in words):
        return all(word[0].isalpha() for word in words)
    if _NO_PARTICLE.search(text):
        return False
    return sum(word[0].isupper() for word in words) >= 2 and words[0][0].isupper()


def is_pen_name(text: str) -> bool:
    """Whether somebody may sign with ``text``, where a page says that it is a name: one word, “R. R.”."""
    if _EASTERN.search(text) or not 2 <= len(text) <= 25 or re.search(r"[@/:?!|]", text):
        return False
    return len(text.split()) == 1 or bool(re.fullmatch(r"(?:[^\W\d_]\.\s?){2,3}", text))


def label_names(text: str) -> tuple[str, ...]:
    """The names in a short text that is a label and names of people: “Author: Ann Lee”; else none."""
    text = _bounded_text(text).lstrip(" -–—|·•")
    label = _LABEL.match(text)
    if not label:
        return ()
    given = _ENDED.split(text[label.end() :], maxsplit=1)[0]
    found = names(given, shown=True)
    return found if found and all(map(is_name, found)) else ()


def reporters(text: str) -> tuple[str, ...]:
    """The names behind the place and day with which a text in Chinese begins: “…电（记者唐霁）”."""
    found = _EASTERN_REPORTERS.match(text[:100].strip())
    people = re.split(r"[、\s]+", found[1].strip()) if found else ()
    return tuple(
        name for name in people if is_name(name) and 2 <= len(name) <= 4 and name not in _EASTERN_WORK
    )


def is_organisation(text: str) -> bool:
    """Whether a name holds a word that only those of organisations do."""
    return bool(ORGANISED.search(text))


def byline(line: str) -> tuple[str, ...]:
    """The names in a line of running text that is nothing but a byline; else none."""
    if len(line := line.strip()) > _MAX_BYLINE_CHARACTERS:
        return ()
    line = _bounded_text(line)
    if _EASTERN.search(line):
        marks = (_EASTERN_LEAD.search, _EASTERN_TAIL.search, _EASTERN_OF_PAPER.fullmatch)
        labelled = len(line) < 40 and any(mark(line) for mark in marks)
        found_names = _eastern(line) if labelled else ()
        return found_names if all(map(is_name, found_names)) else ()
    found = _BYLINE.match(line)
    if not found:
        return ()
    given = found["names"] or found["caps"]
    said = names(given.split(",")[0] if "," in given and len(given.split(",")) == 2 else given)
    plausible = all(2 <= len(name.split()) <= 5 and not name[0].islower() for name in said)
    return said if said and plausible else ()
