import resource
from collections.abc import Iterator

import pytest

from hallflow.serving import FILES, allow_files


@pytest.fixture
def limits() -> Iterator[tuple[int, int]]:
    """This process's limits of open files; put back afterwards."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_shell_that_allows_few_files_does_not_keep_screens_out(limits: tuple[int, int]):
    hard = limits[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    allow_files()
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert allowed == (FILES if hard == resource.RLIM_INFINITY else min(FILES, hard), hard)


def test_a_shell_that_allows_more_is_left_as_it_is(limits: tuple[int, int]):
    generous = limits[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (generous, generous))
    allow_files()
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == generous
