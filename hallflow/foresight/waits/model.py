"""The correcting model: what a history makes of a stream's features; P10, P50 and P90 of a new ticket's wait.

Quantile gradient boosting where lightgbm is installed (the extra `learned-waits`); without it, or where the history is short, the
waits that followed like values of the best simple estimate, which is worse but honest.
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
"""Fewer past visits than this make no model of many features."""
FEW = 30
"""So many make a line of the simple one."""
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
    # one thread and one order of columns: the same history makes the same model
    "num_threads": 1,
    "force_col_wise": True,
    "deterministic": True,
}
GAP_OPEN, AHEAD = NAMES.index("gap_open"), NAMES.index("ahead")
FIRST_WEIGHS = 0.3
"""Of somebody before whom nobody waited in their queue."""
HELD = 2.0
"""Minutes added to what the places ahead usually take, so that no wait weighs beyond measure."""


class Outgrown(ValueError):
    """A model that was written down looks at figures that are no longer told."""


class Model(Protocol):
    """Whatever foresees waits from features."""

    def foresee(self, rows: Floats) -> Floats:
        """(n, features) -> (n, 3): low, likely and high, in minutes, rising."""


@dataclass(frozen=True, slots=True)
class Boosted:
    """For each quantile some sets of trees, whose mean is the square root of the minutes, as lightgbm writes them."""

    names: tuple[str, ...]
    """The columns that they look at."""
    aims: tuple[str, ...]
    """What each set tells, the same for every quantile."""
    trees: tuple[tuple[Any, ...], ...]

    def foresee(self, rows: Floats) -> Floats:
        """Every row's quantiles."""
        kept, beyond = rows[:, _columns(self.names)], _beyond(rows)
        begins = [beyond if aim == BEYOND else 0.0 for aim in self.aims]
        said = [
            np.mean([b + each.predict(kept, num_threads=1) for b, each in zip(begins, several, strict=True)], axis=0)
            for several in self.trees
        ]
        roots = np.stack(said, axis=1)
        return np.asarray(np.sort(np.maximum(roots, 0.0), axis=1) ** 2)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON: the trees' own text."""
        trees = [[each.model_to_string() for each in several] for several in self.trees]
        return {"names": list(self.names), "aims": list(self.aims), "trees": trees}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Boosted":
        """What `as_data` wrote; raises Outgrown where it looks at figures that nobody tells any more."""
        from lightgbm import Booster

        names = tuple(data.get("names", ("",)))
        if not set(names) <= set(NAMES):
            raise Outgrown("a model of other figures")
        trees = tuple(tuple(Booster(model_str=text) for text in several) for several in data["trees"])
        return cls(names, tuple(data["aims"]), trees)


@dataclass(frozen=True, slots=True)
class Simple:
    """One estimate, and what waits came after about this much of it."""

    estimator: str
    at: Sequence[float]
    """Rising values of the estimate."""
    waits: Sequence[Sequence[float]]
    """For each quantile, the minutes at these values."""

    def foresee(self, rows: Floats) -> Floats:
        """Every row's quantiles, between the values that were seen; beyond the last they grow with the estimate."""
        estimate = rows[:, NAMES.index(self.estimator)]
        beyond = np.maximum(estimate / max(self.at[-1], 1e-9), 1.0)[:, None]
        found = np.stack([np.interp(estimate, self.at, line) for line in self.waits], axis=1) * beyond
        return np.asarray(np.sort(found, axis=1))

    def as_data(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"estimator": self.estimator, "at": list(self.at), "waits": [list(line) for line in self.waits]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Simple":
        """What `as_data` wrote."""
        return cls(data["estimator"], data["at"], data["waits"])


def train(rows: Floats, waits: Floats, estimator: str = "corrected") -> tuple[Boosted | Simple, str | None]:
    """A model of past rows and their waits (minutes), and why it is a simpler one than asked for, if it is.

    `estimator` is "corrected", or one of the simple ones, whose residuals alone then make the range.
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
    kept, roots = rows[:, _columns(view.names)], np.sqrt(waits)
    smallest = int(np.clip(len(waits) / 100, 20, 300))
    weights = _weights(rows)
    told = {ROOT: roots, BEYOND: roots - _beyond(rows)}
    sets = [(aim, seed) for aim in view.aims for seed in range(1, view.seeds + 1)]
    trees = []
    for share in SHARES:
        settings = {**SETTINGS, **view.settings, "alpha": share, "min_data_in_leaf": smallest}
        trees.append(
            tuple(
                lightgbm.train(
                    {**settings, "seed": seed},
                    lightgbm.Dataset(kept, told[aim], weight=weights, free_raw_data=True),
                    view.rounds,
                )
                for aim, seed in sets
            )
        )
    return Boosted(view.names, tuple(aim for aim, _ in sets), tuple(trees))


def _weights(rows: Floats) -> Floats:
    """What each past wait weighs: a long one less, for it is moved by more chance; and less where nobody stood before."""
    return np.asarray(np.where(rows[:, AHEAD] > 0, 1.0, FIRST_WEIGHS) / np.sqrt(_beyond(rows) ** 2 + HELD))


def _beyond(rows: Floats) -> Floats:
    """The root of the minutes that the places ahead usually take; of ten where that is not known."""
    return np.asarray(np.sqrt(np.nan_to_num(rows[:, GAP_OPEN], nan=10.0)))


def _columns(names: Sequence[str]) -> list[int]:
    return [NAMES.index(name) for name in names]


def _best(rows: Floats, waits: Floats) -> Simple:
    """The simple estimate that was nearest in the past."""
    if len(waits) == 0:
        return _simple(rows, waits, "typical")
    missed = {name: float(np.abs(rows[:, NAMES.index(name)] - waits).mean()) for name in ESTIMATORS}
    return _simple(rows, waits, min(missed, key=missed.__getitem__))


def _simple(rows: Floats, waits: Floats, estimator: str) -> Simple:
    if len(waits) < FEW:
        # nothing is known of its faults yet: half to twice as long, as waits of few services go
        return Simple(estimator, (0.0, 1.0), ((0.0, 0.5), (0.0, 1.0), (1.0, 2.0)))
    estimate = rows[:, NAMES.index(estimator)]
    order = np.argsort(estimate, kind="stable")
    parts = np.array_split(order, min(BINS, len(waits) // (FEW // 2)))
    at = np.array([float(estimate[part].mean()) for part in parts])
    lines = np.array([np.quantile(waits[part], SHARES) for part in parts])
    # a longer estimate never foresees a shorter wait
    lines = np.maximum.accumulate(lines, axis=0)
    return Simple(estimator, at.tolist(), lines.T.tolist())
