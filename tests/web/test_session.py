"""Signing in and out, and the limit on wrong PINs."""

from dataclasses import replace
from pathlib import Path

from hallflow.storage.records import people
from hallflow.storage.records.people import Staff
from hallflow.storage.secrets import pin_fits, pin_hash
from hallflow.web.rights import COOKIE
from tests.makers import a_house
from tests.web.client import Api

CLERK = {"hall": "central", "pin": "1111", "counter": "1"}


def test_signing_in_gives_a_token_and_a_cookie_no_script_can_read(api: Api) -> None:
    answer = api.post("/session", CLERK)
    assert {"token", "role", "hall", "counter", "name"} <= set(answer.json)
    assert (answer.json["role"], answer.json["counter"]) == ("clerk", "1")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert part in cookie
    over_tls = api.post("/session", CLERK, base_url="https://hall.example.com")
    assert "Secure" in over_tls.headers["Set-Cookie"]


def test_the_cookie_signs_in_and_signing_out_takes_it_back(api: Api) -> None:
    browser = api.app.test_client()
    browser.post("/api/v1/session", json=CLERK)
    assert browser.get("/api/v1/session").json["role"] == "clerk"
    browser.delete("/api/v1/session")
    assert browser.get("/api/v1/session").status_code == 401


def test_nobody_and_a_forged_token_are_nobody(api: Api) -> None:
    api.refuses(401, "not_signed_in", "GET", "/session")
    for token in ("x", "a.b.c", "", api.post("/session", CLERK).json["token"] + "x"):
        api.refuses(401, "not_signed_in", "GET", "/session", headers={"Authorization": f"Bearer {token}"})


def test_wrong_pins_are_few_a_minute(api: Api) -> None:
    for _ in range(3):
        api.refuses(401, "wrong_pin", "POST", "/session", json=CLERK | {"pin": "0000"})
    api.refuses(429, "too_many_tries", "POST", "/session", json=CLERK)
    answer = api.post("/session", CLERK)
    assert int(answer.headers["Retry-After"]) > 0
    # another hall is not held up by it
    assert api.post("/session", CLERK | {"hall": "county"}).status_code == 200


def test_wrong_pins_behind_a_proxy_are_counted_for_whoever_sent_them(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    api = Api(replace(house, settings=replace(house.settings, proxies=1)))

    def tried_from(address: str, pin: str) -> int:
        # what stands before the last one could be anything: whoever calls may have written it
        heads = {"X-Forwarded-For": f"10.9.9.9, {address}"}
        return api.post("/session", CLERK | {"pin": pin}, headers=heads).status_code

    assert [tried_from("10.0.0.1", "0000") for _ in range(7)] == [401] * 6 + [429]
    assert tried_from("10.0.0.2", "1111") == 200
    house.engine.dispose()


def test_an_address_that_nobody_vouches_for_counts_for_nothing(api: Api) -> None:
    tries = [
        api.post("/session", CLERK | {"pin": "0000"}, headers={"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(7)
    ]
    assert [each.status_code for each in tries] == [401] * 6 + [429]


def test_what_is_asked_for_must_exist(api: Api) -> None:
    api.refuses(404, "no_hall", "POST", "/session", json=CLERK | {"hall": "nowhere"})
    api.refuses(404, "no_counter", "POST", "/session", json=CLERK | {"counter": "99"})
    api.refuses(400, "missing_field", "POST", "/session", "pin", json={"hall": "central"})
    api.refuses(400, "malformed", "POST", "/session", "pin", json=CLERK | {"pin": 1111})
    api.refuses(400, "malformed", "POST", "/session", "pin", json=CLERK | {"pin": "1" * 33})


def test_staff_sign_in_by_their_own_pin_and_role(tmp_path: Path) -> None:
    house = a_house(tmp_path, demo=False)
    with house.engine.begin() as connection:
        for person in (
            ("wang", "王芳", "clerk", "4711"),
            ("he", "何经理", "manager", "8000"),
            ("li", "李娜", "clerk", "4712"),
        ):
            people.keep_staff(connection, Staff(person[0], "central", person[1], person[2], pin_hash(person[3])))
        people.keep_staff(connection, Staff("old", "central", "x", "clerk", "no hash at all"))
    api = Api(house)
    assert api.as_clerk("1", pin="4711").get("/session").json["name"] == "王芳"
    assert api.as_manager(pin="8000").get("/session").json["role"] == "manager"
    api.refuses(401, "wrong_pin", "POST", "/session", json=CLERK | {"pin": "8000"})
    api.as_clerk("1", pin="4711").verb("open")
    # the counter is taken: the other clerk is told by whom
    api.refuses(409, "counter_taken", "POST", "/session", json=CLERK | {"pin": "4712"})
    assert "王芳" in api.post("/session", CLERK | {"pin": "4712"}).json["error"]["message"]


def test_pins_are_stored_as_slow_hashes() -> None:
    stored = pin_hash("4711")
    assert "4711" not in stored
    assert stored.startswith("$argon2id$")
    assert pin_fits(stored, "4711")
    assert not pin_fits(stored, "4712")
