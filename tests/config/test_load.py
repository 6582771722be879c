"""Loading a plan: it is read completely, or every fault is reported with file and place."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from hallflow.config import PlanFaults, load
from hallflow.domain.policies import POLICIES
from hallflow.domain.prefill import KINDS
from tests.config.plans import a_config, faults_of, spoil
from tests.makers import SAMPLES

SERVICE = "services.toml"
CENTRAL = "halls/central.toml"
COUNTY = "halls/county.toml"


def test_the_sample_halls_are_faultless() -> None:
    assert faults_of(SAMPLES) == []


def test_the_sample_halls_are_a_city_and_a_county_hall() -> None:
    plans = load(SAMPLES).plans
    assert list(plans) == ["central", "county"]
    central, county = plans["central"], plans["county"]
    assert list(central.counters) == [str(n) for n in range(1, 13)]
    assert {key: s.letter for key, s in central.services.items()} == {
        "bills": "A",
        "plan_change": "B",
        "sim": "C",
        "broadband": "D",
        "new_line": "E",
        "device": "F",
        "complaint": "G",
        "business": "H",
    }
    assert list(county.counters) == ["1", "2", "3", "4"]
    assert list(county.services) == ["bills", "plan_change", "sim", "broadband", "new_line"]
    assert set(county.forms) == set(county.services)
    assert [group.key for group in county.groups] == ["account", "number", "home"]


def test_every_service_of_the_sample_halls_can_lose_a_counter() -> None:
    plans = load(SAMPLES).plans
    lonely = [s for s in plans["central"].services if len(plans["central"].counters_for(s)) < 2]
    assert lonely == ["business"]
    assert all(len(plans["county"].counters_for(s)) >= 2 for s in plans["county"].services)


def test_tiers_are_ranked_as_they_stand_in_the_file() -> None:
    tiers = load(SAMPLES).plans["central"].tiers
    assert [(t.key, t.rank, t.goal_share, t.goal_minutes) for t in tiers.values()] == [
        ("gold", 0, 0.9, 5.0),
        ("silver", 1, 0.85, 10.0),
        ("standard", 2, 0.8, 20.0),
    ]


def test_every_kind_of_question_is_asked_somewhere() -> None:
    asked = {field.kind for form in load(SAMPLES).plans["central"].forms.values() for field in form.fields}
    assert asked == KINDS


def test_a_hall_takes_the_rules_of_all_halls_but_its_own_first() -> None:
    plans = load(SAMPLES).plans
    assert plans["central"].rules.missed_after_minutes == 5.0
    assert plans["county"].rules.missed_after_minutes == 3.0
    assert plans["county"].rules.recalls_at_most == 3
    assert plans["county"].staffing.arrivals_per_hour == 12.0
    assert plans["county"].staffing.patience_minutes == 45.0


def test_a_hall_says_itself_what_its_manager_is_told_of(tmp_path: Path) -> None:
    files = a_config(tmp_path)
    county = files / COUNTY
    added = '\n[screens]\nkiosk = 2\nwindows = ["1", "4"]\n[alerts]\nidle_minutes = 7\n'
    county.write_text(county.read_text(encoding="utf-8") + added, encoding="utf-8")
    plans = load(files).plans
    assert (plans["county"].alerts.idle_minutes, plans["county"].alerts.queue_minutes) == (7.0, 30.0)
    assert plans["central"].alerts.idle_minutes == 3.0
    assert plans["county"].screens == {"kiosk": 2, "window:1": 1, "window:4": 1}
    assert plans["central"].screens == {}
    assert (plans["county"].map, plans["central"].map[1]) == (("1 2 3 4",), "8 . . 3")


def test_hours_go_by_the_day_then_by_weekdays_and_weekend() -> None:
    county = load(SAMPLES).plans["county"].hours
    assert county.week[0] == ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))
    assert county.week[5] == ((time(9), time(16)),)
    assert county.week[6] == ()
    assert county.special[date(2026, 10, 1)] == ()


def test_a_demo_is_open_around_the_clock() -> None:
    sunday_night = datetime(2026, 3, 1, 19, 30, tzinfo=UTC)
    assert not load(SAMPLES).plans["county"].hours.is_open(sunday_night)
    demo = load(SAMPLES, demo=True)
    assert demo.demo
    assert all(plan.hours.is_open(sunday_night) for plan in demo.plans.values())


@pytest.mark.parametrize(
    ("file", "was", "now", "fault"),
    [
        (
            CENTRAL,
            'services = ["bills", "plan_change"]\n',
            'services = ["bills", "loans"]\n',
            "halls/central.toml: counters.2: no service is called 'loans'",
        ),
        (
            CENTRAL,
            '"complaint", "business"]',
            '"complaint", "busines"]',
            "halls/central.toml: services: no service is called 'busines'; is 'business' meant?",
        ),
        (
            COUNTY,
            'services = ["bills", "plan_change", "sim"]',
            'services = ["bills", "device", "sim"]',
            "halls/county.toml: counters.1: this hall does not offer 'device'",
        ),
        (
            CENTRAL,
            'services = ["business", "complaint", "broadband"]',
            'services = ["complaint", "broadband"]',
            "halls/central.toml: services: 'business' is offered, but no counter serves it",
        ),
        (
            CENTRAL,
            'services = ["bills", "sim"]',
            'services = ["bills", "bills", "sim"]',
            "halls/central.toml: counters.1: 'bills' is named twice",
        ),
        (
            CENTRAL,
            'services = ["bills", "sim"]',
            "services = []",
            "halls/central.toml: counters.1.services: must have at least 1",
        ),
        (
            CENTRAL,
            'zh = "2号窗口"',
            'zh = "1号窗口"',
            "halls/central.toml: counters.2.name: counter 1 is already called '1号窗口'",
        ),
        (
            "hallflow.toml",
            '# address = "https://hall.example.com"',
            'address = "hall.example.com"',
            "hallflow.toml: address: must be an address such as https://hall.example.com, without anything after the name",
        ),
        (
            CENTRAL,
            '"Asia/Shanghai"',
            '"Asia/Shangai"',
            "halls/central.toml: zone: no time zone is called 'Asia/Shangai'; write for example 'Asia/Shanghai'",
        ),
        (
            CENTRAL,
            'where_to_wait = { zh = "请在一楼等候区就座，留意叫号屏", en',
            "where_to_wait = { en",
            "halls/central.toml: where_to_wait.zh: is missing",
        ),
        (
            CENTRAL,
            'weekdays = ["08:30-18:00"]',
            'weekdays = ["08:30-13:00", "12:30-18:00"]',
            "halls/central.toml: hours.weekdays: 08:30-13:00 and 12:30-18:00 overlap",
        ),
        (
            CENTRAL,
            'weekdays = ["08:30-18:00"]',
            'weekdays = ["18:00-08:30"]',
            "halls/central.toml: hours.weekdays: '18:00-08:30' ends before it starts",
        ),
        (
            CENTRAL,
            'weekdays = ["08:30-18:00"]',
            'weekdays = ["8:30-24:00"]',
            "halls/central.toml: hours.weekdays: '8:30' is not a time from 00:00 to 23:59",
        ),
        (
            CENTRAL,
            'weekdays = ["08:30-18:00"]',
            'weekdays = ["03:30-18:00"]',
            "halls/central.toml: hours.weekdays: opens at 03:30, before the numbers of a new day begin (day_starts 04:00)",
        ),
        (
            CENTRAL,
            "weekend = [",
            "wekend = [",
            "halls/central.toml: hours.wekend: no day is called 'wekend'; is 'weekend' meant?",
        ),
        (
            CENTRAL,
            "2026-10-01 = [",
            "2026-10-41 = [",
            "halls/central.toml: special_days.2026-10-41: '2026-10-41' is not a day such as 2026-10-01",
        ),
        (CENTRAL, "zone =", "colour = 3\nzone =", "halls/central.toml: colour: there is no such setting"),
        (
            COUNTY,
            "device = {",
            "loans = {",
            "halls/county.toml: elsewhere.loans: no service is called 'loans'",
        ),
        (
            COUNTY,
            "device = {",
            "sim = {",
            "halls/county.toml: elsewhere.sim: this hall offers it itself",
        ),
        (
            COUNTY,
            "missed_after_minutes = 3",
            'policy = "fairness"',
            "halls/county.toml: rules.policy: no policy is called 'fairness'; there are " + ", ".join(POLICIES),
        ),
        (
            COUNTY,
            "missed_after_minutes = 3",
            "missed_after_minutes = 0",
            "halls/county.toml: rules.missed_after_minutes: must be more than 0.0",
        ),
        (
            SERVICE,
            'letter = "B"',
            'letter = "A"',
            "services.toml: services.plan_change.letter: A is already the letter of 'bills'",
        ),
        (
            SERVICE,
            'letter = "B"',
            'letter = "b"',
            "services.toml: services.plan_change.letter: must be one capital letter, A to Z",
        ),
        (SERVICE, "minutes = 5\n", "", "services.toml: services.bills.minutes: is missing"),
        (SERVICE, "minutes = 5\n", 'minutes = "5"\n', "services.toml: services.bills.minutes: must be a number"),
        (
            SERVICE,
            'form = "bills"',
            'form = "bils"',
            "services.toml: services.bills.form: no form is called 'bils'; is 'bills' meant?",
        ),
        (
            SERVICE,
            'group = "home"',
            'group = "garden"',
            "services.toml: services.broadband.group: no group is called 'garden'",
        ),
        (
            SERVICE,
            '{ name = { zh = "单位授权书", en = "The company\'s authorisation" } }',
            '{ name = { en = "The company\'s authorisation" } }',
            "services.toml: services.business.documents.3.name.zh: is missing",
        ),
        ("tiers.toml", "goal = { share = 0.90, minutes = 5 }\n", "", "tiers.toml: tiers.gold.goal: is missing"),
        (
            "tiers.toml",
            "guard_minutes = 15",
            "guard_minutes = 4",
            "tiers.toml: tiers.gold: guard_minutes (4) comes before the goal (5 minutes)",
        ),
        (
            "tiers.toml",
            "[tiers.standard]",
            "[tiers.ordinary]",
            "tiers.toml: standard: no tier is called 'standard': customers without a card need a standard tier",
        ),
        (
            "tiers.toml",
            'card_prefixes = ["66"]',
            'card_prefixes = ["88"]',
            "tiers.toml: tiers.silver.card_prefixes: '88' already leads to 'gold'",
        ),
        (
            "tiers.toml",
            'color = "#B8860B"',
            'color = "gold"',
            "tiers.toml: tiers.gold.color: must be a colour such as #0B7A75",
        ),
        (
            "forms/sim.toml",
            'kind = "identity_number"',
            'kind = "identity"',
            "forms/sim.toml: fields.identity_number.kind: no kind of question is called 'identity'; there are "
            + ", ".join(sorted(KINDS)),
        ),
        (
            "forms/sim.toml",
            '[fields.blocked]\nkind = "yes_no"',
            '[fields.blocked]\nkind = "choices"',
            "forms/sim.toml: fields.blocked.choices: a question with choices needs at least one choice",
        ),
        (
            "forms/sim.toml",
            '[fields.reason]\nkind = "choice"',
            '[fields.reason]\nkind = "text"',
            "forms/sim.toml: fields.reason.choices: a question of kind 'text' has no choices",
        ),
        (
            "staffing.toml",
            "[halls.county]",
            "[halls.country]",
            "staffing.toml: halls.country: no hall is called 'country'; is 'county' meant?",
        ),
        (
            "staffing.toml",
            "quiet_below = 0.50",
            "quiet_below = 0.90",
            "staffing.toml: all.quiet_below: 0.9 is above busy_above, 0.85",
        ),
        (
            "staffing.toml",
            'advice = "calm"',
            'advice = "hasty"',
            "staffing.toml: all.advice: must be one of 'calm' or 'keen'",
        ),
        (
            "hallflow.toml",
            'languages = ["zh", "en"]',
            'languages = ["zh", "fr"]',
            "hallflow.toml: languages.2: texts/ has no fr.toml",
        ),
        (
            "hallflow.toml",
            "answers_days = 1 ",
            "answers_days = 0 ",
            "hallflow.toml: retention.answers_days: must be at least 1",
        ),
        (
            CENTRAL,
            "[counters.2]",
            "[counters.1]",
            "halls/central.toml: line 51, column 12: Cannot declare ('counters', '1') twice",
        ),
        (
            "hallflow.toml",
            'country = "CN"',
            'country = "XX"',
            "hallflow.toml: calendar.country: no country is called 'XX'; write its two letters, such as 'CN', or 'none'",
        ),
        (
            "hallflow.toml",
            'country = "CN"',
            'country = "CN"\nsubdivision = "Nowhere"',
            "hallflow.toml: calendar: CN has no part called 'Nowhere'",
        ),
        (
            "hallflow.toml",
            'billing_services = ["bills"]',
            'billing_services = ["bill"]',
            "hallflow.toml: calendar.billing_services: no service is called 'bill'; is 'bills' meant?",
        ),
        (
            "hallflow.toml",
            "holiday = 0.8",
            "holiday = 0",
            "hallflow.toml: calendar.factors.holiday: must be at least 0.05",
        ),
        (
            "hallflow.toml",
            "month_end = 1.1",
            "month_start = 1.1",
            "hallflow.toml: calendar.factors.month_start: there is no such setting",
        ),
        (
            "halls/central.toml",
            'services = ["device", "new_line"]\n\n# Express',
            'services = ["devices"]\n\n# Express',
            "halls/central.toml: events.1.services: no service of this hall is called 'devices'; is 'device' meant?",
        ),
        (
            "halls/central.toml",
            '"2026-11-11", ',
            '"2026-11-31", ',
            "halls/central.toml: events.1.dates.1: '2026-11-31' is not a day such as 2026-10-01",
        ),
        (
            "staffing.toml",
            "开足 {counters} 个",
            "开足 {counter} 个",
            "staffing.toml: playbook.busy.1: nothing fills in {counter}; there are {counters}, {customers}, {services}",
        ),
        (
            "staffing.toml",
            "Have {counters} counters",
            "Have {counters counters",
            (
                "staffing.toml: playbook.busy.1: 'Have {counters counters open, everybody seated ten minutes before' has a "
                "bracket that is not closed"
            ),
        ),
        (
            "staffing.toml",
            "[[playbook.normal]]",
            "[[playbook.rush]]",
            "staffing.toml: playbook.rush: there is no such setting",
        ),
        (
            "staffing.toml",
            "[[playbook.normal]]",
            '[[playbook.normal]]\nhalls = ["centre"]',
            "staffing.toml: playbook.normal.1.halls: no hall is called 'centre'; is 'central' meant?",
        ),
        (
            CENTRAL,
            '"8 . . 3"',
            '"8 . 3"',
            "halls/central.toml: map: its rows differ in length; write '.' where nothing stands",
        ),
        (CENTRAL, '"8 . . 3"', '"8 . . 13"', "halls/central.toml: map: no counter is called '13'; is '3' meant?"),
        (CENTRAL, '"8 . . 3"', '"8 . . ."', "halls/central.toml: map: counter 3 is missing"),
        (CENTRAL, '"8 . . 3"', '"8 . 8 3"', "halls/central.toml: map: counter 8 stands in it twice"),
        (
            CENTRAL,
            '"8 . . 3"',
            '""',
            "halls/central.toml: map.2: '' is not a row of 1 to 8 counters, such as '3 . 4'",
        ),
        (
            CENTRAL,
            '# windows = ["1", "2", "3"]',
            '[screens]\nwindows = ["15"]',
            "halls/central.toml: screens.windows: no counter is called '15'; is '5' meant?",
        ),
        (
            "hallflow.toml",
            "idle_minutes = 3",
            "idle_minutes = 0",
            "hallflow.toml: alerts.idle_minutes: must be more than 0.0",
        ),
        ("tiers.toml", "goal = { share = 0.90", "goal = { share = ", "tiers.toml: line 15, column 18: Invalid value"),
        (
            "texts/en.toml",
            'comma = ", "',
            "comma = 7",
            "texts/en.toml: language.comma: must be a text in quotes",
        ),
        (
            "texts/en.toml",
            'closed_hall = "{hall} is',
            'closed_hall = "The hall is',
            "texts/en.toml: refused.closed_hall: has the blanks none; texts/zh.toml has {hall}",
        ),
    ],
)
def test_a_fault_is_named_with_its_file_and_place(tmp_path: Path, file: str, was: str, now: str, fault: str) -> None:
    plan = a_config(tmp_path)
    spoil(plan, file, was, now)
    assert fault in faults_of(plan)


def test_one_slip_is_one_fault(tmp_path: Path) -> None:
    plan = a_config(tmp_path)
    spoil(plan, SERVICE, "minutes = 5\n", "")
    assert faults_of(plan) == ["services.toml: services.bills.minutes: is missing"]


def test_a_file_that_cannot_be_read_brings_no_faults_in_others(tmp_path: Path) -> None:
    plan = a_config(tmp_path)
    spoil(plan, SERVICE, "[services.sim]", "[services.sim")
    assert faults_of(plan) == ["services.toml: line 49, column 14: Expected ']' at the end of a table declaration"]


def test_all_faults_of_all_files_are_named_at_once(tmp_path: Path) -> None:
    plan = a_config(tmp_path)
    spoil(plan, CENTRAL, '"Asia/Shanghai"', '"Mars/Olympus"')
    spoil(plan, CENTRAL, 'services = ["bills", "sim"]', 'services = ["loans", "sim"]')
    spoil(plan, COUNTY, "weekdays = [", "weekdys = [")
    spoil(plan, SERVICE, 'letter = "C"', 'letter = "A"')
    spoil(plan, SERVICE, 'icon = "router"\n', "")
    spoil(plan, "tiers.toml", "overtaken_at_most = 8", "overtaken_at_most = 0")
    spoil(plan, "forms/bills.toml", 'kind = "amount"', 'kind = "money"')
    spoil(plan, "staffing.toml", "[all]", "[every]")
    (plan / "hallflow.toml").unlink()
    said = faults_of(plan)
    for file in ("hallflow", "services", "tiers", "staffing", "forms/bills", "halls/central", "halls/county"):
        assert any(fault.startswith(f"{file}.toml: ") for fault in said), file
    assert "hallflow.toml: this file is missing" in said
    assert "services.toml: services.sim.letter: A is already the letter of 'bills'" in said
    assert "services.toml: services.broadband.icon: is missing" in said


def test_an_empty_hall_is_a_fault(tmp_path: Path) -> None:
    plan = a_config(tmp_path)
    text = (plan / COUNTY).read_text(encoding="utf-8")
    (plan / COUNTY).write_text(text[: text.index("[counters.1]")] + "[counters]\n", encoding="utf-8")
    assert faults_of(plan) == ["halls/county.toml: counters: a hall needs at least one counter"]


def test_a_plan_without_halls_is_a_fault(tmp_path: Path) -> None:
    plan = a_config(tmp_path)
    for hall in (CENTRAL, COUNTY):
        (plan / hall).unlink()
    assert "halls: there is no hall; write one as halls/<hall>.toml" in faults_of(plan)


def test_two_halls_may_not_have_one_key(tmp_path: Path) -> None:
    plan = a_config(tmp_path)
    (plan / "halls/County.toml").write_bytes((plan / COUNTY).read_bytes())
    said = faults_of(plan)
    assert "halls/county.toml: halls/County.toml already has this key" in said
    assert "halls/County.toml: a file's name is its key: use small letters, digits, _ and -" in said


def test_a_service_that_no_hall_offers_is_a_fault(tmp_path: Path) -> None:
    plan = a_config(tmp_path)
    spoil(plan, CENTRAL, '"complaint", "business"]', '"complaint"]')
    spoil(plan, CENTRAL, 'services = ["business", "complaint", "broadband"]', 'services = ["complaint", "broadband"]')
    assert faults_of(plan) == ["services.toml: services.business: no hall offers this service"]


def test_a_file_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    plan = a_config(tmp_path)
    (plan / "tiers.toml").write_bytes(b'name = "\xc4\xe3"')
    assert faults_of(plan) == ["tiers.toml: is not text in UTF-8"]


def test_a_folder_that_is_not_there_is_one_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "nowhere") == [
        f"{tmp_path / 'nowhere'}: there is no such folder; HALLFLOW_CONFIG names the plan's"
    ]


@pytest.mark.parametrize("file", ["hallflow.toml", SERVICE, "tiers.toml", "staffing.toml", CENTRAL, "forms/sim.toml"])
@pytest.mark.parametrize(
    "text", ["", "name = 3", "services = 3\ncounters = 3\ngroups = []", "[fields]\nx = 1\n[tiers]\nx = []"]
)
def test_whatever_stands_in_a_file_is_answered_with_faults(tmp_path: Path, file: str, text: str) -> None:
    plan = a_config(tmp_path)
    (plan / file).write_text(text)
    if file == "staffing.toml" and not text:
        load(plan)
        return
    with pytest.raises(PlanFaults):
        load(plan)
