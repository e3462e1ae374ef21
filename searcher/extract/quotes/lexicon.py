"""Word lists: who speaks, how speech is reported, and what a capital letter does not make a name.

Written by hand, but for the reporting words and speakers' nouns that the model file adds (learned from
labelled articles; see the model card) and the first names with their sex.
"""

from __future__ import annotations

from searcher.names.normalise import word_set

#: Verbs of speech that leave no doubt.
STRONG_CUES = word_set(
    "said says say told tell tells wrote writes added adds tweeted explained explains asked asks noted notes "
    "replied responded continued stated argued testified insisted warned declared quipped joked recalled "
    "commented concluded according announced exclaimed remarked shouted claimed admitted"
)
#: Verbs of speech in general news that labelled political news shows too seldom to be learned from.
SPEECH_VERBS = word_set(
    "quipped recounted mused tweeted commented comments emphasized emphasised stressed chimed "
    "lamented confessed gushed joked jokes retorted responded shouted shouts yelled exclaimed "
    "whispered cried reiterated remarked reads reading read argues argued ordered explains urges "
    "urged testified predicted predicts continues recalled recalls concedes conceded observed posted "
    "captioned cautioned cautions tells urging warning asserting reacted countered sighed laughed "
    "smiled thundered blasted slammed teased marvelled marveled enthused complained moaned grumbled "
    "opined philosophised interjected intoned snapped shrugged deadpanned wondered reflected reckons "
    "reckoned summarised summarized reveals revealed confirmed confirms vowed pledged boasted bragged "
    "fumed raved promised texted emailed blogged penned wrote writes reasons reasoned suggests "
    "suggested proclaims proclaimed pleaded begged implored screamed murmured muttered mumbled "
    "averred avers enjoined messaged affirmed surmised replies recounts confides confided opines informs "
    "labelled repeated repeats notes answered answers interrupted adds hinted estimates estimated "
    "acknowledges acknowledged"
)
#: Verbs that follow a speaker directly after his words without being verbs of speech.
SUBJECT_VERBS = word_set(
    "went says sang wrote read put began shot ran goes sings yells shrugs grins laughs smiles nods "
    "thinks thought believes feels felt"
)
TITLES = word_set(
    "mr mrs ms miss mx dr sen rep gov gen lt col sgt prof rev capt adm sir lord lady dame sens reps "
    "del maj cpl pvt monsieur madame herr frau señor señora fr sr br hon cllr det insp supt "
    "alhaji hajiya mallam engr barr shri shrimati smt sheikh sheikha imam dato datuk tun atty baroness "
    "baron viscount earl duke duchess countess ayatollah hojatoleslam maulana begum ustaz oba emir sultan"
)
ROLES = word_set(
    "president senator secretary governor minister mayor chief officer director chairman chairwoman "
    "chair commissioner attorney general judge justice professor coach ambassador congressman "
    "congresswoman representative speaker leader spokesman spokeswoman spokesperson chancellor king "
    "queen prince princess pope captain sergeant detective superintendent inspector administrator "
    "executive ceo cfo coo cto founder cofounder co-founder analyst correspondent host editor author "
    "strategist adviser advisor counsel lawyer nominee candidate prosecutor foreign prime vice deputy "
    "press state treasury former ex first democrat republican commander lieutenant colonel trustee "
    "billionaire manager economist scientist researcher engineer doctor actor actress singer writer "
    "artist activist historian principal teacher student resident owner partner boss head premier "
    "taoiseach mp mep msp councillor councilman councilwoman bishop archbishop cardinal rabbi imam "
    "sheriff marshal premier striker midfielder defender goalkeeper quarterback pitcher forward "
    "manager skipper star sir"
)
NOT_NAMES = word_set(
    "the a an this that these those he she it they we i you his her its their our my your in on at by "
    "for from with to of and or but if as so yet not no yes when while where why how what who which "
    "after before since because although though however meanwhile also then now there here some many "
    "most all both each every other another such even just only still more than once again later "
    "earlier today tonight yesterday monday tuesday wednesday thursday friday saturday sunday january "
    "february march april may june july august september october november december jan feb mar apr "
    "jun jul aug sep sept oct nov dec asked according despite during under over about against between "
    "through until without within instead perhaps maybe well oh one two three four five six seven "
    "eight nine ten first second last next new old good great big speaking responding referring "
    "citing noting adding writing talking like unlike given are is was were be do does did has have "
    "had will would can could should may might must let get go see look read please thank thanks "
    "click follow watch photo image video getty i'm we're it's that's don't there's he's she's "
    "they're let's i've we've i'd i'll you're you'd you'll you've we'd we'll they'd they'll they've "
    "what's here's eastern et pm am said says added partial via per plus "
    "minus none nobody everyone everybody someone somebody anyone anybody nothing something "
    "everything several few much any either neither asked told wrote born based including following "
    "back down up out off into onto upon above below among around across toward towards beyond beside "
    "besides except near"
)
#: Before a verb of speech: the reader is told what to say, or the author says it ("You can ask", "I'd say").
ADDRESSED = word_set("you you'd you'll you've you're don't let's i'd i'll i've we'd we'll we've")
DETERMINERS = word_set(
    "a an the one another his her its their our my your some many several two three four five six "
    "both other most this these those each every few all no any"
)
ADVERBS = word_set(
    "also later then now has had have would could even again reportedly repeatedly recently once "
    "further still never both all publicly previously immediately initially jokingly often always "
    "simply merely first just will may might is was be been famously already quickly apparently "
    "having who himself herself themselves itself soon yesterday today thus only long did does do "
    "ever not"
)
PREPOSITIONS = word_set(
    "to of for with about from at in by on against between into over like than as under toward "
    "towards after before via during without within among upon through"
)
#: Nouns that a body goes by once it was named ("the company").
BODY_WORDS = word_set(
    "inc corp co ltd plc llc gmbh ag sa university college institute party committee department "
    "ministry agency office council court house senate commission association group company bank "
    "foundation center centre news times post press network union federation authority bureau service "
    "administration congress campaign police school club league team museum hospital church journal "
    "magazine society board fund coalition alliance organization organisation productions machine "
    "street parliament government army force services media technologies systems labs laboratory "
    "airlines motors pharmaceuticals partners holdings capital "
    "firm newspaper paper website site watchdog regulator charity ngo outlet publication "
    "retailer airline giant startup start-up publisher broadcaster manufacturer lender"
)
#: Things that are written and therefore "say" something.
TEXT_NOUNS = word_set(
    "statement report letter email e-mail memo study article editorial document documents filing "
    "complaint lawsuit indictment ruling decision tweet post message ad advertisement headline "
    "caption sign banner transcript affidavit order bill law resolution survey poll book piece story "
    "op-ed note description label text release notice website page paper opinion petition summary "
    "review motion guidelines"
)
#: Nouns for what somebody said ("Roe's claim that …").
SPEECH_NOUNS = word_set(
    "claim claims statement statements remark remarks comment comments description assertion "
    "assertions warning words word suggestion argument promise pledge vow call calls insistence "
    "allegation accusation declaration response reply answer tweet tweets speech admission "
    "announcement prediction question plea letter note contention charge boast quip joke opinion view "
    "belief demand demands advice message quote"
)
FEMALE_WORDS = word_set(
    "woman women girl mother mom mum wife daughter sister aunt grandmother niece spokeswoman "
    "congresswoman chairwoman actress queen princess lady mrs ms miss dame madam businesswoman "
    "councilwoman widow girlfriend grandma madame frau saleswoman policewoman waitress stewardess nun "
    "señora actresses baroness duchess countess hajiya shrimati smt sheikha begum chairlady policewomen "
    "schoolgirl heroine goddess hostess landlady headmistress empress"
)
MALE_WORDS = word_set(
    "man men boy father dad husband son brother uncle grandfather nephew spokesman congressman "
    "chairman king prince lord mr sir gentleman businessman councilman widower boyfriend guy "
    "policeman grandpa monsieur herr fireman salesman waiter priest señor pope baron viscount earl duke "
    "alhaji mallam shri sheikh imam dato datuk ayatollah hojatoleslam maulana oba emir sultan taoiseach "
    "schoolboy landlord headmaster emperor assemblyman fisherman sportsman"
)
PLURAL_NOUNS = word_set(
    "people police staff officials experts critics researchers scientists men women children media"
)
#: Nouns that stand before a verb of speech without being its subject ("wrote this month saying").
TIME_NOUNS = word_set(
    "month week year day morning afternoon evening night time hour minute moment weekend summer "
    "winter spring autumn fall season decade century today yesterday tomorrow tonight monday tuesday "
    "wednesday thursday friday saturday sunday"
)
#: Pronouns that may be the speaker, with gender or number.
PRONOUNS = {"he": "m", "she": "f", "they": "p", "it": "n"}
