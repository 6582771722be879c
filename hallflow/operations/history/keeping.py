"""Archiving of closed days: their visits and sums are stored and old tickets moved away, in small resumable steps."""

from datetime import date, timedelta

from hallflow.domain.past.sums import sum_day
from hallflow.domain.plan import Plan
from hallflow.hall import Hall
from hallflow.house import TOKEN_DAYS
from hallflow.operations.history.small_turns import in_pieces, pour
from hallflow.storage.log.ledger import tickets_of
from hallflow.storage.records import history, past
from hallflow.storage.turns import Turns


def keep_closed_days(turns: Turns, hall: Hall) -> int:
    """Archive every closed day not yet archived, and move tickets whose token has expired; gives how many days and tickets."""
    today = hall.floor.day
    with turns.engine.connect() as connection:
        closed = past.days_not_summed(connection, hall.key, today)
    done = sum(_keep_day(turns, hall.plan, day) for day in closed)
    # a ticket whose token is still valid stays in the table where tokens are looked up
    expired = today - timedelta(days=TOKEN_DAYS)
    return done + in_pieces(turns, hall.key, lambda connection: past.move_some(connection, hall.key, expired))


def _keep_day(turns: Turns, plan: Plan, day: date) -> bool:
    hall = plan.hall
    with turns.engine.connect() as connection:
        tickets = [held.ticket for held in tickets_of(connection, hall, day)]
    pour(turns, hall, tickets, lambda connection, some: history.add_day(connection, hall, day, some))
    with turns.engine.connect() as connection:
        cells = sum_day(history.visits_between(connection, hall, day, day), plan.hours.zone)
    # in the turn that imports take, so that none writes between the count and the sums
    with turns.of("history") as connection:
        return past.keep_sums(connection, hall, day, cells)
