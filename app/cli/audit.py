"""`flask audit`: proving that nothing was taken out of the record or changed in it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from app import audit
from app.audit import signatures
from app.infra.clock import now
from app.infra.db import session
from app.jobs.table import chain_fault

group = AppGroup("audit", help="The append-only record of every act.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group.command("key")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def key(path: Path) -> None:
    """Write a new signing key to PATH, readable by its owner only, and print its public half."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error
    pem = signatures.new_key()
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    click.echo(signatures.public_key(pem))


@group.command("head")
@click.option("--key", "path", type=FILE, required=True, envvar="SIGNING_KEY_FILE", help="The signing key.")
def head(path: Path) -> None:
    """Print the end of the chain, signed: kept outside, it pins every entry up to it."""
    try:
        signed = signatures.sign(audit.head(now=now()), path.read_bytes())
    except ValueError as error:
        raise click.ClickException(f"{path}: {error}") from error
    click.echo(json.dumps(signed, sort_keys=True))


@group.command("verify")
@click.option("--head", "path", type=FILE, help="A signed head that was kept outside.")
@click.option("--public-key", help="The public half of the key that signed it, in hexadecimal.")
def verify(path: Path | None, public_key: str | None) -> None:
    """Read the whole chain, its daily seals and a signed head; exit code 1 and the first bad entry otherwise."""
    if (path is None) != (public_key is None):
        raise click.UsageError("--head and --public-key belong together")
    session.rollback()
    kept = []
    if path is not None and public_key is not None:
        try:
            said = signatures.signed_head(path.read_text(encoding="utf-8"), public_key)
        except ValueError as error:
            raise click.ClickException(f"{path}: {error}") from error
        kept = [{"id": said["length"], "hash": said["hash"]}]
    if fault := chain_fault() or audit.broken_seal(kept):
        click.echo(f"BROKEN: {fault}", err=True)
        sys.exit(1)
    click.echo("The audit chain holds.")
