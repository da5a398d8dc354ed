"""`flask accounts`: what an owner does at the terminal."""

import json
import sys

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.accounts import personal_data, service
from app.accounts.email import EmailRefused, normalize_email
from app.accounts.models import LONGEST_NAME, User
from app.accounts.policy import PasswordRefused
from app.extensions import db

accounts = AppGroup("accounts", help="Create, list, confirm and switch off accounts.")


class EmailAddress(click.ParamType[str]):
    """An address in its one spelling."""

    name = "email"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Normalise, or say what an address looks like."""
        try:
            return normalize_email(value)
        except EmailRefused as refusal:
            self.fail(str(refusal), param, ctx)


EMAIL = click.argument("email", type=EmailAddress())


@accounts.command("create")
@EMAIL
@click.option("--name", help="What to call the person; by default the part before the @.")
@click.option("--confirmed", is_flag=True, help="Count the address as proved.")
@click.option("--password-stdin", is_flag=True, help="Read the password as one line of input.")
def create(email: str, name: str | None, confirmed: bool, password_stdin: bool) -> None:
    """Make an account; the password is asked for, never taken as an argument.

    Arguments stand in the shell's history and in the list of processes.
    """
    if name is not None and not (name.isprintable() and 0 < len(name.strip()) <= LONGEST_NAME):
        raise click.BadParameter(f"Use one line of at most {LONGEST_NAME} characters for --name.")
    password = _read_password(password_stdin)
    try:
        service.create(
            email=email,
            name=(name or email.partition("@")[0])[:LONGEST_NAME],
            password=password,
            confirmed=confirmed,
        )
    except service.AccountExists:
        raise click.ClickException(f"There is an account for {email} already.") from None
    except PasswordRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    db.session.commit()
    click.echo(f"Created {email}{'' if confirmed else ', not confirmed yet'}.")


def _read_password(from_stdin: bool) -> str:
    if from_stdin:
        line = sys.stdin.readline().rstrip("\r\n")
        if not line:
            raise click.ClickException("Standard input holds no password; write it as one line.")
        return line
    if not sys.stdin.isatty():
        raise click.ClickException("There is no terminal to ask at; give --password-stdin.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


@accounts.command("list")
def list_accounts() -> None:
    """List accounts, the newest first."""
    for user in db.session.scalars(select(User).order_by(User.id.desc())):
        state = "active" if user.is_active else "off" if user.confirmed_at else "not confirmed"
        click.echo(f"{user.email}\t{state}\t{user.name}")


@accounts.command("confirm")
@EMAIL
def confirm(email: str) -> None:
    """Count an address as proved."""
    service.confirm(_get(email))
    db.session.commit()
    click.echo(f"{email} is confirmed.")


@accounts.command("deactivate")
@EMAIL
def deactivate(email: str) -> None:
    """Switch an account off and end its sessions."""
    _check_dispensable(email)
    service.deactivate(_get(email))
    db.session.commit()
    click.echo(f"{email} is switched off.")


@accounts.command("activate")
@EMAIL
def activate(email: str) -> None:
    """Switch an account on again."""
    service.activate(_get(email))
    db.session.commit()
    click.echo(f"{email} is switched on.")


@accounts.command("export")
@EMAIL
def export(email: str) -> None:
    """Write all that is known of a person as JSON."""
    click.echo(json.dumps(personal_data.export(_get(email)), ensure_ascii=False, indent=2))


@accounts.command("erase")
@EMAIL
@click.confirmation_option(prompt="This cannot be taken back. Erase the account?")
def erase(email: str) -> None:
    """Remove an account and all that belongs to it."""
    _check_dispensable(email)
    personal_data.erase(_get(email))
    db.session.commit()
    click.echo(f"{email} and all that belonged to it is gone.")


def _check_dispensable(email: str) -> None:
    try:
        service.check_dispensable(_get(email).id)
    except service.StillNeeded as reason:
        raise click.ClickException(str(reason)) from None


def _get(email: str) -> User:
    try:
        return service.get_user(email)
    except service.NoSuchAccount:
        raise click.ClickException(f"There is no account for {email}.") from None
