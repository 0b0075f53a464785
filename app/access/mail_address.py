"""The address of an account and the code that proves it: six digits, sent to it, good for a while.

The code is derived, not stored: from the installation's secret, the account, the address and a
word made for each letter. The table thus holds nothing that would let anybody in.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from app.access.tables import Account, MailWish
from app.core.clock import now
from app.core.crypto import derive

GOOD_FOR = timedelta(minutes=30)
PAUSE = timedelta(seconds=60)  # between two letters with a code
TRIES = 5
_DIGITS = 6


def code_of(secret: bytes, account: Account) -> str:
    """Return the code that the account's last letter holds."""
    said = f"{account.id}|{account.email}|{account.email_nonce}".encode()
    found = hmac.new(derive(secret, "mail-code"), said, hashlib.sha256).digest()
    return f"{int.from_bytes(found[:8]) % 10**_DIGITS:0{_DIGITS}d}"


def ask_for(account: Account, address: str | None) -> None:
    """Set a new address, not yet proved; letters stop until it is."""
    account.email = address
    account.email_verified_at = None
    account.email_nonce = secrets.token_hex(8) if address else None
    account.email_asked_at = now() if address else None
    account.email_tries = 0
    if address is None:
        account.mail = MailWish.off


def waits(account: Account) -> bool:
    """Say whether it is too early for another letter."""
    return account.email_asked_at is not None and now() - account.email_asked_at < PAUSE


def proved(secret: bytes, account: Account, code: str) -> bool:
    """Count a try; say whether it was the code, in time and not too often."""
    if account.email is None or account.email_nonce is None or account.email_asked_at is None:
        return False
    account.email_tries += 1
    late = now() - account.email_asked_at > GOOD_FOR
    if late or account.email_tries > TRIES:
        return False
    if not hmac.compare_digest(code_of(secret, account), code):
        return False
    account.email_verified_at = now()
    account.email_nonce = None
    return True
