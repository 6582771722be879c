"""Unit tests of the display's pure JavaScript modules (announcements, figures, what-if), run in a browser."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.modules import call

NOW = 1_000_000_000_000


def run(page: Page, module: str, function: str, *given: Any) -> Any:
    return call(page, f"display/{module}", function, *given)


def a_call(
    number: str = "A012", counter: str = "3", calls: int = 1, state: str = "called", ago: int = 0
) -> dict[str, Any]:
    called_at = f"2001-09-09T01:{46 - ago:02d}:40+00:00"
    name = {"zh": f"{counter}号窗口", "en": f"Counter {counter}"}
    key = f"{number}-{calls}"
    return {"number": number, "counter_name": name, "called_at": called_at, "state": state, "key": key}


def hear(page: Page, heard: dict[str, Any], calling: list[dict[str, Any]], pace: float = 1) -> Any:
    return run(page, "wall/spoken-once.js", "hear", heard, calling, {"now": NOW, "pace": pace})


NOTHING: dict[str, Any] = {"known": None, "waiting": []}


SPOKEN = [
    {"code": "zh", "voice": "zh-CN", "space": "", "digits": "零一二三四五六七八九"},
    {"code": "en", "voice": "en-US", "space": " ", "digits": "0123456789"},
]
SENTENCES = {"zh": "请{number}号到{counter}办理业务", "en": "Number {number}, please go to {counter}"}


def announced(page: Page, languages: list[dict[str, str]], sentences: dict[str, str]) -> Any:
    ask = """async ([call, languages, sentences]) => {
        const {announcement} = await import("display/wall/announcement.js");
        const filled = (code, {number, counter}) => sentences[code].replace("{number}", number).replace("{counter}", counter);
        return announcement(call, languages, filled);
    }"""
    return page.evaluate(
        ask,
        [a_call() | {"counter_name": {"zh": "3号窗口", "en": "Counter 3", "fr": "Guichet 3"}}, languages, sentences],
    )


def test_a_call_is_spoken_twice_in_the_first_language_digit_by_digit_then_once_in_each_other(modules: Page) -> None:
    said = announced(modules, SPOKEN, SENTENCES)
    assert [sentence["text"] for sentence in said] == [
        "请A零一二号到3号窗口办理业务",
        "请A零一二号到3号窗口办理业务",
        "Number A 0 1 2, please go to Counter 3",
    ]
    assert [sentence["lang"] for sentence in said] == ["zh-CN", "zh-CN", "en-US"]


def test_what_two_languages_say_alike_is_spoken_once(modules: Page) -> None:
    french = {"code": "fr", "voice": "fr-FR", "space": " ", "digits": "0123456789"}
    names = {**SENTENCES, "fr": "Numéro {number}, {counter}"}
    said = announced(modules, [*SPOKEN, french], names)
    assert [sentence["lang"] for sentence in said] == ["zh-CN", "zh-CN", "en-US", "fr-FR"]
    british = SPOKEN[1] | {"code": "en-GB", "voice": "en-GB"}
    call = a_call() | {"counter_name": {"en": "Counter 3", "en-GB": "Counter 3"}}
    ask = """async ([call, languages]) => (await import("display/wall/announcement.js")).announcement(call, languages, (code, blanks) => blanks.number + blanks.counter)"""
    assert len(modules.evaluate(ask, [call, [SPOKEN[1], british]])) == 2


def test_the_calls_of_the_first_picture_are_not_spoken(modules: Page) -> None:
    assert hear(modules, NOTHING, [a_call()])["waiting"] == []


def test_a_call_is_spoken_once_however_often_its_picture_comes(modules: Page) -> None:
    heard = hear(modules, NOTHING, [])
    heard = hear(modules, heard, [a_call()])
    assert [call["key"] for call in heard["waiting"]] == ["A012-1"]
    heard = {**heard, "waiting": []}
    assert hear(modules, heard, [a_call()])["waiting"] == []


def test_two_calls_at_once_are_spoken_in_the_order_called(modules: Page) -> None:
    heard = hear(modules, NOTHING, [])
    heard = hear(modules, heard, [a_call("B002"), a_call("A001", ago=1)])
    assert [call["number"] for call in heard["waiting"]] == ["A001", "B002"]


def test_a_recall_is_spoken_again_but_not_twice_in_a_row(modules: Page) -> None:
    heard = hear(modules, NOTHING, [])
    heard = hear(modules, heard, [a_call(), a_call("B002")])
    heard = hear(modules, heard, [a_call(calls=2), a_call("B002")])
    assert [call["key"] for call in heard["waiting"]] == ["B002-1", "A012-2"]


def test_calls_missed_while_the_line_was_down_for_long_stay_unspoken(modules: Page) -> None:
    heard = hear(modules, NOTHING, [])
    assert hear(modules, heard, [a_call(ago=5)])["waiting"] == []


def test_a_call_that_somebody_has_answered_is_not_spoken(modules: Page) -> None:
    heard = hear(modules, NOTHING, [])
    assert hear(modules, heard, [a_call(state="serving")])["waiting"] == []


def test_the_voice_says_it_once_when_others_are_kept_waiting(modules: Page) -> None:
    one = run(modules, "wall/spoken-once.js", "next", {"known": [], "waiting": [a_call()]})
    crowd = [a_call(f"A{number:03d}") for number in range(4)]
    many = run(modules, "wall/spoken-once.js", "next", {"known": [], "waiting": crowd})
    assert (one["times"], many["times"]) == (2, 1)
    assert many["call"]["number"] == "A000"
    assert len(many["rest"]["waiting"]) == 3


@pytest.mark.parametrize(
    ("wait", "figures", "unit"),
    [
        ({"low": 10, "high": 15}, "10–15", "minutes"),
        ({"low": 0, "high": 5}, "5", "minutes_within"),
        ({"low": 10, "high": 10}, "10", "minutes"),
        ({"low": 0, "high": 0}, None, "no_wait"),
    ],
)
def test_a_wait_is_shown_as_a_range(modules: Page, wait: dict[str, int], figures: str | None, unit: str) -> None:
    assert run(modules, "wall/wait-words.js", "waitWords", wait) == {"figures": figures, "unit": unit}


def a_quarter(minute: int, required: int, period: str = "busy") -> dict[str, Any]:
    start = f"2001-09-09T{1 + minute // 60:02d}:{minute % 60:02d}:00+00:00"
    return {
        "start": start,
        "expected": 5,
        "required": required,
        "advised": required + 1,
        "period": period,
        "reason": required,
    }


def test_the_plan_puts_quarters_of_one_period_together(modules: Page) -> None:
    quarters = [a_quarter(0, 2), a_quarter(15, 4), a_quarter(30, 1, "quiet"), a_quarter(60, 1, "quiet")]
    lines = modules.evaluate(
        """async (quarters) => {
          const {stretches, summary} = await import("display/common/quarters.js");
          return stretches(quarters, (one, other) => one.period === other.period).map(summary);
        }""",
        quarters,
    )
    assert [(line["required"], line["advised"], line["expected"]) for line in lines] == [
        ("2–4", "3–5", 10),
        ("1", "2", 5),
        ("1", "2", 5),
    ]
    assert lines[0]["reason"] == 4


def test_labels_at_one_height_are_moved_apart(modules: Page) -> None:
    assert run(modules, "charts/spread-labels.js", "apart", [50, 50], 16) == [58, 42]
    assert run(modules, "charts/spread-labels.js", "apart", [80, 20], 16) == [80, 20]
    assert run(modules, "charts/spread-labels.js", "apart", [34, 34, 34], 17) == [51, 34, 17]


def test_a_trend_is_told_once_a_quarter_of_an_hour_has_been_seen(modules: Page) -> None:
    told = modules.evaluate(
        """async () => {
          const {trend} = await import("display/common/sums.js");
          const waiting = trend();
          return [0, 5, 10, 15, 20].map((minute) => waiting.change(10 + minute, minute * 60000));
        }"""
    )
    assert told == [None, None, None, 15, 15]


def test_a_count_never_passes_the_numbers_it_goes_between(modules: Page) -> None:
    shown = modules.evaluate(
        """async () => {
          // a frame that began before the count did
          window.requestAnimationFrame = (step) => setTimeout(() => step(performance.now() - 300), 5);
          const {count} = await import("display/dashboard/count.js");
          const place = document.createElement("span");
          const shown = [];
          count(place, 2, (n) => n);
          count(place, 0, (n) => (shown.push(n), n));
          await new Promise((done) => setTimeout(done, 1500));
          return shown;
        }"""
    )
    assert shown[-1] == 0
    assert all(0 <= n <= 2 for n in shown), shown


def a_step(hour: int, counters: int) -> dict[str, Any]:
    return {
        "from": f"2001-09-09T{hour:02d}:00:00+00:00",
        "until": f"2001-09-09T{hour + 1:02d}:00:00+00:00",
        "counters": counters,
    }


def test_the_next_steps_are_told_against_what_is_open_now(modules: Page) -> None:
    coming = [a_step(1, 1), a_step(2, 3), a_step(3, 3), a_step(4, 6)]

    def told(open_now: int, *, present: bool = False) -> list[tuple[int, int]]:
        found = run(modules, "common/sums.js", "nextSteps", coming, open_now, NOW, present)
        return [(one["counters"], one["change"]) for one in found]

    # it is a quarter to two; the plan was made when one counter was open
    assert told(1) == [(3, 2), (6, 3)]
    assert told(5) == [(3, -2), (6, 3)], "never 'open 2 more, 3 in all' beside five that are open"
    assert told(3) == [(6, 3)]
    assert told(5, present=True) == [(1, -4), (3, 2), (6, 3)]
    assert told(1, present=True) == [(3, 2), (6, 3)]


def test_a_hall_stands_as_its_map_says(modules: Page) -> None:
    def areas(*rows: str, counters: str = "1 2 3 4 5 6") -> Any:
        return run(modules, "dashboard/hall-areas.js", "mapped", list(rows), [{"key": key} for key in counters.split()])

    assert areas("3 4 5", "2 . 6", "1 . .") == [["c-3", "c-4", "c-5"], ["c-2", ".", "c-6"], ["c-1", ".", "."]]
    assert areas("3 4 5", "2 . 6", "1 . 7") == [["c-3", "c-4", "c-5"], ["c-2", "hall", "c-6"], ["c-1", "hall", "c-7"]]
    assert areas("1 2 3", "4 5 6") == [["c-1", "c-2", "c-3"], ["c-4", "c-5", "c-6"]]
    assert areas() is None
    assert areas("1 2 3", "4 5 6", counters="1 9") is None, "a counter that the map does not know"


def test_the_mean_of_the_day_weighs_each_counter_by_its_time(modules: Page) -> None:
    assert (
        run(
            modules,
            "common/sums.js",
            "meanShare",
            [{"share": 0.5, "minutes": 300}, {"share": 0.9, "minutes": 100}, {}],
        )
        == 0.6
    )
    assert run(modules, "common/sums.js", "meanShare", [{}]) is None


def test_the_figure_and_the_plan_are_of_one_outlook(modules: Page) -> None:
    outlook = {
        "made_at": "2001-09-09T01:40:00+00:00",
        "quarters": [{"start": f"2001-09-09T01:{m}:00+00:00", "advised": n} for m, n in ((30, 4), (45, 6))],
    }
    told = {"counters_advised": 6, "advised_at": outlook["made_at"]}
    assert run(modules, "common/quarters.js", "advisedAt", outlook, NOW) == told
    assert run(modules, "common/quarters.js", "advisedAt", outlook, NOW + 3_600_000) is None
    assert run(modules, "common/quarters.js", "advisedAt", None, NOW) is None


@pytest.mark.parametrize(
    ("minutes", "tier", "own", "word"),
    [
        ((2, 3, 9), "standard", True, "fine"),
        ((2, 3, 33), "standard", True, "over_guard"),
        # gold is over its own limit too: told is whoever waits longest, with his own
        ((18, 3, 33), "standard", True, "over_guard"),
        ((18, 3, 20), "gold", False, "over_guard"),
        ((2, 21, 22), "silver", False, "near_guard"),
        ((None, None, None), "gold", True, "fine"),
    ],
)
def test_the_longest_wait_is_told_with_its_own_tiers_limit(
    modules: Page, minutes: tuple[int | None, ...], tier: str, own: bool, word: str
) -> None:
    tiers = [
        {"key": key, "longest_minutes": waits, "guard_minutes": guard}
        for key, waits, guard in zip(("gold", "silver", "standard"), minutes, (15, 25, 30), strict=True)
    ]
    told = run(modules, "common/sums.js", "worstOff", tiers)
    assert (told["tier"]["key"], told["own"], told["verdict"][1]) == (tier, own, word)


def test_squares_of_what_if_go_by_the_roster_but_the_running_one_is_as_it_stands(modules: Page) -> None:
    start, quarter = NOW - NOW % 900_000, 900_000
    iso = [f"2001-09-09T{at}:00Z" for at in ("01:45", "02:05", "02:20", "03:00")]
    counter = {"key": "4", "state": "closed", "now": start + 60_000, "planned": [iso[:2], iso[2:]]}
    stands = [run(modules, "what-if/cells.js", "stands", counter, start + i * quarter) for i in range(6)]
    # 01:45, 02:00, 02:15, 02:30, 02:45, 03:00
    assert stands == [False, False, True, True, True, False]
    edits = {f"4 {start + quarter}": True, f"4 {start + 2 * quarter}": True}
    asked = run(modules, "what-if/cells.js", "changes", [counter], [start + i * quarter for i in range(6)], edits)
    assert [(one["open"], one["at"][11:16], one["until"][11:16]) for one in asked] == [(True, "02:00", "02:15")]


def test_what_the_roster_has_in_store_is_told_until_its_next_change(modules: Page) -> None:
    at = [f"2001-09-09T{clock}:00Z" for clock in ("01:30", "02:00", "03:00", "05:00")]
    start = NOW - NOW % 900_000
    openings = {"1": [[at[0], at[3]]], "2": [[at[0], at[1]]], "3": [[at[1], at[2]]]}
    end = start + 3_600_000 * 3
    found = run(modules, "common/sums.js", "nextByRoster", openings, start + 60_000, end)
    assert (found["n"], found["next"], found["at"] - start) == (2, 1, 75 * 60_000), "one takes over from another at two"
    assert run(modules, "common/sums.js", "nextByRoster", openings, start + 80 * 60_000, end) == {
        "n": 1,
        "at": None,
        "next": 1,
    }
