"""The figures of the track record, compared with values calculated by hand."""

from hallflow.domain.waits.track_record import Outcome, record


def outcome(waited: float | None, low: float = 5, high: float = 15, **more: object) -> Outcome:
    given = {"service": "bills", "tier": "gold", "hour": 10, "ahead": 2, "others": {}} | more
    return Outcome(low=low, likely=10, high=high, waited=waited, **given)  # type: ignore[arg-type]


def test_coverage_width_error_and_score() -> None:
    told = record([outcome(5), outcome(15), outcome(17), outcome(4)])["overall"]
    assert told["coverage"] == 0.5
    assert told["width"] == 10
    assert told["mae"] == (5 + 5 + 7 + 6) / 4
    assert told["winkler"] == 10 + (20 + 10) / 4


def test_an_estimator_is_compared_on_the_customers_it_had_a_word_on() -> None:
    told = record([outcome(10, others={"les": 4.0}), outcome(20, others={"les": None, "typical": 20.0})])["overall"]
    assert told["beside"]["les"] == {"n": 1, "mae": 6, "ours": 0}
    assert told["beside"]["typical"] == {"n": 1, "mae": 0, "ours": 10}
    assert "queue" not in told["beside"]


def test_whoever_left_is_counted_apart() -> None:
    told = record([outcome(None), outcome(9)])
    assert (told["left"], told["overall"]["n"]) == (1, 1)


def test_every_outcome_stands_once_in_each_group() -> None:
    mixed = [outcome(9, ahead=ahead, hour=ahead, service=f"s{ahead}") for ahead in (0, 1, 3, 4, 9, 10, 90)]
    told = record(mixed)
    assert {key: sums["n"] for key, sums in told["loads"].items()} == {"nobody": 1, "few": 2, "some": 2, "many": 2}
    for group in ("services", "tiers", "hours", "loads"):
        assert sum(sums["n"] for sums in told[group].values()) == len(mixed)


def test_nobody_is_a_record_of_nothing() -> None:
    told = record([])
    assert told["overall"] == {"n": 0, "coverage": None, "width": None, "mae": None, "winkler": None, "beside": {}}
