"""Rules for every response: errors as JSON, security headers, an API document that lists every route."""

import re

import pytest

from tests.web.client import Api


def test_halls_at_a_glance(api: Api) -> None:
    api.as_clerk().verb("open")
    api.take()
    halls = {hall["key"]: hall for hall in api.get("/halls").json["halls"]}
    assert set(halls) == {"central", "county"}
    assert set(halls["central"]) == {"key", "name", "open", "waiting", "wait"}
    assert (halls["central"]["waiting"], halls["central"]["open"]) == (1, True)
    assert halls["central"]["wait"]["low"] <= halls["central"]["wait"]["high"]
    assert halls["county"]["wait"] is None


def test_what_a_hall_offers(api: Api) -> None:
    shown = api.get("/halls/county").json
    wanted = {
        *("key", "name", "zone", "at", "pace", "seq", "demo", "open", "opens_at", "closes_at", "notice"),
        *("groups", "services", "elsewhere", "languages"),
    }
    assert wanted <= set(shown)
    assert [service["key"] for service in shown["services"]] == ["bills", "plan_change", "sim", "broadband", "new_line"]
    service = {
        *("key", "name", "help", "group", "icon", "letter", "open", "counters_open", "waiting", "wait"),
        *("closed_reason", "documents", "form", "minutes"),
    }
    assert service <= set(shown["services"][0])
    assert {entry["key"] for entry in shown["elsewhere"]} == {"device", "complaint", "business"}
    assert api.get("/halls/county/counters").json["counters"][0].keys() >= {"key", "name", "state"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/halls/nowhere", 404, "no_hall"),
        ("GET", "/halls/nowhere/counters", 404, "no_hall"),
        ("GET", "/nothing/here", 404, "no_page"),
        ("DELETE", "/halls", 405, "wrong_method"),
        ("GET", "/halls/central/tickets", 405, "wrong_method"),
    ],
)
def test_every_fault_of_the_api_is_json_in_both_languages(
    api: Api, method: str, path: str, status: int, code: str
) -> None:
    api.refuses(status, code, method, path)


def test_a_body_that_is_too_large_is_refused(api: Api) -> None:
    api.refuses(413, "too_large", "POST", "/halls/central/tickets", json={"service": "x" * 300_000})


def test_a_page_that_is_not_there_is_a_page(api: Api) -> None:
    answer = api.page("/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_every_answer_carries_its_safeguards(api: Api) -> None:
    for answer in (api.get("/halls"), api.page("/"), api.get("/nothing")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert api.get("/halls").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/kiosk/central", "/wall/central", "/console/central", "/sign-in/central"])
def test_only_scripts_with_the_nonce_of_this_answer_run(api: Api, path: str) -> None:
    nonces = set()
    for _ in range(2):
        answer = api.page(path)
        assert answer.status_code == 200
        policy = answer.headers["Content-Security-Policy"]
        nonce = re.search(r"script-src 'self' 'nonce-([^']+)'", policy)
        assert nonce is not None
        nonces.add(nonce[1])
        inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", answer.text)
        assert all(f'nonce="{nonce[1]}"' in tag or 'type="application/json"' in tag for tag in inline), inline
        assert "object-src 'none'" in policy
        assert not re.search(r"\son[a-z]+=", answer.text)
    assert len(nonces) == 2


def test_the_document_of_the_api_lists_every_route(api: Api) -> None:
    document = api.get("/openapi.json").json
    assert document["openapi"].startswith("3.")
    described = {
        (method.upper(), re.sub(r"\{(\w+)\}", r"<\1>", path))
        for path, verbs in document["paths"].items()
        for method in verbs
    }
    routes = {
        (method, rule.rule)
        for rule in api.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and not rule.endpoint.startswith("openapi")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes <= described
    assert {("POST", "/api/v1/halls/<hall>/tickets"), ("PUT", "/api/v1/tickets/<token>/prefill")} <= routes
    for verbs in document["paths"].values():
        for verb in verbs.values():
            assert verb["responses"]
            assert verb.get("summary") or verb.get("description")
    names = re.findall(r'"#/components/schemas/([^"]+)"', api.get("/openapi.json").text)
    assert set(names) <= set(document["components"]["schemas"])


def test_monitors_are_told_what_they_need(api: Api) -> None:
    api.take()
    assert api.page("/healthz").json == {"status": "ok"}
    assert api.page("/readyz").json["status"] == "ready"
    assert 'hallflow_waiting{hall="central"} 1.0' in api.page("/metrics").text


def test_the_callers_language_is_asked_for_or_read_from_the_browser(api: Api) -> None:
    def said(path: str, accept: str = "") -> str:
        return api.get(path, headers={"Accept-Language": accept}).json["error"]["message"]

    chinese, english = said("/halls/x?lang=zh"), said("/halls/x?lang=en")
    assert chinese != english
    assert said("/halls/x", "en-GB,en;q=0.9") == english
    assert said("/halls/x", "fr") == said("/halls/x") == said("/halls/x?lang=fr") == chinese
    assert said("/halls/x?lang=en", "zh") == english
