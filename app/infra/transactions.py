"""The one place that commits: a response below 400 commits, anything else rolls back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from app.infra.db import session
from app.infra.engines import Intent, intent

T = TypeVar("T")

_WRITTEN = "written"

_survivors: ContextVar[list[Callable[[], None]] | None] = ContextVar("survivors", default=None)

# serialization_failure, deadlock_detected: the database asks for another try.
_TRY_AGAIN = {"40001", "40P01"}
_TRIES = 4


def after_transaction(act: Callable[[], None]) -> None:
    """Run `act` in a transaction of its own once the present one has ended, whatever its outcome.

    For what a refusal must not take back, such as demand not met.
    """
    waiting = _survivors.get()
    if waiting is None:
        raise RuntimeError("after_transaction() needs a transaction around it")
    waiting.append(act)


def commit_first(act: Callable[[], T]) -> T:
    """Do `act` and commit it before the present transaction has written anything.

    For what others at the same moment must see although this one has not been answered: counted attempts.
    """
    if _has_written():
        raise RuntimeError("commit_first() comes before anything is written")
    session.rollback()
    return _alone(act)


def without_transaction(act: Callable[[], T]) -> T:
    """Do what takes long and asks nothing of the database, with no transaction open meanwhile.

    Where something is written already the transaction stays, as its beginning would be lost.
    """
    if not _has_written():
        session.rollback()
    return act()


def mark_written() -> None:
    """Something kept in memory belongs to this transaction, and is written as it ends."""
    session.info[_WRITTEN] = True


def _has_written() -> bool:
    return bool(session.new or session.dirty or session.deleted or session.info.get(_WRITTEN))


@event.listens_for(Session, "after_flush")
def _flushed(current: Session, _context: Any) -> None:
    current.info[_WRITTEN] = True


@event.listens_for(Session, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    if not state.is_select:
        state.session.info[_WRITTEN] = True


@event.listens_for(Session, "after_transaction_end")
def _ended(current: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        current.info.pop(_WRITTEN, None)


@contextmanager
def transaction() -> Iterator[None]:
    """One unit of work outside a request: commits at the end, rolls back on any exception."""
    session.rollback()  # a reading transaction cannot turn into a writing one
    with writing(), _ending():
        try:
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def writing() -> Iterator[None]:
    """Transactions that begin in here may write."""
    token = intent.set(Intent.WRITE)
    try:
        yield
    finally:
        intent.reset(token)


@contextmanager
def _ending() -> Iterator[None]:
    waiting: list[Callable[[], None]] = []
    token = _survivors.set(waiting)
    try:
        yield
    finally:
        _survivors.reset(token)
        for act in waiting:
            _alone(act)


def discard_deferred() -> None:
    """What is done or answered instead has its own to say; what this try wanted to survive does not."""
    waiting = _survivors.get()
    if waiting is not None:
        waiting.clear()


def _alone(act: Callable[[], T]) -> T:
    with writing():
        try:
            result = act()
            session.commit()
        except BaseException:
            session.rollback()
            raise
        return result


def wants_retry(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _TRY_AGAIN


class Application(Flask):
    """Flask with the transaction at its edge, around the view and nothing else."""

    def dispatch_request(self) -> ResponseReturnValue:
        safe = request.method in {"GET", "HEAD", "OPTIONS"}
        session.rollback()  # what was read to recognise the visitor ends here
        token = intent.set(Intent.READ if safe else Intent.WRITE)
        try:
            with _ending():
                return self._with_retries()
        finally:
            intent.reset(token)

    def _with_retries(self) -> Response:
        attempt = 0
        while True:
            attempt += 1
            try:
                response = self.make_response(super().dispatch_request())
                if response.status_code < 400:
                    session.commit()
                else:
                    session.rollback()
                return response
            except DBAPIError as error:
                session.rollback()
                if attempt == _TRIES or not wants_retry(error):
                    raise
                discard_deferred()
            except BaseException:
                session.rollback()
                raise
