"""`flask roles`: what an owner of the site does about roles at the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from app.accounts.cli import EMAIL
from app.accounts.cli import create as create_account
from app.accounts.models import User
from app.accounts.service import NoSuchAccount, StillNeeded, find_user, get_user
from app.core.registry import UnknownPermission, registry
from app.extensions import db
from app.roles import service
from app.roles.models import LONGEST_NAME
from app.roles.recognition import ADMIN

roles = AppGroup("roles", help="Make roles, give them and take them away.")
ROLE = click.argument("role")
PERMISSIONS = click.option(
    "--permission",
    "permissions",
    multiple=True,
    help="What the role allows; once for each.",
)


@contextmanager
def _in_one_sentence(role: str) -> Iterator[None]:
    """Turn a refusal into a line that says what to do."""
    try:
        yield
    except service.NoSuchRole:
        known = ", ".join(service.permissions_by_role())
        raise click.ClickException(f"There is no role {role!r}. There are: {known}.") from None
    except service.RoleExists:
        raise click.ClickException(f"There is a role {role} already.") from None
    except service.RoleNameRefused:
        raise click.ClickException(
            f"A role is called by at most {LONGEST_NAME} small letters, digits and hyphens, "
            "beginning with a letter."
        ) from None
    except service.RoleFixed:
        raise click.ClickException(
            f"The role {ADMIN} holds every permission there is and stays as it is."
        ) from None
    except UnknownPermission as unknown:
        known = ", ".join(sorted(registry().permissions)) or "none"
        raise click.ClickException(f"{unknown} There are: {known}.") from None
    except StillNeeded as reason:
        raise click.ClickException(str(reason)) from None


@roles.command("list")
def list_roles() -> None:
    """List the roles, how many accounts have each, and what each allows."""
    for line in service.list_roles():
        click.echo(f"{line.name}\t{line.holders}\t{' '.join(line.permissions)}")


@roles.command("show")
@ROLE
def show(role: str) -> None:
    """Say what a role allows, and who has it."""
    with _in_one_sentence(role):
        line = service.get_role(role)
    for name in line.permissions:
        click.echo(
            f"{name}\t{registry().permissions.get(name, 'No feature declares it any more.')}"
        )
    for user in service.holders(role):
        click.echo(user.email)


@roles.command("create")
@ROLE
@PERMISSIONS
def create(role: str, permissions: tuple[str, ...]) -> None:
    """Make a role."""
    with _in_one_sentence(role):
        line = service.create_role(role, permissions)
    db.session.commit()
    click.echo(f"Created {role}: {_allows(line)}.")


@roles.command("set")
@ROLE
@PERMISSIONS
def set_permissions(role: str, permissions: tuple[str, ...]) -> None:
    """Let a role allow these permissions and no others."""
    with _in_one_sentence(role):
        line = service.set_permissions(role, permissions)
    db.session.commit()
    click.echo(f"Changed {role}: {_allows(line)}.")


@roles.command("delete")
@ROLE
def delete(role: str) -> None:
    """Remove a role; who had it loses it."""
    with _in_one_sentence(role):
        service.delete_role(role)
    db.session.commit()
    click.echo(f"{role} is gone.")


@roles.command("grant")
@EMAIL
@ROLE
def grant(email: str, role: str) -> None:
    """Give an account a role."""
    user = _get(email)
    with _in_one_sentence(role):
        is_new = service.grant(user, role)
    db.session.commit()
    click.echo(f"{email} {'is' if is_new else 'was already'} {role}.")


@roles.command("revoke")
@EMAIL
@ROLE
def revoke(email: str, role: str) -> None:
    """Take a role from an account; its very next request knows."""
    user = _get(email)
    with _in_one_sentence(role):
        had_it = service.revoke(user, role)
    db.session.commit()
    click.echo(f"{email} {'is no longer' if had_it else 'was not'} {role}.")


@roles.command("admin")
@EMAIL
@click.option("--password-stdin", is_flag=True, help="Read the password as one line of input.")
@click.pass_context
def admin(context: click.Context, email: str, password_stdin: bool) -> None:
    """Make somebody an administrator, with an account if there is none that can be used."""
    user = find_user(email)
    if user is None or user.confirmed_at is None:
        context.invoke(
            create_account, email=email, name=None, confirmed=True, password_stdin=password_stdin
        )
    context.invoke(grant, email=email, role=ADMIN)


def _allows(line: service.RoleLine) -> str:
    return ", ".join(line.permissions) or "allows nothing yet"


def _get(email: str) -> User:
    try:
        return get_user(email)
    except NoSuchAccount:
        raise click.ClickException(f"There is no account for {email}.") from None
