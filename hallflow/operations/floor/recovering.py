"""Service recovery: a promise broken by far opens a recovery, which the customer and the serving clerk are shown."""

from hallflow.domain.waits.promises import owed_apologies
from hallflow.hall import Hall


def recover(hall: Hall) -> int:
    """Open a recovery for every ticket that is owed an apology, once each; gives how many."""
    # mostly none is owed, and then the hall's turn need not be taken
    if not owed_apologies(hall.floor.waiting(), hall.plan, hall.clock.now()):
        return 0
    with hall.change() as change:
        owed = owed_apologies(change.floor.waiting(), change.plan, change.now)
        for ticket in owed:
            until = ticket.promised_until
            change.move("recovery_opened", ticket, until=until.isoformat() if until else None)
        return len(owed)
