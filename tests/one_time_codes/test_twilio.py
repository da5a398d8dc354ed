"""The real library of Twilio, against a server on this machine that answers as Twilio does."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from flask import Flask

from app.core.factor import CodeNotSent
from app.one_time_codes import sms
from tests.one_time_codes.conftest import PHONE
from tests.tables import Case


class Twilio(BaseHTTPRequestHandler):
    """Takes messages, or refuses them."""

    status = 201

    def do_POST(self) -> None:
        """Note what was sent, and answer as the documents of Twilio say."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.heard.append((self.path, self.headers["Authorization"], parse_qs(body)))
        answer = {"sid": "SM1", "status": "queued"}
        if self.status >= 400:
            answer = {"code": 21211, "message": f"{PHONE} is not valid", "status": self.status}
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def twilio(app: Flask) -> Iterator[HTTPServer]:
    """The server, and an application that sends through it."""
    server = HTTPServer(("127.0.0.1", 0), Twilio)
    server.heard = []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    app.config |= {
        "SMS_SENDER": "twilio",
        "TWILIO_ACCOUNT_SID": "AC123",
        "TWILIO_AUTH_TOKEN": "token",
        "TWILIO_FROM": "+15005550006",
        "TWILIO_URL": f"http://127.0.0.1:{server.server_port}",
    }
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
    Twilio.status = 201


def test_a_message_is_handed_over(app: Flask, twilio: HTTPServer) -> None:
    with app.app_context():
        sms.sender().send(PHONE, "123456 is your code")
    [(path, authorization, sent)] = twilio.heard
    assert path == "/2010-04-01/Accounts/AC123/Messages.json"
    assert authorization.startswith("Basic ")
    assert sent == {"To": [PHONE], "From": ["+15005550006"], "Body": ["123456 is your code"]}


def test_a_refusal_is_one_sentence_and_no_number_in_the_log(
    app: Flask, twilio: HTTPServer, capfd: pytest.CaptureFixture[str], case: Case
) -> None:
    for status in (400, 401, 429, 500, 503):
        with case(status=status):
            Twilio.status = status
            with app.app_context(), pytest.raises(CodeNotSent, match="could not be sent"):
                sms.sender().send(PHONE, "123456 is your code")
            written = capfd.readouterr()
            assert PHONE not in written.out + written.err
            assert "123456" not in written.out + written.err


def test_a_twilio_that_is_away_is_the_same_sentence(app: Flask, twilio: HTTPServer) -> None:
    app.config["TWILIO_URL"] = "http://127.0.0.1:9"
    with app.app_context(), pytest.raises(CodeNotSent, match="could not be sent"):
        sms.sender().send(PHONE, "123456 is your code")
