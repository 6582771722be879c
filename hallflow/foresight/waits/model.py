"""The correcting model: quantile gradient boosting that predicts P10, P50 and P90 of a new ticket's wait from its features.

It needs lightgbm (the extra `learned-waits`). Without it, or with a short history, the quantiles of past waits given the value
of the best benchmark estimator take its place: less sharp, but calibrated on the same history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from hallflow.foresight.arrays import Floats
from hallflow.foresight.extras import learned_waits
from hallflow.foresight.waits.estimators import ESTIMATORS
from hallflow.foresight.waits.feature_views import BEYOND, ROOT, view_of
from hallflow.foresight.waits.features import NAMES
from hallflow.foresight.waits.quantiles import SHARES

ENOUGH = 1000
"""Fewest past visits that the boosted model is trained on."""
FEW = 30
"""Fewest past visits that the fallback's quantiles are estimated from."""
BINS = 12
SETTINGS: Mapping[str, Any] = {
    "objective": "quantile",
    "learning_rate": 0.1,
    "num_leaves": 16,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "max_bin": 127,
    "verbosity": -1,
    # one thread and one order of columns: the same history gives the same model
    "num_threads": 1,
    "force_col_wise": True,
    "deterministic": True,
}
GAP_OPEN, AHEAD = NAMES.index("gap_open"), NAMES.index("ahead")
FIRST_WEIGHS = 0.3
"""Weight of a visit that found an empty queue."""
ADDED_MINUTES = 2.0
"""Minutes added to the expected wait, so that short waits do not weigh without bound."""


class Outgrown(ValueError):
    """A stored model uses features that no longer exist."""


class Model(Protocol):
    """A predictor of wait quantiles from feature rows."""

    def predict(self, rows: Floats) -> Floats:
        """Predict P10, P50 and P90 in minutes, rising: (n, features) -> (n, 3)."""


@dataclass(frozen=True, slots=True)
class Boosted:
    """Gradient-boosted trees: for each quantile several ensembles, whose mean prediction is the square root of the minutes."""

    names: tuple[str, ...]
    """Names of the columns that the trees use."""
    aims: tuple[str, ...]
    """Target of each ensemble, the same for every quantile."""
    trees: tuple[tuple[Any, ...], ...]

    def predict(self, rows: Floats) -> Floats:
        """Predict the quantiles in minutes: (n, features) -> (n, 3). Crossing quantiles are sorted."""
        used, offset = rows[:, _columns(self.names)], _beyond(rows)
        offsets = [offset if aim == BEYOND else 0.0 for aim in self.aims]
        means = [
            np.mean([b + each.predict(used, num_threads=1) for b, each in zip(offsets, several, strict=True)], axis=0)
            for several in self.trees
        ]
        roots = np.stack(means, axis=1)
        return np.asarray(np.sort(np.maximum(roots, 0.0), axis=1) ** 2)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON, the trees in lightgbm's own text format."""
        trees = [[each.model_to_string() for each in several] for several in self.trees]
        return {"names": list(self.names), "aims": list(self.aims), "trees": trees}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Boosted":
        """The value that `as_data` wrote. Raises Outgrown if it uses features that no longer exist."""
        from lightgbm import Booster

        names = tuple(data.get("names", ("",)))
        if not set(names) <= set(NAMES):
            raise Outgrown("a model of other figures")
        trees = tuple(tuple(Booster(model_str=text) for text in several) for several in data["trees"])
        return cls(names, tuple(data["aims"]), trees)


@dataclass(frozen=True, slots=True)
class Simple:
    """The fallback: quantiles of past waits as a piecewise linear function of one benchmark estimate."""

    estimator: str
    at: Sequence[float]
    """Knots: rising values of the estimate, in minutes."""
    waits: Sequence[Sequence[float]]
    """For each quantile, the minutes at these knots."""

    def predict(self, rows: Floats) -> Floats:
        """Interpolate the quantiles: (n, features) -> (n, 3) minutes. Beyond the last knot they grow in proportion to the estimate."""
        estimate = rows[:, NAMES.index(self.estimator)]
        beyond = np.maximum(estimate / max(self.at[-1], 1e-9), 1.0)[:, None]
        waits = np.stack([np.interp(estimate, self.at, line) for line in self.waits], axis=1) * beyond
        return np.asarray(np.sort(waits, axis=1))

    def as_data(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"estimator": self.estimator, "at": list(self.at), "waits": [list(line) for line in self.waits]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Simple":
        """The value that `as_data` wrote."""
        return cls(data["estimator"], data["at"], data["waits"])


def train(rows: Floats, waits: Floats, estimator: str = "corrected") -> tuple[Boosted | Simple, str | None]:
    """Train on past rows (n, features) and their waits (n,) in minutes; also returns why a simpler model than asked for was trained.

    `estimator` is "corrected", or a benchmark estimator by name, whose past errors alone then make the interval.
    """
    if estimator != "corrected":
        return _simple(rows, waits, estimator), None
    if not learned_waits():
        return _best(rows, waits), "lightgbm is not installed or cannot be loaded (the extra learned-waits)"
    if len(waits) < ENOUGH:
        return _best(rows, waits), f"{len(waits):,} past visits with somebody ahead, {ENOUGH:,} make a model"
    return _boosted(rows, waits), None


def _boosted(rows: Floats, waits: Floats) -> Boosted:
    import lightgbm

    view = view_of(rows)
    used, roots = rows[:, _columns(view.names)], np.sqrt(waits)
    smallest = int(np.clip(len(waits) / 100, 20, 300))
    weights = _weights(rows)
    targets = {ROOT: roots, BEYOND: roots - _beyond(rows)}
    sets = [(aim, seed) for aim in view.aims for seed in range(1, view.seeds + 1)]
    trees = []
    for share in SHARES:
        settings = {**SETTINGS, **view.settings, "alpha": share, "min_data_in_leaf": smallest}
        trees.append(
            tuple(
                lightgbm.train(
                    {**settings, "seed": seed},
                    lightgbm.Dataset(used, targets[aim], weight=weights, free_raw_data=True),
                    view.rounds,
                )
                for aim, seed in sets
            )
        )
    return Boosted(view.names, tuple(aim for aim, _ in sets), tuple(trees))


def _weights(rows: Floats) -> Floats:
    """Training weights: less for long waits, whose variance is larger, and less for visits that found an empty queue."""
    return np.asarray(np.where(rows[:, AHEAD] > 0, 1.0, FIRST_WEIGHS) / np.sqrt(_beyond(rows) ** 2 + ADDED_MINUTES))


def _beyond(rows: Floats) -> Floats:
    """Square root of the minutes usual for the places ahead; of ten minutes where unknown."""
    return np.asarray(np.sqrt(np.nan_to_num(rows[:, GAP_OPEN], nan=10.0)))


def _columns(names: Sequence[str]) -> list[int]:
    return [NAMES.index(name) for name in names]


def _best(rows: Floats, waits: Floats) -> Simple:
    """The fallback with the benchmark of least mean absolute error in the history."""
    if len(waits) == 0:
        return _simple(rows, waits, "typical")
    errors = {name: float(np.abs(rows[:, NAMES.index(name)] - waits).mean()) for name in ESTIMATORS}
    return _simple(rows, waits, min(errors, key=errors.__getitem__))


def _simple(rows: Floats, waits: Floats, estimator: str) -> Simple:
    if len(waits) < FEW:
        # without data for its errors the interval is 0.5 to 2 times the estimate, as is usual for short queues
        return Simple(estimator, (0.0, 1.0), ((0.0, 0.5), (0.0, 1.0), (1.0, 2.0)))
    estimate = rows[:, NAMES.index(estimator)]
    order = np.argsort(estimate, kind="stable")
    parts = np.array_split(order, min(BINS, len(waits) // (FEW // 2)))
    at = np.array([float(estimate[part].mean()) for part in parts])
    lines = np.array([np.quantile(waits[part], SHARES) for part in parts])
    # monotone: a longer estimate never predicts a shorter wait
    lines = np.maximum.accumulate(lines, axis=0)
    return Simple(estimator, at.tolist(), lines.T.tolist())
