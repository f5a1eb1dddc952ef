"""Personal data: numbers of identity cards and mobile phones, addresses, columns of names."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from toolkit.report.packages.findings import Finding, found
from toolkit.report.packages.lint.rows import Row

__all__ = ["is_identity_number", "person_findings"]

_SUSPECT = re.compile(r"\d{11}|\d[ -]\d{4}[ -]\d|@")
_IDENTITY = re.compile(r"(?<![\w.])\d{17}[\dXx](?![\w])")
_MOBILE = re.compile(r"(?<![\w.])(?:(?:\+|00)?86[ -]?)?(1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?!\w|[.,]\d)")
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+@(?:[A-Za-z0-9-]+\.)+(?!(?:png|jpg|svg|css|js)\b)[A-Za-z]{2,}(?!\w)"
)
_WHOLE_NUMBER = re.compile(r"\d+")
# Headings stand above the data, below a few lines of titles.
_HEADING_ROWS = 12
_PERSONAL_HEADINGS = frozenset(
    [
        "姓名",
        "身份证",
        "身份证号",
        "身份证号码",
        "证件号码",
        "手机",
        "手机号",
        "手机号码",
        "移动电话",
        "联系电话",
        "电话",
        "联系人",
        "法人",
        "法人代表",
        "法人姓名",
        "法定代表人",
        "借款人姓名",
        "家庭住址",
        "住址",
        "邮箱",
        "电子邮箱",
        "电子邮件",
        "出生日期",
        "fullname",
        "firstname",
        "lastname",
        "surname",
        "givenname",
        "familyname",
        "phone",
        "phonenumber",
        "mobile",
        "mobilephone",
        "telephone",
        "email",
        "emailaddress",
        "homeaddress",
        "contactperson",
        "legalrepresentative",
        "idcard",
        "idcardnumber",
        "nationalid",
        "passport",
        "passportnumber",
        "dateofbirth",
        "birthdate",
    ]
)
# ISO 7064, MOD 11-2.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def is_identity_number(text: str) -> bool:
    r"""Tell whether 18 characters are the number of a Chinese identity card.

    They are six digits of a place, eight of a day of birth, three of a sequence, and a check
    character with :math:`\sum_i a_i w_i \equiv 1 \pmod{11}`.

    References
    ----------
    GB 11643-1999, Citizen identification number; ISO 7064:1983, MOD 11-2.

    Examples
    --------
    >>> is_identity_number("11010519491231002X"), is_identity_number("110105194912310021")
    (True, False)
    """
    if not re.fullmatch(r"[1-8]\d{16}[\dXx]", text):
        return False
    try:
        born = dt.datetime.strptime(text[6:14], "%Y%m%d").date()
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return born.year >= 1880 and _CHECKS[total % 11] == text[17].upper()


@dataclass
class _Column:
    """What was seen in one column: numbers that could be anybody's, and those that could not."""

    filled: int = 0
    numbers: int = 0
    mobiles: list[tuple[str, str]] = field(default_factory=list)
    heading: tuple[str, str] | None = None
    under_heading: int = 0


def person_findings(name: str, rows: Iterable[Row]) -> Iterator[Finding]:
    """Find personal data in the rows of a file; what is found is told masked."""
    columns: dict[int, _Column] = defaultdict(_Column)
    others: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for count, (place, cells) in enumerate(rows):
        for number, cell in enumerate(cells):
            column = columns[number]
            if count < _HEADING_ROWS and _is_personal_heading(cell):
                column.heading = (place, cell.strip())
                continue
            text = cell.strip()
            column.filled += bool(text)
            column.under_heading += bool(text and column.heading)
            column.numbers += bool(_WHOLE_NUMBER.fullmatch(text))
            if _SUSPECT.search(text):
                _look(text, place, column, others)
    yield from _told(name, columns, others)


def _is_personal_heading(cell: str) -> bool:
    return len(cell) < 40 and re.sub(r"[\s_.-]", "", cell).casefold() in _PERSONAL_HEADINGS


def _look(text: str, place: str, column: _Column, others: dict[str, list[tuple[str, str]]]) -> None:
    for match in _IDENTITY.finditer(text):
        if is_identity_number(match[0]):
            others["number of an identity card"].append((place, match[0]))
    for match in _EMAIL.finditer(text):
        others["e-mail address"].append((place, match[0]))
    for match in _MOBILE.finditer(text):
        if _WHOLE_NUMBER.fullmatch(text) and len(text) == 11:
            column.mobiles.append((place, match[1]))
        elif not match[1].endswith("000"):
            others["mobile number"].append((place, match[1]))


def _told(
    name: str, columns: dict[int, _Column], others: dict[str, list[tuple[str, str]]]
) -> Iterator[Finding]:
    for column in columns.values():
        if column.heading and column.under_heading:
            place, heading = column.heading
            yield found(
                "personal-data", f"{name}, {place}", f"the column {heading!r} holds persons."
            )
        # Money in yuan has eleven digits too; a column of phone numbers has nothing else.
        if column.mobiles and 2 * len(column.mobiles) > column.numbers:
            others["mobile number"] += column.mobiles
    for kind, seen in others.items():
        place, text = seen[0]
        more = f", and {len(seen) - 1:,} more" if len(seen) > 1 else ""
        yield found("personal-data", f"{name}, {place}", f"{kind} {_masked(text)}{more}.")


def _masked(text: str) -> str:
    """Write a text so that its owner finds it, and nobody else does.

    Examples
    --------
    >>> _masked("13912345678")
    '13*******78'
    """
    return f"{text[:2]}{'*' * (len(text) - 4)}{text[-2:]}"
