"""The error types. Each message is a sentence for the user that says what to do."""


class NewsError(Exception):
    """Base class of all errors that are shown to the user, in one line."""


class UsageError(NewsError):
    """The command line or a settings file is wrong."""


class QueryError(UsageError):
    """A search cannot be understood; ``start`` and ``end`` are where in its text."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start = start
        self.end = end


class UnknownName(QueryError):
    """A search names a source, a folder or a topic that there is not, perhaps not yet or no longer."""


class SourceError(NewsError):
    """A whole source cannot be read: it is missing, unsafe or damaged."""


class ArticleError(NewsError):
    """One article cannot be read.

    ``line`` is the 1-based line of the mistake in the file, or 0 where the
    error is not about one line.
    """

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class StoreError(NewsError):
    """One of the databases (index, marks, feed store) cannot be opened, read or written."""


class StoreBusy(StoreError):
    """Another connection is writing to a database, and nobody was to wait for it."""


class DamagedFile(StoreError):
    """A database is damaged, or gone though it was there; ``path`` says which."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.path = path
