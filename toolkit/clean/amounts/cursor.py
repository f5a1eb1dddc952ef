"""A place in the words of one text, from which a reader takes the next ones."""

from __future__ import annotations

from collections.abc import Container, Sequence

from toolkit.clean.amounts.numerals import is_number_word

__all__ = ["Cursor"]


class Cursor:
    """A place in the words of one text.

    Examples
    --------
    >>> cursor = Cursor(["over", "5", "亿"])
    >>> cursor.take({"over", "under"}), cursor.numbers_ahead(), cursor.done
    ('over', 2, False)
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._at = 0

    @property
    def done(self) -> bool:
        """Whether every word has been taken."""
        return self._at >= len(self._words)

    def peek(self, ahead: int = 0) -> str:
        """Return a coming word, or nothing past the end."""
        at = self._at + ahead
        return self._words[at] if at < len(self._words) else ""

    def skip(self, count: int = 1) -> Sequence[str]:
        """Take some words, whatever they are."""
        self._at += count
        return self._words[self._at - count : self._at]

    def take(self, table: Container[str]) -> str:
        """Take the next word if it stands in the table."""
        return self.skip()[0] if not self.done and self.peek() in table else ""

    def take_all(self, table: Container[str]) -> list[str]:
        """Take words for as long as they stand in the table."""
        taken = []
        while word := self.take(table):
            taken.append(word)
        return taken

    def numbers_ahead(self) -> int:
        """Count the number words that come next."""
        count = 0
        while (word := self.peek(count)) and is_number_word(word):
            count += 1
        return count
