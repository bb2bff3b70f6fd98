"""Tests of one group run in one process, one after the other: they share a card, a machine or a server."""

import pytest


@pytest.mark.xdist_group("alone")
def test_a_group_is_known_to_whoever_deals_the_tests_out(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("loadgroup", default=False):
        pytest.skip("asked where groups are kept: make test")
    assert request.node.nodeid.endswith("@alone")
