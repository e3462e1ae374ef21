"""What is known of words, and what was learned: ``languages/english.txt`` has the words, written by hand; the
model file adds reporting words and nouns of speakers. Loaded when the first article asks."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

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


SHIPPED: Final = Path(__file__).with_name("model.json")
_model_file = SHIPPED

_SCALE = 100  # weights are stored as whole hundredths


class Weights(NamedTuple):
    """Linear models by feature name; see MODEL_CARD.md for what each decides."""

    attribution: dict[str, float]
    pronouns: dict[str, float]
    referents: dict[str, float]
    spoken: dict[str, float]
    clause: dict[str, float]
    indirect: dict[str, float]


@cache
def load_weights() -> Weights:
    """The six models that ship with the package."""
    stored = _model()
    return Weights(
        *({feature: value / _SCALE for feature, value in stored[part].items()} for part in Weights._fields)
    )


@cache
def cues() -> dict[str, float]:
    """How likely a word, outside quotations, reports speech (0..1); rare ones are left out."""
    return {word: share / _SCALE for word, share in _model()["cues"].items()}


@cache
def speaker_nouns_in_either_number() -> frozenset[str]:
    """Nouns that labelled articles show as speakers ("officials", "the statement"), each with an "s" too."""
    nouns = frozenset(_model()["nouns"])
    return nouns | {noun + "s" for noun in nouns}


@cache
def _model() -> dict[str, Any]:
    model: dict[str, Any] = json.loads(_model_file.read_text(encoding="utf-8"))
    return model


def use_model(file: Path = SHIPPED) -> None:
    """Use the models of another file in this process from now on: training builds on what it has learned."""
    global _model_file
    _model_file = file
    for cached in (_model, load_weights, cues, speaker_nouns_in_either_number):
        cached.cache_clear()
