"""`flask mail`: what an owner does about mails that fail."""

from flask import Flask

from app.core.outbox import OutboxMail
from app.extensions import db
from tests.accounts.mail_server import MailServer, deliver, post
from tests.tables import Case


def say(app: Flask, *command: str) -> str:
    """Return what a `flask mail` command prints."""
    return app.test_cli_runner().invoke(args=["mail", *command]).output


def outbox(app: Flask) -> list[OutboxMail]:
    with app.app_context():
        return list(db.session.scalars(db.select(OutboxMail).order_by(OutboxMail.id)))


REFUSED_COMMANDS = [
    (("again",), "Error: Say which: one or more ids, or --all."),
    (("again", "1", "--all"), "Error: Say which: one or more ids, or --all."),
    (("again", "9"), "Error: There is no mail 9."),
    (("again", "1"), "Error: Mail 1 was sent, and its text was dropped with that."),
    (("forget", "1"), "Error: Mail 1 was sent, and its text was dropped with that."),
    (("again", "2"), "Error: Mail 2 has not failed: it waits for its turn."),
    (("again", "x"), "'x' is not a valid integer"),
]


def test_what_cannot_be_sent_again_is_said_in_one_line(sending: Flask, case: Case) -> None:
    post(sending, "ada@example.com")
    deliver(sending)
    post(sending, "grace@example.com")
    for command, sentence in REFUSED_COMMANDS:
        with case(command=command, sentence=sentence):
            result = sending.test_cli_runner().invoke(args=["mail", *command])
            assert result.exit_code != 0
            assert sentence in result.output
            assert "Traceback" not in result.output


def test_a_mail_that_was_given_up_can_be_forgotten(sending: Flask, mail_server: MailServer) -> None:
    mail_server.refusals = ["550 No such mailbox"] * 2
    post(sending, "ada@example.com", "grace@example.com", "alan@example.com")
    deliver(sending)
    assert say(sending, "forget", "2") == "1 mails are gone.\n"
    assert say(sending, "forget", "--all") == "1 mails are gone.\n"
    assert [mail.recipient for mail in outbox(sending)] == ["alan@example.com"]


def test_without_a_server_nothing_is_tried(app: Flask) -> None:
    post(app, "ada@example.com")
    assert "stay in the development inbox" in say(app, "deliver")
    assert deliver(app) == 0
    assert outbox(app)[0].tries == 0
