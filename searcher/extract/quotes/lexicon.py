"""Word lists: who speaks, how speech is reported, and what a capital letter does not make a name.

``languages/english.txt`` has the words, written by hand; the model file adds reporting words and speakers'
nouns (learned from labelled articles; see the model card).
"""

from __future__ import annotations

from searcher.languages import english

STRONG_CUES = english("STRONG_CUES")
SPEECH_VERBS = english("SPEECH_VERBS")
SUBJECT_VERBS = english("SUBJECT_VERBS")
TITLES = english("TITLES")
ROLES = english("ROLES")
NOT_NAMES = english("NOT_NAMES")
ADDRESSED = english("ADDRESSED")
DETERMINERS = english("DETERMINERS")
ADVERBS = english("ADVERBS")
PREPOSITIONS = english("PREPOSITIONS")
BODY_WORDS = english("BODY_WORDS")
TEXT_NOUNS = english("TEXT_NOUNS")
SPEECH_NOUNS = english("SPEECH_NOUNS")
FEMALE_WORDS = english("FEMALE_WORDS")
MALE_WORDS = english("MALE_WORDS")
PLURAL_NOUNS = english("PLURAL_NOUNS")
TIME_NOUNS = english("TIME_NOUNS")
#: Pronouns that may be the speaker, with gender or number.
PRONOUNS = {"he": "m", "she": "f", "they": "p", "it": "n"}
