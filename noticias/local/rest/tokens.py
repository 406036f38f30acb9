"""Who asks: the JSON Web Token of a request, checked as PostgREST 14 checks it."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from noticias.local.rest.errors import ApiError

ANONYMOUS_ROLE = "anon"
MIN_SECRET_CHARS = 32
ALLOWED_SKEW_S = 30

_ALGORITHM = "HS256"
# The library checks the signature only. Its check of "iat" allows no skew, and its words are not PostgREST's.
_SIGNATURE_ONLY = {
    "verify_signature": True, "verify_exp": False, "verify_nbf": False, "verify_iat": False,
    "verify_aud": False, "verify_iss": False, "verify_sub": False, "verify_jti": False,
}  # fmt: skip


@dataclass(frozen=True)
class Identity:
    """The role that a request acts as, and its claims as JSON text. `role` is always among the claims."""

    role: str
    claims: str

    @property
    def is_anonymous(self) -> bool:
        """Whether the request acts as the role anon."""
        return self.role == ANONYMOUS_ROLE


def identify(authorization: str | None, secret: str) -> Identity:
    """Returns who sent the `Authorization` header. Without a Bearer token that is the role anon.

    Raises:
        ApiError: 401, the token is malformed, not signed with `secret`, expired or not yet valid.
    """
    scheme, _, token = (authorization or "").partition(" ")
    claims: dict[str, Any] = {}
    if scheme.lower() == "bearer":
        claims = _decode(token.strip(), secret)
        _check_times(claims)
    role = claims.get("role", ANONYMOUS_ROLE)
    role = role if isinstance(role, str) else json.dumps(role)
    if not role.isprintable():
        raise _invalid("PGRST303", "Parsing claims failed")
    return Identity(role, json.dumps({**claims, "role": role}))


def _decode(token: str, secret: str) -> dict[str, Any]:
    if not token:
        raise _invalid("PGRST301", "Empty JWT is sent in Authorization header")
    parts = token.count(".") + 1
    if parts != 3:
        raise _invalid("PGRST301", f"Expected 3 parts in JWT; got {parts}")
    try:
        algorithm = jwt.get_unverified_header(token).get("alg")
    except jwt.PyJWTError as exc:
        raise _invalid("PGRST301", "JWT cryptographic operation failed") from exc
    if algorithm == "none":
        details = "JWT is unsecured but expected 'alg' was not 'none'"
        raise _invalid("PGRST301", "Wrong or unsupported encoding algorithm", details)
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            options=_SIGNATURE_ONLY,  # type: ignore[arg-type]
        )
    except (jwt.InvalidSignatureError, jwt.InvalidAlgorithmError) as exc:
        details = "None of the keys was able to decode the JWT"
        raise _invalid("PGRST301", "No suitable key or wrong key type", details) from exc
    except jwt.PyJWTError as exc:
        raise _invalid("PGRST303", "Parsing claims failed") from exc
    return claims


def _check_times(claims: Mapping[str, Any]) -> None:
    now = int(time.time())
    expires, not_before, issued = (_seconds(claims, name) for name in ("exp", "nbf", "iat"))
    if expires is not None and now - ALLOWED_SKEW_S > expires:
        raise _invalid("PGRST303", "JWT expired")
    if not_before is not None and now + ALLOWED_SKEW_S < not_before:
        raise _invalid("PGRST303", "JWT not yet valid")
    if issued is not None and now + ALLOWED_SKEW_S < issued:
        raise _invalid("PGRST303", "JWT issued at future")


def _seconds(claims: Mapping[str, Any], name: str) -> int | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _invalid("PGRST303", f"The JWT '{name}' claim must be a number")
    # A fraction counts as 0 in PostgREST, which means expired.
    return int(value) if value == value // 1 else 0


def _invalid(code: str, message: str, details: str | None = None) -> ApiError:
    challenge = f'Bearer error="invalid_token", error_description="{message}"'
    return ApiError(401, code, message, details=details, headers={"WWW-Authenticate": challenge})
