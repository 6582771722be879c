"""`hallflow staff add` and `hallflow customers import`: PINs and cards are never stored in clear text."""

from pathlib import Path

from sqlalchemy import text

from hallflow.cli.opening import open_office
from hallflow.storage.records import people
from hallflow.storage.secrets import Vault, pin_fits
from tests.cli.offices import office, run, told
from tests.makers import SECRET

__all__ = ["office"]


def staff(hall: str = "central") -> list[people.Staff]:
    with open_office().turns.engine.connect() as connection:
        return people.staff_of(connection, hall)


def test_a_new_clerk_gets_a_pin_that_is_shown_once(office: Path) -> None:
    said = told("staff", "add", "--hall", "central", "--name", "  Li   Na ", "--role", "clerk")
    [person] = staff()
    assert (said["name"], person.name, person.role) == ("Li Na", "Li Na", "clerk")
    assert pin_fits(person.pin_hash, said["pin"])
    assert said["pin"] not in person.pin_hash
    assert len(said["pin"]) == 6


def test_a_chosen_pin_is_typed_twice_and_belongs_to_one_person_of_the_hall(office: Path) -> None:
    add = ("staff", "add", "--role", "manager", "--pin", "--hall")
    assert run(*add, "central", "--name", "A", typed="2468\n2468\n").exit_code == 0
    taken = run(*add, "central", "--name", "B", typed="2468\n2468\n")
    assert taken.exit_code == 1
    assert "has this PIN already" in taken.output
    assert run(*add, "county", "--name", "B", typed="2468\n2468\n").exit_code == 0
    assert [person.name for person in staff()] == ["A"]


def test_what_is_no_pin_and_who_is_there_already_is_refused(office: Path) -> None:
    add = ("staff", "add", "--hall", "central", "--role", "clerk", "--name", "A")
    for wrong in ("12", "12ab", "1234567890123"):
        done = run(*add, "--pin", typed=f"{wrong}\n{wrong}\n")
        assert done.exit_code == 1
        assert "4 to 12 digits" in done.output
    assert run(*add).exit_code == 0
    assert "works there already" in run(*add).output
    assert run("staff", "add", "--hall", "moon", "--name", "A", "--role", "clerk").exit_code == 2
    assert len(staff()) == 1


def test_customers_are_kept_as_digests_alone(office: Path) -> None:
    file = office / "customers.csv"
    file.write_text(
        "card,phone,tier\n6200 1234 5678,,gold\n,13800138000,silver\n6200-9999,13900139000,gold\n"
        "!!,,gold\n,12,gold\n,,gold\n70001234,,platinum\n620012345678,,silver\n"
    )
    said = told("customers", "import", file)
    assert (said["rows"], said["new"]) == (8, 3)
    assert {reason: refusals["count"] for reason, refusals in said["refused"].items()} == {
        "card: cannot be one": 1,
        "phone: cannot be one": 1,
        "neither card nor phone": 1,
        "unknown tier platinum": 1,
        "in the file twice": 1,
    }
    vault = Vault(SECRET)
    with open_office().turns.engine.connect() as connection:
        assert people.known_tier(connection, vault.digest("620012345678")) == "gold"
        assert people.known_tier(connection, vault.digest("+8613800138000")) == "silver"
        stored = str(connection.execute(text("SELECT * FROM customers")).all())
    for personal in ("6200", "138001", "139001"):
        assert personal not in stored
    assert "12345678" not in run("customers", "import", file).output
