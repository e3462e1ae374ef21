"""The tables by which names are compared, within one article and across articles."""

from __future__ import annotations

import re
from typing import Final

from searcher.names.normalise import word_set

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

#: Belong to the surname that follows: "van Gaal", "bin Salman", "da Silva".
PARTICLES: Final = word_set(
    """
    van von der den de da di del della dos das do du la le les lo bin bint ibn ben bar al el ul ap ter ten
    te zu zur af av st san santa mac mc o abu umm
    """
)

#: Legal forms of companies, in small letters as they are written.
LEGAL_FORMS: Final = word_set(
    """
    inc incorporated corp corporation co cos company companies ltd limited llc llp lp l.p plc ag a.g se sa
    s.a spa s.p.a nv n.v bv b.v na n.a as a.s a/s gmbh ab asa oy oyj pty pte bhd berhad sdn tbk kk k.k
    jsc pjsc ojsc cjsc ooo pao oao zao
    """
)
#: Legal forms that stand before a company's name: “PJSC Gazprom”, «ПАО „Газпром“», “UAB Teltonika”.
LEGAL_FORMS_BEFORE: Final = word_set(
    "jsc pjsc ojsc cjsc ooo pao oao zao uab ао пао оао зао ооо ат пат прат тов тоо"
)

# "U.S. Treasury" is the Treasury of an article that names no other.
STATES: Final = word_set("us uk u.s american british national federal royal state")

#: States and unions that bodies' names begin with, letter by letter, as initials have all of them: “USGS”.
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
#: Short forms, folded, with what they mostly mean, joined with a full name in the same text or index only.
SHORT_FORMS: Final = {
    "fed": "federal reserve",
    "boj": "bank of japan",
    "boe": "bank of england",
    "ecb": "european central bank",
    "imf": "international monetary fund",
    "wto": "world trade organization",
    "who": "world health organization",
    "un": "united nations",
    "u n": "united nations",
    "eu": "european union",
    "nato": "north atlantic treaty organization",
    "g7": "group of seven",
    "g 7": "group of seven",
    "opec": "organization of the petroleum exporting countries",
    "iaea": "international atomic energy agency",
    "ioc": "international olympic committee",
    "fbi": "federal bureau of investigation",
    "cia": "central intelligence agency",
    "nsa": "national security agency",
    "sec": "securities and exchange commission",
    "ftc": "federal trade commission",
    "fcc": "federal communications commission",
    "faa": "federal aviation administration",
    "fda": "food and drug administration",
    "epa": "environmental protection agency",
    "cdc": "centers for disease control and prevention",
    "nih": "national institutes of health",
    "irs": "internal revenue service",
    "fannie mae": "federal national mortgage association",
    "ginnie mae": "government national mortgage association",
    "doj": "department of justice",
    "dod": "department of defense",
    "dhs": "department of homeland security",
    "usda": "department of agriculture",
    "nhs": "national health service",
    "mod": "ministry of defence",
    "met": "metropolitan police",
    "tories": "conservative party",
    "lib dems": "liberal democrats",
    "snp": "scottish national party",
    "gop": "republican party",
    "republicans": "republican party",
    "democrats": "democratic party",
    "bjp": "bharatiya janata party",
    "ap": "associated press",
    "afp": "agence france presse",
    "bbc": "british broadcasting corporation",
    "ft": "financial times",
    "wsj": "wall street journal",
    "nyt": "new york times",
    "vw": "volkswagen",
    "gm": "general motors",
    "ge": "general electric",
    "ibm": "international business machines",
    "ba": "british airways",
    "jpmorgan": "jpmorgan chase",
    "nyse": "new york stock exchange",
    "nfl": "national football league",
    "nba": "national basketball association",
    "nhl": "national hockey league",
    "mlb": "major league baseball",
    "aclu": "american civil liberties union",
    "nasa": "national aeronautics and space administration",
    "mit": "massachusetts institute of technology",
}
