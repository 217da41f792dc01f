"""Commands that set up people, their tokens and the bodies that cannot apply on a page."""

from __future__ import annotations

from datetime import timedelta

import click
from flask.cli import AppGroup

from app.access import Role
from app.access.actor import system
from app.access.permissions import SCOPES
from app.accounts.models import User, UserState
from app.accounts.queries import user_by_address
from app.accounts.rules.limits import LONGEST_TOKEN_LIFE
from app.accounts.services import authentication, bootstrap, tokens
from app.cli.refusals import Refusal, one_act
from app.cli.words import Words
from app.infra.clock import now
from app.organisations import queries
from app.organisations.models import Kind, Organisation, OrganisationRole
from app.organisations.services import bootstrap as bodies

SHELL = system("shell")
DAYS = click.IntRange(1, LONGEST_TOKEN_LIFE.days)

users = AppGroup("users", help="People.")
token_group = AppGroup("tokens", help="Bearer tokens for the API.")
organisations = AppGroup("organisations", help="Bodies and who acts for them.")


def known(address: str) -> User:
    user = user_by_address(authentication.address_of(address))
    if user is None:
        raise Refusal(f"{address} has no account")
    return user


def body(uscc: str) -> Organisation:
    organisation = queries.by_code(uscc)
    if organisation is None:
        raise Refusal(f"no organisation has the code {uscc}")
    return organisation


@users.command("create")
@click.argument("name", type=Words(60))
@click.argument("address")
@click.password_option(envvar="NEW_PASSWORD", help="At least 12 characters; asked for when not given.")
def create_user(name: str, address: str, password: str) -> None:
    """Create NAME with the e-mail ADDRESS or mobile number, proved by whoever stands at the shell."""
    with one_act():
        bootstrap.create(name, authentication.address_of(address), password, actor=SHELL, now=now())
    click.echo(f"{address} may sign in.")


@users.command("suspend")
@click.argument("address")
def suspend(address: str) -> None:
    """Sign the person with ADDRESS out everywhere and keep them out; `activate` lets them in again."""
    with one_act():
        bootstrap.set_state(known(address), UserState.SUSPENDED, actor=SHELL, now=now())
    click.echo(f"{address} is suspended.")


@users.command("activate")
@click.argument("address")
def activate(address: str) -> None:
    """Let the person with ADDRESS in again."""
    with one_act():
        bootstrap.set_state(known(address), UserState.ACTIVE, actor=SHELL, now=now())
    click.echo(f"{address} may sign in.")


@token_group.command("create")
@click.argument("address")
@click.argument("name", type=Words(60))
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="Repeat for several.")
@click.option("--days", type=DAYS, default=90, show_default=True, help="Good for how long.")
def create_token(address: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a token called NAME for the person with ADDRESS and print it: it is shown only this once."""
    with one_act():
        owner = known(address)
        life = timedelta(days=days)
        _row, bearer = tokens.create(name, scopes, life, user_id=owner.id, actor=SHELL, now=now())
    click.echo(bearer)


@organisations.command()
@click.argument("name", type=Words(200))
@click.option("--kind", required=True, type=click.Choice([k.value for k in Kind]))
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([p.value for p in OrganisationRole]))
@click.option("--uscc", help="Unified social credit code, where the kind has one.")
def found(name: str, kind: str, roles: tuple[str, ...], uscc: str | None) -> None:
    """Set up NAME as a verified body with its roles: operator, district or any other."""
    with one_act():
        bodies.found(name, Kind(kind), [OrganisationRole(role) for role in roles], code=uscc, actor=SHELL, now=now())
    click.echo(f"{name} is set up.")


@organisations.command()
@click.argument("uscc")
@click.argument("address")
@click.argument("role", type=click.Choice([role.value for role in Role]))
def appoint(uscc: str, address: str, role: str) -> None:
    """Give the person with ADDRESS the ROLE at the body with the code USCC, from today."""
    with one_act():
        bodies.appoint(known(address), body(uscc), Role(role), actor=SHELL, now=now())
    click.echo(f"{address} is {role}.")
