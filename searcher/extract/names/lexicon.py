"""Words that names are made of: titles, suffixes, nicknames, generic words of bodies."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

from searcher.names.normalise import LETTERS, word_set
from searcher.sanitize import normal_form

__all__ = [
    "FORMAL",
    "GENERIC",
    "NICKNAMES",
    "OWN_POSSESSIVE",
    "SMALL",
    "STATES",
    "SUBUNITS",
    "SUFFIXES",
    "TITLES",
    "fold",
    "own_possessive",
    "without_possessive",
]

# Before a person's name: courtesy, rank, office. Never part of the name in a facet.
TITLES: Final = word_set(
    """
    mr mrs ms miss mx messrs dr drs prof professor sir dame lord lady baroness viscount duchess countess
    madam madame mme monsieur mlle herr frau senor señor senora sra srta shri smt hon honourable honorable
    rt president vice-president vp premier chancellor vice-chancellor minister secretary under-secretary sen
    senator rep representative congressman congresswoman assemblyman councillor councilman councilwoman mp
    mep mla gov governor lt-gov mayor judge justice magistrate king queen prince princess pope cardinal
    archbishop bishop rev reverend fr father mother sister brother pastor rabbi ayatollah sheikh sheik
    sheikha emir sultan mullah maulana general gen lt-gen maj-gen brig brigadier colonel col lt-col major
    maj captain capt commander cmdr cdr lieutenant lt sergeant sgt corporal cpl private pvt admiral adm
    commodore chief ceo cfo cto coo chairman chairwoman chairperson chair director officer coach manager
    trainer attorney attorney-general ambassador envoy commissioner superintendent supt inspector detective
    det insp constable pc dc dci dcs sheriff deputy former ex ex-president ex-minister late then spokesman
    spokeswoman spokesperson engr engineer barrister adv advocate alhaji hajia datuk dato prime acting
    interim outgoing incoming senior junior actor actress singer author player striker midfielder goalkeeper
    defender defendant witness qb rb wr dl dt lb cb ol fw mf df gk rhp lhp analyst economist founder
    co-founder
    """
)

SUFFIXES: Final = word_set("jr sr ii iii iv phd md qc kc sc obe mbe cbe kbe cmg frs esq esquire ret")

SMALL: Final = word_set("of the and for de la du des del di da y et e & in on to at")

# What newspapers drop the second time: "Meta Platforms" is Meta, "Goldman Sachs Group" Goldman Sachs.
GENERIC: Final = word_set(
    """
    platforms platform group groups holdings holding company corporation corp inc ltd limited plc
    technologies technology tech international industries industry enterprises enterprise motors motor
    airlines airline airways air bank brothers bros partners capital systems system software communications
    entertainment stores store foods food pharmaceuticals pharmaceutical pharma energy oil gas petroleum
    electric electronics steel insurance securities co sons associates services service networks network
    media news agency newspaper times party united city fc afc cf sc football club sports stores markets
    resources solutions global worldwide laboratories automotive label records recordings mining chemicals
    chemical financial finance investments investment management properties realty and & of the
    """
)

# What follows makes it a body of its own: Meta AI is not Meta, Barclays Africa not Barclays.
SUBUNITS: Final = word_set(
    """
    ai lab labs research uk us usa u.s eu europe asia africa india china japan korea america americas
    australia canada germany france russia mexico brazil north south east west ventures foundation fund
    trust institute team channel plus magazine division unit cloud studios studio pay music tv academy
    university college school hospital reserves youth women ladies juniors ii b u19 u21 u23 association
    federation union press sport mobile pictures
    """
)

# "U.S. Treasury" is the Treasury of an article that names no other.
STATES: Final = word_set("us uk u.s american british national federal royal state")

# The second word of "Treasury Department" and "Foreign Ministry".
FORMAL: Final = word_set("department ministry office agency commission committee council")

# Names that end in a possessive of their own.
OWN_POSSESSIVE: Final = word_set(
    """
    macy's mcdonald's wendy's lowe's kohl's kellogg's domino's denny's sainsbury's lloyd's poor's moody's
    sotheby's christie's levi's arby's applebee's chili's dillard's hardee's hershey's reese's campbell's
    smucker's claire's peet's zaxby's bloomingdale's barney's carluccio's nando's fuller's kinko's
    """
)

_NICKNAMES = """
abigail abby gail|abraham abe|albert al bert|alexander alex sandy xander sasha|alexandr alex sasha
alexandra alex sandra|alexandre alex|alexis alex|alfred alf alfie fred|andrew andy drew|anthony tony
antonio tony|arthur art|barbara barb babs|benjamin ben benny|bernard bernie|catherine cathy kate katie
charles charlie chuck|christopher chris kit|christine chris tina|clifford cliff|daniel dan danny
david dave davy|deborah deb debbie|dimitri dima|dmitri dima|donald don donnie|dorothy dot|douglas doug
edward ed eddie ted ned|edwin ed|elizabeth liz beth betty eliza lizzie|emmanuel manny|eugene gene
evelyn evie|francis frank fran|francisco paco pancho cisco|franklin frank|frederick fred freddie
gabriel gabe|geoffrey geoff|gerald gerry jerry|gregory greg|guillermo memo|harold harry hal
henry harry hank|herbert herb bert|howard howie|ignacio nacho|isabella bella|jacob jake
james jim jimmy jamie|janet jan|jeffrey jeff|jennifer jen jenny|jeremy jerry|jessica jess|joanna jo
john jack johnny jon|jonathan jon|jose pepe|joseph joe joey|joshua josh|judith judy
katherine kate katie kathy kat|kathleen kathy|kenneth ken kenny|kimberly kim|lawrence larry
leonard len lenny leo|leonardo leo|louis lou|louise lou|ludovic ludo|madeleine maddy|manuel manny manolo
margaret maggie peggy meg|martin marty|matthew matt|maximilian max|michael mike mick mickey
mikhail misha|mitchell mitch|mohammed mo|muhammad mo|nancy nan|nathan nate|nathaniel nate|nicholas nick
nicolas nico nick|nikolai kolya|oliver ollie|pamela pam|patricia pat patty trish|patrick pat paddy
peter pete|philip phil|phillip phil|rafael rafa|raymond ray|rebecca becky becca|reginald reggie
richard rick dick rich ricky|robert bob rob bobby robbie bert|rodney rod|roger rog|ronald ron ronnie
samantha sam|samuel sam sammy|sebastian seb|sergei seryozha|sergey seryozha|stanley stan|stephen steve
steven steve|stuart stu|susan sue susie|suzanne sue|terence terry|theodore ted teddy theo
theresa terry tess|thomas tom tommy|timothy tim|valentina valya|veronica ronnie|victor vic
victoria vicky|vincent vince vinny|virginia ginny|vladimir vova volodya|volodymyr vova|walter walt
wilhelm willi|william bill will billy liam|yevgeny zhenya|zachary zach zack
"""
# given name -> short forms; both sides are looked up
NICKNAMES: Final = {
    words[0]: frozenset(words[1:])
    for words in (entry.split() for entry in re.split(r"[|\n]", _NICKNAMES))
    if words
}

_MARKS = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "—": "-"})
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=[sSxXzZ])['’])$", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\b(?:Inc|Co|Corp|Ltd|Jr|Sr|Bros|[A-Z])\.$")


def fold(name: str) -> str:
    """A name without case and accents, with plain apostrophes and hyphens."""
    if name.isascii():
        return name.lower()
    plain = normal_form("NFKD", name)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain.translate(_MARKS).casefold().translate(LETTERS)


def own_possessive(name: str) -> bool:
    """Whether a name ends in a possessive of its own: "McDonald’s", "Papa John’s"."""
    if name[-2:].lower() not in ("'s", "’s"):
        return False
    return fold(name).split()[-1] in OWN_POSSESSIVE


@functools.lru_cache(maxsize=10_000)  # repair and consolidation ask for each name of an article many times
def without_possessive(name: str) -> str:
    """The name as it stands alone: no "’s", no punctuation around it, one space between words."""
    name = " ".join(name.split())
    if not own_possessive(name):
        name = _POSSESSIVE.sub("", name)
    edges = ' ,;:"“”‘()[]' if _ABBREVIATED.search(name) else ' .,;:"“”‘()[]'
    return name.strip(edges)
