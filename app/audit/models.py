"""The audit chain as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base
from app.infra.guards import AppendOnly, attach
from app.infra.types import BigId, CanonicalJson


class AuditEntry(Base):
    """One act: who, when, from where, on what, before → after. Holds ids and codes, never personal data.

    `hash` covers the canonical text of all other columns and `previous_hash`.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_subject", "subject_kind", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)  # its place in the chain, from 1
    at: Mapped[datetime] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(index=True)
    address_commitment: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    before: Mapped[Any] = mapped_column(CanonicalJson, nullable=True)
    after: Mapped[Any] = mapped_column(CanonicalJson, nullable=True)
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class AuditHead(Base):
    """The end of the chain: one row, locked last in every transaction that writes."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", "single"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    length: Mapped[int]
    hash: Mapped[str]


class AuditSeal(Base):
    """The end of the chain on a day. Rows are only added, so that who rewrites the chain contradicts them."""

    __tablename__ = "audit_seals"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    entry_id: Mapped[int]
    hash: Mapped[str]
    at: Mapped[datetime]


attach(AuditSeal.__table__, AppendOnly("audit_seals"))
attach(AuditEntry.__table__, AppendOnly("audit_entries"))
