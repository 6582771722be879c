"""The API of a hall with French added: names are mappings by language, and any language of texts/ can be requested."""

import shutil
from pathlib import Path

import pytest

from tests.config.plans import a_config, spoil
from tests.web.client import Api

FRENCH = Path(__file__).parents[1] / "data" / "fr.toml"


def in_french(folder: Path) -> Path:
    """The sample halls in French between English and Chinese, with a French name here and there."""
    plan = a_config(folder)
    shutil.copy(FRENCH, plan / "texts" / "fr.toml")
    spoil(plan, "hallflow.toml", '["zh", "en"]', '["en", "fr", "zh"]')
    spoil(plan, "services.toml", 'en = "Bills and payments"', 'en = "Bills and payments", fr = "Factures et paiements"')
    spoil(plan, "halls/central.toml", 'en = "Counter 1"', 'en = "Counter 1", fr = "Guichet 1"')
    return plan


pytestmark = pytest.mark.parametrize("config", [in_french], indirect=True)


def test_the_hall_names_its_languages_and_everything_in_each(api: Api) -> None:
    hall = api.get("/halls/central").json
    assert hall["languages"] == ["en", "fr", "zh"]
    names = {service["key"]: service["name"] for service in hall["services"]}
    assert names["bills"] == {"en": "Bills and payments", "fr": "Factures et paiements", "zh": "话费缴纳与账单"}
    assert names["sim"] == {"en": "SIM card", "fr": "SIM card", "zh": "补卡换卡"}


def test_a_ticket_is_taken_in_any_of_them_and_without_one_in_the_first(api: Api) -> None:
    assert api.take(language="fr")["language"] == "fr"
    assert api.take()["language"] == "en"
    answer = api.post("/halls/central/tickets", {"service": "bills", "language": "de"})
    assert (answer.status_code, answer.json["error"]["field"]) == (400, "language")


def test_the_clerk_serves_a_french_speaker_and_whoever_walks_in_speaks_the_first_language(api: Api) -> None:
    clerk = api.as_clerk("1")
    clerk.verb("open")
    assert clerk.verb("walk-in", service="bills", language="fr").json["serving"]["language"] == "fr"
    clerk.verb("finish")
    assert clerk.verb("walk-in", service="bills").json["serving"]["language"] == "en"


def test_the_callers_browser_is_answered_in_french_where_there_is_a_sentence(api: Api) -> None:
    def said(path: str, accept: str) -> str:
        message: str = api.get(path, headers={"Accept-Language": accept}).json["error"]["message"]
        return message

    assert said("/halls/x", "fr-CH, fr;q=0.9, en;q=0.8") == "Il n'y a pas de hall « x ». Vérifiez l'adresse."
    assert said("/tickets/nobodys-token", "fr") == said("/tickets/nobodys-token", "en")
    assert said("/halls/x", "de") == said("/halls/x", "en")


def test_a_story_tells_of_counters_by_their_french_names(api: Api) -> None:
    token = api.take(language="fr")["token"]
    clerk = api.as_clerk("1")
    clerk.verb("open")
    clerk.verb("call-next")
    story = api.get(f"/tickets/{token}").json["story"]
    assert story[-1]["text"]["fr"] == "Appelé : Guichet 1"
    assert story[-1]["text"]["en"] == "Called to Counter 1"
