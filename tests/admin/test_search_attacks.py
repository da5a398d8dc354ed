"""What must never get in or out by way of the search for accounts."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.admin.conftest import make
from tests.admin.test_users import USERS, listed
from tests.conftest import Browser
from tests.tables import Case

EVE = "eve@example.com"
HOSTILE = ["\x00", "\r\nX: y", "\u202e", "x" * 5000, "\U0010ffff", "\ufdfa" * 100]


SIGNS = ["%", "_", "e%", "%eve", "e_e", "*", "e*", "' OR 1=1 --", "\\", "[a-z]", '"']


@pytest.mark.asvs("1.2.4")
def test_no_sign_in_a_search_stands_for_others(
    app: Flask, administrator: Browser, case: Case
) -> None:
    make(app, EVE, "Eve")
    for search in SIGNS:
        with case(search=search):
            assert listed(administrator.get(USERS, query_string={"search": search}).text) == []


SEARCHES = [*HOSTILE, "<script>alert(1)", '"><img src=x>']


@pytest.mark.asvs("1.2.1")
def test_whatever_is_searched_for_the_page_stands(administrator: Browser, case: Case) -> None:
    for search in SEARCHES:
        with case(search=search):
            for query in ({"search": search}, {"search": search, "cursor": search}):
                page = administrator.get(USERS, query_string=query)
                assert page.status_code == (303 if "cursor" in query else 200)
                assert "<script>alert" not in page.text
                assert "<img src=x" not in page.text
                assert "X" not in page.headers
            assert administrator.get(f"{USERS}?search=%ff%fe&cursor=%ff").status_code == 303


def test_a_place_in_one_list_is_none_in_another(
    app: Flask, administrator: Browser, helper: Callable[..., Browser]
) -> None:
    for n in range(30):
        make(app, f"person-{n}@example.com", "Person")
    page = administrator.get(f"{USERS}?search=person").text
    (cursor,) = re.findall(r'cursor=([^"&]+)"', page)
    for path in (f"{USERS}?search=perso", USERS):
        again = administrator.get(f"{path}{'&' if '?' in path else '?'}cursor={cursor}")
        assert (again.status_code, again.headers["Location"]) == (303, path)
        assert "The list begins again." in administrator.get(path).text
    other = helper("users:read").get(f"{USERS}?search=person&cursor={cursor}")
    assert other.status_code == 303


def test_nobody_stands_twice_where_folding_makes_a_word_longer(
    app: Flask, administrator: Browser
) -> None:
    make(app, "straße@example.com", "Strasse")
    page = administrator.get(f"{USERS}?search=STRASSE").text
    assert listed(page) == ["straße@example.com"]
