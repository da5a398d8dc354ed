"""In whatever order people do things, nobody is in who has not given every factor just now."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app import create_app
from app.accounts import service as accounts
from app.core import clock
from app.core.limits import limiter
from app.core.principal import Principal
from app.extensions import db
from app.login import service as login
from app.second_factor import changes
from app.totp import otp
from app.totp import service as totp
from tests.conftest import PASSWORD, SETTINGS, Browser, Clock
from tests.recovery_codes.conftest import give_codes
from tests.totp.conftest import Phone, give_authenticator

pytestmark = pytest.mark.slow

ADA = "ada@example.com"
STEP = "/login/second-factor"
BROWSERS = 2
which = st.integers(0, BROWSERS - 1)


@dataclass(eq=False)
class SignIn:
    """A sign-in as it should be: half-way with the password, or done."""

    began_at: datetime
    is_open: bool = True


@dataclass
class Seat:
    """A browser, and what should be in its cookies."""

    browser: Browser
    session: SignIn | None = None
    attempt: SignIn | None = None
    is_trusted: bool = False

    @property
    def is_in(self) -> bool:
        """Whether somebody should be signed in here."""
        return self.session is not None and self.session.is_open


class Doors(RuleBasedStateMachine):
    """People at three browsers of one account, thieves among them."""

    empty: Path
    clock: Clock

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.empty, self.folder / "test.db")
        url = f"sqlite:///{self.folder}/test.db"
        given = {**SETTINGS, "DATABASE_URL": url, "TRUSTED_BROWSER_DAYS": "30"}
        self.app: Flask = create_app(given)
        with self.app.app_context():
            accounts.create(email=ADA, name="Ada", password=PASSWORD, confirmed=True)
            db.session.commit()
            self.user_id = accounts.get_user(ADA).id
        self.seats = [Seat(Browser(self.app)) for _ in range(BROWSERS)]
        self.phone: Phone | None = None
        self.saved: list[str] = []
        self.used = {"totp": "000000", "recovery_code": "none"}
        self.add_authenticator()

    def teardown(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
        shutil.rmtree(self.folder)

    def _forget_tries(self) -> None:
        """Let nobody wait: the budget of guesses is another rule, with tests of its own."""
        limiter.reset()
        with self.app.app_context():
            db.session.execute(db.text("DELETE FROM throttle"))
            db.session.commit()

    def _close(self, seat: Seat) -> None:
        """A sign-in that is done ends the one that was open in the browser."""
        if seat.session:
            seat.session.is_open = False

    @rule(at=which)
    def give_wrong_password(self, at: int) -> None:
        if not self.seats[at].is_in:
            self.seats[at].browser.sign_in(ADA, "a-wrong-one-of-length")
            self._forget_tries()

    @rule(at=which)
    def give_password(self, at: int) -> None:
        seat = self.seats[at]
        if seat.is_in:
            return
        seat.browser.sign_in(ADA)
        if self.phone is None or seat.is_trusted:
            self._close(seat)
            seat.session, seat.attempt = SignIn(clock.now()), None
        else:
            seat.attempt = SignIn(clock.now())

    @rule(at=which, trust=st.booleans())
    def give_code(self, at: int, trust: bool) -> None:
        if self.phone:
            self.clock.forward(seconds=otp.STEP_SECONDS)
            self._give("totp", self.phone.code(), at, right=True, trust=trust)

    @rule(at=which)
    def give_wrong_code(self, at: int) -> None:
        code = self.phone.wrong_code() if self.phone else "000000"
        self._give("totp", code, at, right=False, trust=True)

    @rule(at=which)
    def give_saved_code(self, at: int) -> None:
        if self.saved:
            self._give("recovery_code", self.saved[0], at, right=True, trust=True)

    @rule(at=which, key=st.sampled_from(["totp", "recovery_code"]))
    def give_a_code_again(self, at: int, key: str) -> None:
        self.give_password(at)
        self._give(key, self.used[key], at, right=False, trust=True)

    def _give(self, key: str, code: str, at: int, *, right: bool, trust: bool) -> None:
        seat = self.seats[at]
        more = {"trust": "y"} if trust else {}
        seat.browser.submit(f"{STEP}/{key}", form="/register", code=code, **more)
        self._forget_tries()
        if seat.attempt is None or not seat.attempt.is_open or not right:
            return
        self.used[key] = code
        self.saved = [one for one in self.saved if one != code]
        seat.attempt.is_open = False
        self._close(seat)
        seat.session, seat.attempt = SignIn(clock.now()), None
        seat.is_trusted |= trust and key == "totp"

    @rule(at=which)
    def prove_presence(self, at: int) -> None:
        seat = self.seats[at]
        if seat.is_in and self.phone:
            self.clock.forward(seconds=otp.STEP_SECONDS)
            code = self.phone.code()
            seat.browser.submit("/reauthenticate/totp", code=code)
            self.used["totp"] = code
            # The session has another secret now, so a copy of its cookie opens nothing.
            seat.session.is_open, seat.session = False, SignIn(clock.now())

    @rule(at=which, thief=which)
    def copy_cookie(self, at: int, thief: int) -> None:
        owner, other = self.seats[at], self.seats[thief]
        other.browser.put_cookie(owner.browser.cookie())
        other.session, other.attempt = owner.session, owner.attempt

    @rule(at=which)
    def sign_out(self, at: int) -> None:
        seat = self.seats[at]
        if seat.is_in:
            seat.browser.sign_out()
            self._close(seat)
            seat.session = seat.attempt = None

    @rule()
    def sign_out_everywhere(self) -> None:
        with self.app.app_context():
            login.sign_out_everywhere(Principal(user_id=self.user_id))
            db.session.commit()
        self._end(attempts=True)

    @rule()
    def add_authenticator(self) -> None:
        if self.phone is None:
            self.phone = give_authenticator(self.app, ADA)
            self.saved = give_codes(self.app, ADA)
            with self.app.app_context():
                changes.tell_added(self.user_id, "totp", "Phone", keep=None)
                db.session.commit()
            self._end(attempts=False)

    @rule()
    def remove_authenticator(self) -> None:
        if self.phone is not None:
            with self.app.app_context():
                [one] = totp.authenticators_of(self.user_id)
                totp.remove(Principal(user_id=self.user_id), one.public_id)
                db.session.commit()
            self.phone, self.saved = None, []
            self._end(attempts=True)

    def _end(self, *, attempts: bool) -> None:
        for seat in self.seats:
            seat.is_trusted = False
            for one in (seat.session, seat.attempt if attempts else None):
                if one:
                    one.is_open = False

    @rule(minutes=st.sampled_from([5, 11, 180]))
    def wait(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)
        for seat in self.seats:
            if seat.session and minutes > 120:  # left alone for two hours
                seat.session.is_open = False
            if seat.attempt and clock.now() - seat.attempt.began_at > timedelta(minutes=10):
                seat.attempt.is_open = False

    @invariant()
    def whoever_is_in_has_given_every_factor_in_this_sign_in(self) -> None:
        """And whoever has given them is in."""
        found = [seat.browser.is_signed_in() for seat in self.seats]
        assert found == [seat.is_in for seat in self.seats]


@pytest.mark.asvs("6.3.3", "6.3.4")
def test_nobody_is_in_without_every_factor(empty_tables: Path, moving_clock: Clock) -> None:
    Doors.empty, Doors.clock = empty_tables, moving_clock
    run_state_machine_as_test(
        Doors,
        settings=settings(
            max_examples=50,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
