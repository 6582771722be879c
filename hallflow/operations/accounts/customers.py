"""The customer register: the tier of each card and phone number, which are stored only as keyed hashes (digests)."""

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
    """Add or update the customers of a CSV file (card,phone,tier), in one transaction."""
    imported = Imported()
    with turns.of("customers") as connection:
        digests = _digests(imported, vault, tiers, file, progress)
        while batch := list(islice(digests, BATCH)):
            people.keep_customers(connection, [pair for pairs in batch for pair in pairs])
            imported.new += len(batch)
    return imported


def _digests(
    imported: Imported, vault: Vault, tiers: Collection[str], file: Path, progress: Progress
) -> Iterator[list[tuple[str, str]]]:
    seen: set[str] = set()
    for line, row in rows_of(file, COLUMNS, imported, progress):
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
            imported.refuse(f"{bad.field}: cannot be one", line, NOT_SHOWN)
        except RowRefused as refused:
            imported.refuse(str(refused), line, NOT_SHOWN)
        else:
            seen.update(digests)
            yield [(digest, row["tier"]) for digest in digests]
