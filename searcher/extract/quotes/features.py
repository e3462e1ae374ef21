"""Features of a mention, as the speaker of a quotation and as the antecedent of a pronoun.

Features are strings; each model has a weight for each. All rules and limits here are part of the models.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from searcher.extract.quotes import lexicon
from searcher.extract.quotes.scene import DASHES, MIN_CUE, Pattern, Ref, Scene, SpokenSpan
from searcher.extract.quotes.tokens import Entity
from searcher.names.normalise import word_set

#: Upper bound of each class of :func:`bucket`.
_BOUNDS = (0, 1, 2, 3, 5, 8, 12, 20, 40)
BUCKETS = [bisect_left(_BOUNDS, n) for n in range(42)]
_REACHES = {n: f"P{n}" for n in range(-3, 3)}
_AUXILIARIES = word_set("has had is was will would did does have were are")
_DISTANT = ("m..c", "to", "m's")
_SPEAKING_BEHIND = ("mc", "cm", "c.m", "acc", "m:")
_ADDRESSED = word_set("told tells telling asked thanked")
#: Marks at the end of a quotation, in order of precedence, and their classes.
_ENDINGS = ((",", ","), (".", "."), ("…", "."), ("?", "?"), ("!", "?"))
_MARKS = frozenset("”\"'’»“„«")
#: Words that separate a verb after a quotation from its subject.
_PARTING = lexicon.PREPOSITIONS | {".", "!", "?", ","}


def bucket(n: int) -> int:
    """Return the class of a count: 0, 1, 2, 3, up to 5, 8, 12, 20 and 40, more."""
    return BUCKETS[n] if n < 41 else 9


def closest_reporting_refs(quoted: SpokenSpan, refs: list[Ref]) -> tuple[Ref | None, Ref | None]:
    """Return the closest candidates with a verb of speech before and after a quotation."""
    before = after = None
    for ref in refs:
        if ref.pattern is None or ref.pattern.name in _DISTANT:
            continue
        if ref.i >= quoted.j:
            after = ref
            break
        before = ref
    return before, after


def candidate_features(scene: Scene, quoted: SpokenSpan, refs: list[Ref], carried: object) -> list[list[str]]:
    """Return the features of each mention as the speaker; ``carried`` is the previous speaker."""
    closest = closest_reporting_refs(quoted, refs)
    return [attribution_features(scene, quoted, ref, carried, closest) for ref in refs]


def attribution_features(
    scene: Scene, quoted: SpokenSpan, ref: Ref, carried: object, closest: tuple[Ref | None, Ref | None]
) -> list[str]:
    after = ref.i >= quoted.j
    same = ref.para == quoted.para
    pattern = _pattern(scene, quoted, ref, after, same)
    if pattern and pattern.name == "acc" and _reports(quoted, closest[after], ref):
        pattern = None  # the Herald is not the speaker of “…,” she said, according to the Herald
    name = pattern.name if pattern else "none"
    reach = "S" if same else _REACHES[max(-3, min(2, ref.para - quoted.para))]
    at = ("A" if after else "B") + reach
    lo, hi = _tokens_between(quoted, ref, pattern, after)
    sentences, quotes, gap = _gap_between(scene, lo, hi)
    traits: _Traits = ref.traits or _traits(scene, ref)
    cue = "c" if pattern else "n"
    out = [
        f"k={traits.kind}",
        f"{at}|{name}|{sentences}|{quotes}",
        f"{at}|{name}|g{gap}",
        f"{at[0]}|{traits.kind}|{name}",
        f"{at}{sentences}{quotes}",
        f"g{gap}{at}",
        f"end{_ending(scene, quoted)}{at}{sentences}{cue}",
        f"beg{_beginning(scene, quoted)}{at}{sentences}{cue}",
    ]
    if pattern:
        strong = int(scene.tokens.low[pattern.cue] in lexicon.STRONG_CUES)
        out += [f"strong{strong}{name}", f"cw{int(pattern.weight * 5)}{name}"]
    out.append(f"near{at}{name}{int(ref is closest[after])}")
    if ref.possessive:
        out.append(f"poss{at}")
    if traits.prep:
        out += ("prep", f"prep{name}")
    if traits.addressed:
        out.append("addressed")
    if traits.is_signature:
        out.append(f"signs{at[0]}{int(ref.i - quoted.j <= 2)}")
    elif traits.first:
        out.append(f"first{at}")
    if traits.verb:
        out.append(f"verb{at}")
    if traits.modifier:
        out += ("modifier", f"modifier{name}")
    out += _about_speaker(ref, traits, at, name, carried, reach)
    return out


def _gap_between(scene: Scene, lo: int, hi: int) -> tuple[int, int, int]:
    """Return sentence ends and quotation starts between two tokens, and the class of their distance."""
    if hi <= lo:
        return 0, 0, 0
    sentences = scene.sentence_marks[hi] - scene.sentence_marks[lo]
    quotes = scene.spans_begun[hi] - scene.spans_begun[lo]
    return (sentences if sentences < 3 else 3), (quotes if quotes < 2 else 2), bucket(hi - lo)


class _Traits(NamedTuple):
    """Properties of a mention that do not depend on the quotation.

    ``modifier`` is True if it only introduces a person; ``own`` are complete features.
    """

    kind: str
    is_signature: bool
    prep: bool
    addressed: bool
    first: bool
    verb: bool
    modifier: bool
    own: tuple[str, ...]


def _traits(scene: Scene, ref: Ref) -> _Traits:
    tokens, low = scene.tokens, scene.tokens.low
    before = low[ref.i - 1] if ref.i else ""
    following = low[ref.j] if ref.j < len(low) else ""
    ref.traits = traits = _Traits(
        ref.kind_code,
        ref.is_signature,
        prep=before in lexicon.PREPOSITIONS,
        addressed=before in _ADDRESSED,
        first=tokens.first[ref.i],
        verb=following in _AUXILIARIES or following.endswith("ed"),
        modifier=_leads_to_person(scene, ref),
        own=_own_words(scene, ref),
    )
    return traits


def _own_words(scene: Scene, ref: Ref) -> tuple[str, ...]:
    entity = ref.entity
    if ref.kind == "noun":
        head = scene.tokens.low[ref.j - 1]
        first = scene.tokens.low[ref.i]
        known = "b" if head in lexicon.BODY_WORDS else "t" if head in lexicon.TEXT_NOUNS else "x"
        det = first if first in ("a", "an", "the", "one") else "d" if first in lexicon.DETERMINERS else "-"
        return f"noun{known}", f"det{det}", f"h={head}", f"noung{ref.gender}"
    if ref.kind == "pron" or entity is None:
        return ()
    own = (f"talks{min(3, entity.speech_count)}", f"count{bucket(entity.count)}")
    if entity.kind == "person":
        return *own, "gender" if entity.gender else "nogender", "full" if " " in entity.name else "single"
    return own


def _leads_to_person(scene: Scene, ref: Ref) -> bool:
    """Return True if an organisation only introduces a person ("Quillby chairwoman Ann Roe")."""
    entity = ref.entity
    if entity is None or ref.possessive or entity.kind == "person":
        return False
    tokens = scene.tokens
    for k in range(ref.j, min(len(tokens.words), ref.j + 5)):
        number = scene.name_at[k]
        if number >= 0:
            return scene.names[number].entity.kind == "person"
        if (
            not tokens.words[k][0].isalpha()
            or tokens.low[k] in lexicon.PREPOSITIONS
            or tokens.cue_weight[k] >= MIN_CUE
        ):
            return False
    return False


def _about_speaker(
    ref: Ref, traits: _Traits, at: str, name: str, carried: object, reach: str
) -> Sequence[str]:
    own = traits.own
    if ref.kind == "pron":
        return f"pron{ref.gender}{at}", f"pron{ref.gender}{name}"
    if ref.kind == "noun":
        return f"{own[0]}{name}", f"{own[1]}{name}", own[2], own[3]
    if not own:
        return ()
    if carried is not None and ref.entity is carried:
        return own[0], f"{own[0]}{name}", own[1], f"isprev{reach}", *own[2:]
    return own[0], f"{own[0]}{name}", *own[1:]


def reporting_pattern(scene: Scene, quoted: SpokenSpan, ref: Ref) -> Pattern | None:
    """Return the reporting pattern of a mention as the speaker of a quotation."""
    return _pattern(scene, quoted, ref, ref.i >= quoted.j, ref.para == quoted.para)


def _pattern(scene: Scene, quoted: SpokenSpan, ref: Ref, after: bool, same: bool) -> Pattern | None:
    """Return the reporting pattern. After a quotation, any verb or a dash counts as one."""
    tokens = scene.tokens
    pattern = ref.pattern
    distance = ref.i - quoted.j
    if not after or not same or distance > 9 or (pattern and pattern.name not in ("m..c", "m,c")):
        return pattern
    low = tokens.low
    if distance <= 1 and ref.j < len(low) and _is_verb(low[ref.j]):
        return Pattern("mv", ref.j, 0.5)
    if distance >= 1 and _is_verb(low[quoted.j]) and _PARTING.isdisjoint(low[quoted.j : ref.i]):
        return Pattern("vm", quoted.j, 0.5)
    if low[ref.i - 1] in DASHES:
        return Pattern("dash", ref.i - 1, 0.5)
    return pattern


def _reports(quoted: SpokenSpan, closest: Ref | None, ref: Ref) -> bool:
    """Return True if another speaker follows the quotation in the same sentence."""
    return closest is not None and closest.i < min(ref.i, quoted.j + 3) and closest.sent == ref.sent


def _is_verb(word: str) -> bool:
    return (word.endswith("ed") and len(word) > 3) or word in lexicon.SUBJECT_VERBS


def _tokens_between(quoted: SpokenSpan, ref: Ref, pattern: Pattern | None, after: bool) -> tuple[int, int]:
    """Return the range of tokens between a quotation and a mention with its verb."""
    if after:
        start = ref.i
        if pattern and pattern.name in ("mc", "cm", "c.m", "acc", "vm", "mv", "to"):
            start = min(ref.i, pattern.cue)
        return quoted.j, max(quoted.j, start)
    end = ref.j
    if pattern and pattern.cue < quoted.i:
        end = max(ref.j, pattern.cue + 1)
    return min(end, quoted.i), quoted.i


def _ending(scene: Scene, quoted: SpokenSpan) -> str:
    text, span = scene.text, quoted.span
    tail = text[max(span.start, span.end - 2) : span.outer_end + 1]
    return next((sign for mark, sign in _ENDINGS if mark in tail), "x")


def _beginning(scene: Scene, quoted: SpokenSpan) -> str:
    if quoted.i == 0 or scene.tokens.words[quoted.i - 1][0] == "\n":
        return "^"
    before = scene.tokens.words[quoted.i - 1][0]
    if before in ",:":
        return before
    return "." if before in ".!?" or before in _MARKS else "w"


def carried_features(scene: Scene, quoted: SpokenSpan, previous: SpokenSpan) -> list[str]:
    """Return the features of the previous span's speaker as the speaker of this one."""
    tokens = scene.tokens
    apart = quoted.para - previous.para
    lo, hi = previous.j, max(previous.j, quoted.i)
    words = scene.words_outside[hi] - scene.words_outside[lo]
    sentences = min(2, scene.sentence_marks[hi] - scene.sentence_marks[lo])
    opens = int(quoted.i == 0 or tokens.words[quoted.i - 1][0] == "\n")
    follow, follow_cue = _words_to_next_quotation(scene, quoted)
    near = slice(max(lo, hi - 9), hi)
    cue_before = int(
        any(n < 0 and cue >= MIN_CUE for n, cue in zip(tokens.span[near], tokens.cue_weight[near]))
    )
    names = _names_between(scene, lo, hi)
    ending = _ending(scene, quoted)
    return [
        "PREV",
        f"PREV|{min(apart, 4)}|{opens}|{int(previous.span.closed)}",
        f"PREV|{min(apart, 4)}|o{bucket(words)}|s{sentences}",
        f"PREV|f{bucket(follow)}|{follow_cue}|{opens}|{min(apart, 2)}",
        f"PREV|b{cue_before}|o{bucket(words)}|{min(apart, 2)}",
        f"PREV|n{names}|{min(apart, 3)}",
        f"PREV|e{ending}|{min(apart, 2)}|{min(follow, 1)}",
        f"PREV|e{_ending(scene, previous)}|{min(apart, 2)}|o{bucket(words)}",
        f"PREV|g{_beginning(scene, quoted)}|{min(apart, 2)}|s{sentences}|{follow_cue}",
    ]


def _words_to_next_quotation(scene: Scene, quoted: SpokenSpan) -> tuple[int, int]:
    """Return the number of words before the next quotation, and 1 if one of the first reports speech."""
    tokens = scene.tokens
    count = cue = 0
    for k in range(quoted.j, min(len(tokens.words), quoted.j + 60)):
        word = tokens.words[k]
        if word[0] == "\n" or tokens.span[k] >= 0 or count >= 40:
            break
        if word[0].isalnum():
            count += 1
            if count < 8 and tokens.cue_weight[k] >= MIN_CUE:
                cue = 1
    return count, cue


def _names_between(scene: Scene, lo: int, hi: int) -> str:
    """Return "0" for no name or noun between two spans, "2" if one reports speech, else "1"."""
    first = bisect_left(scene.starts, lo)
    code = "0"
    for ref in scene.refs[first : first + 12]:
        if ref.i >= hi:
            break
        if ref.kind == "pron" or ref.quoted:
            continue
        if ref.pattern and ref.pattern.name in _SPEAKING_BEHIND:
            return "2"
        code = "1"
    return code


_MAX_ANTECEDENTS = 8  # maximum antecedents of a pronoun
_MAX_MENTIONS = 4  # maximum mentions per antecedent, latest first
_MAX_PARAGRAPHS = 8  # maximum paragraphs between a pronoun and its antecedent
_MAX_REFS = 70  # maximum mentions searched; limits the cost of hostile paragraphs
_BEFORE_SUBJECT = frozenset(
    ("", ",", '"', "“", "”", "when", "while", "but", "and", "that", "as", "because", "then")
)
_AFTER_SUBJECT = word_set("has is was had will , would did who also could does were are have ,")
_MAX_LEAD_TOKENS = 120  # number of tokens that count as the article's lead
_SPEAKING_PATTERNS = ("mc", "cm", "c.m", "acc", "m,c", "m:")

#: An entity or a noun phrase ("the nurse"), with its features.
Antecedent = tuple[Entity | Ref, list[str]]


@dataclass(slots=True)
class _Context:
    """Properties of the text before a pronoun that are the same for all antecedents."""

    pronoun: Ref
    speaking: Entity | Ref | None
    pronouns: Sequence[int]  # number of pronouns of the same gender before each ref
    place: int = 0  # index of the pronoun among the refs
    last_cue: Ref | None = None  # the latest mention with a verb of speech
    top_subject: Ref | None = None  # the latest subject that agrees with the pronoun
    last_pronoun: Ref | None = None  # the latest subject pronoun of the same gender


def possible_antecedents(scene: Scene, pronoun: Ref, speaking: Entity | Ref | None) -> list[Antecedent]:
    """Return the possible antecedents of a pronoun. ``speaking`` is the speaker of the quotation before."""
    context = _Context(pronoun, speaking, scene.pronouns_before(pronoun.gender))
    gathered = _gather(scene, context)
    return [
        (who, _antecedent_features(scene, context, who, refs, rank))
        for rank, (who, refs) in enumerate(gathered)
    ]


def _gather(scene: Scene, context: _Context) -> list[tuple[Entity | Ref, list[Ref]]]:
    """Return antecedents that agree in gender and number, latest first, each with its latest mentions."""
    pronoun = context.pronoun
    place = context.place = bisect_left(scene.starts, pronoun.i)
    gathered: dict[int, tuple[Entity | Ref, list[Ref]]] = {}
    nouns: dict[str, Ref] = {}
    for ref in reversed(scene.refs[max(0, place - _MAX_REFS) : place]):
        if pronoun.para - ref.para > _MAX_PARAGRAPHS:
            break
        if context.last_cue is None and not ref.quoted and ref.pattern:
            context.last_cue = ref if ref.pattern.name in _SPEAKING_PATTERNS else None
        if ref.kind == "pron" and ref.gender == pronoun.gender and context.last_pronoun is None:
            context.last_pronoun = ref
        if ref.kind == "pron" or (ref.kind == "noun" and (ref.quoted or pronoun.para - ref.para > 2)):
            continue
        if not _agrees(scene, pronoun.gender, ref):
            continue
        if context.top_subject is None and not ref.quoted and any(_is_subject(scene, ref)):
            context.top_subject = ref
        who: Entity | Ref | None = ref.entity
        if who is None:
            head = scene.tokens.low[ref.j - 1]
            who = nouns.setdefault(head, ref)
        known = gathered.get(id(who))
        if known is None:
            if len(gathered) < _MAX_ANTECEDENTS:
                gathered[id(who)] = (who, [ref])
        elif len(known[1]) < _MAX_MENTIONS:
            known[1].append(ref)
    return list(gathered.values())


def _agrees(scene: Scene, gender: str | None, ref: Ref) -> bool:
    entity = ref.entity
    if entity is not None:
        if gender in ("m", "f"):
            if entity.kind == "other" and scene.has_tagged_names:
                return False  # usually a place, because the tagger found no person here
            return entity.kind != "organisation" and entity.gender in (None, gender)
        return entity.kind != "person"
    if gender in ("m", "f"):
        return ref.gender in (None, gender)
    return ref.gender == gender or (gender == "p" and ref.gender in (None, "n"))


def _antecedent_features(
    scene: Scene, context: _Context, who: Entity | Ref, refs: list[Ref], rank: int
) -> list[str]:
    pronoun, latest = context.pronoun, refs[0]
    sentences, paras = pronoun.sent - latest.sent, pronoun.para - latest.para
    group = "g" if pronoun.gender in ("m", "f") else pronoun.gender or ""
    kind = latest.kind_code
    out = [
        f"{group}{kind}",
        f"ds{min(sentences, 6)}",
        f"dp{min(paras, 5)}",
        f"ds{min(sentences, 3)}dp{min(paras, 2)}",
        f"rank{min(rank, 4)}",
        f"win{min(len(refs), 4)}",
    ]
    out += _grammar(scene, pronoun, refs, sentences)
    out += _standing_features(scene, context, who, refs, sentences)
    if isinstance(who, Entity):
        sure = who.gender is not None and who.gender == pronoun.gender
        out += [
            f"{group}sure{int(sure)}{kind}",
            f"cnt{bucket(who.count)}",
            f"talks{min(4, who.speech_count)}",
        ]
        if who.first < _MAX_LEAD_TOKENS:
            out.append("lead")
        if " " not in who.name:
            out.append("single")
    else:
        head = scene.tokens.low[who.j - 1]
        out += [f"h={head}", f"{group}nsure{int(who.gender == pronoun.gender)}", f"nds{min(sentences, 4)}"]
    return out


def _standing_features(
    scene: Scene, context: _Context, who: Entity | Ref, refs: list[Ref], sentences: int
) -> list[str]:
    """Return features of its role: last speaker, last subject, just introduced, still speaking."""
    out = []
    near = min(sentences, 3)
    if any(ref is context.last_cue for ref in refs):
        out.append(f"lastcue{near}")
    top = any(ref is context.top_subject for ref in refs)
    out.append(f"top{int(top)}")
    if top:
        out.append(f"top{near}n")
    if isinstance(who, Entity) and who.first == refs[0].i:
        out.append(f"intro{near}{int(top)}")
    if context.speaking is not None:
        out.append(f"speaking{int(who is context.speaking)}{int(top)}")
    earlier = context.last_pronoun
    antecedent = scene.antecedents.get(earlier.i) if earlier is not None else None
    if earlier is not None and antecedent is not None:
        same_one, later = int(antecedent is who), int(refs[0].i > earlier.i)
        out.append(f"ana{same_one}{int(earlier is context.last_cue)}{later}")
        out.append(f"ana{same_one}{min(3, context.pronoun.sent - earlier.sent)}")
    first = bisect_left(scene.starts, refs[0].i)
    same = context.pronouns[max(first, min(context.place, first + 30))] - context.pronouns[first]
    out.append(f"chain{min(same, 3)}{int(top)}")
    return out


def _grammar(scene: Scene, pronoun: Ref, refs: list[Ref], sentences: int) -> list[str]:
    tokens, latest, near = scene.tokens, refs[0], min(sentences, 3)
    subject, speaks = _is_subject(scene, latest)
    out: list[str] = []
    if latest.quoted:
        out += ("inq", f"inq{near}")
    if latest.possessive:
        out.append("poss")
    if latest.i and tokens.low[latest.i - 1] in lexicon.PREPOSITIONS:
        out.append("prep")
    if subject:
        out.append(f"sub{near}")
    if speaks:
        out.append(f"cue{near}")
    if tokens.first[latest.i]:
        out.append(f"first{near}")
    if not sentences:
        out.append(f"same{int(subject)}{int(tokens.first[latest.i])}")
    subjects = sum(any(_is_subject(scene, ref)) and pronoun.sent - ref.sent <= 4 for ref in refs)
    return [*out, f"subj{min(subjects, 3)}"]


def _is_subject(scene: Scene, ref: Ref) -> tuple[bool, bool]:
    """Return whether a mention looks like a subject, and whether it is next to a verb of speech."""
    if ref.subject is None:
        ref.subject = _find_subject(scene, ref)
    return ref.subject


def _find_subject(scene: Scene, ref: Ref) -> tuple[bool, bool]:
    tokens = scene.tokens
    before = tokens.low[ref.i - 1] if ref.i else ""
    after = tokens.low[ref.j] if ref.j < len(tokens.low) else ""
    cue_after = bool(after) and tokens.cue_weight[ref.j] >= MIN_CUE
    speaks = cue_after or (bool(before) and tokens.cue_weight[ref.i - 1] >= MIN_CUE)
    if ref.possessive:
        return False, False
    starts = tokens.first[ref.i] or before in _BEFORE_SUBJECT or before[:1] == "\n"
    verb = cue_after or after.endswith("ed") or after in _AFTER_SUBJECT or after in lexicon.SUBJECT_VERBS
    return starts and verb, speaks
