"""A customer's tier is the better of those of the card and of the register."""

import pytest

from hallflow.domain.tiers import tier_for
from tests.makers import a_plan


@pytest.mark.parametrize(
    ("card", "known", "tier"),
    [
        (None, None, "standard"),
        ("8812345", None, "gold"),
        ("6612345", None, "silver"),
        ("1288", None, "standard"),
        (None, "silver", "silver"),
        ("8812345", "silver", "gold"),
        ("6612345", "gold", "gold"),
        ("6612345", "standard", "silver"),
        (None, "platinum", "standard"),
        ("", None, "standard"),
    ],
)
def test_the_best_tier_counts(card: str | None, known: str | None, tier: str) -> None:
    assert tier_for(a_plan(), card, known).key == tier
