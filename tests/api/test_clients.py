"""The example clients of the documents, each against a served application."""

import json
import os
import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.clients.client import Refused, Tokens
from tests.api.clients.house import EMAIL, House
from tests.browser.chromium import serving
from tests.conftest import PASSWORD, Clock
from tests.parts import require_part

SCRIPT = Path(__file__).with_name("clients") / "client.sh"
AT_ONCE = 6


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An application with the account of Ada Lovelace."""
    with serving(tmp_path) as (app, public_url):
        yield House(app, public_url)


class Client(ABC):
    """One of the examples, as its user would use it. `password` is what they type when asked."""

    password = PASSWORD

    @abstractmethod
    def call(self, method: str, path: str) -> Any:
        """Return what is answered.

        Raises:
            Refused: nothing good is.
        """


class Httpx(Client):
    """Python, with httpx."""

    def __init__(self, house: House, _: Path) -> None:
        self.times_asked = 0
        self.transport = httpx.HTTPTransport()
        auth = Tokens(house.base, self._ask)
        self.http = httpx.Client(
            base_url=house.base, auth=auth, transport=self.transport, trust_env=False
        )

    def _ask(self) -> tuple[str, str]:
        self.times_asked += 1
        return EMAIL, self.password

    def call(self, method: str, path: str) -> Any:
        answer = self.http.request(method, path)
        return answer.raise_for_status().json() if answer.content else None


class Curl(Client):
    """The terminal, with curl."""

    def __init__(self, house: House, folder: Path) -> None:
        for needed in ("curl", "jq", "flock"):
            require_part(needed)
        self.tokens = folder / "tokens.json"
        named = {"API": house.base, "TOKENS": str(self.tokens), "NO_PROXY": "localhost"}
        self.environment = {**os.environ, **named}
        self.run("sign-in", EMAIL)

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            ["bash", SCRIPT, *arguments],
            input=self.password,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode:
            raise Refused("refused", done.stdout + done.stderr)
        return done.stdout

    def call(self, method: str, path: str) -> Any:
        said = self.run(method, path)
        return json.loads(said) if said else None


@pytest.fixture(params=[Httpx, pytest.param(Curl, marks=pytest.mark.process)])
def client(request: pytest.FixtureRequest, house: House, tmp_path: Path) -> Client:
    """Each of the examples."""
    made: Client = request.param(house, tmp_path)
    assert made.call("GET", "/me")["email"] == EMAIL
    assert house.asked["/auth/token"] == 1
    return made


def test_many_requests_at_once_refresh_once(
    client: Client, house: House, moving_clock: Clock
) -> None:
    moving_clock.forward(minutes=16)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        asked = [threads.submit(client.call, "GET", "/me") for _ in range(AT_ONCE)]
        assert [answer.result()["email"] for answer in asked] == [EMAIL] * AT_ONCE
    assert house.asked["/auth/refresh"] == 1
    assert house.asked["/auth/token"] == 1


def test_the_new_refresh_token_is_kept(client: Client, house: House, moving_clock: Clock) -> None:
    for _ in range(3):
        moving_clock.forward(minutes=16)
        client.call("GET", "/me")
    assert house.asked["/auth/refresh"] == 3
    assert house.asked["/auth/token"] == 1


def test_a_sign_in_that_was_ended_is_begun_again(client: Client, house: House) -> None:
    house.end_every_sign_in()
    assert client.call("GET", "/me")["email"] == EMAIL
    assert house.asked["/auth/token"] == 2


def test_presence_is_proved_where_it_is_asked_for(
    client: Client, house: House, moving_clock: Clock
) -> None:
    moving_clock.forward(minutes=11)
    assert client.call("POST", "/auth/logout-all") is None
    assert house.asked["/auth/reauthenticate"] == 1
    assert house.asked["/auth/logout-all"] == 2


def test_both_refusals_of_one_request_are_cured(
    client: Client, house: House, moving_clock: Clock
) -> None:
    moving_clock.forward(minutes=16)
    assert client.call("POST", "/auth/logout-all") is None
    assert house.asked["/auth/refresh"] == house.asked["/auth/reauthenticate"] == 1


def test_what_has_no_cure_is_handed_on(client: Client, house: House) -> None:
    with pytest.raises((Refused, httpx.HTTPStatusError), match=r"404|not_found"):
        client.call("GET", "/nothing-here")
    assert house.asked["/nothing-here"] == 1


def test_a_wrong_password_is_refused_and_not_tried_again(client: Client, house: House) -> None:
    house.end_every_sign_in()
    client.password = "not the password at all"
    with pytest.raises(Refused, match="do not open an account"):
        client.call("GET", "/me")
    assert house.asked["/auth/token"] == 2


@pytest.fixture
def curl(house: House, tmp_path: Path) -> Curl:
    """The script alone."""
    return Curl(house, tmp_path)


@pytest.mark.process
def test_the_script_keeps_its_tokens_from_other_users(curl: Curl) -> None:
    assert curl.tokens.stat().st_mode & 0o077 == 0


@pytest.mark.process
def test_the_script_shows_no_secret_among_its_arguments(curl: Curl, tmp_path: Path) -> None:
    """Every program that the script starts writes down how it was called."""
    seen, real = tmp_path / "seen", shutil.which
    for name in ("curl", "jq"):
        spy = tmp_path / "bin" / name
        spy.parent.mkdir(exist_ok=True)
        spy.write_text(f'#!/bin/sh\necho "$@" >>"{seen}"\nexec "{real(name)}" "$@"\n')
        spy.chmod(0o755)
    curl.environment["PATH"] = f"{tmp_path}/bin:{os.environ['PATH']}"
    curl.run("sign-in", EMAIL)
    curl.call("GET", "/me")
    curl.call("POST", "/auth/logout-all")
    said = seen.read_text()
    assert "/me" in said
    assert PASSWORD not in said
    assert "eyJ" not in said  # how every JWT begins


@pytest.mark.process
def test_the_script_says_that_nobody_is_there_to_type(curl: Curl, house: House) -> None:
    house.end_every_sign_in()
    curl.password = ""
    with pytest.raises(Refused, match="nobody is there to type"):
        curl.call("GET", "/me")


@pytest.mark.process
def test_the_script_signs_out(curl: Curl, house: House) -> None:
    curl.run("sign-out")
    assert not curl.tokens.exists()
    assert house.asked["/auth/logout"] == 1


def test_an_answer_that_is_lost_is_asked_for_again(
    house: House, tmp_path: Path, moving_clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Httpx(house, tmp_path)
    client.call("GET", "/me")
    moving_clock.forward(minutes=16)
    monkeypatch.setattr(client.transport, "handle_request", lose_one(client.transport))
    with pytest.raises(httpx.ReadError):
        client.call("GET", "/me")
    assert client.call("GET", "/me")["email"] == EMAIL
    assert house.asked["/auth/refresh"] == 2
    assert client.times_asked == 1


def lose_one(transport: httpx.HTTPTransport) -> Callable[[httpx.Request], httpx.Response]:
    """Be a network that loses the first answer with new tokens."""
    real, lost = transport.handle_request, []

    def handle(asked: httpx.Request) -> httpx.Response:
        answer = real(asked)
        if asked.url.path.endswith("/refresh") and not lost:
            answer.read()
            lost.append(answer)
            raise httpx.ReadError("The line went dead.")
        return answer

    return handle
