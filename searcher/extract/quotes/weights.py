"""The shipped model and first names, loaded once, when the first article asks for them."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

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


def score(weights: dict[str, float], features: list[str]) -> float:
    """The sum of the weights of the features that are present."""
    return sum(filter(None, map(weights.get, features)))


def softmax(scores: Sequence[float]) -> list[float]:
    """The shares of belief, which add up to 1, that scores stand for."""
    top = max(scores)
    powers = [math.exp(value - top) for value in scores]
    total = sum(powers)
    return [power / total for power in powers]


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
