"""The reference halls for which the goals of staffing and routing were set, rebuilt from their description."""

from collections.abc import Mapping
from dataclasses import replace

from hallflow.backtests.textbook_hall import HOURS, PATIENCE, WALK, a_day
from hallflow.domain.plan import Plan, StaffingRules, Tier
from hallflow.foresight.learning.learned import Learned, from_plan
from tests.foresight.makers import a_plan

SKILLED = (
    ("bills", "sim"), ("bills", "sim"), ("bills", "plan"), ("bills", "plan"), ("bills", "plan"), ("sim", "plan", "device"),
    ("sim", "plan", "device"), ("bills", "device"), ("bills", "device"), ("plan", "broadband"), ("plan", "broadband"),
    ("broadband", "device"), ("broadband", "sim", "bills"), ("broadband", "plan", "bills"),
)  # fmt: skip
"""Fourteen counters, five services."""
SHARES = {"bills": 0.34, "plan": 0.24, "sim": 0.16, "device": 0.12, "broadband": 0.14}
SKILL_MINUTES = {"bills": 4.0, "plan": 8.0, "sim": 6.0, "device": 10.0, "broadband": 9.0}
TIER_SHARES = {"gold": 0.15, "silver": 0.30, "standard": 0.55}


def routing_hall(policy: str = "attainment", *, promises: bool = True) -> tuple[Plan, Learned]:
    """Fourteen skilled counters and three tiers; without promises neither guard nor bound holds the policy back."""
    tiers = {
        "gold": Tier("gold", {}, "", 0, 0.90, 5, 15, 30, 4.0, 4.0),
        "silver": Tier("silver", {}, "", 1, 0.85, 10, 30, 60, 2.0, 2.0),
        "standard": Tier("standard", {}, "", 2, 0.80, 20, 45, 90),
    }
    if not promises:
        tiers = {key: replace(tier, guard_minutes=1e6, overtaken_at_most=10**6) for key, tier in tiers.items()}
    plan = a_plan(SKILLED, SKILL_MINUTES, policy=policy, tiers=tiers, hours=HOURS)
    return _settled(plan, TIER_SHARES)


def forty_counters() -> tuple[Plan, Learned]:
    """A large hall of eight kinds of counters."""
    offers = tuple(SKILLED[index % 8 + 2] for index in range(40))
    rules = StaffingRules(goal_minutes=10.0)
    return _settled(a_plan(offers, SKILL_MINUTES, staffing=rules, hours=HOURS), TIER_SHARES)


def _settled(plan: Plan, shares: Mapping[str, float] | None = None) -> tuple[Plan, Learned]:
    learned = replace(from_plan(plan), no_show_share=0.0, patience_minutes=PATIENCE, walk_minutes=WALK)
    mix = dict(shares or {"standard": 1.0})
    return plan, replace(learned, tiers=dict.fromkeys(plan.services, mix))


__all__ = ["SHARES", "a_day", "forty_counters", "routing_hall"]
