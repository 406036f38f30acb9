"""Finds who asks and who answers in an interview whose lines begin with a dash."""

from collections.abc import Iterator

_DASHES = "—–―"
_LEAST_TURNS = 3


def find_turns(text: str) -> tuple[set[int], set[int]]:
    """Returns the offsets of the lines that are questions, and of those that are answers.

    An interview is a run of at least three lines with a dash, and the first one is a question. A line that
    ends with a question mark is a question. The line after a question is its answer, and the line after an
    answer is the interviewer again. A line with an insertion («—Sí —dice Pintos—») names its speaker itself.
    The time is linear in the text's length.
    """
    questions: set[int] = set()
    answers: set[int] = set()
    for run in _runs(text):
        if len(run) < _LEAST_TURNS or not run[0][1].rstrip().endswith("?"):
            continue
        asks = True
        for offset, line in run:
            if _has_insertion(line):
                continue
            asks = asks or line.rstrip().endswith("?")
            (questions if asks else answers).add(offset)
            asks = not asks
    return questions, answers


def _runs(text: str) -> Iterator[list[tuple[int, str]]]:
    """Yields the runs of lines with a dash, without blank lines, each line with its offset."""
    run: list[tuple[int, str]] = []
    offset = 0
    for line in text.split("\n"):
        if line[:1] in tuple(_DASHES):
            run.append((offset, line))
        elif line.strip():
            yield run
            run = []
        offset += len(line) + 1
    yield run


def _has_insertion(line: str) -> bool:
    return any(f" {dash}" in line[1:] for dash in _DASHES)
