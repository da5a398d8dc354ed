# file of feature: login
"""What must hold when the house is live: the files of ``deploy/``, as they stand."""

import http.client
import os
import re
import signal
import ssl
import threading
from collections.abc import Iterator

import pytest
import trustme

from tests.accounts.mail_server import authority  # noqa: F401 - a fixture
from tests.conftest import PASSWORD
from tests.house.databases import until
from tests.house.live import NAME, Live, Visitor, live_house

ADA = "ada@example.com"


@pytest.fixture(scope="module")
def live(postgresql: str, redis: str, authority: trustme.CA) -> Iterator[Live]:  # noqa: F811
    """Everything, up and running."""
    with live_house(postgresql, redis, authority) as house:
        yield house


@pytest.mark.asvs("4.1.3", "12.3.3")
def test_somebody_registers_confirms_and_comes_in(live: Live) -> None:
    visitor = Visitor(live)
    visitor.submit("/register", name="Ada", email=ADA, password=PASSWORD)
    until(lambda: live.mail_server.mails)
    (mail,) = live.mail_server.mails
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    (link,) = re.findall(rf"https://{re.escape(NAME)}(/confirm-email/\S+)", text)
    answer, _ = visitor.submit(link, password=PASSWORD)
    assert answer.status == 303
    forged = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Host": "evil.example"}
    answer, page = visitor.go("/", **forged)
    assert "Ada" in page
    assert "evil.example" not in page
    session = [one for one in visitor.set_cookies if one.startswith("__Host-session=")]
    assert session
    assert all("Secure" in one and "HttpOnly" in one for one in session)
    assert answer.headers["Strict-Transport-Security"]
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])
    # feature: devices
    _, page = visitor.go("/account/devices")
    assert "127.0.0.1" in page
    assert "203.0.113.9" not in page
    # endfeature


@pytest.mark.asvs("4.1.2", "12.2.1")
def test_the_open_door_leads_to_the_other_one_and_nowhere_else(live: Live) -> None:
    for host in (NAME, "evil.example"):
        line = http.client.HTTPConnection("127.0.0.1", live.open)
        line.request("GET", "/login?a=1", headers={"Host": host})
        answer = line.getresponse()
        assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/login?a=1")
        line.close()


@pytest.mark.asvs("12.1.1", "12.1.2")
@pytest.mark.parametrize(
    ("version", "ciphers", "taken"),
    [
        (ssl.TLSVersion.TLSv1_3, None, True),
        (ssl.TLSVersion.TLSv1_2, None, True),
        (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES256-GCM-SHA384", True),
        (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA", False),
        (ssl.TLSVersion.TLSv1_2, "AES128-GCM-SHA256:AES256-SHA", False),
        (ssl.TLSVersion.TLSv1_1, None, False),
        (ssl.TLSVersion.TLSv1, None, False),
    ],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_ways_to_encrypt_are_refused(
    live: Live, version: ssl.TLSVersion, ciphers: str | None, taken: bool
) -> None:
    context = live.context()
    context.set_ciphers(ciphers or "ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    if taken:
        with live.connect(context) as line:
            assert line.version() == version.name.replace("_", ".")
        return
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        live.connect(context)


def test_another_name_gets_no_certificate_and_no_page(live: Live) -> None:
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        live.connect(name="evil.example")
    answer, _ = Visitor(live).go("/login", Host="evil.example")
    assert answer.status == 421


# Each could mean one request to the proxy and two to the application (RFC 9112, 11.2).
SMUGGLED = b"GET /account HTTP/1.1\r\nHost: house.example.com\r\n\r\n"
HEAD = b"POST /login HTTP/1.1\r\nHost: house.example.com\r\n"


@pytest.mark.asvs("4.2.1")
@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + SMUGGLED,
        b"Content-Length: 0\r\nContent-Length: 60\r\n\r\n" + SMUGGLED,
        b"Content-Length: +0\r\n\r\n" + SMUGGLED,
        b"Content-Length: 0\r\n : x\r\n\r\n" + SMUGGLED,
        b"Transfer-Encoding: identity, chunked\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + SMUGGLED,
    ],
)
def test_a_request_within_a_request_is_refused(live: Live, framing: bytes) -> None:
    said = live.say(HEAD + framing)
    assert re.match(rb"HTTP/1\.1 (400|405|411|501) ", said), said[:200]
    assert said.count(b"HTTP/1.1 ") == 1, "two requests were seen"


@pytest.mark.asvs("13.4.1", "13.4.4")
def test_what_is_nobodys_business_is_not_told(live: Live) -> None:
    answer, page = Visitor(live).go("/.git/config")
    assert answer.status == 404
    assert "gunicorn" not in str(answer.headers).lower()
    assert not re.search(r"nginx/\d", str(answer.headers) + page)
    assert re.match(rb"HTTP/1\.1 405 ", live.say(b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n"))


def test_more_than_a_megabyte_is_refused_at_the_proxy(live: Live) -> None:
    answer, _ = Visitor(live).go("/login", {"email": "x" * 2_000_000})
    assert answer.status == 413


def test_a_restart_of_the_application_loses_no_request(live: Live) -> None:
    statuses: list[int] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            statuses.append(Visitor(live).go("/health/ready")[0].status)

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for thread in asking:
        thread.start()
    os.kill(live.gunicorn.pid, signal.SIGHUP)
    until(lambda: len(statuses) > 100)
    ended.set()
    for thread in asking:
        thread.join()
    assert set(statuses) == {200}
