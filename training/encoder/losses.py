"""What is learned: labels of names, labels of speech, and the three answers to each span."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from training.encoder.base import MASK
from training.encoder.model import MASKED, Network, Upper
from training.encoder.windows import IGNORED, Asked, Batch

__all__ = ["deep_names_loss", "names_loss", "quotations_loss"]

HIDDEN_PIECES = 0.04  # share replaced by the unknown piece
UNASKED = 0.5  # weight of reported speech, whose speaker is labelled more loosely
SPEECH, TAGS = 0.7, 1.5  # weights beside the pointers'


def names_loss(network: Network, batch: Batch) -> dict[str, Tensor]:
    """The mean loss of the labels of names. What stands between marks is not learned from here."""
    embedded = network.embed(_with_gaps(batch), batch.inside)
    x = network.read(embedded.detach(), batch.valid)
    labels = network.name_scores(x, batch.valid).flatten(0, 1)
    return {"names": F.cross_entropy(labels, batch.labels.flatten(), ignore_index=IGNORED)}


def deep_names_loss(network: Network, upper: Upper, batch: Batch) -> Tensor:
    """The mean loss of the labels that the upper layers give; the network below does not learn."""
    with torch.no_grad():
        x = network.read(network.embed(_with_gaps(batch), batch.inside), batch.valid)
    return F.cross_entropy(upper(x, batch.valid).flatten(0, 1), batch.labels.flatten(), ignore_index=IGNORED)


def quotations_loss(network: Network, batch: Batch) -> dict[str, Tensor]:
    """The weighted losses of speech (by span and by piece), mention and name."""
    x = network.read(network.embed(_with_gaps(batch), batch.inside), batch.valid)
    tags = F.cross_entropy(
        network.tags(x).flatten(0, 1), batch.labels.flatten(), ignore_index=IGNORED, reduction="sum"
    ) / (batch.labels != IGNORED).sum().clamp(min=1)
    speech, scores = network.answer(x, batch.may & batch.valid, batch.spans)
    chosen = F.log_softmax(scores, -1)
    return {
        "speech": SPEECH * _mean([_speech(speech[n], q) for n, q in enumerate(batch.asked)]),
        "mention": _mean([_mention(chosen[n], q, batch, n) for n, q in enumerate(batch.asked)]),
        "name": _mean([_name(chosen[n], q) for n, q in enumerate(batch.asked)]),
        "tags": TAGS * tags,
    }


def _with_gaps(batch: Batch) -> Tensor:
    hidden = (torch.rand(batch.ids.shape) < HIDDEN_PIECES) & batch.valid
    hidden[:, 0] = False
    return torch.where(hidden, MASK, batch.ids)


def _mean(losses: Sequence[Tensor | None]) -> Tensor:
    known = [loss for loss in losses if loss is not None]
    return torch.stack(known).mean() if known else torch.zeros(())


def _speech(score: Tensor, asked: Asked) -> Tensor | None:
    if asked.speech is None:
        return None
    return F.binary_cross_entropy_with_logits(score, torch.tensor(float(asked.speech)))


def _mention(chosen: Tensor, asked: Asked, batch: Batch, number: int) -> Tensor | None:
    """Both ends of the mention, each at the piece that begins a word."""
    if asked.mention is None:
        return None
    may = batch.may[batch.spans[number, 0]]
    first, last = asked.mention[0] if asked.mention else (0, 0)
    while last > first and not may[last]:
        last -= 1
    loss = -(chosen[0, first] + chosen[1, last]) / 2
    return _weight(asked) * loss if loss < -MASKED / 4 else None


def _name(chosen: Tensor, asked: Asked) -> Tensor | None:
    """All mentions of the name together."""
    if asked.names is None:
        return None
    places = torch.tensor(asked.names or [0])
    loss = -torch.logsumexp(chosen[2, places], 0)
    return _weight(asked) * asked.trust * loss if loss < -MASKED / 4 else None


def _weight(asked: Asked) -> float:
    return UNASKED if asked.speech is None and not asked.words else 1.0
