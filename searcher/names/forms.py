"""Word tables for comparing names, within an article and across articles."""

from __future__ import annotations

from typing import Final

from searcher.languages import phrase_list, word_list
from searcher.names.normalise import word_set

TITLES: Final = word_list("TITLES_BEFORE_NAMES")
SUFFIXES: Final = word_set("jr sr ii iii iv phd md qc kc sc obe mbe cbe kbe cmg frs esq esquire ret")

NICKNAMES: Final = {full: frozenset(short) for full, *short in map(str.split, phrase_list("NICKNAMES"))}

#: Particles that belong to the surname after them: “van Gaal”, “bin Salman”.
PARTICLES: Final = word_set(
    """
    van von der den de da di del della dos das do du la le les lo bin bint ibn ben bar al el ul ap ter ten
    te zu zur af av st san santa mac mc o abu umm
    """
)

#: Legal forms of companies, in lower case, with and without full stops.
LEGAL_FORMS: Final = word_set(
    """
    inc incorporated corp corporation co cos company companies ltd limited llc llp lp l.p plc ag a.g se sa
    s.a spa s.p.a nv n.v bv b.v na n.a as a.s a/s gmbh ab asa oy oyj pty pte bhd berhad sdn tbk kk k.k
    jsc pjsc ojsc cjsc ooo pao oao zao
    """
)
#: Legal forms that precede the name of a company: “PJSC Gazprom”, «ПАО „Газпром“», “UAB Teltonika”.
LEGAL_FORMS_BEFORE: Final = word_set(
    "jsc pjsc ojsc cjsc ooo pao oao zao uab ао пао оао зао ооо ат пат прат тов тоо"
)

# Words for states: “U.S. Treasury” and “Treasury” are the same unless an article names another treasury.
STATES: Final = word_set("us uk u.s american british national federal royal state")

#: Maps states at the start of a name to their letters in its acronym: “USGS”.
LETTERS_OF_STATES: Final = {
    ("us",): ("u", "s"),
    ("united", "states"): ("u", "s"),
    ("uk",): ("u", "k"),
    ("united", "kingdom"): ("u", "k"),
    ("un",): ("u", "n"),
    ("united", "nations"): ("u", "n"),
    ("eu",): ("e", "u"),
    ("european", "union"): ("e", "u"),
}
SHORT_FORMS: Final = dict(entry.split(" = ") for entry in phrase_list("SHORT_FORMS"))
