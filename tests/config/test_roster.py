"""The roster's part of staffing.toml: impossible values are reported with their place."""

from pathlib import Path

import pytest

from hallflow.config import load
from tests.config.plans import a_config, faults_of
from tests.makers import SAMPLES


def faults_with(tmp_path: Path, text: str, *, instead: bool = True) -> list[str]:
    plan = a_config(tmp_path)
    file = plan / "staffing.toml"
    file.write_text(text if instead else file.read_text() + text)
    return faults_of(plan)


def test_the_sample_has_people_and_shifts() -> None:
    roster = load(SAMPLES).plans["county"].roster
    assert roster.people["wang"].services == {"bills", "plan_change", "sim", "new_line"}
    assert roster.people["li"].services is None
    assert roster.shifts["day"].minutes == 480


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[people.county.xu]\nname = "Xu"\ncertificates = ["loans"]',
            "people.county.xu.certificates: no service is called 'loans'",
        ),
        ('[people.county.xu]\nname = "Xu"\nlikes = ["night"]', "people.county.xu.likes: no shift is called 'night'"),
        ('[people.county.xu]\nname = "Xu"\naway = ["soon"]', "people.county.xu.away.1"),
        ('[people.nowhere.xu]\nname = "Xu"', "people.nowhere: no hall is called 'nowhere'"),
        ('[shifts.odd]\nname = {zh="a", en="b"}\nstarts = ["08:40"]\nhours = 8', "08:40 is not on a quarter-hour"),
        ('[shifts.odd]\nname = {zh="a", en="b"}\nstarts = ["20:00"]\nhours = 8', "ends after midnight"),
        (
            '[shifts.odd]\nname = {zh="a", en="b"}\nstarts = ["08:00"]\nhours = 8\nbreaks = [{minutes = 60, earliest = "12:00", latest = "12:30"}]',
            "60 minutes do not fit between 12:00 and 12:30",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    assert any(said in fault for fault in faults_with(tmp_path, f"\n{text}\n", instead=False))


def test_people_without_shifts_cannot_be_rostered(tmp_path: Path) -> None:
    told = faults_with(tmp_path, '[people.county.xu]\nname = "Xu"\n')
    assert any("people need shifts to work" in fault for fault in told)
