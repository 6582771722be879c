"""Referential integrity of the whole plan: all checks between files, in one list of faults.

Checks the parsed TOML rather than the validated shapes, so that a fault in one line hides no other;
values of a wrong type are skipped here, since the shapes have reported them.
"""

from collections.abc import Iterator

from hallflow.config.agreement.halls import hall_faults, hall_key_faults
from hallflow.config.agreement.roster import roster_faults
from hallflow.config.agreement.shared import billing_faults, form_faults, service_faults, tier_faults
from hallflow.config.agreement.staffing import staffing_faults
from hallflow.config.faults import PlanFault
from hallflow.config.parsed import Files, table_in


def disagreements(files: Files) -> Iterator[PlanFault]:
    """Every fault between two parts of a plan."""
    yield from service_faults(files)
    yield from tier_faults(files)
    for key, form in files.forms.items():
        yield from form_faults(f"forms/{key}.toml", form)
    yield from billing_faults("hallflow.toml", files.hallflow, files)
    yield from hall_key_faults(files)
    for key, hall in files.halls.items():
        if f"halls/{key}.toml" not in files.unread:
            yield from hall_faults(f"halls/{key}.toml", hall, files)
            yield from billing_faults(f"halls/{key}.toml", hall, files)
    yield from staffing_faults(files)
    if "staffing.toml" not in files.unread:
        yield from roster_faults(files.staffing, files.halls, table_in(files.services, "services"))
