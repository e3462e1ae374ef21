"""Word lists and model weights.

``languages/english.txt`` has lists compiled by hand; ``model.json`` adds learned reporting words, nouns of
speakers and weights, and is loaded on first use.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from searcher.languages import word_list

STRONG_CUES = word_list("STRONG_CUES")
SPEECH_VERBS = word_list("SPEECH_VERBS")
SUBJECT_VERBS = word_list("SUBJECT_VERBS")
TITLES = word_list("TITLES")
ROLES = word_list("ROLES")
NOT_NAMES = word_list("NOT_NAMES")
ADDRESSED = word_list("ADDRESSED")
DETERMINERS = word_list("DETERMINERS")
ADVERBS = word_list("ADVERBS")
PREPOSITIONS = word_list("PREPOSITIONS")
BODY_WORDS = word_list("BODY_WORDS")
TEXT_NOUNS = word_list("TEXT_NOUNS")
SPEECH_NOUNS = word_list("SPEECH_NOUNS")
FEMALE_WORDS = word_list("FEMALE_WORDS")
MALE_WORDS = word_list("MALE_WORDS")
PLURAL_NOUNS = word_list("PLURAL_NOUNS")
TIME_NOUNS = word_list("TIME_NOUNS")
#: Pronouns that can be speakers: "m" and "f" are genders, "p" is plural, "n" is neuter.
PRONOUNS = {"he": "m", "she": "f", "they": "p", "it": "n"}

SHIPPED: Final = Path(__file__).with_name("model.json")
_model_file = SHIPPED

_SCALE = 100  # weights are stored in hundredths, as integers


class Weights(NamedTuple):
    """Weights of the linear models by feature (MODEL_CARD.md)."""

    attribution: dict[str, float]
    pronouns: dict[str, float]
    referents: dict[str, float]
    spoken: dict[str, float]
    clause: dict[str, float]
    indirect: dict[str, float]


@cache
def load_weights() -> Weights:
    """Return the models of the model file."""
    stored = _model()
    return Weights(
        *({feature: value / _SCALE for feature, value in stored[part].items()} for part in Weights._fields)
    )


@cache
def cue_weights() -> dict[str, float]:
    """Return the probability that a word outside quotations reports speech. Rare words are missing."""
    return {word: share / _SCALE for word, share in _model()["cues"].items()}


@cache
def speaker_nouns_in_either_number() -> frozenset[str]:
    """Return nouns that are speakers in labelled articles ("official", "statement"), singular and plural."""
    nouns = frozenset(_model()["nouns"])
    return nouns | {noun + "s" for noun in nouns}


@cache
def _model() -> dict[str, Any]:
    model: dict[str, Any] = json.loads(_model_file.read_text(encoding="utf-8"))
    return model


def use_model(file: Path = SHIPPED) -> None:
    """Load the models from another file from now on. Used in training."""
    global _model_file
    _model_file = file
    for cached in (_model, load_weights, cue_weights, speaker_nouns_in_either_number):
        cached.cache_clear()
