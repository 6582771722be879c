"""Batched scenarios: stages derived from others, without virtual customers or with several scenarios side by side."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hallflow.foresight.arrays import Floats
from hallflow.foresight.twin.chance import NEVER
from hallflow.foresight.twin.stage import Stage


def only_customers(stage: Stage) -> Stage:
    """The stage without its virtual customers."""
    real = stage.real
    return replace(
        stage, lines=stage.lines[:real], serves=stage.serves[:, :real], service=stage.service[:real], observers={}
    )


def side_by_side(stages: Sequence[Stage]) -> Stage:
    """Stages with the same customers and different counters, as one stage with the replications of the first, then of the
    second, and so on.

    Each scenario has its own counters, which never call in another's replications; shapes become (n P, N) and (n P, n C).
    """
    if len(stages) == 1:
        return stages[0]
    first = stages[0]
    return replace(
        first,
        serves=np.concatenate([stage.serves for stage in stages]),
        since=np.concatenate([stage.since for stage in stages]),
        leaves=np.concatenate([stage.leaves for stage in stages]),
        service_minutes=np.concatenate([stage.service_minutes for stage in stages]),
        free=_free(stages),
        time_factor=np.concatenate([stage.time_factor for stage in stages]),
        breaks=_breaks(stages),
    )


def _free(stages: Sequence[Stage]) -> Floats:
    free = np.full((sum(len(s.free) for s in stages), sum(s.free.shape[1] for s in stages)), NEVER)
    row = column = 0
    for stage in stages:
        rows, columns = stage.free.shape
        free[row : row + rows, column : column + columns] = stage.free
        row, column = row + rows, column + columns
    return free


def _breaks(stages: Sequence[Stage]) -> Floats:
    most = max(stage.breaks.shape[1] for stage in stages)
    return np.concatenate(
        [np.pad(s.breaks, ((0, 0), (0, most - s.breaks.shape[1]), (0, 0)), constant_values=NEVER) for s in stages]
    )
