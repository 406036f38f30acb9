"""The one error that the local stack raises on purpose."""


class LocalStackError(RuntimeError):
    """The local stack cannot do what was asked. Its text is one line.

    Args:
        problem: what went wrong.
        remedy: what the person who typed the command should do now.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}. {remedy}")
        self.problem = problem
        self.remedy = remedy
