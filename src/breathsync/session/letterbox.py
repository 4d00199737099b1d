"""Sealed words: anybody can post them, one passphrase opens them.

A letterbox is a key pair. Its open half seals words at any moment without asking for the passphrase; its
other half lies locked beside it. Physiology is not sealed: a recording replays without any of this.

    passphrase  --Argon2id (RFC 9106, second recommendation: 64 MiB, 3 passes, 4 lanes)-->  key
    key         --AES-256-GCM-->  locks the private half; public half and parameters are authenticated
    words       --HPKE (RFC 9180: X25519, HKDF-SHA-256, AES-256-GCM), a fresh key each time-->  box

What a box is bound to: the session that it was written in, and what it is (note, letter, reflection).
Each sealed line of a recording carries its letterbox, so that recording and passphrase are enough.
"""

import secrets
import struct
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from breathsync.errors import WordsError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

SHORTEST = 8
COST = (1 << 16, 3, 4)  # KiB, passes and lanes of a new one
_MAGIC = b"BSL1"
_LAYOUT = struct.Struct(">4sIIB16s32s12s48s")
_MOST_KIB, _MOST_PASSES, _MOST_LANES = 1 << 20, 64, 16  # what a strange file may ask of this machine


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Seals words; `locked` is its private half under a passphrase, useless without it."""

    memory_kib: int
    passes: int
    lanes: int
    salt: bytes
    public: bytes
    nonce: bytes = b""
    locked: bytes = b""

    def __bytes__(self) -> bytes:
        """As it is kept in a file and beside each box: 121 bytes."""
        return _LAYOUT.pack(_MAGIC, *self._parameters, self.salt, self.public, self.nonce, self.locked)

    @classmethod
    def read(cls, data: bytes) -> "Letterbox":
        """The letterbox in these bytes. WordsError if there is none."""
        try:
            magic, memory, passes, lanes, *rest = _LAYOUT.unpack(data)
        except struct.error:
            raise WordsError("letterbox_damaged") from None
        sound = (
            8 * lanes <= memory <= _MOST_KIB and 1 <= passes <= _MOST_PASSES and 1 <= lanes <= _MOST_LANES
        )
        if magic != _MAGIC or not sound:
            raise WordsError("letterbox_damaged")
        return cls(memory, passes, lanes, *rest)

    def seal(self, words: str, session: str, what: str) -> bytes:
        """The words in a box of their own. `session` and `what` have to be said again to open it."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

        public = X25519PublicKey.from_public_bytes(self.public)
        return bytes(_suite().encrypt(words.encode(), public, info=_bound_to(session, what)))

    @property
    def _parameters(self) -> tuple[int, int, int]:
        return self.memory_kib, self.passes, self.lanes

    @property
    def authenticated(self) -> bytes:
        """What cannot be changed without the lock noticing."""
        return struct.pack(">IIB", *self._parameters) + self.salt + self.public


@dataclass(frozen=True, slots=True)
class Key:
    """An unlocked letterbox."""

    private: "X25519PrivateKey"

    def open(self, box: bytes, session: str, what: str) -> str:
        """The words in a box. WordsError if it is damaged, or belongs to another session."""
        from cryptography.exceptions import InvalidTag

        try:
            return bytes(_suite().decrypt(box, self.private, info=_bound_to(session, what))).decode()
        except (InvalidTag, ValueError):
            raise WordsError("words_damaged") from None


def check_length(passphrase: str) -> None:
    """WordsError if a passphrase is too short."""
    if len(passphrase) < SHORTEST:
        raise WordsError("passphrase_short", least=SHORTEST)


def made(passphrase: str) -> Letterbox:
    """A new letterbox. WordsError if the passphrase is too short."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return _locked(Key(X25519PrivateKey.generate()), passphrase)


def unlocked(letterbox: Letterbox, passphrase: str) -> Key:
    """The key to its boxes. WordsError if this is another passphrase. Takes a quarter of a second."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    lock = AESGCM(_stretched(letterbox, passphrase))
    try:
        private = lock.decrypt(letterbox.nonce, letterbox.locked, letterbox.authenticated)
    except InvalidTag:
        raise WordsError("passphrase_other") from None
    return Key(X25519PrivateKey.from_private_bytes(private))


def changed(letterbox: Letterbox, old: str, new: str) -> Letterbox:
    """The same letterbox under another passphrase: it opens all that was sealed before."""
    return _locked(unlocked(letterbox, old), new)


def _locked(key: Key, passphrase: str) -> Letterbox:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    check_length(passphrase)
    public = key.private.public_key().public_bytes_raw()
    open_half = Letterbox(*COST, secrets.token_bytes(16), public)
    lock, nonce = AESGCM(_stretched(open_half, passphrase)), secrets.token_bytes(12)
    locked = lock.encrypt(nonce, key.private.private_bytes_raw(), open_half.authenticated)
    return replace(open_half, nonce=nonce, locked=locked)


def _stretched(letterbox: Letterbox, passphrase: str) -> bytes:
    """Argon2id of the passphrase, in the one form that every keyboard's accents come to (NFC)."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    stretch = Argon2id(
        salt=letterbox.salt,
        length=32,
        iterations=letterbox.passes,
        lanes=letterbox.lanes,
        memory_cost=letterbox.memory_kib,
    )
    return stretch.derive(unicodedata.normalize("NFC", passphrase).encode())


def _suite() -> Any:
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _bound_to(session: str, what: str) -> bytes:
    return "\0".join(("breathsync words 1", session, what)).encode()
