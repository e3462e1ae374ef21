"""Questions: “What did Roe say about the harbour?” as a search.

A text is a question only if it has a form of :mod:`searcher.search.question_forms`, with names that are in
the index or look like names. Everything else is a keyword query.
"""

from __future__ import annotations

import datetime as dt
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, Final, NamedTuple, get_args

from searcher import plugins
from searcher.analysis.terms import fold
from searcher.article import QuoteKind
from searcher.errors import QueryError, UsageError
from searcher.languages import ENGLISH, common_words, pack, without_accents
from searcher.query.arguments import DEFAULT_KINDS
from searcher.query.command_line import command_of
from searcher.query.request import Search
from searcher.query.stop_words import is_stop_word
from searcher.query.time_units import span_labels
from searcher.query.tree import And, Phrase, Term
from searcher.search.answers import Answers
from searcher.search.question_forms import Form, articles_of, forms, joined_names

#: Maximum length of a common word that is ignored. Longer words may be nouns.
_MAX_STOP_LETTERS: Final = 4
#: Maximum number of words in a name that is not in the index.
_MAX_NAME_WORDS: Final = 4
#: At least this many words after “who said” are read as a quotation, even without quotation marks.
_MIN_QUOTED_WORDS: Final = 3
#: A subject is read as a name if at least this share of the articles with its words mention it as a name.
_MIN_NAMED_SHARE: Final = 0.5
#: Maximum number of possible base forms that are looked up for a declined name.
_MAX_BASE_FORMS: Final = 60
#: Languages in which all nouns are capitalised.
_CAPITAL_NOUNS: Final = frozenset({"de"})
#: A quotation of three words or more in quotation marks.
_QUOTATION: Final = re.compile("[\"“”„«»‘'](\\S+\\s+){2,}.+")
_MARKS: Final = "\"'“”„«»‚‘’‹› "


class Reading(NamedTuple):
    """How a question was read.

    Attributes:
        question: The question as it was asked.
        search: The search that it stands for.
        quotation: Words to look for with :meth:`searcher.Index.find_quote`. Empty for any other question.
    """

    question: str
    search: Search
    quotation: str = ""

    @property
    def sentence(self) -> str:
        """The reading in words: “statements by Anna Roe containing “harbour””."""
        if self.quotation:
            return f"who said “{self.quotation}”"
        search, named = self.search, self.search.included
        first, last = span_labels(search.after, search.before)
        phrases = {
            "statements" if search.quotes else "articles": ("",),
            "by ": search.speakers or named.get("author", ()),
            "published by ": named.get("source", ()),
            "naming ": (*named.get("person", ()), *named.get("organisation", ())),
            "containing " if search.quotes else "about ": (search.text and f"“{search.text}”",),
            "in articles about ": (search.about and f"“{search.about}”",),
            "in " if first == last else "from ": (first,),
            "until ": (last if last != first else "",),
        }
        values = {phrase: " or ".join(names) for phrase, names in phrases.items()}
        return " ".join(phrase + value for phrase, value in values.items() if value or phrase[-1] != " ")

    @property
    def command(self) -> str:
        """The equivalent command."""
        return (
            f"search --find-quote {shlex.quote(self.quotation)}"
            if self.quotation
            else command_of(self.search)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data."""
        search = {"find_quote": self.quotation} if self.quotation else self.search.core().to_dict()
        return {"sentence": self.sentence, "command": self.command, "search": search}


def read_question(answers: Answers, search: Search, today: dt.date | None = None) -> Reading | None:
    """Return the reading of a search as a question, or None for a keyword query. Filters stay. Names in the
    index have precedence."""
    if search.match != "all" or search.speakers or search.about or not _is_plain(answers, search):
        return None
    readers = [_Reader(answers, search, form) for form in forms(search.text, today or dt.date.today())]
    for reader, known in [(reader, known) for known in (True, False) for reader in readers]:
        with suppress(QueryError, UsageError):  # for example, contradictory dates
            if reading := reader.read(known=known):
                return reading
    return None


def _is_plain(answers: Answers, search: Search) -> bool:
    """Return True for a text without operators, only words and phrases."""
    try:
        tree = search.replace(search.text.strip("¿¡?!. ")).tree(answers.fields)
    except QueryError:
        return False
    parts = tree.parts if isinstance(tree, And) else (tree,)
    return all(isinstance(part, Term | Phrase) and part.field == "text" for part in parts)


@dataclass(frozen=True)
class _Reader:
    """Turns one form of a question into a search."""

    answers: Answers
    search: Search
    form: Form

    def read(self, *, known: bool) -> Reading | None:
        """Return the reading if all names are in the index or, unless they must be ``known``, look like
        names. Return None if the form does not fit."""
        named, what = self._names_by_field(known=known), self.form.slots.get("what", "")
        quoted = self.form.slots.get("quote") or (what if _QUOTATION.fullmatch(what) else "")
        if marked := re.search('["“”„«»].*', quoted):  # “these: “Roe will be back””
            quoted = marked[0]
        if named is None:
            return None
        if quoted and (quoted[0] in _MARKS or len(quoted.split()) >= _MIN_QUOTED_WORDS):
            words = quoted.strip(_MARKS)
            return Reading(
                self.search.text, self._base_search(quotes=True).replace(_plain_words(words)), words
            )
        if self.form.kind != "articles":
            return Reading(self.search.text, self._statements(named, self._subject(what or quoted)))
        articles = self._articles(named, what)
        is_narrower = articles.text or articles.core() != self.search.replace("").core()
        return Reading(self.search.text, articles) if is_narrower else None

    def _statements(self, named: Mapping[str, list[str]], words: str) -> Search:
        """Return the statements in articles with the words, since a statement need not name its subject. For
        the first or last statement, it must contain them, if any does."""
        narrow = self._base_search(quotes=True).replace(words, said_by=named.get("speaker", ()))
        wide = narrow.replace("", about=words)
        if not words or (self.form.sort and self.answers.count(narrow)):
            return narrow
        return wide if self.answers.count(wide) else narrow

    def _articles(self, named: Mapping[str, list[str]], subject: str) -> Search:
        """Return the articles that mention the names in a subject and contain its other words."""
        search, words = self._base_search(quotes=False).where(named), []
        for part in joined_names(self.form.language, subject) if subject else ():
            topic = self._name_topic(part)
            if topic and topic[0] not in search.included:
                search = search.where({topic[0]: topic[1]})
            else:
                words.append(self._subject(part))
        return search.replace(" ".join(words))

    def _base_search(self, *, quotes: bool) -> Search:
        """Return the search with the time and order of the question, without its words. Includes reported
        speech."""
        search, form = self.search, self.form
        return search.replace(
            "", quotes=quotes, kinds=get_args(QuoteKind) if quotes else DEFAULT_KINDS, offset=0,
            unreported=False, print_only=False,
            min_confidence=search.min_confidence if quotes else None, explain=search.explain and not quotes,
            facets=() if quotes else search.facets,
            after=max(filter(None, (form.after, search.after)), default=None),
            before=min(filter(None, (form.before, search.before)), default=None),
            sort="newest" if form.sort == "newest" else "oldest" if form.sort == "oldest" else search.sort,
        )  # fmt: skip

    # Words

    def _subject(self, text: str) -> str:
        """Return the words of a subject without stop words, unless all are."""
        known, words = pack(self.form.language), []
        for word in re.findall(r'"[^"]*"|[^\s"]+', text):
            start, _, rest = word.replace("’", "'").partition("'")
            elided = rest and known and start.lower() in known.elisions
            word = rest if elided else word.strip(",;:?!‘’“”„«» ")
            if word and (word[0].isupper() or not self._is_stop(word)):
                words.append(word)
        return " ".join(words) or _plain_words(text)

    def _is_stop(self, word: str) -> bool:
        """Return True for articles and stop words. Longer common words may be nouns (“trabajo”)."""
        language = self.form.language
        is_common = len(word) <= _MAX_STOP_LETTERS and word.lower() in common_words(language)
        return is_common or (language == ENGLISH and is_stop_word(word)) or self._is_article(word)

    def _is_article(self, word: str) -> bool:
        return without_accents(word) in articles_of(self.form.language)

    # Names

    def _names_by_field(self, *, known: bool) -> Mapping[str, list[str]] | None:
        """Return the names of a form by field, or None if one is not a name."""
        slots = {"speaker": "who", "author": "author", "source": "source"}
        texts = {field: text for field, slot in slots.items() if (text := self.form.slots.get(slot))}
        names: dict[str, list[str]] = {}
        for field, text in texts.items():
            parts = self._without_descriptions(joined_names(self.form.language, text))
            names[field] = [name for part in parts if (name := self._known_part(field, part))]
            if len(names[field]) < len(parts):
                if known or field == "source" or not all(map(self._looks_like_name, parts)):
                    return None
                names[field] = [self._without_article(part) for part in parts]
        return names

    def _without_descriptions(self, parts: list[str]) -> list[str]:
        """Return names without their descriptions: “Roe, the mayor”."""
        described = [part for part in parts[1:] if self._is_article(part.partition(" ")[0])]
        return [part for part in parts if part and part not in described]

    def _known_part(self, field: str, text: str) -> str | None:
        """Return the longest part of a text that is a known name: “Roe” in “President Roe” and in “Roe of the
        Tarnby Post”, but not “Tarnby” in “the mayor of Tarnby”."""
        words = self._without_article(text).split()
        if all(map(is_stop_word, words)):  # “we”
            return None
        ends = [at for at, word in enumerate(words) if self._is_stop(word)]
        starts = range(ends[0] if ends and ends[0] else len(words))
        parts = [words[start:] for start in starts] + [words[:end] for end in reversed(ends)]
        return next(
            (name for part in parts if part and (name := self._known_name(field, " ".join(part)))), None
        )

    def _known_name(self, field: str, text: str) -> str | None:
        """Return a name as a search accepts it if the index has it; the full name if it is unique."""
        for name in (text, *self._base_forms(text)):
            last = fold(name).split()[-1:]
            names = [
                one
                for one in self.answers.engine.names().names_meant(field, name)
                if fold(one).split()[-1:] == last
            ]
            if names and last:
                return names[0] if len(names) == 1 and " " in names[0] else name
        return None

    def _base_forms(self, name: str) -> Iterator[str]:
        """Yield the base forms of a declined name."""
        words = name.split()
        base_forms = plugins.find_optional("searcher.languages", "base forms")
        if base_forms and self.form.language != ENGLISH and len(words) <= _MAX_NAME_WORDS:
            bases = (base_forms(word, self.form.language) for word in words)
            several = product(*({word: 0, **dict.fromkeys(base)} for word, base in zip(words, bases)))
            yield from map(" ".join, islice(several, 1, _MAX_BASE_FORMS))

    def _name_topic(self, text: str) -> tuple[str, str] | None:
        """Return the field and name if a subject is a name that most articles with its words mention."""
        text = self._without_article(text)
        named = {
            (f, n): 0
            for f in ("person", "organisation")
            if text[:1].isupper() and (n := self._known_name(f, text))
        }
        counts = {one: self.answers.count(Search("", where=dict([one]))) for one in named}
        best = max(counts, key=counts.__getitem__, default=None)
        words = self.answers.engine.count(Search(_plain_words(text)).tree()) if best else 0
        return best if best and counts[best] >= _MIN_NAMED_SHARE * words else None

    def _looks_like_name(self, text: str) -> bool:
        """Return True for a few capitalised words and for words that no article has; but not for “the mayor”
        or “die Bürgermeisterin”."""
        words = self._without_article(text).split()
        if not 0 < len(words) <= _MAX_NAME_WORDS or self._is_stop(words[0]):
            return False
        has_article = len(words) < len(text.split())
        if words[0][0].isupper() and words[-1][0].isupper():
            return not (has_article and self.form.language in _CAPITAL_NOUNS)
        return not has_article and not any(self.answers.engine.count(Term(one)) for one in words)

    def _without_article(self, text: str) -> str:
        first, _, rest = text.strip(_MARKS).partition(" ")
        return rest if rest and self._is_article(first) else text.strip(_MARKS)


def _plain_words(text: str) -> str:
    """Return the words of a text without query syntax."""
    return " ".join(re.findall(r"\w[\w'’-]*", text))
