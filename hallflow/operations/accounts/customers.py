"""The register of customers: which card or phone belongs to which tier, kept as digests alone."""

from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from hallflow.domain.refusals import Malformed
from hallflow.operations.checks import normal_card, normal_phone
from hallflow.sheets import Imported, Progress, RowRefused, rows_of
from hallflow.storage.records import people
from hallflow.storage.secrets import Vault
from hallflow.storage.turns import Turns

COLUMNS = ("card", "phone", "tier")
BATCH = 1000
CHECKED = {"card": normal_card, "phone": normal_phone}
NOT_SHOWN = {"row": "(personal, not shown)"}


def import_customers(turns: Turns, vault: Vault, tiers: Collection[str], file: Path, progress: Progress) -> Imported:
    """Add or change the customers of a csv file (card,phone,tier), in one transaction."""
    told = Imported()
    with turns.of("customers") as connection:
        found = _digests(told, vault, tiers, file, progress)
        while batch := list(islice(found, BATCH)):
            people.keep_customers(connection, [pair for pairs in batch for pair in pairs])
            told.new += len(batch)
    return told


def _digests(
    told: Imported, vault: Vault, tiers: Collection[str], file: Path, progress: Progress
) -> Iterator[list[tuple[str, str]]]:
    seen: set[str] = set()
    for line, row in rows_of(file, COLUMNS, told, progress):
        try:
            if row["tier"] not in tiers:
                raise RowRefused(f"unknown tier {row['tier']}")
            identities = [check(row[name]) for name, check in CHECKED.items() if row[name]]
            digests = [vault.digest(identity) for identity in identities]
            if not digests:
                raise RowRefused("neither card nor phone")
            if not seen.isdisjoint(digests):
                raise RowRefused("in the file twice")
        except Malformed as bad:
            told.refuse(f"{bad.field}: cannot be one", line, NOT_SHOWN)
        except RowRefused as refused:
            told.refuse(str(refused), line, NOT_SHOWN)
        else:
            seen.update(digests)
            yield [(digest, row["tier"]) for digest in digests]
