"""The keys of the embedded stack: made once, kept in NOTICIAS_HOME/secrets, and gone with the home."""

from pathlib import Path

import jwt

from noticias.local.files import ensure_directory, keep_secret

# 1 January 2100. The key is good for the REST server of this home only.
_EXPIRES = 4_102_444_800


def jwt_secret(home: Path) -> str:
    """Returns the secret with which the REST server checks keys."""
    return keep_secret(ensure_directory(home / "secrets") / "jwt_secret")


def service_role_key(home: Path) -> str:
    """Returns the key with which this program logs in to the REST server."""
    claims = {"iss": "noticias", "role": "service_role", "exp": _EXPIRES}
    secret = jwt_secret(home)
    return keep_secret(
        home / "secrets" / "service_role_key", lambda: jwt.encode(claims, secret, algorithm="HS256")
    )
