"""One inventory of algorithms, known answers, and envelopes that notice every change."""

import ast
import hmac
import re
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_der_public_key

from app.access import passwords
from app.core import crypto, signatures
from app.core.settings import KEY_BYTES

ROOT = Path(__file__).parents[2]
_SECRET = b"0123456789abcdef0123456789abcdef"
#: What of the libraries may be used at all; docs/operations/evidence.md says for what.
ALLOWED = {
    *(
        "hashlib.sha256",
        "hashlib.blake2b",
        "hashlib.file_digest",
        "hmac.new",
        "hmac.compare_digest",
        "hmac.digest",
    ),
    *("AESGCM", "HKDF", "SHA256", "ec", "hashes", "serialization", "InvalidSignature"),
    *("decode_dss_signature", "encode_dss_signature", "InvalidTag"),
}
_HOUSES = ("cryptography.", "Crypto.", "nacl.", "gmssl", "ecdsa", "rsa")


def _used(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id in {"hashlib", "hmac"}:
                found.add(f"{node.value.id}.{node.attr}")
            if node.value.id in {"hashes", "ec"} and node.attr in {"MD5", "SHA1", "SECP192R1"}:
                found.add(node.attr)
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module.startswith(_HOUSES):
                found |= {alias.name for alias in node.names}
            if node.module in {"hashlib", "hmac"}:
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_algorithm_in_use_is_in_the_inventory() -> None:
    used: set[str] = set()
    for file in (ROOT / "app").rglob("*.py"):
        used |= _used(file.read_text("utf-8"))
    assert used <= ALLOWED, used - ALLOWED
    page = (ROOT / "docs/operations/evidence.md").read_text("utf-8")
    for name in (
        "AES-256-GCM",
        "HKDF-SHA256",
        "HMAC-SHA256",
        "argon2id",
        "BLAKE2b",
        "ECDSA on P-256",
        "TOTP",
    ):
        assert name in page


@pytest.mark.parametrize(
    "line",
    ["hashlib.md5(x)", "from hashlib import sha1", "from cryptography.x.algorithms import ARC4"],
)
def test_a_weak_algorithm_would_be_found(line: str) -> None:
    assert not _used(line) <= ALLOWED


def test_known_answers() -> None:
    """RFC 5869 style: keys of purposes differ; RFC 4231: HMAC; and an envelope opened by hand."""
    one, two = crypto.derive(_SECRET, "a"), crypto.derive(_SECRET, "b")
    assert len(one) == len(two) == 32
    assert one != two
    block = hmac.new(b"\0" * 32, _SECRET, sha256).digest()  # HKDF-extract with an empty salt
    assert one == hmac.new(block, b"park/a\x01", sha256).digest()  # HKDF-expand, first block
    sealed = crypto.seal(_SECRET, "值", "needs/1/phone")
    wrap = crypto.derive(_SECRET, "wrap")
    key = AESGCM(wrap).decrypt(sealed.wrapped_key[:12], sealed.wrapped_key[12:], b"needs/1/phone")
    plain = AESGCM(key).decrypt(sealed.ciphertext[:12], sealed.ciphertext[12:], b"needs/1/phone")
    assert plain.decode() == "值"


def test_whatever_is_changed_in_an_envelope_is_noticed() -> None:
    sealed = crypto.seal(_SECRET, "13900000000", "needs/1/phone")
    assert crypto.unseal(_SECRET, sealed, "needs/1/phone") == "13900000000"
    for part in ("wrapped_key", "ciphertext"):
        kept: bytes = getattr(sealed, part)
        for at in range(len(kept)):
            turned = kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :]
            changed = {"wrapped_key": sealed.wrapped_key, "ciphertext": sealed.ciphertext}
            forged = crypto.Envelope(sealed.key_id, **(changed | {part: turned}))
            with pytest.raises(InvalidTag):
                crypto.unseal(_SECRET, forged, "needs/1/phone")
    with pytest.raises(InvalidTag):
        crypto.unseal(_SECRET, sealed, "needs/2/phone")
    with pytest.raises(InvalidTag):
        crypto.unseal(_SECRET[::-1], sealed, "needs/1/phone")


def test_an_envelope_names_the_key_it_was_wrapped_with() -> None:
    one, two = (crypto.seal(_SECRET, "x", "c") for _ in range(2))
    assert one.key_id == crypto.KEY_ID
    assert one.wrapped_key != two.wrapped_key
    assert one.ciphertext != two.ciphertext, "no nonce and no key twice"


def test_every_key_is_long_enough() -> None:
    assert KEY_BYTES >= 32
    signer = signatures.signer(_SECRET, "test")
    assert load_der_public_key(signer.public).key_size == 256  # type: ignore[union-attr]
    assert len(crypto.derive(_SECRET, "x")) * 8 == 256


def test_signatures_are_those_of_a_named_curve() -> None:
    signer = signatures.signer(_SECRET, "test")
    assert signer.algorithm == "ES256"
    assert len(signer.sign(b"message")) == 64
    assert load_der_public_key(signer.public).curve.name == "secp256r1"  # type: ignore[union-attr]
    assert set(signatures.ALGORITHMS) == {"ES256"}


def test_passwords_are_hashed_as_owasp_asks() -> None:
    """argon2id with 46 MiB and one pass, or stronger; a salt of its own each time."""
    told, other = passwords.hashed_now("Kiefer-wald-99"), passwords.hashed_now("Kiefer-wald-99")
    assert told != other
    found = re.fullmatch(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$([\w+/]+)\$([\w+/]+)", told)
    assert found
    assert int(found[1]) * int(found[2]) >= 46 * 1024
    assert len(found[3]) >= 22
