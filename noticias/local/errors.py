"""The one error that the local stack raises on purpose."""


class LocalStackError(RuntimeError):
    """The local stack cannot do what was asked: what went wrong and what to do about it, in one line.

    `problem` states the fact, `remedy` the next step for whoever typed the command.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}. {remedy}")
        self.problem = problem
        self.remedy = remedy
