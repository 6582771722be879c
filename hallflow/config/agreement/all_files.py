"""What the files of a plan must say of each other: names that exist, letters that differ, halls that can serve.

Looks at the parsed TOML rather than at the finished shapes, so that a slip in one line hides no other fault;
what is not even of the right kind is passed over here, for the shapes have named it.
"""

from collections.abc import Iterator

from hallflow.config.agreement.halls import hall_faults, hall_key_faults
from hallflow.config.agreement.roster import roster_faults
from hallflow.config.agreement.shared import billing_faults, form_faults, service_faults, tier_faults
from hallflow.config.agreement.staffing import staffing_faults
from hallflow.config.faults import PlanFault
from hallflow.config.parsed import Files, table_in


def disagreements(files: Files) -> Iterator[PlanFault]:
    """Every fault that shows only when one part is held beside another."""
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
