"""Fitting of the two kinds of linear model: choose one of a group (softmax), and yes or no (logistic)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]


class Matrix:
    """Rows of feature names as a sparse matrix; features seen fewer than ``fewest`` times are dropped."""

    def __init__(self, rows: list[list[str]], fewest: int = 3) -> None:
        counts: dict[str, int] = {}
        for row in rows:
            for feature in row:
                counts[feature] = counts.get(feature, 0) + 1
        self.names = sorted(f for f, n in counts.items() if n >= fewest)
        place = {f: k for k, f in enumerate(self.names)}
        indices, indptr = [], [0]
        for row in rows:
            indices += [place[f] for f in row if f in place]
            indptr.append(len(indices))
        ones = np.ones(len(indices))
        self.x = csr_matrix((ones, indices, indptr), shape=(len(rows), len(self.names)))

    def weights(self, solution: Floats, least: float = 0.02) -> dict[str, float]:
        return {f: float(w) for f, w in zip(self.names, solution, strict=True) if abs(w) >= least}


class Groups:
    """Rows of features in groups, of which some members are right; a group may count for less than one."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.right: list[float] = []
        self.group: list[int] = []
        self.importance: list[float] = []

    def add(self, rows: list[list[str]], right: list[bool], importance: float = 1.0) -> None:
        self.group += [len(self.importance)] * len(rows)
        self.rows += rows
        self.right += [float(y) for y in right]
        self.importance.append(importance)

    def __len__(self) -> int:
        return len(self.importance)


def fit_choice(groups: Groups, ridge: float) -> dict[str, float]:
    """Weights that give the right members of each group the largest share (several may be right)."""
    matrix = Matrix(groups.rows)
    x, y = matrix.x, np.array(groups.right)
    group = np.array(groups.group, int)
    count = len(groups)
    usable = np.bincount(group, y, count) > 0
    weight = np.array(groups.importance) * usable

    def loss(w: Floats) -> tuple[float, Floats]:
        z = x @ w
        top = np.full(count, -np.inf)
        np.maximum.at(top, group, z)
        power = np.exp(z - top[group])
        total = np.bincount(group, power, count)
        good = np.where(usable, np.maximum(np.bincount(group, power * y, count), 1e-12), 1.0)
        value = -(weight * (np.log(good) - np.log(total))).sum() + 0.5 * ridge * (w @ w)
        slope = weight[group] * (power / total[group] - power * y / good[group])
        return float(value), x.T @ slope + ridge * w

    solution = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 400})
    return matrix.weights(solution.x)


def fit_yes_no(rows: list[list[str]], labels: Iterable[bool], ridge: float) -> dict[str, float]:
    """Weights of a logistic regression; a feature "bias" in every row serves as its constant."""
    matrix = Matrix(rows)
    x, sign = matrix.x, np.where(np.array(list(labels)), 1.0, -1.0)

    def loss(w: Floats) -> tuple[float, Floats]:
        margin = sign * (x @ w)
        value = np.logaddexp(0.0, -margin).sum() + 0.5 * ridge * (w @ w)
        slope = -sign / (1.0 + np.exp(margin))
        return float(value), x.T @ slope + ridge * w

    solution = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 400})
    return matrix.weights(solution.x)
