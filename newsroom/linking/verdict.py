"""The possible results of comparing two names."""

from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """How sure a comparison is. Only SAME links two names."""

    DIFFERENT = 0
    UNKNOWN = 1
    SAME = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a comparison. `reason` is in Spanish, for the editor who reviews the pair."""

    kind: Kind
    reason: str

    @property
    def is_same(self) -> bool:
        """Whether the two names certainly are of one entidad."""
        return self.kind is Kind.SAME


NOTHING = Verdict(Kind.UNKNOWN, "los nombres no bastan")
EQUAL = Verdict(Kind.SAME, "las mismas palabras")
