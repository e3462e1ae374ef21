"""Whose names are the outlet's."""

import pytest

from searcher.readers.html.authors import Outlet

OUTLET = Outlet("The Tallow Post", "https://www.tallowpost.example/a", ["Tallow Media Ltd"])


@pytest.mark.parametrize("name", ["The Tallow Post", "tallow post", "tallowpost.example", "Tallow Media Ltd"])
def test_the_outlet_is_called_by_its_names(name):
    assert OUTLET.is_called(name)


@pytest.mark.parametrize("name", ["Tallow Post online", "Team Tallowpost"])
def test_a_name_that_holds_the_outlets_is_not_its_own(name):
    assert (False, True) == (OUTLET.is_called(name), OUTLET.is_in(name))


def test_initials_that_are_the_host_are_the_outlet():
    assert Outlet(None, "https://www.dr.example", ()).is_in("Daily Rope")


@pytest.mark.parametrize("name", ["Ann Lee", "Rope Agency"])
def test_others_are_not_the_outlet(name):
    assert not OUTLET.is_in(name)


def test_an_outlet_is_called_by_its_name_with_the_ending_of_its_address():
    assert Outlet("Tallowpost", None, ()).is_called("TallowPost.hu")
