"""The words of the page, in English and in German; numbers and days as each of them writes these.

The English text is the key of a string, so that templates can be read. ``{…}`` stands for a value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["ENGLISH", "GERMAN", "LANGUAGES", "PLURALS", "SURE", "Strings", "strings_for"]

GERMAN: Final[Mapping[str, str]] = {
    # The frame of every page
    "Searcher": "Searcher",
    "Articles": "Artikel",
    "Statements": "Aussagen",
    "Names": "Namen",
    "Saved": "Gespeichert",
    "Skip to the results": "Zu den Ergebnissen",
    "Main": "Hauptmenü",
    "Search": "Suchen",
    "Search the archive": "Archiv durchsuchen",
    "Words, “a phrase”, person:Name, year:2024…": "Wörter, „eine Wendung“, person:Name, year:2024 …",
    "Ask each of the {n} lines by itself": "Jede der {n} Zeilen für sich fragen",
    # Search
    "Words that were said, as you remember them": "Worte, die gesagt wurden, wie Sie sie erinnern",
    "Nothing was found.": "Nichts gefunden.",
    "Search all of the archive for “{text}”": "Im ganzen Archiv „{text}“ suchen",
    "Fewer or other words may help, or one restriction less.": "Weniger oder andere Wörter helfen vielleicht, oder eine Einschränkung weniger.",
    "Search for the words without quotation marks": "Die Wörter ohne Anführungszeichen suchen",
    "There is nothing in this archive yet.": "In diesem Archiv ist noch nichts.",
    "Add articles with: searcher index FOLDER": "Artikel kommen hinein mit: searcher index ORDNER",
    "{articles} as {stories}": "{articles} als {stories}",
    "Results": "Ergebnisse",
    "No article has all these words. These have any of them.": "Kein Artikel hat alle diese Wörter. Diese haben mindestens eines.",
    "Look among what was said": "Unter dem Gesagten suchen",
    "No statement has all these words. These have any of them.": "Keine Aussage hat alle diese Wörter. Diese haben mindestens eines.",
    "Searched for {better} instead of {typed}.": "Gesucht wurde {better} statt {typed}.",
    "Several words behind a field need quotation marks:": "Mehrere Wörter hinter einem Feld brauchen Anführungszeichen:",
    "Search for what I typed": "Suchen, was ich schrieb",
    "Sort": "Ordnen",
    "Best match": "Beste Treffer",
    "Newest": "Neueste",
    "Oldest": "Älteste",
    "Copies only once": "Kopien nur einmal",
    "Narrow": "Eingrenzen",
    "Apply": "Anwenden",
    "Narrowed to": "Eingegrenzt auf",
    "not {value}": "nicht {value}",
    "and": "und",
    "or": "oder",
    "all of those chosen at once": "alle gewählten zugleich",
    "Any of those chosen, not all at once": "Irgendeines der gewählten, nicht alle zugleich",
    "Your tags": "Eigene Schlagwörter",
    "Remove: {value}": "Entfernen: {value}",
    "Remove all": "Alle entfernen",
    "exclude": "ausschließen",
    "Exclude {value}": "{value} ausschließen",
    "Find among all {n}": "Unter allen {n} finden",
    "From": "Von",
    "To": "Bis",
    "from {day}": "ab {day}",
    "until {day}": "bis {day}",
    "any of the words": "irgendeines der Wörter",
    "All times": "Alle Zeiten",
    "Choose a year:": "Ein Jahr wählen:",
    "Choose a month:": "Einen Monat wählen:",
    "Choose a day:": "Einen Tag wählen:",
    "Without a date: {n}": "Ohne Datum: {n}",
    "As a table": "Als Tabelle",
    "Time": "Zeit",
    "Number": "Zahl",
    "Pages": "Seiten",
    "Page {n}": "Seite {n}",
    "Page {n} of {last}": "Seite {n} von {last}",
    "Previous": "Zurück",
    "Next": "Weiter",
    "by {authors}": "von {authors}",
    "Without a title": "Ohne Titel",
    "undated": "undatiert",
    "All copies of this story": "Alle Fassungen dieser Geschichte",
    "People": "Personen",
    "Organisations": "Organisationen",
    "Speakers": "Sprecher",
    "Sources": "Quellen",
    "Authors": "Autoren",
    "Languages": "Sprachen",
    "Sections": "Ressorts",
    "Tags": "Schlagwörter",
    "Months": "Monate",
    "Weeks": "Wochen",
    "Days": "Tage",
    "Tags and notes": "Schlagwörter und Notizen",
    "Tag": "Schlagwort",
    "Case": "Fall",
    "Note": "Notiz",
    "a word of your own": "ein eigenes Wort",
    "what you work on": "woran Sie arbeiten",
    "Save the note": "Notiz sichern",
    "The note is saved.": "Die Notiz ist gesichert.",
    "All articles with this tag": "Alle Artikel mit diesem Schlagwort",
    "Years": "Jahre",
    "Save": "Merken",
    "Save this search": "Diese Suche merken",
    "Name of the search": "Name der Suche",
    "Export": "Exportieren",
    "Everything found, as": "Alles Gefundene als",
    "a table, for Excel or LibreOffice": "eine Tabelle, für Excel oder LibreOffice",
    "for programs": "für Programme",
    "for Zotero, EndNote, Citavi": "für Zotero, EndNote, Citavi",
    "for LaTeX": "für LaTeX",
    "for Pandoc": "für Pandoc",
    "Subscribe": "Abonnieren",
    "An Atom feed: copy its address into a feed reader.": "Ein Atom-Feed: Kopieren Sie seine Adresse in einen Feedreader.",
    "Copy the address": "Adresse kopieren",
    # Statements
    "Said by": "Gesagt von",
    "Type a name": "Einen Namen tippen",
    "Names that begin so:": "Namen, die so beginnen:",
    "How sure the speaker is": "Wie sicher der Sprecher ist",
    "at least {sure}": "mindestens {sure}",
    "any": "beliebig",
    "as usual: {sure}": "wie üblich: {sure}",
    "Speech": "Rede",
    "word for word": "wörtlich",
    "in part": "in Teilen",
    "reported": "berichtet",
    "Show doubtful ones too": "Auch zweifelhafte zeigen",
    "Show {n} more whose speaker is doubtful": "{n} weitere zeigen, deren Sprecher zweifelhaft ist",
    "Show reported speech too ({places})": "Auch berichtete Rede zeigen ({places})",
    "What did {name} say about “{words}”?": "Was sagte {name} über „{words}“?",
    "Everything said by {name}": "Alles, was {name} sagte",
    "In articles about": "In Artikeln über",
    "Words, as in a search": "Wörter, wie in einer Suche",
    "Everything that {name} said in articles about “{words}” ({places})": "Alles, was {name} in Artikeln über „{words}“ sagte ({places})",
    "Everything said in articles about “{words}” ({places})": "Alles, was in Artikeln über „{words}“ gesagt wurde ({places})",
    "Only what {name} said": "Nur was {name} sagte",
    "nobody known": "niemand Bekanntes",
    "almost certain": "fast sicher",
    "very likely": "sehr wahrscheinlich",
    "likely": "wahrscheinlich",
    "uncertain": "unsicher",
    "doubtful": "zweifelhaft",
    "Others name {names}.": "Andere nennen {names}.",
    "Carried by {articles}": "In {articles}",
    "Context": "Zusammenhang",
    "Copy the words": "Wortlaut kopieren",
    "Copy the citation": "Zitat mit Beleg kopieren",
    "Copied": "Kopiert",
    # Reader
    "All results": "Alle Ergebnisse",
    "Previous result": "Voriges Ergebnis",
    "Next result": "Nächstes Ergebnis",
    "{n} of {total}": "{n} von {total}",
    "Matches": "Fundstellen",
    "Passage {n} of {total}": "Fundstelle {n} von {total}",
    "Previous passage": "Vorige Fundstelle",
    "Next passage": "Nächste Fundstelle",
    "Original": "Original",
    "Who says what": "Wer was sagt",
    "all": "alles",
    "Cite": "Zitieren",
    "About the article": "Zum Artikel",
    "Star": "Stern",
    "Copy": "Kopieren",
    "Like this one": "Ähnliche",
    "Where this is from": "Woher das stammt",
    "File": "Datei",
    "Section": "Ressort",
    "Language": "Sprache",
    "Id": "Kennung",
    "SHA-256 of the file": "SHA-256 der Datei",
    "Read by": "Gelesen von",
    "Names and quotations by": "Namen und Zitate von",
    "Copies": "Fassungen",
    # People, organisations, sources
    "Person": "Person",
    "Organisation": "Organisation",
    "Source": "Quelle",
    "As it is written": "So geschrieben",
    "Merge or correct this name": "Diesen Namen vereinen oder berichtigen",
    "People beside": "Personen daneben",
    "Organisations beside": "Organisationen daneben",
    "Latest statements": "Neueste Aussagen",
    "Latest articles": "Neueste Artikel",
    "Several bear this name.": "Mehrere tragen diesen Namen.",
    "No article names them.": "Kein Artikel nennt sie.",
    # All values of a facet
    "Back to the results": "Zurück zu den Ergebnissen",
    "Find among these": "Darunter finden",
    "Find": "Finden",
    "by number": "nach Zahl",
    # Names
    "Newspapers write one name in several ways. Say here which names are the same, or which are wrong. The articles themselves stay as they are, and everything can be undone.": "Zeitungen schreiben einen Namen auf mehrere Arten. Sagen Sie hier, welche Namen dieselben sind oder welche falsch. Die Artikel selbst bleiben, wie sie sind, und alles lässt sich zurücknehmen.",
    "Undo": "Zurücknehmen",
    "It was undone.": "Es wurde zurückgenommen.",
    "Find a name": "Einen Namen finden",
    "What about these names?": "Was ist mit diesen Namen?",
    "What about this name?": "Was ist mit diesem Namen?",
    "They are the same. Show all as": "Sie sind dieselben. Alle zeigen als",
    "Merge": "Vereinen",
    "This changes the names in {articles}.": "Das ändert die Namen in {articles}.",
    "It should be called": "Der Name soll sein:",
    "rename, keep apart, hide": "umbenennen, getrennt halten, verbergen",
    "Another name for {name}": "Ein anderer Name für {name}",
    "Rename": "Umbenennen",
    "Keep apart": "Getrennt halten",
    "It is never joined with another name.": "Nie mit einem anderen Namen vereint.",
    "Hide": "Verbergen",
    "It is no person and no organisation: no list shows it.": "Weder Person noch Organisation: keine Liste zeigt ihn.",
    "Tick the names that are the same, or one that is wrong; then go on. The numbers are articles.": "Kreuzen Sie die Namen an, die dieselben sind, oder einen, der falsch ist; dann weiter. Die Zahlen sind Artikel.",
    "Ticked": "Angekreuzt",
    "No name is ticked yet.": "Noch ist kein Name angekreuzt.",
    "Perhaps the same": "Vielleicht dieselben",
    "With “{text}”": "Mit „{text}“",
    "the first {n} of {total}": "die ersten {n} von {total}",
    "Go on with the ticked names": "Weiter mit den angekreuzten Namen",
    "Decided so far": "Bisher entschieden",
    "“{name}” is shown as “{to}”.": "„{name}“ wird als „{to}“ gezeigt.",
    "“{name}” is kept apart.": "„{name}“ wird getrennt gehalten.",
    "“{name}” is hidden.": "„{name}“ ist verborgen.",
    "Take back": "Zurücknehmen",
    "A decision was taken back.": "Eine Entscheidung wurde zurückgenommen.",
    "Forget": "Vergessen",
    "Forget the decision about {name}": "Die Entscheidung über {name} vergessen",
    # Saved searches
    "Saved searches": "Gemerkte Suchen",
    "Saved as “{name}”.": "Gemerkt als „{name}“.",
    "None yet. Search for something, and choose “Save” above the results.": "Noch keine. Suchen Sie etwas, und wählen Sie über den Ergebnissen „Merken“.",
    "{n} new": "{n} neu",
    "nothing new": "nichts Neues",
    "Mark as seen": "Als gesehen merken",
    "Mark as seen: {name}": "Als gesehen merken: {name}",
    "Forget the search {name}": "Die Suche {name} vergessen",
    # Adding
    "Add": "Hinzufügen",
    "Add files": "Dateien hinzufügen",
    "Saved pages, text, PDF, mail, downloads of databases, archives of these. They are kept beside the index.": "Gesicherte Seiten, Text, PDF, Mail, Downloads aus Datenbanken, Archive davon. Sie bleiben neben dem Index.",
    "Choose files, or drop them here": "Dateien wählen oder hier ablegen",
    "Reading: {files} of {total} files.": "Am Lesen: {files} von {total} Dateien.",
    "Look again": "Noch einmal nachsehen",
    "Done: {added} added, {updated} updated, {failed} files could not be read.": "Fertig: {added} neu, {updated} erneuert, {failed} Dateien nicht lesbar.",
    # Many at once
    "Paste a list": "Liste einfügen",
    "Names or queries, one a line": "Namen oder Anfragen, je Zeile eine",
    "Names of people": "Namen von Personen",
    "Queries": "Anfragen",
    "Query": "Anfrage",
    "First": "Erster",
    "Last": "Letzter",
    # Errors
    "This query cannot be understood.": "Diese Anfrage ist nicht zu verstehen.",
    "This cannot be asked.": "Das kann man so nicht fragen.",
    "There is no such page.": "Diese Seite gibt es nicht.",
    "Something is wrong with the archive.": "Mit dem Archiv stimmt etwas nicht.",
    "To the search": "Zur Suche",
}

#: What is counted: singular and plural, in each language.
PLURALS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "en": {
        "articles": ("{n} article", "{n} articles"),
        "stories": ("{n} story", "{n} stories"),
        "statements": ("{n} statement", "{n} statements"),
        "passages": ("{n} passage", "{n} passages"),
        "places": ("in {n} place", "in {n} places"),
    },
    "de": {
        "articles": ("{n} Artikel", "{n} Artikel"),
        "stories": ("{n} Geschichte", "{n} Geschichten"),
        "statements": ("{n} Aussage", "{n} Aussagen"),
        "passages": ("{n} Fundstelle", "{n} Fundstellen"),
        "places": ("an {n} Stelle", "an {n} Stellen"),
    },
}
#: Words for a confidence from this on.
_CONFIDENCE: Final = (
    (0.95, "almost certain"),
    (0.85, "very likely"),
    (0.7, "likely"),
    (0.5, "uncertain"),
    (0.0, "doubtful"),
)
#: How sure a speaker can be asked to be.
SURE: Final = tuple(least for least, _ in _CONFIDENCE)
_MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
#: Languages of articles: code, English name, German name. Others are shown by their code.
_LANGUAGE_NAMES: Final = {
    code: {"en": english.replace("_", " "), "de": german}
    for code, english, german in (
        line.split()
        for line in """
            af Afrikaans Afrikaans
            am Amharic Amharisch
            an Aragonese Aragonesisch
            ar Arabic Arabisch
            as Assamese Assamesisch
            az Azerbaijani Aserbaidschanisch
            ba Bashkir Baschkirisch
            be Belarusian Belarussisch
            bg Bulgarian Bulgarisch
            bn Bengali Bengalisch
            br Breton Bretonisch
            bs Bosnian Bosnisch
            ca Catalan Katalanisch
            cs Czech Tschechisch
            cy Welsh Walisisch
            da Danish Dänisch
            de German Deutsch
            dz Dzongkha Dzongkha
            el Greek Griechisch
            en English Englisch
            eo Esperanto Esperanto
            es Spanish Spanisch
            et Estonian Estnisch
            eu Basque Baskisch
            fa Persian Persisch
            fi Finnish Finnisch
            fo Faroese Färöisch
            fr French Französisch
            fy Frisian Friesisch
            ga Irish Irisch
            gd Scottish_Gaelic Schottisch-Gälisch
            gl Galician Galicisch
            gu Gujarati Gujarati
            ha Hausa Hausa
            he Hebrew Hebräisch
            hi Hindi Hindi
            hr Croatian Kroatisch
            ht Haitian_Creole Haitianisch
            hu Hungarian Ungarisch
            hy Armenian Armenisch
            id Indonesian Indonesisch
            ig Igbo Igbo
            is Icelandic Isländisch
            it Italian Italienisch
            ja Japanese Japanisch
            jv Javanese Javanisch
            ka Georgian Georgisch
            kk Kazakh Kasachisch
            km Khmer Khmer
            kn Kannada Kannada
            ko Korean Koreanisch
            ku Kurdish Kurdisch
            ky Kyrgyz Kirgisisch
            la Latin Latein
            lb Luxembourgish Luxemburgisch
            lg Ganda Luganda
            ln Lingala Lingala
            lo Lao Laotisch
            lt Lithuanian Litauisch
            lv Latvian Lettisch
            mg Malagasy Malagasy
            mk Macedonian Mazedonisch
            ml Malayalam Malayalam
            mn Mongolian Mongolisch
            mr Marathi Marathi
            ms Malay Malaiisch
            mt Maltese Maltesisch
            my Burmese Birmanisch
            nb Bokmål Bokmål
            ne Nepali Nepalesisch
            nl Dutch Niederländisch
            nn Nynorsk Nynorsk
            no Norwegian Norwegisch
            oc Occitan Okzitanisch
            om Oromo Oromo
            or Odia Oriya
            pa Punjabi Panjabi
            pl Polish Polnisch
            ps Pashto Paschtu
            pt Portuguese Portugiesisch
            qu Quechua Quechua
            ro Romanian Rumänisch
            ru Russian Russisch
            rw Kinyarwanda Kinyarwanda
            sa Sanskrit Sanskrit
            se Northern_Sami Nordsamisch
            si Sinhala Singhalesisch
            sk Slovak Slowakisch
            sl Slovene Slowenisch
            sn Shona Shona
            so Somali Somali
            sq Albanian Albanisch
            sr Serbian Serbisch
            st Sotho Sesotho
            sv Swedish Schwedisch
            sw Swahili Suaheli
            ta Tamil Tamil
            te Telugu Telugu
            tg Tajik Tadschikisch
            th Thai Thai
            tk Turkmen Turkmenisch
            tl Tagalog Tagalog
            tr Turkish Türkisch
            tt Tatar Tatarisch
            ug Uyghur Uigurisch
            uk Ukrainian Ukrainisch
            ur Urdu Urdu
            uz Uzbek Usbekisch
            vi Vietnamese Vietnamesisch
            vo Volapük Volapük
            wa Walloon Wallonisch
            xh Xhosa Xhosa
            yi Yiddish Jiddisch
            yo Yoruba Yoruba
            zh Chinese Chinesisch
            zu Zulu Zulu
        """.strip().splitlines()
    )
}


@dataclass(frozen=True, slots=True)
class Strings:
    """The strings of one language."""

    code: str
    texts: Mapping[str, str]

    def text(self, key: str, **values: object) -> str:
        """Return a string with these values in it."""
        found = self.texts.get(key, key)
        return found.format(**values) if values else found

    def count(self, number: int, what: str) -> str:
        """Return a number with what is counted: “1,234 articles”."""
        one, many = PLURALS[self.code][what]
        return (one if number == 1 else many).format(n=self.number(number))

    def confidence(self, value: float) -> str:
        """Return how sure something is, in words and as a number: “very likely (93 %)”."""
        words = next(words for least, words in _CONFIDENCE if value >= least)
        # Nothing that was found by machine is quite certain.
        return f"{self.text(words)} ({min(value, 0.99):.0%})".replace("%", " %")

    def at_least(self, value: float) -> str:
        """Return how sure something has to be: “at least very likely”, “at least 93 %”."""
        if not value:
            return self.text("any")
        named = dict(_CONFIDENCE).get(value)
        return self.text(
            "at least {sure}", sure=self.text(named) if named else f"{value:.0%}".replace("%", " %")
        )

    def number(self, number: int) -> str:
        """Return a number with marks between the thousands."""
        return f"{number:,}".replace(",", "." if self.code == "de" else ",")

    def language(self, code: str) -> str:
        """Return the name of a language; the code of one that has no name here."""
        return _LANGUAGE_NAMES.get(code, {}).get(self.code, code)

    def day(self, day: dt.date | None) -> str:
        """Return a day in words: “6 May 2024”."""
        if day is None:
            return self.text("undated")
        return f"{day.day}{'.' if self.code == 'de' else ''} {self.month(day)}"

    def span(self, first: dt.date | None, last: dt.date | None) -> str:
        """Return a time in words: “2024”, “May 2024”, “6 May 2024 – 7 June 2024”, “from 6 May 2024”."""
        if first is None or last is None:
            return self.text("until {day}" if first is None else "from {day}", day=self.day(first or last))
        if (first.month, first.day, last) == (1, 1, dt.date(first.year, 12, 31)):
            return f"{first.year}"
        if first.day == 1 and (last.year, last.month) == (first.year, first.month) and _ends_month(last):
            return self.month(first)
        return self.day(first) if first == last else f"{self.day(first)} – {self.day(last)}"

    def unit(self, unit: str, day: dt.date, within: bool) -> str:
        """Return a year, month or day in few words; ``within``: the longer time around it stands beside it."""
        name = _MONTHS[self.code].split()[day.month - 1]
        match unit:
            case "year":
                return f"{day.year}"
            case "month":
                return name[:3] if within else f"{name[:3]} {day.year}"
            case _:
                number = f"{day.day}{'.' if self.code == 'de' else ''}"
                return f"{number} {name[:3]}" if within else f"{number} {name[:3]} {day.year}"

    def month(self, day: dt.date) -> str:
        """Return the month of a day with its year: “May 2024”."""
        return f"{_MONTHS[self.code].split()[day.month - 1]} {day.year}"


ENGLISH: Final = Strings("en", {})
LANGUAGES: Final[Mapping[str, Strings]] = {"en": ENGLISH, "de": Strings("de", GERMAN)}


def _ends_month(day: dt.date) -> bool:
    return (day + dt.timedelta(days=1)).day == 1


def strings_for(accepted: str) -> Strings:
    """Return the strings for an ``Accept-Language`` header: of the first language that is here."""
    for part in accepted.split(","):
        code = part.split(";")[0].strip().split("-")[0].lower()
        if code in LANGUAGES:
            return LANGUAGES[code]
    return ENGLISH
