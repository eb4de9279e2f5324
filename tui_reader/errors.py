"""The few error types; each message is a sentence that says what a person can do."""


class NewsError(Exception):
    """Something went wrong that the person should read about, in one line."""


class UsageError(NewsError):
    """The command line, or a setting, asks for something that does not exist."""


class SourceError(NewsError):
    """A source as a whole cannot be read: it is missing, refused or damaged."""


class ArticleError(NewsError):
    """One article cannot be read.

    ``line`` is the 1-based line in its file that the reason is about, or 0
    where no single line is to blame.
    """

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class StoreError(NewsError):
    """The index (or the marks) could not be opened, read or written."""
