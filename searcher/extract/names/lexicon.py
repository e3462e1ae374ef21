"""Words that names are made of: titles, suffixes, nicknames, generic words of bodies."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

from searcher.names.normalise import LETTERS, word_set

__all__ = [
    "ALSO_WORDS",
    "COUNTRIES",
    "FIRMS",
    "FORMAL",
    "GENERIC",
    "GIVEN",
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

# Never an organisation, though written like one; of other countries the national team may be meant.
COUNTRIES: Final = word_set("u.s. u.s us u.s.a. usa u.k. u.k uk u.a.e. uae ussr drc png") | {
    "united states",
    "united kingdom",
    "united arab emirates",
    "soviet union",
}

# Companies with a name like a person's, or two, that are in the news more than who they are named after.
_FIRMS = """
a.p. moller-maersk|alex. brown|allen & overy|arthur andersen|aston martin|baillie gifford|baker hughes
balfour beatty|barnes and noble|bear stearns|ben & jerry's|ben sherman|betty crocker|bill blass
black and decker|boies schiller|booz allen|booz allen hamilton|brooks brothers|brown brothers harriman
c.h. robinson|calvin klein|carl's jr|charles schwab|christian dior|clifford chance|cravath swaine
davis polk|dean witter|dick's sporting goods|dorothy perkins|dr. martens|drexel burnham lambert
duff and phelps|e.f. hutton|e.w. scripps|eaton vance|edmond de rothschild|edward jones|eli lilly
elizabeth arden|ernst and young|estee lauder|fannie mae|franklin templeton|freddie mac|gibson dunn
goldman sachs|hargreaves lansdown|harley-davidson|harvey nichols|herbert smith|hill samuel|houlihan lokey
hugo boss|j. crew|j.c. penney|j.p. morgan|jack daniel's|james capel|janus henderson|jc penney|jil sander
jimmy choo|jimmy john's|john deere|johnnie walker|johnson and johnson|johnson matthey|jones day|julius baer
karen millen|kate spade|kidder peabody|kirkland & ellis|laura ashley|lehman brothers|levi strauss
lombard odier|louis vuitton|marks and spencer|mary kay|max mara|mayer brown|merrill lynch|michael kors
morgan grenfell|morgan stanley|neiman marcus|neuberger berman|norton rose|oliver wyman|oscar mayer
paine webber|papa john's|paul weiss|perella weinberg|perry ellis|philip morris|piper jaffray|piper sandler
price waterhouse|procter and gamble|quinn emanuel|r.j. reynolds|ralph lauren|raymond james
reckitt benckiser|robert fleming|robert half|robert walters|roland berger|ruby tuesday|ruth's chris
s.g. warburg|saks fifth avenue|salomon brothers|sandler o'neill|sara lee|sears roebuck|shearson lehman
sidley austin|simpson thacher|skadden arps|slaughter and may|smith and wesson|smith barney
standard and poor's|stifel nicolaus|sullivan and cromwell|t. rowe price|taylor wimpey|ted baker|thomas cook
tim hortons|tommy hilfiger|trader joe's|travis perkins|w.h. smith|w.r. grace|wachtell lipton|walt disney
weil gotshal|wells fargo|wh smith|william blair|yves saint laurent
"""
FIRMS: Final = frozenset(filter(None, re.split(r"[|\n]", _FIRMS)))

# The given names borne most in the United States since 1940 (Social Security Administration, public
# domain), without those that are surnames, places or words rather.
GIVEN: Final = word_set(
    """
    aaron abigail adam addison adrian aidan aiden alan albert alejandro alex alexa alexander alexandra
    alexis alfred alice alicia alison allen allison alyssa amanda amber amelia amy andre andrea andrew
    angela anita ann anna anne annette annie anthony antonio april ariana arthur ashley aubrey audrey ava
    avery bailey barbara barry benjamin beth betty beverly billy blake bobby bonnie bradley brandon brandy
    brayden brenda brent brett brian brianna brittany brooke bruce bryan bryce caitlin caleb calvin cameron
    carl carla carlos carmen carol caroline carolyn carrie carson casey cassandra catherine cathy chad
    charlene charles charlie charlotte cheryl chloe chris christian christina christine christopher cindy
    claire clarence claudia clayton cody cole colin colleen colton connie connor corey cory courtney craig
    crystal curtis cynthia dale dana daniel danielle danny darlene darrell david dawn dean deanna debbie
    deborah debra denise dennis derek derrick devin diana diane diego dominic don donald donna doris dorothy
    douglas dustin dylan earl eddie edward edwin eileen elaine eleanor eli elijah elizabeth ella ellen emily
    emma eric erica erik erika erin ernest ethan eugene eva evan evelyn frances francis francisco frank fred
    frederick gabriel gabriella gabrielle gail garrett gary gavin george gerald gina glenn gloria grant
    gregory hailey haley hannah harold harry hayden heather heidi helen henry holly howard ian irene isaac
    isabella isaiah ivan jack jackie jacob jacqueline jaime jake james jamie jane janet janice jared jasmine
    jason jay jayden jean jeanne jeff jeffery jeffrey jenna jennifer jeremiah jeremy jerome jerry jesse
    jessica jessie jesus jill jim jimmy jo joan joann joanne jocelyn joe joel john johnny jon jonathan jorge
    jose joseph josephine joshua josiah joyce juan judith judy julia julian julie justin kaitlyn karen
    katelyn katherine kathleen kathryn kathy katie kayla kaylee keith kelly kelsey kenneth kevin kim
    kimberly kristen kristin kristina kyle kylie landon larry laura lauren laurie lawrence leah lee leo
    leonard leslie levi liam lillian lily linda lindsay lindsey lisa lois lori lorraine louis lucas lucy
    luis luke lydia lynn mackenzie madeline manuel marc marcia marcus margaret maria mariah marie marilyn
    mario marissa mark martha martin marvin mary matthew maureen max megan melanie melinda melissa melvin
    mia micah michael micheal michele michelle miguel mike miranda mitchell molly monica nancy naomi natalie
    nathan nathaniel nicholas nicole noah nolan nora norma norman oliver olivia oscar owen paige pamela
    patricia patrick paul paula peggy peter peyton philip phillip phyllis preston rachel ralph randall randy
    ray raymond rebecca regina renee rhonda ricardo richard ricky rita robert roberta robin rodney roger
    ronald ronnie rose roy ruby russell ruth ryan sabrina sally samantha samuel sandra sara sarah scott sean
    sebastian seth shane shannon sharon shawn sheila shelby sherry shirley sofia sophia spencer stacey stacy
    stanley stephanie stephen steve steven sue susan suzanne sylvia tamara tammy tanya tara teresa terri
    terry theodore theresa thomas tiffany timothy tina todd tommy tony tonya tracy travis trevor tristan
    troy valerie vanessa veronica vicki vickie victor victoria vincent vivian walter wanda wayne wendy
    wesley william willie wyatt xavier yvonne zachary zoe
    """
)

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

# Surnames that are also words which open sentences: a lone one is marked only where the tagger saw it.
ALSO_WORDS: Final = word_set(
    """
    may will mark grant rose hope young brown white black green long king page bush gore price west north
    south east banks day love rice stone hill wood bill major good best little street field park church
    baker president state national house bank case cook hunt law lane marsh moss ray reed rock short sharp
    sun swift wise christian english french german irish welsh scott summer winter spring monday friday
    march april june august
    """
)

_MARKS = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "—": "-"})
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=[sSxXzZ])['’])$", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\b(?:Inc|Co|Corp|Ltd|Jr|Sr|Bros|[A-Z])\.$")


def fold(name: str) -> str:
    """A name without case and accents, with plain apostrophes and hyphens."""
    if name.isascii():
        return name.lower()
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain.translate(_MARKS).casefold().translate(LETTERS)


def own_possessive(name: str) -> bool:
    """Whether a name ends in a possessive of its own: "McDonald’s", "Papa John’s"."""
    if name[-2:].lower() not in ("'s", "’s"):
        return False
    return fold(name).split()[-1] in OWN_POSSESSIVE or fold(name) in FIRMS


@functools.lru_cache(maxsize=10_000)  # repair and consolidation ask for each name of an article many times
def without_possessive(name: str) -> str:
    """The name as it stands alone: no "’s", no punctuation around it, one space between words."""
    name = " ".join(name.split())
    if not own_possessive(name):
        name = _POSSESSIVE.sub("", name)
    edges = ' ,;:"“”‘()[]' if _ABBREVIATED.search(name) else ' .,;:"“”‘()[]'
    return name.strip(edges)
