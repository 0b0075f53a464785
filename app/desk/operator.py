"""What the operator of an installation does to accounts from the command line, on the trail too."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlmodel import Session as SqlSession
from sqlmodel import col

from app.access.credentials import KnownDevice, RecoveryCode, SecondFactor
from app.access.setup import new_link
from app.access.tables import Account, AccountState, Hat, Organisation, Session
from app.audit.trail import AuditEntry
from app.core.clock import now
from app.core.database_roles import owner_url


def list_accounts() -> list[dict[str, str]]:
    """Every account with its live roles, by name."""
    hats = (
        sa.select(
            col(Hat.account_id),
            sa.func.string_agg(col(Hat.role) + " @ " + col(Organisation.code), ", ").label("roles"),
        )
        .join(Organisation, col(Organisation.id) == col(Hat.organisation_id))
        .where(col(Hat.ended_at).is_(None))
        .group_by(col(Hat.account_id))
        .subquery()
    )
    statement = (
        sa.select(col(Account.username), col(Account.name), col(Account.state), hats.c.roles)
        .outerjoin(hats, hats.c.account_id == col(Account.id))
        .order_by(sa.func.lower(col(Account.username)))
    )
    with _session() as session:
        return [
            {"username": username, "name": name, "state": str(state), "roles": roles or ""}
            for username, name, state, roles in session.execute(statement)
        ]


def disable_account(username: str) -> None:
    """Close an account and end its sessions. Raises LookupError when there is none."""
    with _session() as session:
        account = _found(session, username)
        account.state, account.setup_hash = AccountState.disabled, None
        _end_sessions(session, account)
        _note(session, "account.disable", account)


def reset_account(username: str) -> str:
    """Forget password and second factor, end the sessions, return a one-use link.

    Raises LookupError.
    """
    with _session() as session:
        account = _found(session, username)
        for table in (SecondFactor, RecoveryCode, KnownDevice):
            session.execute(sa.delete(table).where(col(table.account_id) == account.id))
        account.state, account.password_hash = AccountState.pending, None
        link = new_link(account)
        _end_sessions(session, account)
        _note(session, "account.reset", account)
        return link


@contextmanager
def _session() -> Iterator[SqlSession]:
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with SqlSession(engine) as session, session.begin():
        yield session


def _found(session: SqlSession, username: str) -> Account:
    statement = (
        sa.select(Account)
        .where(sa.func.lower(col(Account.username)) == username.lower())
        .with_for_update()
    )
    account = session.scalars(statement).first()
    if account is None:
        raise LookupError(username)
    return account


def _end_sessions(session: SqlSession, account: Account) -> None:
    session.execute(
        sa.update(Session)
        .where(col(Session.account_id) == account.id, col(Session.revoked_at).is_(None))
        .values(revoked_at=now(), refresh_hash=None, previous_hash=None)
    )


def _note(session: SqlSession, verb: str, account: Account) -> None:
    """The operator has no account: the trail keeps the name of the system's user instead."""
    root = session.scalars(
        sa.select(Organisation).where(col(Organisation.parent_id).is_(None))
    ).first()
    session.add(
        AuditEntry(
            account_name=f"park ({getpass.getuser()})",
            node_id=root.node_id if root else 0,
            verb=verb,
            record_id=account.id,
            record_label=account.username,
        )
    )
