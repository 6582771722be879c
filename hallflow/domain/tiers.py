"""Customer classification: the tier (priority class) of a customer from card or register; never shown in public."""

from hallflow.domain.plan import Plan, Tier


def tier_for(plan: Plan, card: str | None = None, known: str | None = None) -> Tier:
    """The best tier that the customer register (`known`) or the card's prefix gives; else the standard tier."""
    given = [plan.standard_tier]
    if known is not None and known in plan.tiers:
        given.append(known)
    if card:
        given += [tier.key for tier in plan.tiers.values() if card.startswith(tier.card_prefixes or ("\0",))]
    return min((plan.tiers[key] for key in given), key=lambda tier: tier.rank)
