"""Recognise transcripts in plain text: speaker labels or times throughout the text.

Labels must have times, be full names or be in capitals, and must recur. A written interview stays an article.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from searcher.languages import is_piece, word_list
from searcher.names.forms import TITLES
from searcher.names.people import is_first_name
from searcher.readers.base import report_progress
from searcher.readers.paragraphs import split_paragraphs
from searcher.readers.turns import (
    BOLD,
    FOUR_PARTS,
    HEADING,
    SENTENCE_END,
    TIME,
    UNSPACED,
    Cue,
    Label,
    Turn,
    format_clock,
    is_capitals,
    join_cues,
    parse_clock,
    parse_label,
    word_count,
)

#: In brackets, a time may have four parts, with days or with frames, and be negative, before a launch. A
#: moment of four parts is not reformatted.
_BRACKETED: Final = rf"[\[(<]\s*-?(?:\d{{1,3}}:)?(?:{TIME})(?:\s*[-–>]+\s*{TIME})?\s*[\])>]"
_NAME: Final = r"\*{0,2}[^\W\d_][^:：\[\]<>\n]{0,100}?"
#: "O SR. NOME (Partido - UF) - words". The name must be in capitals.
_DASHED: Final = re.compile(r"(?P<label>[^\W\d_][^:：()\n]{0,60}\([^()\n]{2,80}\)) [-–—] (?P<rest>.*)")
#: Parses a label before words. A transcript repeats its few short labels.
_label_at_head: Final = lru_cache(4_000)(parse_label)
#: Beginnings of turns: "Name:", "[0:12] Name:", "Name (00:00:12):"; "Name [0:12] words"; "Name  0:12".
_HEADS: Final = (
    re.compile(
        rf"(?:(?P<before>{_BRACKETED}|{TIME})\s*[-–]?\s*)?(?:\d{{1,3}}\.\s*(?=[\u3400-\u9fff]))?(?P<label>{_NAME}|\[[^\]\n:]{{2,50}}\])"
        rf"\s*(?P<after>{_BRACKETED}|\s{TIME})?\s*(?:::?[-–—]?(?=\s|$)|：|\.[-–—])\s*(?P<behind>{_BRACKETED}|{TIME}$)?\s*(?P<rest>.*)"
    ),
    re.compile(
        rf"(?P<label>{_NAME}|\[[^\]\n:]{{2,50}}\])\s+(?P<behind>{_BRACKETED})\s*[-–:]?\s*(?P<rest>.*)"
    ),
    re.compile(rf"(?P<label>{_NAME}|\[[^\]\n:]{{2,50}}\])\s+(?P<behind>{TIME})\s*(?P<rest>)"),
    _DASHED,
)
_TIMED: Final = re.compile(rf"(?P<before>{_BRACKETED}|{TIME})(?:\s*-->\s*{TIME})?\s*:?\s*(?P<rest>.*)")
#: Minimum number of turns, minimum mean turns per speaker, and minimum share of turns that end like
#: sentences. The last value is the maximum share of the text in one turn or before the first turn.
_MIN_TURNS, _MIN_TURNS_EACH, _SENTENCE_SHARE, _MAX_SHARE_WITHOUT_TURN = 4, 1.3, 0.5, 0.5
#: Maximum share of the text in one turn, such as an opening statement, if other turns are questions or the
#: labels are in capitals.
_MAX_SHARE_OF_STATEMENT: Final = 0.9
#: Minimum number of turns per speaker, on average, if unnamed people ask the questions.
_MIN_ANSWERS_EACH, _MAX_ANSWERS_PER_QUESTION = 3, 4
#: Maximum share of labels with the same name, unless they have times.
_MAX_SHARE_OF_SPEAKER: Final = 0.9
#: Minimum words per turn, on average. Lists have fewer after their colons.
_MIN_WORDS: Final = 3
#: Minimum share of strong or timed labels, and of times in ascending order.
_MIN_SHARE_STRONG, _MIN_SHARE_TIMED, _MIN_IN_ORDER = 0.6, 0.5, 0.9
#: Times without labels belong to a recording, not a schedule, if there are enough and the first is early.
_MAX_FIRST_SECONDS, _MIN_TIMES, _MIN_WORDS_PER_MINUTE = 60.0, 5, 30
#: If this share of labels has the same form, labels with another form are rejected.
_MIN_SHARE_ALIKE: Final = 0.8
#: Minimum occurrences of a single word as a label.
_MIN_TIMES_OF_A_WORD: Final = 3
#: Minimum occurrences of a label for each occurrence of its words in lower case.
_MIN_NAMES_PER_WORD: Final = 10
#: Maximum words of a label that occurs once, in a script without capitals.
_MAX_WORDS_ONCE: Final = 4
#: Maximum letters of a name in a script without spaces. Longer labels must end with a recurring title.
_MAX_NAME_LETTERS: Final = 4
#: Minimum share of times that are followed by a name alone, if such names are labels.
_MIN_SHARE_NAMED: Final = 0.5
#: Confidence in a label that occurs once: measured in docs/speech.md.
_CONFIDENCE_ONCE: Final = 0.9
#: A question as press offices print it: "Q    Will it hold?"
_QUESTION: Final = re.compile(r"Q\.?\s+(?P<rest>\S.*)")
#: A field of the page or the recording between turns: "_page : 2".
_FIELD: Final = re.compile(r"_\w+ ?: .*")
#: A horizontal rule in plain text.
_RULE: Final = re.compile(r"[-_=*–—]{3,}")
_BULLET: Final = re.compile(rf"(?:[*•-] +|[{HEADING}{BOLD}])++")
#: Letters for "question" or "answer" in some language. Other letters are initials or call signs.
_ASKING_LETTERS: Final = frozenset("QAFRPDВО")
_MAX_INITIALS, _MIN_LABELS_OF_INITIALS = 3, 20
#: With this many labels and occurrences per label, turns need not end like sentences.
_MIN_LABELS_OF_CONVERSATION, _MIN_TIMES_IN_CONVERSATION, _MIN_NAMES_OF_CONVERSATION = 50, 5, 4
#: Labels belong to a form if there are at least this many names and pairs of successive names, and if the
#: most common pairs have at least this share.
_MIN_PAIRS_IN_ORDER, _MIN_SHARE_IN_ORDER, _MIN_SHARE_OF_THREE = 10, 0.8, 0.95
#: A field of a form occurs more often than this share of the most frequent one. An announcer between two
#: speakers who alternate does not.
_MIN_SHARE_OF_FIELD: Final = 0.2
#: The labels are headings if more than this share precedes a list, and fewer begin with a first name.
#: Measured on 26 sources.
_LIST_ITEM, _MAX_SHARE_LISTS = re.compile(r"[*•-]\s"), 0.35
#: Texts with fewer labels than this may be articles that quote a dialogue: limit the characters per label.
_MIN_LABELS_OF_LONG_TURNS, _MAX_CHARACTERS_EACH = 10, 5000
#: Maximum length of the reactions at the end of a turn. The pattern takes quadratic time.
_MAX_ASIDES_CHARACTERS: Final = 1_000
#: Reactions after the words of a turn: "(Applause)".
_ASIDES: Final = re.compile(r"(?:\s*\([^()]{2,200}\))+$")
#: Last words of roles: "Senior Official".
_ROLES: Final = word_list("ROLES")
#: A word of running text, not of an address.
_WORD: Final = re.compile(r"(?<![\w./@:_-])\w+(?![\w/@_-]|\.\w)")


class _Line(NamedTuple):
    """A line of text. Lines that begin a turn have a label or a time.

    Attributes:
        opening: The previous line is blank.
        colon: The label ends with a colon.
        note: A heading or a field, which ends the previous turn.
        phrase: The label is not a name or a role.
    """

    text: str
    label: Label | None = None
    start: float | None = None
    printed: str = ""
    opening: bool = True
    colon: bool = True
    note: bool = False
    bullet: bool = False
    phrase: bool = False

    @property
    def begins(self) -> bool:
        return self.label is not None or self.start is not None

    @property
    def name(self) -> str:
        """The name of the label, or ""."""
        return self.label.name if self.label else ""

    @property
    def form(self) -> tuple[bool, ...]:
        """How the label is printed: transcripts print theirs alike."""
        timed, capitals = self.start is not None, self.name.isupper()
        return timed, bool(self.text), self.opening, self.colon, capitals, self.bullet


def transcript_of(text: str, *, marked: bool = False) -> tuple[str, list[Turn | str]] | None:
    """Return the text above the first turn, and the turns. Return None if the text is not a transcript.

    Args:
        text: The text, with at least a paragraph per line.
        marked: The markup marks the speakers, so that only their names are checked.
    """
    lines = _lines(text)
    if not (_is_labelled(lines) if marked else _is_dialogue(lines)):
        lines = [_plain(line, again=False) if line.label else line for line in lines]
        if marked or not _is_recording(lines):
            return None
    first = next((number for number, line in enumerate(lines) if line.begins), len(lines))
    above = "\n".join(line.text for line in lines[:first])
    return above, list(_turns([_plain(line, again=True) if line.phrase else line for line in lines[first:]]))


def _lines(text: str) -> list[_Line]:
    rows = [" ".join(row.split()) for row in text.split("\n")]
    parsed = _parse_lines(rows)
    if (split := _split_at_labels(rows, parsed)) != rows:
        parsed = _parse_lines(split)
    parsed = _with_labels_below_rules(_with_names_below_times(_with_words_after_times(parsed)))
    parsed = _with_labels_below_times(_with_initials_as_speakers(parsed))
    if sum(line.label is not None for line in parsed) >= _MIN_TURNS - 1:
        parsed = _with_strength(_with_full_names(parsed), text)
    return _without_exceptions(parsed)


def _parse_lines(rows: Sequence[str]) -> list[_Line]:
    parsed: list[_Line] = []
    for before, row in zip(["", *rows], rows):
        report_progress()
        parsed.append(_parse_line(row)._replace(opening=not before))
    return parsed


def _split_at_labels(rows: list[str], lines: Sequence[_Line]) -> list[str]:
    """Return the lines of a text, split at recurring labels after the end of a sentence.

    Removes a stop before such a label, and adds the space that is missing after its colon.
    """
    times = Counter(line.label.printed for line in lines if line.name and line.colon and line.label)
    known = [re.escape(printed) for printed, count in times.items() if count >= _MIN_TIMES_OF_A_WORD]
    if not known:
        return rows
    names = "|".join(sorted(known, key=len, reverse=True))
    head = re.compile(rf"[. ]{{0,2}}({names}): ?(?=[^\W\d_])")
    label_inside = re.compile(rf"(?<=[^\W_][.?!…)\]—–-]) (?=(?:{names}): )")
    heads = [(row, head.match(row)) for row in rows]
    rows = [f"{label[1]}: {row[label.end() :]}" if label else row for row, label in heads]
    return [part for row in rows for part in label_inside.split(row)]


def _with_words_after_times(lines: list[_Line]) -> list[_Line]:
    """Return the lines with short texts after a time as words ("0:12 Exactly").

    If most times precede a short text, it is a name.
    """
    bare = [line.label.printed if line.label and line.start is not None else "" for line in lines]
    bare = [name if name and line.printed.endswith(name) else "" for name, line in zip(bare, lines)]
    if sum(map(bool, bare)) >= _MIN_SHARE_NAMED * sum(line.start is not None for line in lines):
        return lines
    return [
        line._replace(label=None, text=name, printed=line.printed.removesuffix(name).strip())
        if name
        else line
        for name, line in zip(bare, lines)
    ]


def _with_names_below_times(lines: list[_Line]) -> list[_Line]:
    """Return the lines with a name on a separate line, between a time and the words, as a label."""
    counts = Counter(line.text for line in lines if not line.begins)
    times = [n for n, line in enumerate(lines) if line.start is not None and not line.text and not line.label]
    labels = {
        n: label
        for n in times
        if n + 1 < len(lines) and counts[text := lines[n + 1].text] > 1 and (label := parse_label(text))
    }
    if len(labels) < _MIN_SHARE_NAMED * len(times):
        return lines
    named = [
        line._replace(label=labels[n], printed=f"{line.printed} {lines[n + 1].text}") if n in labels else line
        for n, line in enumerate(lines)
    ]
    return [line for n, line in enumerate(named) if n - 1 not in labels]


def _with_labels_below_rules(lines: list[_Line]) -> list[_Line]:
    """Return the lines with names as labels if nearly every horizontal rule is followed by one."""
    below = [n for n in range(1, len(lines)) if _RULE.fullmatch(lines[n - 1].text)]
    labels = {n: label for n in below if not lines[n].begins and (label := parse_label(lines[n].text))}
    if len(labels) < max(_MIN_TURNS, _MIN_SHARE_ALIKE * len(below)):
        return lines
    labelled = [
        line._replace(text="", label=labels[n], printed=line.text, colon=False) if n in labels else line
        for n, line in enumerate(lines)
    ]
    return [line for n, line in enumerate(labelled) if n + 1 not in labels]


def _with_labels_below_times(lines: list[_Line]) -> list[_Line]:
    """Return the lines with each time alone on a line joined to the labelled line below."""
    out: list[_Line] = []
    time: _Line | None = None
    for line in lines:
        if time and line.label and line.start is None:
            printed = f"{time.printed} {line.printed}"
            line = line._replace(start=time.start, printed=printed, opening=time.opening)
        elif time and (line.begins or (line.text and not line.note)):
            out.append(time)
        elif time:
            out.append(line)
            continue
        time = line if line.start is not None and not line.text and not line.label else None
        out += [] if time else [line]
    return [*out, time] if time else out


def _initials(line: _Line) -> str:
    """The label of a line if it is one to three capitals, else ""."""
    letters = line.label.printed.strip(" *_") if line.label else ""
    return letters if len(letters) <= _MAX_INITIALS and letters.isalpha() and letters[-1:].isupper() else ""


def _with_initials_as_speakers(lines: list[_Line]) -> list[_Line]:
    """Return the lines with single letters as speakers if most labels are initials or call signs."""
    times = Counter(filter(None, map(_initials, lines)))
    labels = sum(line.label is not None for line in lines)
    if sum(times.values()) < max(_MIN_LABELS_OF_INITIALS, _MIN_SHARE_ALIKE * labels):
        return lines
    if _ASKING_LETTERS.issuperset(times):
        return lines

    def named(line: _Line) -> _Line:
        sign = _initials(line)
        if not line.label or sign == "Q" or (len(sign) < 2 and times[sign] < _MIN_TIMES_OF_A_WORD):
            return line
        return line._replace(label=line.label._replace(name=sign, kind="unnamed", strong=True))

    return [*map(named, lines)]


def _with_strength(lines: list[_Line], text: str) -> list[_Line]:
    """Return the lines with names marked as strong labels, and phrases as weak ones.

    A phrase consists of words that also occur in lower case, in the text or mostly in the language. In
    capitals, a recurring phrase is a role ("SENIOR OFFICIAL"). A recurring single word that is not a phrase
    is a name ("Keane").
    """
    words = Counter(word for word in _WORD.findall(text) if word.islower())
    times = Counter(line.name for line in lines)

    def is_phrase(label: Label) -> bool:
        parts = re.findall(r"\w+", label.name.casefold())
        count = times[label.name]
        if count >= _MIN_TIMES_OF_A_WORD and is_first_name(parts[0]):
            return False
        if len(parts) > 1 and (is_first_name(parts[0]) or parts[0] in TITLES or parts[-1] in _ROLES):
            return False
        return all(
            words[part] * _MIN_NAMES_PER_WORD > count or _is_common(part, len(parts) > 1) for part in parts
        )

    def weight(label: Label) -> Label:
        count, name = times[label.name], label.name
        if name.upper() == name.lower():
            return label._replace(strong=label.strong and (count > 1 or word_count(name) <= _MAX_WORDS_ONCE))
        if label.kind != "person" or (any(map(str.isdigit, name)) and not label.role):
            return label._replace(strong=label.strong and label.kind != "person")
        if is_phrase(label):
            return label._replace(strong=is_capitals(name) and count > 1)
        return label._replace(strong=label.strong or count >= _MIN_TIMES_OF_A_WORD)

    labels = {line.label for line in lines if line.label}
    weights = {label: weight(label) for label in labels}
    phrases = {
        label
        for label in labels
        if label.kind == "person" and not is_capitals(label.name) and is_phrase(label)
    }
    return [
        line._replace(label=weights[line.label], phrase=line.label in phrases) if line.label else line
        for line in lines
    ]


@cache
def _is_common(word: str, any_case: bool = False) -> bool:
    """Return True if a word is mostly written in lower case, or sometimes, in ``any_case``."""
    return is_piece([word]) and (any_case or not is_piece([word.title()]))


def _without_exceptions(lines: list[_Line]) -> list[_Line]:
    """Return the lines without weak labels that occur once, and without labels in an unusual form."""
    times = Counter(line.name for line in lines if line.name)
    forms = [line.form for line in lines if times[line.name] > 1]
    usual = [Counter(values).most_common(1)[0] for values in zip(*forms)]
    rules = [value if count >= _MIN_SHARE_ALIKE * len(forms) else None for value, count in usual]

    @cache
    def is_usual(form: tuple[bool, ...]) -> bool:
        return all(rule in (None, value) for rule, value in zip(rules, form))

    known = {line.name for line in lines if line.name and is_usual(line.form)}
    known -= _field_names(lines) if known else set()
    titles = {name[-2:] for name in known if times[name] > 1}
    speakers = {
        name for name in known if len(UNSPACED.findall(name)) <= _MAX_NAME_LETTERS or name[-2:] in titles
    }

    def is_label(line: _Line) -> bool:
        if not line.name:
            return line.opening or rules[2:3] != [True]
        once = line.start is None and times[line.name] == 1
        strong = (
            line.name in speakers
            and line.label is not None
            and (line.label.strong or is_first_name(line.name.lower()))
        )
        return line.name in known and (strong or not once)

    is_dense = len(known) > 1 and sum(times.values()) >= max(
        _MIN_LABELS_OF_LONG_TURNS, sum(bool(line.text) for line in lines) / 2
    )

    def is_unknown(line: _Line) -> bool:
        """Return True for a label that may be a speaker in a text where nearly all lines have labels."""
        return is_dense and line.name in known and not all(map(_is_common, line.name.lower().split()))

    return [
        _plain(line, again=times[line.name] > 1 or is_unknown(line))
        if line.label and not is_label(line)
        else line
        for line in lines
    ]


def _field_names(lines: Sequence[_Line]) -> set[str]:
    """Return labels that are field names: unlike nearly all other turns, theirs never end like sentences
    ("Present:", "提案人："). In scripts without spaces, also long labels that occur as often in the words of
    turns ("委員會意見：").
    """
    times = Counter(line.name for line in lines if len(UNSPACED.findall(line.name)) > _MAX_NAME_LETTERS)
    said = "\n".join(line.text for line in lines)
    phrases = {name for name, count in times.items() if count <= said.count(name)}
    ends: dict[str, list[bool]] = {}
    for name, text in _labelled_turns(lines):
        ends.setdefault(name, []).append(bool(SENTENCE_END.search(text)))
    ends.pop("", None)
    whole = [end for each in ends.values() for end in each]
    if sum(whole) < _MIN_SHARE_ALIKE * len(whole):
        return phrases
    return phrases | {
        name for name, each in ends.items() if len(each) >= _MIN_TIMES_OF_A_WORD and not any(each)
    }


def _plain(line: _Line, *, again: bool) -> _Line:
    """Return a line without its label, but with its time. A label that occurs ``again`` ends the previous
    turn."""
    if line.start is not None:
        return line._replace(label=None)
    if line.note:
        return line._replace(label=None, text=line.printed)
    again = again and bool(line.name)
    space = "" if line.printed.endswith("：") else " "
    return _Line(f"{line.printed}{space}{line.text}".strip(), opening=line.opening, note=again)


def _parse_line(line: str) -> _Line:
    if _FIELD.fullmatch(line):
        return _Line(line, note=True)
    if line.startswith(HEADING):
        text = line.strip(HEADING + BOLD)
        head = _parse_line(text)
        return head if head.label and (head.start is not None or not head.text) else _Line(text, note=True)
    if line.startswith(BOLD):
        text = line.lstrip(BOLD)
        head = _parse_line(text)
        if head.start is not None and not head.label and (label := parse_label(head.text)):
            return _Line("", label, head.start, text, colon=False)
        return head if head.begins else _Line("", parse_label(text), None, text, colon=False, note=True)
    if (bullet := _BULLET.match(line)) and (head := _parse_line(line[bullet.end() :])).label:
        return head._replace(bullet=True)
    if question := _QUESTION.fullmatch(line):
        rest = question["rest"]
        return _Line(rest, parse_label("Q"), None, line.removesuffix(rest).strip(), colon=False)
    for number, pattern in enumerate(_HEADS):
        match = pattern.fullmatch(line)
        times = match.groupdict() if match else {}
        start = next((parse_clock(times[n]) for n in ("before", "after", "behind") if times.get(n)), None)
        if match and (label := _label_at_head(match["label"], any_case=start is not None)):
            if number in (1, 2) and match["rest"] and start is None:
                continue
            if pattern is _DASHED and not is_capitals(label.name):
                continue
            printed = line.removesuffix(match["rest"]).strip()
            return _Line(match["rest"], label, start, printed, colon=not number)
    match = _TIMED.fullmatch(line)
    if not match:
        return _Line(line)
    rest, start = match["rest"], parse_clock(match["before"])
    label = parse_label(rest) if len(rest.split()) <= 5 else None
    if label and label.strong:
        return _Line("", label, start, line, colon=False)
    return _Line(rest, None, start, line.removesuffix(rest).strip())


def _with_full_names(lines: list[_Line]) -> list[_Line]:
    """Return the lines with first names and surnames as labels replaced by the only full name with them."""
    labels = {line.name: line.label for line in lines if line.label and line.label.kind == "person"}
    bearers: dict[str, set[str]] = {}
    for name in labels:
        for part in {name.split()[0], name.split()[-1]} if " " in name else ():
            bearers.setdefault(part, set()).add(name)
    full = {part: labels[name] for part, (name, *rest) in bearers.items() if not rest and part in labels}
    return [
        line._replace(label=full[line.name]._replace(printed=line.label.printed))
        if line.label and line.name in full
        else line
        for line in lines
    ]


def _is_labelled(lines: Sequence[_Line]) -> bool:
    """Return True if at least two speakers have turns, and some of them several."""
    names = Counter(line.name for line in lines if line.name)
    enough = len(names) > 1 and names.total() >= max(_MIN_TURNS, _MIN_TURNS_EACH * len(names))
    return enough and not _is_list(lines)


def _is_list(lines: Sequence[_Line]) -> bool:
    """Return True if the labels are fields of a form, headings of an outline, or nearly always the same."""
    labels = [line.name for line in lines if line.label]
    names = Counter(filter(None, labels))
    timed = any(line.label and line.start is not None for line in lines)
    same = not timed and max(names.values(), default=0) > _MAX_SHARE_OF_SPEAKER * len(labels)
    return same or _is_form([*filter(None, labels)]) or _is_outline(lines)


def _is_dialogue(lines: Sequence[_Line]) -> bool:
    """Return True if labels occur throughout the text, and are those of speakers."""
    first = next((number for number, line in enumerate(lines) if line.begins), len(lines))
    heads = [line for line in lines if line.begins]
    labelled = [line for line in heads if line.name]
    names = Counter(line.name for line in labelled)
    times = [line.start for line in labelled if line.start is not None]
    timed = len(times) >= max(1, _MIN_SHARE_TIMED * len(labelled))
    unnamed = sum(line.label is not None for line in heads) - len(labelled)
    is_interview = _MAX_ANSWERS_PER_QUESTION * unnamed >= len(labelled) >= _MIN_ANSWERS_EACH * len(names)
    strong = sum(line.label is not None and line.label.strong for line in labelled)
    if not (_is_ascending(times) if timed else strong >= _MIN_SHARE_STRONG * len(labelled)):
        return False
    if len(labelled) < max(_MIN_TURNS - timed, _MIN_TURNS_EACH * len(names)) or len(names) < 2 - (
        timed or is_interview
    ):
        return False
    if _is_list(lines):
        return False
    length = sum(len(line.text) for line in lines)
    if (
        not timed
        and len(labelled) < _MIN_LABELS_OF_LONG_TURNS
        and length > len(labelled) * _MAX_CHARACTERS_EACH
    ):
        return False
    formal = is_interview or sum(is_capitals(line.name) for line in labelled) >= _MIN_SHARE_ALIKE * len(heads)
    most = _MAX_SHARE_OF_STATEMENT if formal else _MAX_SHARE_WITHOUT_TURN
    return bool(times) or _is_speech(lines[first:], sum(len(line.text) for line in lines[:first]), most)


def _is_ascending(times: Sequence[float]) -> bool:
    return sum(before <= after for before, after in pairwise(times)) >= _MIN_IN_ORDER * (len(times) - 1)


def _is_recording(lines: Sequence[_Line]) -> bool:
    """Return True if times divide the text from the start, and no faster or slower than people speak."""
    first = next((number for number, line in enumerate(lines) if line.start is not None), 0)
    times = [line.start for line in lines if line.start is not None]
    if len(times) < _MIN_TIMES or times[0] > _MAX_FIRST_SECONDS or not _is_ascending(times):
        return False
    words = sum(word_count(line.text) for line in lines[first:])
    return words >= _MIN_WORDS_PER_MINUTE * (max(times) - times[0]) / 60


def _is_outline(lines: Sequence[_Line]) -> bool:
    """Return True if the labels are headings: many precede lists, and few begin with a first name."""
    labelled = [number for number, line in enumerate(lines) if line.label]
    below = (next((one for one in lines[number:] if one.text), None) for number in labelled)
    lists = sum(bool(one and _LIST_ITEM.match(one.text)) for one in below)
    people = sum(is_first_name(lines[number].name.partition(" ")[0].lower()) for number in labelled)
    return lists > _MAX_SHARE_LISTS * len(labelled) > people


def _is_form(names: Sequence[str]) -> bool:
    """Return True if the labels are fields of a form: each is almost always followed by the same one."""
    following: dict[str, Counter[str]] = {}
    for name, after in pairwise(names):
        following.setdefault(name, Counter())[after] += 1
    most = max((after.total() for after in following.values()), default=0)
    again = [after for after in following.values() if after.total() > max(1, _MIN_SHARE_OF_FIELD * most)]
    usual, pairs = sum(max(after.values()) for after in again), sum(after.total() for after in again)
    least = _MIN_SHARE_IN_ORDER if len(again) > 3 else _MIN_SHARE_OF_THREE
    return len(again) > 2 and pairs >= _MIN_PAIRS_IN_ORDER and usual >= least * pairs


def _without_asides(words: str) -> str:
    """Return the words of a turn without descriptions in brackets at its end, such as “(Applause)”."""
    start = max(0, len(words) - _MAX_ASIDES_CHARACTERS)
    return words[:start] + _ASIDES.sub("", words[start:])


def _is_speech(lines: Sequence[_Line], before: int, most: float) -> bool:
    """Return True if turns end like sentences, and neither one turn nor the text before them is too long."""
    spoken = [text for _, words in _labelled_turns(lines) if (text := _without_asides(words))]
    sentences = sum(bool(SENTENCE_END.search(text)) for text in spoken)
    longest, whole = max(map(len, spoken), default=0), sum(map(len, spoken))
    if not spoken:
        return False
    words = sum(map(word_count, spoken))
    names = Counter(line.name for line in lines if line.name)
    long = names.total() >= max(_MIN_LABELS_OF_CONVERSATION, _MIN_TIMES_IN_CONVERSATION * len(names))
    if long and len(names) >= _MIN_NAMES_OF_CONVERSATION:
        sentences = len(spoken)
    throughout = max(longest, before) <= most * whole
    return throughout and sentences >= _SENTENCE_SHARE * len(spoken) and words >= _MIN_WORDS * len(spoken)


def _labelled_turns(lines: Sequence[_Line]) -> Iterator[tuple[str, str]]:
    """Yield the name and the words of each turn. The name is "" for a turn without a label."""
    name, said = "", list[str]()
    for line in [*lines, _Line("", start=0.0)]:
        if line.begins:
            yield name, " ".join(filter(None, said))
            name, said = line.name, []
        said += [] if line.note else [line.text]


def _turns(lines: Sequence[_Line]) -> Iterator[Turn | str]:
    """Yield the turns. A time without a label begins a new paragraph of the same turn."""
    if not any(line.label for line in lines):
        yield from join_cues(_timed_cues(lines))
        return
    times = Counter(line.name for line in lines)
    head: _Line | None = None
    said: list[str] = []
    for line in [*lines, _Line("", parse_label("Q"))]:
        if line.label is None and not line.note:
            said += ["", line.printed + " " + line.text] if line.start is not None else [line.text]
            continue
        if head is not None:
            once = times[head.name] == 1 and head.start is None
            yield _turn(head, said, _CONFIDENCE_ONCE if once else 1.0)
        elif any(said):
            yield "\n".join(said)
        head, said = (line, [line.text]) if line.label else (None, [line.text, ""])


def _timed_cues(lines: Sequence[_Line]) -> Iterator[Cue]:
    cues: list[tuple[float | None, list[str]]] = []
    for line in lines:
        if line.start is not None or not cues:
            cues.append((line.start, []))
        cues[-1][1].append(line.text)
    yield from (Cue(start, " ".join(filter(None, said))) for start, said in cues if any(said))


def _turn(head: _Line, said: Sequence[str], confidence: float) -> Turn:
    report_progress()
    label = head.label
    text = "\n\n".join(split_paragraphs("\n".join(said)))
    name, role = (label.name or None, label.role) if label else (None, None)
    kind = label.kind if label else None
    printed = FOUR_PARTS.search(head.printed)
    return Turn(
        text,
        name,
        printed[0] if printed else format_clock(head.start),
        role,
        None,
        head.printed,
        kind,
        confidence,
    )
