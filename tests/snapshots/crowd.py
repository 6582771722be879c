"""A crowd of thousands of tickets, added to a hall in one transaction."""

from hallflow.hall import Hall


def crowd(hall: Hall, people: int) -> None:
    """So many take a number, of every service and tier in turn; the n-th holds token-n."""
    services, tiers = list(hall.plan.services), list(hall.plan.tiers)
    with hall.change() as change:
        for n in range(people):
            service = services[n % len(services)]
            letter = hall.plan.services[service].letter
            count = change.floor.numbers.get(letter, 0) + 1
            change.issue(
                f"{letter}{count:03}",
                f"token-{n}",
                None,
                letter=letter,
                count=count,
                services=[service],
                tier=tiers[n % len(tiers)],
                language="zh",
                promise=[10, 20, 30],
            )
