"""The redirect after signing in stays on this site (no open redirect)."""

import pytest

from hallflow.console import way_on


@pytest.mark.parametrize("wanted", ["/console/central", "/console/central?bar=1&lang=en", "/dashboard/county#plan"])
def test_a_path_of_this_site_is_gone_on_to(wanted: str) -> None:
    assert way_on(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "",
        "console",
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:0",
    ],
)
def test_whatever_may_lead_off_the_site_is_dropped(wanted: str | None) -> None:
    assert way_on(wanted) == ""
