"""The sealer: everything finished is sealed once, in order, by a login that can do nothing else."""

import threading
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import psycopg
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from app.audit import sealer
from app.audit.leaves import COLUMNS, canonical, leaf, root
from app.audit.sealing import seal_all, seal_next, state, trail_signer
from app.audit.trail import AuditEntry
from app.core.database_roles import AppRole
from tests.audit.trails import INSERT, an_entry, as_login, as_owner, write

pytestmark = pytest.mark.usefixtures("database")
_SCALARS = st.one_of(
    st.none(),
    st.text(),
    st.integers(-(2**53) + 1, 2**53 - 1),
)


@given(st.dictionaries(st.sampled_from(sorted(COLUMNS)), _SCALARS))
def test_the_text_of_an_entry_is_canonical_json(entry: dict[str, Any]) -> None:
    assert canonical(entry) == rfc8785.dumps(entry)


def test_a_seal_covers_every_column() -> None:
    assert set(COLUMNS) == set(AuditEntry.__table__.columns.keys())  # type: ignore[attr-defined]


def test_the_root_is_that_of_rfc_6962() -> None:
    """The recursion of RFC 6962, 2.1, word by word."""

    def recursive(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        k = 1 << ((len(leaves) - 1).bit_length() - 1)
        return sha256(b"\1" + recursive(leaves[:k]) + recursive(leaves[k:])).digest()

    for count in range(1, 40):
        leaves = [leaf({"n": n}) for n in range(count)]
        assert root(leaves) == recursive(leaves)
    assert root([]).hex().startswith("e3b0c44298fc1c14")  # SHA-256 of nothing


def test_what_commits_out_of_order_is_sealed_too() -> None:
    key = trail_signer()
    with as_login(AppRole.SEAL) as seal, as_login(AppRole.STAFF, autocommit=False) as slow:
        slow.execute(INSERT, an_entry("慢"))
        write(3)
        assert seal_next(seal, key) is None  # the slow one began first: nothing is surely over
        assert state(seal).waiting == 3
        slow.commit()
        made = seal_next(seal, key)
        assert made is not None
        assert made["seal"]["entries"] == 4
        assert seal_next(seal, key) is None
        assert state(seal).waiting == 0


def test_a_long_backlog_is_cut_between_transactions() -> None:
    with as_login(AppRole.STAFF, autocommit=False) as bulk:
        for n in range(12):
            bulk.execute(INSERT, an_entry(str(n)))
    write(7)
    with as_login(AppRole.SEAL) as seal:
        assert seal_all(seal, trail_signer(), most=5) == 3
        counts = seal.execute("SELECT entries FROM trail_seal ORDER BY no").fetchall()
        assert [row[0] for row in counts] == [12, 5, 2]


def test_no_login_changes_what_is_sealed() -> None:
    write()
    with as_login(AppRole.SEAL) as seal:
        seal_all(seal, trail_signer())
    columns = {"audit_entry": "verb", "trail_seal": "key_id", "trail_key": "key_id"}
    for role in AppRole:
        for table, column in columns.items():
            _refused(role, f"UPDATE {table} SET {column} = 'x'")
            _refused(role, f"DELETE FROM {table}")
            _refused(role, f"TRUNCATE {table}")


def test_only_the_sealer_adds_seals_and_nobody_chooses_a_number() -> None:
    for role in set(AppRole) - {AppRole.SEAL}:
        _refused(role, "INSERT INTO trail_key VALUES ('k', 'ES256', 'x', now())")
        _refused(
            role,
            "INSERT INTO audit_entry (id, at, username, account_name, organisation_name, node_id,"
            " verb, register_name, record_label, outcome, ip, request_id, xid) VALUES"
            " (gen_random_uuid(), now(), '', '', '', 1, 'v', '', '', 'done', '', '', 3)",
        )


def _refused(role: AppRole, statement: str) -> None:
    with as_login(role) as login, pytest.raises(psycopg.errors.InsufficientPrivilege):
        login.execute(statement.encode())


def test_even_the_owner_does_not_change_the_trail_by_accident() -> None:
    write()
    with as_owner() as owner:
        for statement in ("UPDATE audit_entry SET verb = 'x'", "DELETE FROM audit_entry"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="never changed"):
                owner.execute(statement)


def test_one_sealer_at_a_time_and_another_when_it_is_gone() -> None:
    first, second = sealer.Sealer(tick=0.01), sealer.Sealer(tick=0.01)
    threads = [threading.Thread(target=one.run, daemon=True) for one in (first, second)]
    for thread in threads:
        thread.start()
    _until(lambda: first.sealing or second.sealing)
    holder, other = (first, second) if first.sealing else (second, first)
    write(3)
    _until(lambda: _waiting() == 0)
    assert not other.sealing
    holder.stop()
    _until(lambda: other.sealing)
    write(3)
    _until(lambda: _waiting() == 0)
    other.stop()
    for thread in threads:
        thread.join(10)


def _waiting() -> int:
    with as_login(AppRole.SEAL) as seal:
        return state(seal).waiting


def _until(so: Callable[[], bool]) -> None:
    for _ in range(600):
        if so():
            return
        time.sleep(0.05)
    pytest.fail("it never came to be")
