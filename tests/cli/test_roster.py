"""`hallflow roster`: a week is made, shown, and exported as a table and as calendars."""

import csv
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from icalendar import Calendar

from hallflow.cli import main
from tests.config.plans import a_config
from tests.makers import SAMPLES, SECRET, sqlite_url

pytestmark = pytest.mark.usefixtures("few_plays")


@pytest.fixture
def roster_command(tmp_path: Path):
    """`hallflow roster`, on a database of the test's own."""
    environment = {
        "HALLFLOW_DATA": str(tmp_path),
        "HALLFLOW_DATABASE_URL": sqlite_url(tmp_path),
        "HALLFLOW_SECRET": SECRET,
    }

    def invoke(*asked: str, config: Path = SAMPLES):
        return CliRunner().invoke(main, ["roster", *asked], env=environment | {"HALLFLOW_CONFIG": str(config)})

    return invoke


def test_a_week_is_made_shown_and_carried_out(roster_command, tmp_path: Path) -> None:
    week = ("--hall", "county", "--week", "2026-03-04")
    assert "No roster has been made for the week of 2026-03-02" in roster_command("show", *week).output
    made = roster_command("make", *week, "--greedy", "--json")
    assert made.exit_code == 0, made.output
    roster = json.loads(made.output)
    assert roster["days"][0] == "2026-03-02"
    assert json.loads(roster_command("show", *week, "--json").output) == roster
    shown = roster_command("show", *week).output
    assert "greedy, which may not be the best" in shown
    assert "李梅" in shown

    done = roster_command("export", *week, "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    with (tmp_path / "out" / "roster.csv").open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    assert len(rows) == len(roster["shifts"])
    assert {row["person"] for row in rows} - {""} <= {person["key"] for person in roster["people"]}
    for person in roster["people"]:
        calendar = Calendar.from_ical((tmp_path / "out" / f"{person['key']}.ics").read_bytes())
        events = calendar.walk("VEVENT")
        mine = [shift for shift in roster["shifts"] if shift["person"] == person["key"]]
        assert len(events) == len(mine) == person["days"]
        # eight hours before in Shanghai
        starts = {f"{event.decoded('dtstart').hour + 8:02d}:{event.decoded('dtstart').minute:02d}" for event in events}
        assert starts == {shift["start"] for shift in mine}


def test_a_hall_where_nobody_is_named_is_told_which_shifts_to_fill(roster_command, tmp_path: Path) -> None:
    config = a_config(tmp_path)
    staffing = config / "staffing.toml"
    unnamed = re.sub(r"(?ms)^\[people\.central\..*?(?=^\[|\Z)", "", staffing.read_text("utf-8"))
    staffing.write_text(unnamed, "utf-8")
    told = roster_command("make", "--hall", "central", "--week", "2026-03-04", config=config)
    assert told.exit_code == 0, told.output
    assert "nobody is named in staffing.toml" in told.output


def test_a_hall_that_is_not_there_is_named(roster_command) -> None:
    told = roster_command("make", "--hall", "nowhere")
    assert told.exit_code == 2
    assert "there is no hall 'nowhere'" in told.output
