"""Made-up answers to a pre-filled form: a valid or an invalid value for each kind of question."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from stdnum.cn import ric, uscc

WORDS = ("朝阳路 18 号", "中山北路 7 号 502 室", "人民广场东侧", "建设大街 66 号")
NAMES = ("张伟", "王芳", "李娜", "刘洋", "陈静", "杨帆", "赵磊", "周敏", "吴昊", "孙丽")
MODELS = ("Mate 60", "iPhone 15", "Xiaomi 14", "OPPO Find X7")
SLIPS: Mapping[str, Any] = {
    "phone": "1380013",
    "email": "name@",
    "identity_number": "110101199003070000",
    "tax_number": "91350100M000100Y00",
    "date": "31.2.",
    "amount": "abc",
}
"""Invalid values by kind."""


def answers(fields: list[dict[str, Any]], rng: random.Random, today: date) -> dict[str, Any]:
    """Valid answers to every required question, and to some of the others."""
    return {f["key"]: _answer(f, rng, today) for f in fields if f["required"] or rng.random() < 0.4}


def half(fields: list[dict[str, Any]], rng: random.Random, today: date) -> dict[str, Any]:
    """Answers to half of the questions, one invalid where a kind has an invalid value."""
    given = answers(fields[: max(1, len(fields) // 2)], rng, today)
    wrong = [f for f in fields if f["kind"] in SLIPS]
    if wrong:
        field = rng.choice(wrong)
        given[field["key"]] = SLIPS[field["kind"]]
    return given


def _answer(field: dict[str, Any], rng: random.Random, today: date) -> Any:
    kind, choices = field["kind"], [choice["value"] for choice in field["choices"]]
    longest = field["max"] or 200
    match kind:
        case "yes_no":
            return rng.random() < 0.7
        case "choice":
            return rng.choice(choices)
        case "choices":
            return rng.sample(choices, rng.randint(1, min(2, len(choices))))
        case "date":
            return (today + timedelta(days=rng.randint(-20, 10))).isoformat()
        case "amount":
            return str(min(rng.choice((30, 50, 59, 99, 100, 129, 200, 300)), longest))
        case "phone":
            return f"13{rng.randint(5, 9)}{rng.randint(0, 99_999_999):08d}"
        case "email":
            return f"customer{rng.randint(1, 9999)}@example.com"
        case "identity_number":
            return _identity_number(rng)
        case "tax_number":
            return _tax_number(rng)
        case "long_text":
            return rng.choice(WORDS)[:longest]
        case "text":
            return rng.choice(MODELS if "model" in field["key"] else NAMES)[:longest]
        case _:
            # a kind without made-up answers: the question's own example
            return field["example"]


def _identity_number(rng: random.Random) -> str:
    """An identity number with a valid check digit, of Beijing's Dongcheng district."""
    born = date(1950, 1, 1) + timedelta(days=rng.randint(0, 20_000))
    body = f"110101{born:%Y%m%d}{rng.randint(1, 999):03d}"
    return body + ric.calc_check_digit(f"{body}0")


def _tax_number(rng: random.Random) -> str:
    body = f"91110101MA{''.join(rng.choice('0123456789ABCDEFGHJKLMNPQRTUWXY') for _ in range(7))}"
    return body + uscc.calc_check_digit(body)
