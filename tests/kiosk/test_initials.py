"""The kiosk's search finds a service by the first letters of its Pinyin."""

import pytest
from playwright.sync_api import Page

from tests.modules import call


@pytest.mark.parametrize(
    ("said", "letters"), [("补卡换卡", "bkhk"), ("宽带", "kd"), ("SIM卡 5G", "simk 5g"), ("阿匝", "az"), ("", "")]
)
def test_a_sign_gives_the_letter_it_is_spoken_with_and_others_stay(modules: Page, said: str, letters: str) -> None:
    assert call(modules, "kiosk/kiosk/initials.js", "initials", said) == letters
