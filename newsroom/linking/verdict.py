"""What a comparison of two names can say."""

from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """How sure it is; only SAME links."""

    DIFFERENT = 0
    UNKNOWN = 1
    SAME = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is Spanish, for the editor who reviews the pair."""

    kind: Kind
    reason: str

    @property
    def is_same(self) -> bool:
        """Whether the two names are of one entidad."""
        return self.kind is Kind.SAME


NOTHING = Verdict(Kind.UNKNOWN, "los nombres no bastan")
EQUAL = Verdict(Kind.SAME, "las mismas palabras")
