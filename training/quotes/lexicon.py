"""Reporting words and speakers' nouns, counted in the labelled articles."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from searcher.extract.quotes.lexicon import PRONOUNS, SPEECH_VERBS, STRONG_CUES
from searcher.extract.quotes.marks import find_spans
from searcher.extract.quotes.tokens import Tokens
from searcher.names.normalise import word_set
from training.quotes.corpus import Row

_STOP = re.compile(r",| who | that | of | for | from | in | at | on | with | to | \(")

#: Never reporting words, whatever the counts say: they govern too much else.
NEVER = word_set("known found made used seen one sent new people has had was is be to that of")
#: Never speakers' nouns, though a label or two ends in them.
NO_NOUNS = word_set(
    "and out here me my it itself their themselve left close today week month year who whose u released "
    "filed briefed involved familiar self quarter"
)
MIN_CUE = 40  # hundredths; the share of a word's occurrences that must report speech
#: Nouns for people and texts that speak in general news; political news shows only some of them.
NOUNS = word_set(
    "official source spokesman spokeswoman spokesperson statement report letter study researcher "
    "scientist author expert analyst lawyer attorney judge prosecutor police officer detective "
    "investigator witness victim survivor mother father wife husband son daughter sister brother "
    "parent friend neighbor neighbour colleague student teacher professor doctor nurse patient "
    "employee worker manager executive owner founder customer resident voter supporter critic "
    "opponent activist protester organizer leader member president minister senator governor mayor "
    "candidate ambassador diplomat secretary director chairman chairwoman chief coach player captain "
    "director actor actress singer writer editor reporter journalist columnist historian economist "
    "engineer developer farmer driver woman man boy girl teenager company firm group organization "
    "organisation agency department ministry government committee commission court council union "
    "campaign newspaper magazine website site outlet team club school university hospital bank firm "
    "trader dealer broker banker investor strategist consultant pilot passenger tenant landlord buyer "
    "shopper fan priest bishop soldier commander sergeant deputy sheriff firefighter paramedic surgeon "
    "therapist psychologist chef designer architect producer musician comedian athlete teammate caller "
    "reviewer operator regulator watchdog charity airline retailer insider delegate lawmaker "
    "paper document filing complaint lawsuit memo email message post tweet article editorial sign "
    "banner caption headline "
    "administrator advisor archbishop artist billionaire boss cardinal chancellor co-founder "
    "cofounder colonel commissioner congressman congresswoman correspondent councillor councilman "
    "councilwoman democrat republican goalkeeper imam inspector lieutenant midfielder partner "
    "premier princess principal quarterback queen king pope rabbi skipper striker superintendent "
    "taoiseach trustee mp mep msp ceo envoy barrister solicitor magistrate physician pensioner "
    "entrepreneur geologist astronomer biologist chemist physicist sociologist epidemiologist "
    "ecologist conservationist pollster auditor ombudsman coroner constable shareholder motorist "
    "trainer winger cricketer referee monarch chairperson lecturer villager trade-unionist fisherman "
    "policeman policewoman inmate prisoner hostage refugee migrant volunteer campaigner grandmother "
    "grandfather"
)


def learn(rows: list[Row]) -> dict[str, Any]:
    """The model's "cues" (word: share in hundredths) and "nouns"."""
    total: Counter[str] = Counter()
    reporting: Counter[str] = Counter()
    heads: Counter[str] = Counter()
    for row in rows:
        tokens = Tokens(row["text"], find_spans(row["text"]))
        total.update(low for low, span in zip(tokens.low, tokens.span, strict=True) if span < 0)
        reporting.update(_cue_words(row, tokens))
        heads.update(_speaker_heads(row))
    shares = {word: _share(count, total[word]) for word, count in reporting.items() if count >= 3}
    cues = {w: s for w, s in shares.items() if s >= MIN_CUE and w.isalpha() and w not in NEVER and len(w) > 2}
    for word in SPEECH_VERBS | STRONG_CUES:
        cues.setdefault(word, 70)
    nouns = {head for head, count in heads.items() if count >= 3 and head not in cues} | NOUNS
    nouns -= NO_NOUNS
    return {"cues": dict(sorted(cues.items())), "nouns": sorted(nouns)}


def _share(count: int, total: int) -> int:
    return round(100 * min(1.0, count / max(1, total)))


def _cue_words(row: Row, tokens: Tokens) -> list[str]:
    seen: set[tuple[int, str]] = set()
    for label in row["quotes"]:
        start = label.get("cue_start")
        if start is None:
            continue
        i, j = tokens.token_at(start), tokens.token_at(start + len(label["cue"]))
        seen.update((k, tokens.low[k]) for k in range(i, j) if tokens.span[k] < 0)
    return [word for _, word in seen]


def _speaker_heads(row: Row) -> list[str]:
    """The last lower-case noun of every speaker that is not a name, before any "of", "who" or comma."""
    out = []
    for label in row["quotes"]:
        text = label["speaker_text"]
        if not text or label["resolved_by"] not in ("nominal", "described") or text.lower() in PRONOUNS:
            continue
        text = _STOP.split(text)[0]
        parts = text.split()
        if len(parts) > 0 and parts[-1].isalpha() and parts[-1].islower():
            head = parts[-1]
            out.append(head[:-1] if head[-1] == "s" and not head.endswith("ss") else head)
    return out
