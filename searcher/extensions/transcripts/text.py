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

#: In brackets, a time may have four parts, with days or with frames. Such a moment is not reformatted.
_BRACKETED: Final = rf"[\[(<]\s*(?:\d{{1,3}}:)?(?:{TIME})(?:\s*[-–>]+\s*{TIME})?\s*[\])>]"
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
_MIN_ANSWERS_EACH: Final = 3
#: Minimum words per turn, on average. Lists have fewer after their colons.
_MIN_WORDS: Final = 3
#: Minimum share of strong or timed labels, and of times in ascending order.
_MIN_SHARE_STRONG, _MIN_IN_ORDER = 0.6, 0.9
#: Times without labels belong to a recording, not a schedule, if there are enough and the first is early.
_MAX_FIRST_SECONDS, _MIN_TIMES = 60.0, 5
#: If this share of labels has the same form, labels with another form are rejected.
_MIN_SHARE_ALIKE: Final = 0.8
#: Minimum occurrences of a single word as a label.
_MIN_TIMES_OF_A_WORD: Final = 3
#: Maximum words of a label that occurs once, in a script without capitals.
_MAX_WORDS_ONCE: Final = 4
#: Maximum letters of a name in a script without spaces. Longer labels must end with a recurring title.
_MAX_NAME_LETTERS: Final = 4
#: Minimum share of times alone on a line that are followed by a name.
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
_MIN_LABELS_OF_CONVERSATION, _MIN_TIMES_IN_CONVERSATION = 50, 5
#: Labels belong to a form if there are at least this many names and pairs of successive names, and if the
#: most common pairs have at least this share.
_MIN_NAMES_IN_ORDER, _MIN_PAIRS_IN_ORDER, _MIN_SHARE_IN_ORDER = 4, 10, 0.8
#: Maximum share of labels above lists, if first names are fewer. Measured on 26 sources.
_LIST_ITEM, _MAX_SHARE_LISTS = re.compile(r"[*•-]\s"), 0.35
#: Texts with fewer labels than this may be articles that quote a dialogue: limit the characters per label.
_MIN_LABELS_OF_LONG_TURNS, _MAX_CHARACTERS_EACH = 10, 5000
#: Maximum length of the reactions at the end of a turn. The pattern takes quadratic time.
_MAX_ASIDES_CHARACTERS: Final = 1_000
#: Reactions after the words of a turn: "(Applause)".
_ASIDES: Final = re.compile(r"(?:\s*\([^()]{2,200}\))+$")
#: A word of running text, not of an address.
_WORD: Final = re.compile(r"(?<![\w./@:_-])\w+(?![\w/@_-]|\.\w)")


class _Line(NamedTuple):
    """A line of text. Lines that begin a turn have a label or a time.

    Attributes:
        opening: The previous line is blank.
        colon: The label ends with a colon.
        note: A heading or a field, which ends the previous turn.
    """

    text: str
    label: Label | None = None
    start: float | None = None
    printed: str = ""
    opening: bool = True
    colon: bool = True
    note: bool = False
    bullet: bool = False

    @property
    def begins(self) -> bool:
        return self.label is not None or self.start is not None

    @property
    def name(self) -> str:
        """The name of the label, "" if there is none."""
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
    first = next((number for number, line in enumerate(lines) if line.begins), len(lines))
    if not (_is_labelled(lines) if marked else _is_transcript(lines, first)):
        return None
    above = "\n".join(line.text for line in lines[:first])
    return above, list(_turns(lines[first:]))


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    before = ""
    for line in (" ".join(line.split()) for line in text.split("\n")):
        report_progress()
        found.append(_parse_line(line)._replace(opening=not before))
        before = line
    found = _with_labels_below_rules(_with_names_below_times(found))
    found = _with_labels_below_times(_with_call_signs(found))
    if sum(line.label is not None for line in found) >= _MIN_TURNS - 1:
        found = _weighed(found, text)
    return _with_full_names(_without_exceptions(found))


def _with_names_below_times(lines: list[_Line]) -> list[_Line]:
    """Return the lines with a name on a separate line, between a time and the words, as a label."""
    alone = Counter(line.text for line in lines if not line.begins)
    times = [n for n, line in enumerate(lines) if line.start is not None and not line.text and not line.label]
    labels = {
        n: label
        for n in times
        if n + 1 < len(lines) and alone[text := lines[n + 1].text] > 1 and (label := parse_label(text))
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


def _with_call_signs(lines: list[_Line]) -> list[_Line]:
    """Return the lines with single letters as speakers if most labels are initials or call signs."""
    times = Counter(filter(None, map(_initials, lines)))
    labels = sum(line.label is not None for line in lines)
    if sum(times.values()) < max(_MIN_LABELS_OF_INITIALS, _MIN_SHARE_ALIKE * labels):
        return lines
    if _ASKING_LETTERS.issuperset(times):
        return lines

    def named(line: _Line) -> _Line:
        sign = _initials(line)
        if times[sign] < _MIN_TIMES_OF_A_WORD or sign == "Q" or not line.label:
            return line
        return line._replace(label=line.label._replace(name=sign, kind="unnamed", strong=True))

    return [*map(named, lines)]


def _weighed(lines: list[_Line], text: str) -> list[_Line]:
    """Return the lines with names marked as strong labels, and phrases as weak ones.

    The words of a phrase also occur in lower case in the text. In capitals, a recurring phrase is a role
    ("SENIOR OFFICIAL"). A recurring single word that never occurs in lower case is a name ("Keane").
    """
    words = {word for word in _WORD.findall(text) if word.islower()}
    times = Counter(line.name for line in lines)

    def is_strong(label: Label) -> bool:
        once = times[label.name] == 1
        if label.name.upper() == label.name.lower():
            return label.strong and not (once and word_count(label.name) > _MAX_WORDS_ONCE)
        if label.kind != "person" or any(map(str.isdigit, label.name)):
            return label.strong and label.kind != "person"
        if words.issuperset(re.findall(r"\w+", label.name.casefold())):
            return is_capitals(label.name) and not once
        return label.strong or times[label.name] >= _MIN_TIMES_OF_A_WORD

    labels = {line.label for line in lines if line.label}
    changed = {
        label: label._replace(strong=not label.strong) for label in labels if is_strong(label) != label.strong
    }
    return [line._replace(label=changed[line.label]) if line.label in changed else line for line in lines]


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
    told = {name for name in known if len(UNSPACED.findall(name)) <= _MAX_NAME_LETTERS or name[-2:] in titles}

    def is_label(line: _Line) -> bool:
        if not line.name:
            return line.opening or rules[2:3] != [True]
        once = line.start is None and times[line.name] == 1
        strong = line.name in told and line.label is not None and line.label.strong
        return line.name in known and (strong or not once)

    return [
        _plain(line, again=times[line.name] > 1) if line.label and not is_label(line) else line
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
    """Return the lines with a surname label replaced by the full name used before."""
    full: dict[str, Label | None] = {}
    out = []
    for line in lines:
        label = line.label
        if label and " " in label.name and label.kind == "person":
            last = label.name.split()[-1]
            known = full.setdefault(last, label)
            if known is not None and known.name != label.name:
                full[last] = None  # two people have this surname
        elif label and (known := full.get(label.name)):
            line = line._replace(label=known._replace(printed=label.printed))
        out.append(line)
    return out


def _is_labelled(lines: Sequence[_Line]) -> bool:
    """Return True if at least two speakers have turns, and some of them several."""
    names = Counter(line.name for line in lines if line.name)
    return len(names) > 1 and names.total() >= max(_MIN_TURNS, _MIN_TURNS_EACH * len(names))


def _is_transcript(lines: Sequence[_Line], first: int) -> bool:
    heads = [line for line in lines if line.begins]
    labelled = [line for line in heads if line.label and line.label.name]
    times = [line.start for line in heads if line.start is not None]
    names = Counter(line.name for line in labelled)
    unnamed = sum(line.label is not None for line in heads) - len(labelled)
    asked = 4 * unnamed >= len(labelled) >= _MIN_ANSWERS_EACH * len(names)
    ascending = sum(before <= after for before, after in pairwise(times)) >= _MIN_IN_ORDER * (len(times) - 1)
    if len(times) < len(heads) * _MIN_SHARE_STRONG:
        strong = sum(line.label is not None and line.label.strong for line in labelled)
        if len(labelled) < _MIN_TURNS or strong < _MIN_SHARE_STRONG * len(labelled):
            return False
    elif not ascending or (not labelled and (len(times) < _MIN_TIMES or times[0] > _MAX_FIRST_SECONDS)):
        return False
    if _is_form([line.name for line in labelled]) or _is_outline(lines):
        return False
    if labelled and (
        len(names) < 2 - bool(times or asked)
        or len(labelled) < max(_MIN_TURNS - bool(times), _MIN_TURNS_EACH * len(names))
    ):
        return False
    length = sum(len(line.text) for line in lines)
    if (
        not times
        and len(labelled) < _MIN_LABELS_OF_LONG_TURNS
        and length > len(labelled) * _MAX_CHARACTERS_EACH
    ):
        return False
    formal = asked or sum(is_capitals(line.name) for line in labelled) >= _MIN_SHARE_ALIKE * len(heads)
    most = _MAX_SHARE_OF_STATEMENT if formal else _MAX_SHARE_WITHOUT_TURN
    return _is_speech(lines[first:], sum(len(line.text) for line in lines[:first]), most)


def _is_outline(lines: Sequence[_Line]) -> bool:
    """Return True if the labels are headings: many precede lists, and few begin with a first name."""
    from searcher.names.people import is_first_name

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
    again = [after for after in following.values() if after.total() > 1]
    usual, pairs = sum(max(after.values()) for after in again), sum(after.total() for after in again)
    enough = len(following) >= _MIN_NAMES_IN_ORDER and pairs >= _MIN_PAIRS_IN_ORDER
    return enough and usual >= _MIN_SHARE_IN_ORDER * pairs


def _without_asides(words: str) -> str:
    """Return the words of a turn without descriptions in brackets at its end, such as “(Applause)”."""
    start = max(0, len(words) - _MAX_ASIDES_CHARACTERS)
    return words[:start] + _ASIDES.sub("", words[start:])


def _is_speech(lines: Sequence[_Line], before: int, most: float) -> bool:
    """Return True if turns end like sentences, and neither one turn nor the text before them is too long."""
    spoken = [text for _, words in _labelled_turns(lines) if (text := _without_asides(words))]
    sentences = sum(bool(SENTENCE_END.search(text)) for text in spoken)
    longest, whole = max(map(len, spoken), default=0), sum(map(len, spoken))
    timed = any(line.start is not None for line in lines)
    if timed or not spoken:
        return bool(spoken)
    words = sum(map(word_count, spoken))
    names = Counter(line.name for line in lines if line.name)
    long = names.total() >= max(_MIN_LABELS_OF_CONVERSATION, _MIN_TIMES_IN_CONVERSATION * len(names))
    if long and len(names) >= _MIN_NAMES_IN_ORDER:
        sentences = len(spoken)
    throughout = max(longest, before) <= most * whole
    return throughout and sentences >= _SENTENCE_SHARE * len(spoken) and words >= _MIN_WORDS * len(spoken)


def _labelled_turns(lines: Sequence[_Line]) -> Iterator[tuple[str, str]]:
    """Yield the name and the words of each turn. The name is "" without a label."""
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
