"""The passphrase in this system's keyring, where there is one and the person asked for it."""

from breathsync.errors import WordsError

_SERVICE, _NAME = "breathsync", "words"


def check() -> None:
    """WordsError where there is no keyring that can be used."""
    try:
        import keyring
        import keyring.backends.fail
    except ImportError:
        raise WordsError("no_keyring") from None
    if isinstance(keyring.get_keyring(), keyring.backends.fail.Keyring):
        raise WordsError("no_keyring")


def remember(passphrase: str) -> None:
    """Give it to the keyring."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, _NAME, passphrase)
    except KeyringError:
        raise WordsError("no_keyring") from None


def remembered() -> str | None:
    """What the keyring holds, if anything."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        return keyring.get_password(_SERVICE, _NAME)
    except KeyringError:
        return None
