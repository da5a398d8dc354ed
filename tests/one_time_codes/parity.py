# file of feature: api
"""Codes that are sent, on both faces."""

from collections.abc import Callable

from werkzeug.test import TestResponse

from app.one_time_codes import service
from tests.house.parity import ADA, GRACE, Scene, both, form, items, later, texts, visit
from tests.one_time_codes.conftest import PHONE, another, give_channel, mailed_codes

PAGE = "/account/one-time-codes"
CHANNELS = "/me/one-time-codes"
WHERE = texts(r"Codes go to ([^<]+)\.<")
Code = Callable[[str], str]


def by_mail(scene: Scene) -> None:
    """Codes go to Ada by mail."""
    give_channel(scene.app, ADA)


def has_sms(scene: Scene) -> None:
    """The site sends text messages."""
    scene.app.config["SMS_SENDER"] = "inbox"


def by_phone(scene: Scene) -> None:
    """Codes go to Ada's phone."""
    has_sms(scene)
    give_channel(scene.app, ADA, service.SMS, PHONE)


def graces(scene: Scene) -> None:
    """Codes go to somebody else."""
    scene.account(GRACE)
    give_channel(scene.app, GRACE)


def switched_on(scene: Scene) -> None:
    """The site lets people in by a mailed code."""
    scene.app.config["MAILED_CODE_SIGN_IN"] = 1


def confirm_on_page(scene: Scene, code_of: Code) -> TestResponse:
    """Have a code mailed, and send it."""
    scene.browser.submit(f"{PAGE}/email", form=PAGE)
    return scene.browser.submit(f"{PAGE}/confirm", code=mailed(scene, code_of))


def confirm_by_program(scene: Scene, code_of: Code) -> TestResponse:
    """The same by a program."""
    scene.program.post(f"{CHANNELS}/email")
    return scene.program.post(f"{CHANNELS}/confirm", {"code": mailed(scene, code_of)})


def come_on_page(scene: Scene, code_of: Code) -> TestResponse:
    """Ask for a code, and sign in by it."""
    scene.browser.submit("/login/code", email=ADA)
    return scene.browser.submit("/login/code/type", code=mailed(scene, code_of))


def come_by_program(scene: Scene, code_of: Code) -> TestResponse:
    """The same by a program."""
    asked = scene.program.post("/auth/code", {"email": ADA}).get_json()
    sent = {**asked, "email": ADA, "code": mailed(scene, code_of)}
    return scene.program.post("/auth/token/mailed-code", sent)


def mailed(scene: Scene, code_of: Code) -> str:
    """Return the code that was mailed, or what is made of it."""
    return code_of(mailed_codes(scene.app, ADA)[0])


def shown(answer: TestResponse) -> list[str]:
    """Return where the page says codes go."""
    return ["email" if "@" in where else "sms" for where in WHERE(answer)]


by_email, by_sms = (
    both(
        f"codes by {channel}, begin",
        f"POST {CHANNELS}/{channel}",
        page=form(f"{PAGE}/{channel}", "/register"),
    )
    for channel in ("email", "sms")
)
confirm = both(
    "codes by email", f"POST {CHANNELS}/confirm", page=confirm_on_page, program=confirm_by_program
)
stop = both(
    "codes by email, stop",
    f"POST {CHANNELS}/email/stop",
    page=form(f"{PAGE}/email/stop", "/register"),
)
ask = both(
    "sign in by a mailed code, ask",
    "POST /auth/code",
    signed_in=False,
    page=form("/login/code", "/register"),
    email=ADA,
)
come = both(
    "sign in by a mailed code",
    "POST /auth/token/mailed-code",
    signed_in=False,
    page=come_on_page,
    program=come_by_program,
    prepare=switched_on,
)

CASES = [
    both(
        "where codes go: a phone",
        f"GET {CHANNELS}",
        page=visit(PAGE),
        prepare=by_phone,
        seen=(shown, items("channel")),
    ),
    by_email("the first"),
    by_email("again", "409", by_mail),
    by_email("without fresh proof", "prove presence", by_mail, also=later),
    by_sms("a mobile number", "done", has_sms, number="+49 170 1234567"),
    by_sms("a premium number", "refused: number", has_sms, number="+49 900 1234567"),
    by_sms("where none are sent", "not found", number="+49 170 1234567"),
    confirm("the code that arrived", code_of=str),
    confirm("another code", "refused: code", code_of=another),
    stop("one's own", "done", by_mail),
    stop("somebody else's", "not found", graces),
    stop("without fresh proof", "prove presence", by_mail, also=later),
    ask("where the site wants it", "done", switched_on),
    ask("where it does not", "not found"),
    come("the code that arrived", code_of=str),
    come("another code", "refused: code", code_of=another),
]
