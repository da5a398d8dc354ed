"""What `flask doctor` finds about codes that are sent."""

from sqlalchemy import func, select

from app.extensions import db
from app.one_time_codes import service, sms
from app.one_time_codes.models import CodeChannel


def doctor() -> list[str]:
    """Find people who are asked for a code that no longer goes out."""
    if sms.is_on():
        return []
    rows = select(func.count()).where(CodeChannel.channel == service.SMS)
    if not (count := db.session.scalar(rows)):
        return []
    fault = (
        f"SMS_SENDER is empty, and {count} accounts have codes by text message: they cannot sign "
        "in. Set it, or take the factor off these accounts."
    )
    return [fault]
