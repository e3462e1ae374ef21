"""Parse query text to tokens, and tokens to a tree. From loosest to tightest: OR, AND (implied), NOT, w/5 and
pre/5."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple, NoReturn

from searcher import analysis
from searcher.errors import QueryError, QueryTooBroad, UsageError
from searcher.fields import BUILT_IN, DOUBTFUL, Fields, Kind, unknown_field
from searcher.query import deadline, tree
from searcher.query.language import other_services
from searcher.query.spans import field_of, span_expr
from searcher.query.tree import Expr, SpanExpr, all_of, any_of

#: Maximum number of tokens of a query.
MAX_TOKENS = 2_000
#: Maximum length of a query, in characters: 2,000 words of sixteen letters.
MAX_LENGTH = 16 * MAX_TOKENS
#: Maximum distance of ``w/n``, in words. It is longer than any paragraph.
MAX_DISTANCE_WORDS = 1_000

TokenKind = Literal[
    "word", "quoted", "field", "and", "or", "not", "near", "before", "atleast", "open", "close", "end"
]


class QueryToken(NamedTuple):
    """A word, a phrase, an operator or the name of a field. ``number``: of w/5 or atleast3."""

    kind: TokenKind
    text: str
    position: int
    number: int = 0


_CLOSING = {'"': '"', "“": '”"', "”": '”"', "„": '“”"', "«": "»", "»": "«", "‟": '”"'}
QUOTES = re.compile('["“”„«»‟]')
_SPACE = re.compile(r"\s+")
# Spaced initials (J. D. Vance) and names with ampersands (AT & T) are one word, as in the index.
_BARE = re.compile(r"(?:[A-Z]\. )+[A-Z]\.[^\s()]*|[A-Z]{1,2} & [A-Z]\b[^\s()]*|[^\s()]+")
_FIELD = re.compile(r"([A-Za-z]+):(?!:)")
_MINUS = re.compile(r"-(?=[^\s()-]|\()")
_NEAR = re.compile(r"(near|w|pre)/(\w+)|(near|adj)(\d+)", re.IGNORECASE)
_NOT_BEFORE = re.compile(r"\bnot\s+$", re.IGNORECASE)
#: A NOT is looked for in this many characters before an operator.
_MAX_CHARACTERS_BACK = 20
_ATLEAST = re.compile(r"atleast/?(\d+)", re.IGNORECASE)
OPERATORS: dict[str, TokenKind] = {"AND": "and", "OR": "or", "NOT": "not"}
_BANG = re.compile(r"!(?=[\w\"“(])")  # means “not” in other services; not at the end of a word (“Help!”)


def lex(text: str, fields: Fields = BUILT_IN, *, headline: bool = True) -> list[QueryToken]:
    """Return the tokens of a query, ``end`` last, without words that cannot be searched. ``headline``: in a
    text all in capitals, words are not operators of other services. Raises QueryError, and QueryTooBroad."""
    if len(text) > MAX_LENGTH:
        raise QueryTooBroad(f"The query has more than {MAX_LENGTH:,} letters. Shorten it.")
    tokens: list[QueryToken] = []
    at, names, capitals = 0, fields.in_queries, headline and text.isupper()
    while at < len(text):
        if space := _SPACE.match(text, at):
            at = space.end()
            continue
        deadline.check()
        token, at = _next(text, at, names, capitals)
        if token is not None:
            tokens.append(token)
        if len(tokens) > MAX_TOKENS:
            raise QueryTooBroad(f"The query has more than {MAX_TOKENS:,} words. Shorten it.", text, at)
    return [*tokens, QueryToken("end", "", len(text))]


def _next(text: str, at: int, names: Mapping[str, str], capitals: bool) -> tuple[QueryToken | None, int]:
    """Return the token at ``at`` (None: not searchable) and the end of it. ``capitals``: the text is all in
    capitals."""
    letter = text[at]
    if letter in "()":
        return QueryToken("open" if letter == "(" else "close", letter, at), at + 1
    if letter in _CLOSING:
        return _quoted_token(text, at)
    if _MINUS.match(text, at):
        return QueryToken("not", "-", at), at + 1
    if _BANG.match(text, at):
        raise QueryError("Write - or NOT instead of !.", text, at)
    if (field := _FIELD.match(text, at)) and (token := _field(text, field, names)) is not None:
        return token, field.end()
    other_services.refuse_call(text, at, names)
    bare = _BARE.match(text, at)
    if bare is None:  # pragma: no cover - white space and parentheses are handled above
        return None, at + 1
    return _bare_token(text, bare[0], at, names, capitals), bare.end()


def _quoted_token(text: str, at: int) -> tuple[QueryToken | None, int]:
    closing = _CLOSING[text[at]]
    if (end := min((i for mark in closing if (i := text.find(mark, at + 1)) > 0), default=0)) == 0:
        problem = f"This quotation mark is never closed; write {closing[-1]} after the phrase."
        raise QueryError(problem, text, at, correction=text + closing[-1])
    phrase = " ".join(QUOTES.sub(" ", text[at + 1 : end]).split())
    if text.startswith("~", end + 1):
        raise QueryError(
            "A phrase cannot be fuzzy; for words near each other write one w/5 other.", text, end + 1
        )
    return (QueryToken("quoted", phrase, at) if phrase else None), end + 1


def _field(text: str, match: re.Match[str], names: Mapping[str, str]) -> QueryToken | None:
    """Return the name of a field, or None if a word with a colon is meant. Raises QueryError if unclear."""
    written = match[1]
    following = text[match.end() : match.end() + 1]
    if (name := names.get(written.lower())) is None:
        if following.isalnum() or following in _CLOSING or following == "(":
            problem = unknown_field(written, names, other_services.field_meant(written, names))
            advice = "To search for the words, put them in quotation marks."
            raise QueryError(f"{problem} {advice}", text, match.start())
        return None
    if not following or following.isspace() or following == ")":
        if name in _STATES:
            return None
        raise QueryError(
            f"Write {written.lower()}:word without a space; for the word itself write “{written}”.",
            text,
            match.end() - 1,
        )
    return QueryToken("field", name, match.start())


def _bare_token(text: str, word: str, at: int, names: Mapping[str, str], capitals: bool) -> QueryToken | None:
    if word in OPERATORS:
        return QueryToken(OPERATORS[word], word, at)
    if not (capitals and word.isalpha()):  # in a headline in capitals all words look like operators
        other_services.refuse_word(text, word, at, names)
    if near := _NEAR.fullmatch(word):
        return _near_token(text, near, at)
    if atleast := _ATLEAST.fullmatch(word):
        return QueryToken("atleast", word, at, _distance(text, atleast[1], at))
    if "*" not in word and not analysis.query_terms(word):
        return None
    return QueryToken("word", word, at)


def _near_token(text: str, match: re.Match[str], at: int) -> QueryToken | None:
    operator, distance = (match[1] or match[3]).lower(), match[2] or match[4]
    unit = distance.lower() in ("s", "p", "seg", "sent", "para")
    if not (unit or distance.isdecimal()):
        return QueryToken("word", match[0], at)
    if _NOT_BEFORE.search(text, max(0, at - _MAX_CHARACTERS_BACK), at):
        raise QueryError(f"Write one NOT (one {match[0]} other).", text, at)
    if unit:
        raise QueryError(f"Write how many words apart they may be: {operator}/15.", text, at)
    number = _distance(text, distance, at)
    return QueryToken("before" if operator in ("pre", "adj") else "near", match[0], at, number)


def _distance(text: str, digits: str, at: int) -> int:
    number = int(digits) if len(digits) < 6 else MAX_DISTANCE_WORDS + 1
    if not 1 <= number <= MAX_DISTANCE_WORDS:
        raise QueryError(f"This number must be between 1 and {MAX_DISTANCE_WORDS:,}.", text, at)
    return number


#: Maximum nesting of parentheses. It also limits chained w/5, and the words of a phrase with a wildcard.
MAX_DEPTH = 40
#: At least this many words in capitals are read as a headline, fewer as acronyms.
MIN_HEADLINE_WORDS = 4

#: Fields for conditions on a quotation: said:(…), and speech:(…) for transcripts.
_SPOKEN = ("said", "speech")
#: Predicates: has:FIELD, is:undated. Before a space they are ordinary words: “What it is: …”.
_STATES = ("has", "is")
_PUNCTUATION = ",;:!?…—–-'‘’\"“”„«»‟"
_FUZZY = re.compile(r"(.*\w)~(\d*)")
_WILD = re.compile(r"\*|(?<!\w)\?(?=\w)|(?<=\w)\?(?=\w)")
_LETTERS_OF_PATTERN = re.compile(r"[\w*?'’&.+#\u0300-\u036f-]+")


def parse(text: str, *, today: dt.date | None = None, fields: Fields = BUILT_IN) -> Expr:
    """Parse a query. ``today`` is the reference for “last 7 days”, ``fields`` are those of the index. Raises
    QueryError, with the position and advice."""
    if not isinstance(text, str):
        raise UsageError(f"A query must be text, not {type(text).__name__}.")
    return _parsed_text(text, today or dt.date.today(), fields)


@lru_cache(maxsize=64)  # a page parses the same texts repeatedly
def _parsed_text(text: str, today: dt.date, fields: Fields) -> Expr:
    return _Parser(text, today, fields).parse_query()


def plain(text: str) -> Expr:
    """Return an Or of the words of a text, without operators; never raises. Texts without words match
    nothing, long ones are truncated, and a headline all in capitals is lowercased (MAY is not an acronym
    there)."""
    text = text[:MAX_LENGTH]
    if text.isupper() and len(text.split()) >= MIN_HEADLINE_WORDS:
        text = text.lower()
    tokens = analysis.tokens(text)[:MAX_TOKENS]
    return any_of(*(tree.Term(text[token.start : token.end]) for token in tokens))


class _Parser:
    """A recursive descent parser for one query."""

    def __init__(self, text: str, today: dt.date, fields: Fields) -> None:
        self.text = text
        self.fields = fields
        self.today = today
        self.tokens = lex(text, fields)
        self.at = 0
        self.depth = 0
        self.inside: list[str] = []  # the fields whose parentheses are open

    # Tokens

    @property
    def token(self) -> QueryToken:
        return self.tokens[self.at]

    def next_token(self) -> QueryToken:
        token = self.token
        self.at += 1
        return token

    def fail(self, problem: str, token: QueryToken | None = None) -> NoReturn:
        raise QueryError(problem, self.text, (token or self.token).position)

    def descend(self, token: QueryToken) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise QueryTooBroad("The query is nested too deeply. Simplify it.", self.text, token.position)

    # Expressions of words

    def parse_query(self) -> Expr:
        if self.token.kind == "end":
            if self.text.strip():
                self.fail("The query has no searchable word.", QueryToken("end", "", 0))
            return tree.MatchAll()
        expr = self.disjunction("text")
        if self.token.kind == "close":
            self.fail("This parenthesis was never opened. Remove it, or add “(” before.")
        return expr

    def disjunction(self, field_name: str) -> Expr:
        return self.alternatives(lambda: self.conjunction(field_name))

    def alternatives(self, read: Callable[[], Expr]) -> Expr:
        parts = [read()]
        while self.token.kind == "or":
            self.next_token()
            parts.append(read())
        return any_of(*parts)

    def conjunction(self, field_name: str) -> Expr:
        parts = [self.negation(field_name)]
        while self.token.kind not in ("or", "close", "end"):
            if self.token.kind == "and":
                self.next_token()
            parts.append(self.negation(field_name))
        return all_of(*parts)

    def negation(self, field_name: str) -> Expr:
        if self.token.kind != "not":
            return self.proximity(field_name)
        return self.parse_not(self.next_token(), lambda: self.negation(field_name))

    def parse_not(self, token: QueryToken, read: Callable[[], Expr]) -> Expr:
        self.descend(token)
        negated = tree.Not(read())
        self.depth -= 1
        return negated

    def proximity(self, field_name: str) -> Expr:
        expr = self.operand(field_name)
        links = 0
        while self.token.kind in ("near", "before"):
            operator = self.next_token()
            right = self.operand(field_name)
            links += 1
            if links > MAX_DEPTH:
                raise QueryTooBroad(
                    "Too many consecutive proximity operators. Use fewer.", self.text, operator.position
                )
            left_part, right_part = self.span_operand(expr, operator), self.span_operand(right, operator)
            if field_of(left_part) != field_of(right_part):
                self.fail(f"Both sides of {operator.text} must be in the same field.", operator)
            expr = tree.Near(left_part, right_part, operator.number, operator.kind == "before")
        return expr

    def span_operand(self, expr: Expr, operator: QueryToken) -> SpanExpr:
        """Return an operand of w/5 or atleast3(…) with positions."""
        if (part := span_expr(expr)) is None:
            self.fail(
                f"{operator.text} takes words, phrases and (one OR another), all in one field.", operator
            )
        return part

    def operand(self, field_name: str) -> Expr:
        token = self.next_token()
        match token.kind:
            case "word":
                return self.word(token, field_name)
            case "quoted":
                return self.phrase(token, field_name)
            case "open":
                return self.group(token, lambda: self.disjunction(field_name))
            case "atleast":
                return self.at_least(token, field_name)
            case "field":
                return self.in_field(token)
            case _:
                return self.refuse_place(token)

    def refuse_place(self, token: QueryToken) -> NoReturn:
        before = self.tokens[self.at - 2] if self.at > 1 else None
        if token.kind in ("close", "end"):
            if before is None or before.kind == "open":
                self.fail("There is no word to search for here.", before or token)
            self.fail(f"A word must follow “{before.text}”.", before)
        if token.kind in ("near", "before", "and", "or") and (before is None or before.kind == "open"):
            self.fail(f"A word must precede “{token.text}”.", token)
        self.fail(f"“{token.text}” cannot follow “{before.text if before else ''}”.", token)

    def group(self, opening: QueryToken, read: Callable[[], Expr]) -> Expr:
        self.descend(opening)
        expr = read()
        if self.token.kind != "close":
            self.fail("This parenthesis is never closed. Add “)”.", opening)
        self.next_token()
        self.depth -= 1
        return expr

    def at_least(self, token: QueryToken, field_name: str) -> Expr:
        self.descend(token)
        part = self.operand(field_name)
        self.depth -= 1
        return tree.AtLeast(self.span_operand(part, token), token.number)

    # Words

    def word(self, token: QueryToken, field_name: str) -> Expr:
        text = token.text
        if text in ("*", "*:*"):
            return tree.MatchAll() if field_name == "text" else tree.HasAny(field_name)
        if fuzzy := _FUZZY.fullmatch(text):
            return self.fuzzy(token, fuzzy[1], fuzzy[2], field_name)
        if "://" not in text and _WILD.search(text):
            return self.wildcard(token, text, field_name)
        return tree.Term(_word(_trimmed_word(text)), field_name)

    def fuzzy(self, token: QueryToken, word: str, edits: str, field_name: str) -> Expr:
        if edits not in ("", "1", "2"):
            self.fail("A fuzzy word may differ in 1 or 2 letters: write word~ or word~2.", token)
        short = len(analysis.query_terms(word)) != 1 or len(analysis.fold_pattern(word)) < 3
        if "*" in word or "~" in word or short:
            self.fail("Only one word of three letters or more can be fuzzy: word~.", token)
        return tree.Fuzzy(word, int(edits or 1), field_name)

    def wildcard(self, token: QueryToken, pattern: str, field_name: str) -> tree.Wildcard:
        pattern = pattern.lstrip(_PUNCTUATION.replace("?", "")).rstrip(_PUNCTUATION + ".")
        if not analysis.fold_pattern(pattern).strip("*?"):
            self.fail("Write at least one letter next to the *.", token)
        if not _LETTERS_OF_PATTERN.fullmatch(pattern):
            self.fail("* and ? stand for letters of one word. Remove other signs.", token)
        return tree.Wildcard(pattern, field_name)

    def phrase(self, token: QueryToken, field_name: str) -> Expr:
        """Parse a phrase. One word is exact; with a *, the words become w/1, in order."""
        parts = token.text.split()
        if _WILD.search(token.text):
            return self.ordered_leaves(
                [leaf for part in parts for leaf in self.phrase_leaves(part, token, field_name)], token
            )
        if not analysis.query_terms(token.text):
            self.fail("There is no word in this phrase.", token)
        if len(parts) == 1:
            return tree.Term(token.text, field_name, exact=True)
        return tree.Phrase(token.text, field_name)

    def phrase_leaves(self, part: str, token: QueryToken, field_name: str) -> list[tree.Term | tree.Wildcard]:
        """Return the leaves of one part of a phrase with *. Words are not operators here."""
        if _WILD.search(part):
            return [self.wildcard(token, part, field_name)]
        words = [part[word.start : word.end] for word in analysis.tokens(part)]
        return [
            tree.Term(_word(word if _is_read_as_itself(word) else word.lower()), field_name) for word in words
        ]

    def ordered_leaves(self, leaves: list[tree.Term | tree.Wildcard], token: QueryToken) -> Expr:
        if len(leaves) > MAX_DEPTH:
            raise QueryTooBroad(f"A phrase with * can have {MAX_DEPTH} words.", self.text, token.position)
        expr: tree.Term | tree.Wildcard | tree.Near = leaves[0]
        for leaf in leaves[1:]:
            expr = tree.Near(expr, leaf, 1, ordered=True)
        return expr

    # Fields

    def in_field(self, token: QueryToken) -> Expr:
        name = token.text
        if name in _SPOKEN:
            where = self.inside_field(token, "text")
            return tree.InQuote(where, "speech" if name == "speech" else None)
        if name in ("after", "before"):
            span = "{}.." if name == "after" else "..{}"
            return self.value(token, lambda value, at: self.range("date", span.format(value), at))
        if name in _STATES:
            return self.value(token, self.has_value if name == "has" else self.is_condition)
        if self.fields.field(name).kind is Kind.WORDS:
            if self.token.kind not in ("word", "quoted", "open", "atleast"):
                self.fail(f"A word must follow {name}:", token)
            return self.inside_field(token, name)
        return self.value(token, lambda value, at: self.one_value(name, value, at))

    def has_value(self, written: str, token: QueryToken) -> Expr:
        """Parse has:FIELD, any value of the field."""
        name = self.fields.in_queries.get(written.lower())
        if name is None or name in ("after", "before", *_STATES):
            self.fail(unknown_field(written, self.fields.in_queries), token)
        if name in _SPOKEN:
            return tree.InQuote(tree.MatchAll(), "speech" if name == "speech" else None)
        kind = self.fields.field(name).kind
        if kind is Kind.DATE or name == "year":
            return tree.Range("date", None, None)
        return tree.Range("length", 1, None) if name in ("length", "text") else tree.HasAny(name)

    def is_condition(self, value: str, token: QueryToken) -> Expr:
        """is:doubtful or is:undated."""
        if value.lower() == DOUBTFUL:
            return self.has_value(DOUBTFUL, token)
        if value.lower() == "undated":
            return tree.Not(self.has_value("date", token))
        options = "is:doubtful (may have been read incorrectly) or is:undated (has no date)"
        return self.fail(f"There is no is:{value}. Write {options}.", token)

    def check_nesting(self, token: QueryToken, name: str) -> None:
        if self.inside and (self.inside[1:] or self.inside[0] not in _SPOKEN or name in _SPOKEN):
            self.fail(f"{name}: cannot be used inside {self.inside[-1]}:(…).", token)

    def inside_field(self, token: QueryToken, words: str) -> Expr:
        """Parse the condition after ``token``; its words are those of the field ``words``."""
        self.check_nesting(token, token.text)
        self.inside.append(token.text)
        expr = self.operand(words)
        self.inside.pop()
        return expr

    def value(self, token: QueryToken, make: Callable[[str, QueryToken], Expr]) -> Expr:
        """Parse a value, or several in parentheses with OR, AND, NOT."""
        self.check_nesting(token, token.text)
        if self.token.kind == "open":
            return self.group(self.next_token(), lambda: self.values(make))
        if self.token.kind not in ("word", "quoted"):
            self.fail(f"A value must follow {token.text}:", token)
        value = self.next_token()
        text = value.text if value.kind == "quoted" else value.text.rstrip(",;")
        return make(text, value)

    def values(self, make: Callable[[str, QueryToken], Expr]) -> Expr:
        return self.alternatives(lambda: self.value_conjunction(make))

    def value_conjunction(self, make: Callable[[str, QueryToken], Expr]) -> Expr:
        parts = [self.value_operand(make)]
        while self.token.kind in ("and", "not", "open"):
            if self.token.kind == "and":
                self.next_token()
            parts.append(self.value_operand(make))
        return all_of(*parts)

    def value_operand(self, make: Callable[[str, QueryToken], Expr]) -> Expr:
        token = self.next_token()
        match token.kind:
            case "not":
                return self.parse_not(token, lambda: self.value_operand(make))
            case "open":
                return self.group(token, lambda: self.values(make))
            case "quoted":
                return make(token.text, token)
            case "word":
                parts = [token.text]
                while self.token.kind == "word":
                    parts.append(self.next_token().text)
                return make(" ".join(QUOTES.sub(" ", " ".join(parts)).split()), token)
            case "field":
                return self.fail(f"{token.text}: cannot be used inside another field's parentheses.", token)
            case _:
                return self.refuse_place(token)

    def one_value(self, name: str, value: str, token: QueryToken) -> Expr:
        kind = self.fields.field(name).kind
        if value == "*" and token.kind == "word":
            return self.has_value(name, token)
        if kind is not Kind.VALUES:
            return self.range("date" if kind is Kind.DATE else name, value, token)
        if token.kind == "word" and "*" in value:
            self.fail(f"{name}: takes whole values. Remove the *. For any value: has:{name}.", token)
        if name == "year" and re.fullmatch(r"\d{4}\.\.|\.\.\d{4}|\d{4}\.\.\d{4}|[<>]=?\d{4}", value):
            return self.range("date", value, token)
        if name == "year" and not re.fullmatch(r"\d{4}", value):
            self.fail(f"“{value}” is not a year. Write 2024, 2022..2024 or >2022; for days, date:…", token)
        return tree.HasValue(name, value)

    def range(self, name: str, value: str, token: QueryToken) -> Expr:
        from searcher.query.language import dates  # loads the calendar, which few queries need

        if value.startswith(("[", "{")):
            self.fail("Write a span with two dots: date:2024-03-01..2024-04-01.", token)
        try:
            if name == "date":
                return tree.Range(name, *dates.days(value, self.today))
            return tree.Range(name, *dates.numbers(value))
        except ValueError as error:
            self.fail(str(error), token)


def _word(word: str) -> str:
    """Write a single ``&`` as a word."""
    return "and" if word == "&" else word


def _trimmed_word(word: str) -> str:
    """Strip punctuation from a word, unless that changes its meaning."""
    bare, longer = word.strip(_PUNCTUATION), ""
    while bare != longer:
        longer = bare
        without = bare.rstrip(".")
        bare = (without if "." not in without else bare).strip(_PUNCTUATION)
    if bare != word and analysis.query_terms(bare) == analysis.query_terms(word) and _is_read_as_itself(bare):
        return bare
    return word


def _is_read_as_itself(word: str) -> bool:
    """Return True if a word in a query is read as that word."""
    if _FUZZY.fullmatch(word) or _WILD.search(word):
        return False
    try:
        tokens = lex(word, headline=False)
    except QueryError:
        return False
    return len(tokens) == 2 and tokens[0].kind == "word" and tokens[0].text == word
