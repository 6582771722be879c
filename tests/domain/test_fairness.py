"""The guarantees of routing on random days: bounded overtaking, and nobody waits on past the maximum wait.

`make bench ARGS="--only fairness"` plays a million such customers.
"""

import pytest

from hallflow.domain.policies import POLICIES
from tests.domain.random_day import Day


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("policy", POLICIES)
def test_nobody_is_overtaken_more_often_than_their_tier_allows(policy: str, seed: int) -> None:
    day = Day(policy, seed, any_tiers=seed > 0)
    day.play()
    assert day.floor.tally.issued > 400
    assert day.calls > 50
