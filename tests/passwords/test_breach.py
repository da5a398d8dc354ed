"""The look-up of leaked passwords, against a real server that answers well or badly."""

import hashlib
import re
import ssl
import threading
import time

import pytest
import trustme

from app.passwords import breach
from app.passwords.breach import LookUpFailed, is_leaked
from tests.conftest import PASSWORD
from tests.passwords.leaks import HANGING, Leaks

HANGS = ("silent", "drip", "drip_headers")


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for an answer that comes, however slow the machine is."""
    monkeypatch.setattr(breach, "PATIENCE", 30)


@pytest.mark.asvs("6.2.12")
def test_a_leaked_password_is_found_and_another_is_not(leaks: Leaks) -> None:
    leaks.knows(PASSWORD)
    assert is_leaked(PASSWORD, leaks.address)
    assert not is_leaked(f"{PASSWORD}.", leaks.address)


def test_a_row_of_padding_is_no_find(leaks: Leaks) -> None:
    leaks.knows(PASSWORD, times=0)
    assert not is_leaked(PASSWORD, leaks.address)


def test_rows_in_small_letters_are_read(leaks: Leaks, monkeypatch: pytest.MonkeyPatch) -> None:
    leaks.knows(PASSWORD)
    body = leaks.body
    monkeypatch.setattr(leaks, "body", lambda prefix: body(prefix).lower().replace("\r\n", "\n"))
    assert is_leaked(PASSWORD, leaks.address)


@pytest.mark.asvs("14.2.3")
@pytest.mark.parametrize("password", [PASSWORD, "", "pass word\0\n", "пароль" * 40, "\udcff"])
def test_five_digits_leave_the_house_and_nothing_else(leaks: Leaks, password: str) -> None:
    assert not is_leaked(password, leaks.address)
    (path,), (headers,) = leaks.paths, leaks.headers
    digits = hashlib.sha1(password.encode("utf-8", "surrogatepass"))  # noqa: S324 - the protocol
    assert re.fullmatch(r"/range/[0-9A-F]{5}", path)
    assert path.endswith(digits.hexdigest().upper()[:5])
    assert headers.pop("host") == leaks.address.split("/")[2]
    assert headers == {
        "add-padding": "true",
        "user-agent": "password-check",
        "connection": "close",
        "accept-encoding": "identity",
    }


@pytest.mark.asvs("15.3.2")
@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ("status", "status 500"),
        ("redirect", "status 302"),
        ("garbage", "no list"),
        ("nothing", "no list"),
        ("binary", "UnicodeDecodeError"),
        ("no_http", "BadStatusLine"),
        ("huge", "too long"),
        ("cut", "cut off"),
        ("silent", "TimeoutError|no answer in time"),
        ("drip", "no answer in time"),
        ("drip_headers", "no answer in time"),
    ],
)
def test_an_answer_that_is_none_ends_soon(
    leaks: Leaks, answers: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaks.knows(PASSWORD)
    leaks.answers = answers
    began = time.monotonic()
    with monkeypatch.context() as impatient:
        if answers in HANGS:
            impatient.setattr(breach, "PATIENCE", 0.5)
        with pytest.raises(LookUpFailed, match=reason):
            is_leaked(PASSWORD, leaks.address)
    assert time.monotonic() - began < HANGING / 2
    assert len(leaks.paths) == 1
    leaks.answers = "well"
    assert is_leaked(PASSWORD, leaks.address)


def test_nobody_at_the_address_is_no_answer(leaks: Leaks) -> None:
    leaks.stop()
    with pytest.raises(LookUpFailed, match="ConnectionRefusedError"):
        is_leaked(PASSWORD, leaks.address)
    leaks.start = lambda: None  # type: ignore[method-assign]


@pytest.mark.slow
def test_a_service_that_hangs_holds_few(leaks: Leaks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breach, "PATIENCE", 2)  # all of them have asked before the first gives up
    leaks.answers = "drip"
    failures: list[str] = []

    def ask() -> None:
        try:
            is_leaked(PASSWORD, leaks.address)
        except LookUpFailed as failure:
            failures.append(str(failure))

    many = [threading.Thread(target=ask) for _ in range(breach.AT_ONCE + 3)]
    for thread in many:
        thread.start()
    for thread in many:
        thread.join()
    assert failures.count("too many look-ups at once") == 3
    assert failures.count("no answer in time") == breach.AT_ONCE
    leaks.answers = "well"
    assert _soon_again(leaks)


def _soon_again(leaks: Leaks) -> bool:
    """Tell whether the places come free once the hanging connections are ended."""
    for _ in range(600):
        try:
            return not is_leaked(PASSWORD, leaks.address)
        except LookUpFailed:
            time.sleep(0.05)
    return False


@pytest.fixture
def authority() -> trustme.CA:
    """A certificate authority of our own."""
    return trustme.CA()


@pytest.fixture
def encrypted(leaks: Leaks, authority: trustme.CA) -> str:
    """The address of the service behind TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    leaks.server.socket = context.wrap_socket(
        leaks.server.socket, server_side=True, do_handshake_on_connect=False
    )
    return leaks.address.replace("http://127.0.0.1", "https://localhost")


@pytest.mark.asvs("12.3.2")
def test_a_certificate_that_nobody_vouches_for_is_refused(leaks: Leaks, encrypted: str) -> None:
    with pytest.raises(LookUpFailed, match="SSLCertVerificationError"):
        is_leaked(PASSWORD, encrypted)
    assert leaks.paths == []


@pytest.mark.asvs("12.3.2")
def test_a_right_certificate_is_taken_and_only_under_its_name(
    leaks: Leaks,
    encrypted: str,
    authority: trustme.CA,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with authority.cert_pem.tempfile() as trusted:
        monkeypatch.setenv("SSL_CERT_FILE", trusted)
        leaks.knows(PASSWORD)
        assert is_leaked(PASSWORD, encrypted)
        with pytest.raises(LookUpFailed, match="SSLCertVerificationError"):
            is_leaked(PASSWORD, encrypted.replace("localhost", "127.0.0.1"))
