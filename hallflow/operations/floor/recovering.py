"""A promise long broken opens a recovery: the customer is told, and the clerk who will serve them."""

from hallflow.domain.waits.promises import owed_apologies
from hallflow.hall import Hall


def recover(hall: Hall) -> int:
    """Open a recovery for everybody who is owed_apologies one, once each; how many."""
    # most often nobody is: then the hall's turn is not taken for it
    if not owed_apologies(hall.floor.waiting(), hall.plan, hall.clock.now()):
        return 0
    with hall.change() as change:
        found = owed_apologies(change.floor.waiting(), change.plan, change.now)
        for ticket in found:
            until = ticket.promised_until
            change.move("recovery_opened", ticket, until=until.isoformat() if until else None)
        return len(found)
