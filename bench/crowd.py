"""A house full of people: accounts, sign-ins and events by the million, made by the database."""

from collections.abc import Callable

from sqlalchemy import Connection, text

from app.extensions import db

EVENTS_FOR_EACH = 10
# Numbers from here on: who was there before keeps theirs.
FIRST = 1_000
AT_A_TIME = 100_000

# What administrators ask for, by the address of somebody and the id.
LOG = "/admin/security-log"
DAYS = "since=2020-01-01&until=2090-01-01"
PAGES: dict[str, Callable[[str, str], str]] = {
    "users": lambda _, __: "/admin/users",
    "users, searched": lambda _, __: "/admin/users?search=person",
    "users, searched by name": lambda _, __: "/admin/users?search=somebody",
    "users, one searched": lambda email, _: f"/admin/users?search={email}",
    "user": lambda _, public_id: f"/admin/users/{public_id}",
    "log": lambda _, __: LOG,
    "log of a user": lambda email, _: f"{LOG}?account={email}",
    "log of a kind": lambda _, __: f"{LOG}?kind=sign_in_refused",
    "log of days": lambda _, __: f"{LOG}?{DAYS}",
    "log of a kind of a user": lambda email, _: f"{LOG}?account={email}&kind=signed_in&{DAYS}",
}

# What the two databases say differently of a number {0}: 32 hexadecimal digits, an id of that
# kind, and the moment so many seconds ago.
WORDS = {
    "sqlite": {
        "hex": "printf('%032x', {0})",
        "uuid": "printf('%032x', {0})",
        "ago": "strftime('%Y-%m-%d %H:%M:%f000', 'now', printf('%d seconds', -({0})))",
    },
    "postgresql": {
        "hex": "lpad(to_hex({0}), 32, '0')",
        "uuid": "cast(lpad(to_hex({0}), 32, '0') AS uuid)",
        "ago": "now() - ({0}) * interval '1 second'",
    },
}


def fill(users: int, first: int = FIRST) -> None:
    """Make so many accounts, each with a sign-in, two entries of the directory and ten events.

    The last event is the newest. One sign-in in ten was refused.

    Args:
        users: how many.
        first: the number of the first; in a house that was filled before, behind all numbers there.
    """
    with db.engine.connect() as connection:
        words = WORDS[connection.dialect.name]
        for table, (each, columns) in _tables(users, first, words).items():
            _write(connection, table, columns, range(first, first + users * each))
        connection.commit()
    # Without figures no database can tell which index is the better one.
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def somebody(users: int, first: int = FIRST) -> str:
    """Return the address of one of them."""
    return f"person{first + users // 2}@example.com"


def _write(connection: Connection, table: str, columns: dict[str, str], rows: range) -> None:
    names, values = ", ".join(columns), ", ".join(columns.values())
    for begin in rows[::AT_A_TIME]:
        last = min(begin + AT_A_TIME, rows.stop) - 1
        connection.exec_driver_sql(
            f'INSERT INTO "{table}" ({names}) WITH RECURSIVE n(i) AS (SELECT {begin} UNION ALL '  # noqa: S608
            f"SELECT i + 1 FROM n WHERE i < {last}) SELECT {values} FROM n"
        )


def _tables(users: int, first: int, words: dict[str, str]) -> dict[str, tuple[int, dict[str, str]]]:
    """Return for each table how many rows an account has, and what stands in row i."""

    def say(word: str, number: str = "i") -> str:
        return words[word].format(number)

    # Event i is about this account; each turn everybody has one.
    person = f"{first} + (i - {first}) - ((i - {first}) / {users}) * {users}"
    owner = f"{first} + (i - {first}) / 2"
    is_name = f"(i - {first}) - ((i - {first}) / 2) * 2 = 1"
    event_age = f"{first + users * EVENTS_FOR_EACH} - i"
    is_tenth = f"(i / {users}) - (i / {users} / 10) * 10 = 0"
    return {
        "user": (
            1,
            {
                "id": "i",
                "public_id": say("hex"),
                "name": "'Somebody ' || i",
                "email": "'person' || i || '@example.com'",
                "confirmed_at": say("ago", "1"),
                "active": "true",
                "created_at": say("ago", "1"),
                "updated_at": say("ago", "1"),
            },
        ),
        "directory_entry": (
            2,
            {
                "user_id": owner,
                "field": f"CASE WHEN {is_name} THEN 'name' ELSE 'email' END",
                "key": f"CASE WHEN {is_name} THEN 'somebody ' || ({owner}) "
                f"ELSE 'person' || ({owner}) || '@example.com' END",
            },
        ),
        "login_session": (
            1,
            {
                "id": "i",
                "public_id": say("hex"),
                "user_id": "i",
                "secret_hash": say("hex"),
                "kind": "'browser'",
                "created_at": say("ago", "1"),
                "authenticated_at": say("ago", "1"),
                "last_seen_at": say("ago", "1"),
                "expires_at": say("ago", "-86400"),
                "idle_seconds": "7200",
                "address": "'192.0.2.1'",
                "user_agent": "'curl/8.5.0'",
                "device_hash": say("hex"),
                "amr": "'pwd'",
                "data": "'{}'",
            },
        ),
        "security_event": (
            EVENTS_FOR_EACH,
            {
                "id": "i",
                "public_id": say("uuid"),
                "happened_at": say("ago", event_age),
                "kind": f"CASE WHEN {is_tenth} THEN 'sign_in_refused' ELSE 'signed_in' END",
                "account": say("hex", person),
                "method": "'none'",
                "request_id": say("hex"),
                "details": "'{}'",
            },
        ),
        "security_event_origin": (
            EVENTS_FOR_EACH,
            {
                "event_id": "i",
                "address": "'192.0.2.1'",
                "user_agent": "'curl/8.5.0'",
                "whole_since": say("ago", event_age),
            },
        ),
    }
