"""Who made reports, who publishes them, and what others may do with them: told, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from toolkit.errors import OptionError, did_you_mean

__all__ = ["Credits", "Party", "read_credits"]

_KEYS = ("authors", "agent", "publisher", "license")
_PARTY_KEYS = ("name", "url", "kind")
_KINDS = ("person", "organization")


@dataclass(frozen=True, kw_only=True)
class Party:
    """A person or an organization.

    Attributes
    ----------
    name : str
    url : str or None
        What identifies it, such as its ORCID or ROR.
    kind : {"person", "organization"}
    """

    name: str
    url: str | None = None
    kind: Literal["person", "organization"] = "person"


@dataclass(frozen=True, kw_only=True)
class Credits:
    """What is told of the origin of reports; nothing by default.

    Attributes
    ----------
    authors : tuple of Party
    agent : Party or None
        Who has the reports made.
    publisher : Party or None
    license : str or None
        An SPDX identifier, such as ``"CC-BY-4.0"``, or the address of its text.
    """

    authors: tuple[Party, ...] = ()
    agent: Party | None = None
    publisher: Party | None = None
    license: str | None = None

    def as_record(self) -> dict[str, Any]:
        """Return what was told, in the form that JSON can hold."""
        told = {
            "authors": [vars(author) for author in self.authors],
            "agent": self.agent and vars(self.agent),
            "publisher": self.publisher and vars(self.publisher),
            "license": self.license,
        }
        return {key: value for key, value in told.items() if value}


def read_credits(content: object, *, where: str) -> Credits:
    """Read the table `credits` of a plan.

    Parameters
    ----------
    content : dict
        `authors` is a list of parties, `agent` and `publisher` one each. A party has a `name`,
        and if wanted a `url` and a `kind` (``"person"`` or ``"organization"``).
    where : str
        Names the plan in messages.

    Raises
    ------
    OptionError
        At the first entry that cannot be meant.

    Examples
    --------
    >>> read_credits({"license": "CC-BY-4.0"}, where="reports.toml").as_record()
    {'license': 'CC-BY-4.0'}
    """
    table = _table(content, "credits", _KEYS, where)
    authors = table.get("authors", [])
    if not isinstance(authors, list):
        raise OptionError(f"{where}: authors is {authors!r}. Give a list, with a name in each.")
    return Credits(
        authors=tuple(_party(author, "authors", "person", where) for author in authors),
        agent=_optional(table, "agent", "person", where),
        publisher=_optional(table, "publisher", "organization", where),
        license=_text(table, "license", where),
    )


def _optional(
    table: Mapping[str, Any], key: str, kind: Literal["person", "organization"], where: str
) -> Party | None:
    return _party(table[key], key, kind, where) if key in table else None


def _party(content: object, key: str, kind: Literal["person", "organization"], where: str) -> Party:
    table = _table(content, key, _PARTY_KEYS, where)
    name, url = _text(table, "name", where), _text(table, "url", where)
    if name is None:
        raise OptionError(f"{where}: {key} has an entry without a name. Give it one.")
    if url is not None and not url.startswith(("https://", "http://")):
        raise OptionError(f"{where}: url = {url!r} is no address. Begin it with https://.")
    given = table.get("kind", kind)
    if given not in _KINDS:
        raise OptionError(f"{where}: kind = {given!r}. Choose one of: {', '.join(_KINDS)}.")
    return Party(name=name, url=url, kind=given)


def _table(content: object, key: str, known: tuple[str, ...], where: str) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise OptionError(f"{where}: {key} is {content!r}. Give: {', '.join(known)}.")
    for name in content:
        if name not in known:
            raise OptionError(
                f"{where}: {key} has no {name!r}.{did_you_mean(name, known)} "
                f"It takes: {', '.join(known)}."
            )
    return content


def _text(table: Mapping[str, Any], key: str, where: str) -> str | None:
    value = table.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise OptionError(f"{where}: {key} = {value!r} is no text. Give it in quotes.")
    return value.strip()
