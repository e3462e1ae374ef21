"""Lines around an article: clutter, credits, repetitions of the headline, and the phrases they begin with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from unicodedata import normalize

_ELSEWHERE = {  # what leads to other articles
    "de": "lesen sie auch|lesen sie mehr|lesen sie dazu|lesen sie hier|lesen sie außerdem|lies auch"
    "|mehr zum thema"
    "|mehr dazu|auch interessant|das könnte sie auch interessieren|weitere artikel|passend dazu|siehe auch",
    "fr": "lire aussi|lire également|à lire|à voir aussi|voir aussi|à relire|à écouter|sur le même sujet"
    "|pour aller plus loin|lire la suite|lire l’article|lire l'article|article suivant",
    "es": "lea también|lee también|leer también|leer más|lea además|lea más|te puede interesar"
    "|le puede interesar"
    "|también te puede interesar|también le puede interesar|te recomendamos|ver también|vea también"
    "|mira también"
    "|más información|noticias relacionadas|noticia relacionada|artículos relacionados|sigue leyendo",
    "pt": "leia também|leia mais|leia ainda|veja também|veja mais|veja os vídeos|confira também|saiba mais"
    "|assista também|notícias relacionadas|relacionadas|mais notícias|continue lendo",
    "it": "leggi anche|leggi tutto|leggi di più|leggi qui|vedi anche|guarda anche|per approfondire"
    "|approfondisci"
    "|articoli correlati|raccomandati per te|ti potrebbe interessare|potrebbe interessarti",
    "nl": "lees ook|lees meer|lees verder|lees hier|bekijk ook|zie ook|luister ook|meer over dit onderwerp",
    "sv": "läs också|läs även|läs mer|se även|se också|lyssna också",
    "no": "les også|les mer|se også|hør også",
    "da": "læs også|læs mere|læs videre|artiklen fortsætter",
    "fi": "lue myös|lue lisää|katso myös",
    "pl": "czytaj też|czytaj także|czytaj również|czytaj więcej|przeczytaj też|przeczytaj także"
    "|przeczytaj również"
    "|przeczytaj|zobacz też|zobacz także|zobacz również|zobacz więcej|więcej na ten temat|sprawdź też",
    "cs": "čtěte také|čtěte též|čtěte i|čtěte více|přečtěte si|viz také|mohlo by vás zajímat"
    "|související články",
    "sk": "čítajte aj|čítajte tiež|čítajte viac|prečítajte si|mohlo by vás zaujímať",
    "hu": "olvassa el|olvasd el|ezt is ajánljuk|kapcsolódó cikk|további cikkek",
    "ro": "citește și|citeste si|citește mai|citiți și|vezi și|pe aceeași temă",
    "sh": "pročitajte i|pročitajte još|pročitaj još|čitajte još|čitajte i|pogledajte i|opširnije"
    "|прочитајте и",
    "tr": "ayrıca okuyun|ayrıca bakınız|ilgili haber|ilginizi çekebilir|bunlar da ilginizi çekebilir"
    "|devamını oku"
    "|haberin devamı|okumaya devam",
    "id": "baca juga|baca selengkapnya|baca berita|simak juga|lihat juga|artikel terkait|berita terkait"
    "|scroll to continue",
    "vi": "xem thêm|đọc thêm|tin liên quan|bài liên quan",
    "ru": "читайте также|читайте ещё|читайте еще|читайте подробнее|читать также|читать далее|смотрите также"
    "|см. также|материалы по теме|материал по теме|по теме:|ещё по теме|читайте нас|последние новости",
    "uk": "читайте також|читайте ще|читайте більше|також читайте|читати також|дивіться також|за темою:"
    "|більше за темою",
    "bg": "прочетете още|прочетете също|вижте още|вижте също|четете още|още по темата",
    "el": "διαβάστε επίσης|διαβάστε ακόμα|διαβάστε ακόμη|διαβάστε εδώ|διαβάστε περισσότερα|διαβάστε και"
    "|δείτε επίσης"
    "|δείτε ακόμα|δείτε ακόμη|δείτε και|σχετικά άρθρα|σχετικά θέματα",
    "ar": "اقرأ أيضا|اقرأ أيضاً|اقرأ أيضًا|اقرأ ايضا|إقرأ أيضا|إقرأ أيضاً|اقرأ المزيد|اقرأ كذلك|شاهد أيضا"
    "|شاهد أيضاً|طالع أيضا"
    "|مواضيع ذات صلة|موضوعات ذات صلة|أخبار ذات صلة|مواضيع متعلقة|للمزيد",
    "fa": "بیشتر بخوانید|همچنین بخوانید|مطالب مرتبط|اخبار مرتبط",
    "ur": "یہ بھی پڑھیں|مزید پڑھیں",
    "he": "קראו גם|קראו עוד|ראו גם|צפו גם|לקריאה נוספת|כתבות נוספות|עוד בנושא|עוד כתבות|אולי יעניין",
    "hi": "यह भी पढ़ें|ये भी पढ़ें|इसे भी पढ़ें|यह भी देखें|ये भी देखें|और पढ़ें|और भी पढ़ें|संबंधित खबर",
    "bn": "আরও পড়ুন|আরো পড়ুন",
    "zh": "相关阅读|相关新闻|相关报道|相关链接|相关推荐|延伸阅读|推荐阅读|更多新闻|更多报道|更多精彩"
    "|热门推荐"
    "|相關閱讀|相關新聞|相關報導|延伸閱讀|推薦閱讀|更多新聞|更多報導|看更多|點我看|熱門新聞",
    "ja": "関連記事|関連ニュース|関連リンク|あわせて読みたい|合わせて読みたい|こちらもおすすめ"
    "|続きを読む|次のページ",
    "ko": "관련기사|관련 기사|관련뉴스|함께 보면 좋은|더보기|다른 기사 보기",
    "th": "อ่านเพิ่มเติม|ข่าวที่เกี่ยวข้อง|อ่านข่าวที่เกี่ยวข้อง",
}
_SIGN_UP = {  # what asks to follow, to join, to pay
    "de": "abonnieren sie|jetzt abonnieren|folgen sie uns|folge uns|folgt uns|melden sie sich"
    "|jetzt anmelden"
    "|hier anmelden|zur startseite|newsletter abonnieren|diskutieren sie mit",
    "fr": "abonnez-vous|inscrivez-vous|suivez-nous|suivez l’actualité|suivez toute l|rejoignez-nous"
    "|téléchargez l|article réservé aux abonnés|réservé aux abonnés|partager l’article",
    "es": "suscríbete|suscríbase|suscribirse|sigue toda|síguenos|siga las noticias|recibe en|reciba en"
    "|únete|regístrate|apúntate|descarga la app|archivado en|compartir en|conforme a los criterios",
    "pt": "assine |inscreva-se|siga o|siga a|cadastre-se|participe do|clique aqui|baixe o|compartilhe"
    "|entre no canal",
    "it": "iscriviti|abbonati|seguici|scarica l|clicca qui|unisciti|contenuto per gli abbonati",
    "nl": "abonneer|schrijf je in|meld je aan|volg ons|deel dit artikel|heb je een tip",
    "sv": "prenumerera|följ oss|anmäl dig|dela artikeln",
    "no": "abonner|følg oss|meld deg på|del artikkelen",
    "da": "tilmeld dig|følg os|del artiklen",
    "fi": "seuraa meitä|ilmoittaudu|jaa artikkeli",
    "pl": "dołącz do|zapisz się|obserwuj|śledź nas|subskrybuj|polub nas|udostępnij|kup prenumeratę"
    "|chcesz być na bieżąco",
    "cs": "sledujte nás|odebírejte|předplaťte|sdílejte",
    "tr": "abone ol|bizi takip|takip edin|haberdar olmak|bildirim almak|etiketler",
    "id": "bergabunglah|berlangganan|simak breaking|bagikan",
    "ru": "подпишитесь|подписывайтесь|подпишись|следите за|присоединяйтесь|оформите подписку|поделиться"
    "|нашли ошибку|выделите ее|если вы нашли",
    "uk": "підпишіться|підписуйтесь|підписуйтеся|підпишись|стежте за|слідкуйте за|приєднуйтесь"
    "|приєднуйтеся|поділитися"
    "|якщо ви помітили",
    "el": "ακολουθήστε|εγγραφείτε|κάντε like|βρείτε μας",
    "ar": "اشترك|تابعونا|تابعنا|لمتابعة|شارك الخبر|شارك المقال|انضم إلى|حمل تطبيق",
    "he": "הירשמו|הצטרפו|עקבו אחרינו|לעדכונים|להרשמה|הורידו את|מצאתם טעות|לכתבה זו",
    "hi": "ताजा खबरों के लिए|ताज़ा खबरों के लिए|हमें फॉलो करें|सब्सक्राइब करें",
    "zh": "关注我们|關注我們|扫码|扫描二维码|點我下載|点击下载|点击进入|欢迎关注|歡迎訂閱|特别声明"
    "|免责声明|【免责",
    "ja": "フォローする|会員登録|この記事は有料|この記事は会員|無料会員",
    "ko": "구독하기|기사제보|카카오톡|제보는",
}  # fmt: skip
_RIGHTS = {  # who holds the rights, who edited
    "de": "alle rechte vorbehalten|mit material von|quelle:",
    "fr": "tous droits réservés|toute reproduction",
    "es": "todos los derechos|reservados todos|prohibida su reproducción",
    "pt": "todos os direitos|é proibida a reprodução",
    "it": "tutti i diritti|riproduzione riservata|© riproduzione",
    "nl": "alle rechten voorbehouden",
    "pl": "wszelkie prawa|kopiowanie i|źródło:",
    "cs": "všechna práva|zdroj:",
    "tr": "tüm hakları|kaynak:",
    "id": "hak cipta|sumber:",
    "ru": "все права|источник:|при использовании материалов",
    "uk": "усі права|всі права|джерело:",
    "ar": "جميع الحقوق|المصدر",
    "he": "כל הזכויות|© כל",
    "zh": "版权所有|版權所有|未经授权|未經授權|责任编辑|责编|編輯：|编辑：|来源：|來源：|原标题|原標題"
    "|图片来源",
    "ja": "無断転載|無断での|掲載の記事",
    "ko": "저작권자|무단전재|무단 전재",
}  # fmt: skip


_Phrases = Mapping[str, tuple[str, ...]]


def _by_letter(*tables: Mapping[str, str]) -> _Phrases:
    """The phrases of some tables by their first letter."""
    found: dict[str, tuple[str, ...]] = {}
    phrases = (phrase for table in tables for row in table.values() for phrase in row.split("|"))
    for phrase in sorted({normalize("NFC", phrase) for phrase in phrases}):
        found[phrase[0]] = (*found.get(phrase[0], ()), phrase)
    return found


_ASKING = _by_letter(_ELSEWHERE, _SIGN_UP)
_CLAIMING = _by_letter(_RIGHTS)
_ALL_PHRASES = _by_letter(_ELSEWHERE, _SIGN_UP, _RIGHTS)
_MAX_PHRASED = 250  # characters; a longer line that begins with such words is a paragraph about them
_AROUND = " \t\n\u3000-–—»«>›→▶►•·*|[]【】〔〕()（）<>《》「」『』〈〉“”„\"'‘’:：./…!！©ⓒ#+◆■□▲△▼●○◎★☆※👉➡️"


def begins_like(text: str) -> bool:
    """Whether a line begins with one of the phrases, and not with a longer word."""
    return len(text) < _MAX_PHRASED and bool(_phrase(text[:60], _ALL_PHRASES))


def asks(text: str) -> bool:
    """Whether a line begins like one that leads to other articles, or wants readers to follow or to pay."""
    return len(text) < _MAX_PHRASED and bool(_phrase(text[:60], _ASKING))


def claims(text: str) -> bool:
    """Whether a line begins like one that says who holds the rights, edited, or is the source."""
    return len(text) < _MAX_PHRASED and (text.lstrip()[:1] == "©" or bool(_phrase(text[:60], _CLAIMING)))


def says_only(text: str) -> bool:
    """Whether a line is one of the phrases and nothing else."""
    return len(text) < 60 and len(_phrase(text, _ALL_PHRASES)) == len(text.strip(_AROUND)) > 0


def _phrase(text: str, phrases: _Phrases) -> str:
    """The longest phrase at the beginning; a capital after it begins another box that was glued to it."""
    line = normalize("NFC", text).lstrip(_AROUND)
    folded = line.lower()
    likely = phrases.get(folded[:1], ())
    if not folded.startswith(likely):
        return ""
    found = [phrase for phrase in likely if folded.startswith(phrase) and _is_ended(phrase, line)]
    return max(found, key=len, default="")


def _is_ended(phrase: str, line: str) -> bool:
    following = line[len(phrase) :][:1]
    return not (phrase[-1].isascii() and following.isalpha() and not following.isupper())


_MORE = r"(?:(?:read|see|watch|listen|view)\s+(?:more|also|next|now)\b.{0,160}|learn\s+more)"
_CREDITED = r"[^.!?]{0,100}[|(–—]\s*(?:photo|foto|fot\.|fotograf[íi]a|bild|фото)\s*[:：/].{0,80}"
_CREDIT = re.compile(_CREDITED, re.I)
_CLUTTER = re.compile(
    rf"""^\W*(?:
    {_MORE}
  | (?:related|recommended|more\s+(?:from|on|stories|news)|also\s+(?:read|see|on)|you\s+may\s+(?:also\s+)?like
      |don'?t\s+miss|must\s+read|trending|most\s+(?:read|popular)|up\s+next)\b
      \s*[:：]?.{{0,160}}
  | (?:sign\s*up|subscribe|get\s+(?:the\s+)?(?:latest|daily|our|breaking)|join\s+(?:our|us)
      |follow\s+(?:us|@|\w+\s+on\b)
      |like\s+us|click\s+here|download\s+(?:the|our)|support\s+(?:our|us)
      |become\s+a\s+(?:member|subscriber))\b.{{0,220}}
  | (?:share|tweet|email|print|comments?|advertisement|anzeige|publicidad|publicité|pubblicità|reklama?|ad
      |loading      |save|copy\s+link|facebook|twitter|whatsapp|reddit|linkedin|pinterest|telegram
      |story\s+continues(?:\s+below)?(?:\s+advertisement)?|continue\s+reading.{{0,40}}
      |article\s+continues\s+.{{0,40}}
      |scroll\s+.{{0,40}}|skip\s+.{{0,40}}|(?:view|show|leave\s+a)\s+(?:comments?|reply).{{0,60}})
  | (?:photos?|images?|pictures?|credits?|foto|bild|quelle|fuente|fonte)
      (?:\s+(?:credit|by|courtesy))?\s*[:：].{{0,120}}
  | (?:published|updated|last\s+(?:updated|modified)|posted|first\s+published|publicado|publi[ée]e?
      |aktualisiert|veröffentlicht)\b.{{0,60}}\d.{{0,30}}
  | (?:copyright\b|©|\(c\)\s).{{0,200}}
  | all\s+rights\s+reserved.{{0,120}}
  | (?:this\s+(?:material|copy|article)\s+(?:may\s+not|is\s+for\s+your)).{{0,300}}
  | (?:by|von|par|por|di)\s+[A-ZÀ-Ý][\w.'’-]+(?:\s+[A-ZÀ-Ý][\w.'’-]+){{1,3}}
  | \d{{1,2}}\s+min(?:ute)?s?\s+(?:read|ago|de\s+leitura)
  | (?:tags?|filed\s+under|topics?|categor(?:y|ies)|etiquetas|schlagw(?:o|ö)rte?r?)\s*[:：].{{0,300}}
  | https?://\S+
  | [\w.+-]+@[\w-]+\.[\w.-]+
  | (?:text|tekst|interview|autor(?:in|ka)?|auteur|autore|автор|текст|penulis|yazan|haber|reporter
      |korrespondent\w*)\s*[:：].{{0,80}}
  | (?:фото|kuva|kép|fotoğraf|zdjęci[ea]|fot\.|φωτο\w*|写真|사진|图片?|图源|صورة|צילום)
      \s*[:：/＝].{{0,120}}
  | {_CREDITED}
  | (?:this\s+(?:web)?site|we(?:\s+and\s+our\s+partners)?)\s+uses?\s+cookies.{{0,260}}
  | .{{0,80}}\bstrictly\s+necessary\s+cookies.{{0,200}}
  )\W*$""",
    re.I | re.X,
)
_DATE = re.compile(
    r"""^\W*(?:
    (?:(?:mon|tues|wednes|thurs|fri|satur|sun)\w*,?\s+)?(?:\d{1,2}(?:st|nd|rd|th)?\.?\s+)?
    (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?\s+(?:\d{1,2},?\s+)?(?:20|19)\d\d
    \W*(?:(?:at\s+)?\d{1,2}[:.]\d\d.{0,20})?
  | \d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:\W+\d{1,2}:\d\d\S*)?
  | (?:[^\W\d_]+\.?,?\s+)?\d{1,2}\.?\s+(?:de\s+)?[^\W\d_]{3,12}\.?\s+(?:de\s+)?(?:20|19)\d\d
    (?:\W{1,4}\d{1,2}[:.]\d\d.{0,20})?
  )\W*$""",
    re.I | re.X,
)
# Chinese and Japanese put no spaces between words, and a sign says more than a letter does.
_SIGN = "[\u2e80-\u9fff\uf900-\ufaff]"
_SIGNS = re.compile(_SIGN)
_SIGN_OR_WORD = re.compile(rf"{_SIGN}|[^\W\u2e80-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"\w+")
#: Letters that one of these signs is worth: an estimate, with which the choice of blocks was trained.
_SIGN_WIDTH = 2.5
#: Characters; nothing longer is clutter by its words alone (measured on aeb and wcxb).
_MAX_CLUTTER = 320
#: Paragraphs among which the headline is repeated (measured on aeb and wcxb).
_MAX_TOP = 6


def key(text: str) -> str:
    """The words of a line, without case and punctuation."""
    return " ".join(_WORD.findall(text.casefold()))


def split(text: str) -> list[str]:
    """The words of ``text``; each sign of those scripts that put no spaces between words."""
    if text.isascii() or not _SIGNS.search(text):
        return _WORD.findall(text)
    return _SIGN_OR_WORD.findall(text)


def width(text: str) -> float:
    """The length of ``text`` as an alphabet would need it."""
    return len(text) if text.isascii() else len(text) + (_SIGN_WIDTH - 1) * len(_SIGNS.findall(text))


def is_clutter(text: str) -> bool:
    """Whether a line is by its words alone no part of an article."""
    return len(text) < _MAX_CLUTTER and bool(_CLUTTER.match(text) or _DATE.match(text) or begins_like(text))


def is_credit(text: str) -> bool:
    """Whether a line is the caption of a picture with its credit: “The pier | photo: Ann Lee”."""
    return bool(_CREDIT.fullmatch(text))


def without_headline(paragraphs: Sequence[str], titles: Iterable[str | None]) -> list[str]:
    """The paragraphs without repetitions of the headline among the first."""
    known = {key(title) for title in titles if title} - {""}
    return [
        part for number, part in enumerate(paragraphs) if number >= _MAX_TOP or not _repeats(key(part), known)
    ]


def without_clutter(paragraphs: Sequence[str], titles: Iterable[str | None] = ()) -> list[str]:
    """The paragraphs that belong to the article; ``titles`` are headlines that may be repeated on top."""
    shown = [part for part in paragraphs if key(part)]
    out = [part for part in without_headline(shown, titles) if not is_clutter(part)]
    while out and out[-1].endswith(":") and len(out[-1]) < 80:
        out.pop()
    return out


def _repeats(words: str, titles: set[str]) -> bool:
    if words in titles:
        return True
    return len(words) > 20 and any(
        title.startswith(words) or (words.startswith(title) and len(words) < 1.3 * len(title))
        for title in titles
    )
