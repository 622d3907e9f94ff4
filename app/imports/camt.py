"""Bank statements in camt.053 (ISO 20022, versions 02 to 08), read without trusting the file.

Only entries that are booked count. An entry is one line, also where it holds several payments:
the bank moved one amount. Its sign is what ``CdtDbtInd`` says; a reversal states its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.imports.bank_text import exact_minor, kept
from app.imports.grid import LARGEST_FILE_BYTES, MOST_ROWS, FileUnread
from appraisal.money import as_text
from loans.banking.stated import (
    LONGEST_NAME,
    LONGEST_REFERENCE,
    LONGEST_TEXT,
    StatedLine,
    StatedStatement,
)
from loans.day_words import shown_day

KIND = "camt.053"
_NAMESPACE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.0[2-8]\}Document")
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_SIGNS = {"CRDT": 1, "DBIT": -1}
_DAY_SIGNS = 10


class WrongCurrency(FileUnread):
    """The statement is in another currency than the account."""


def read_camt(content: bytes, currency: str) -> tuple[StatedStatement, ...]:
    """The statements of a file, oldest first.

    Raises:
        FileUnread: too large, no camt.053 of versions 02 to 08, or something needed is missing.
        WrongCurrency: an amount is in another currency than ``currency``.
    """
    root = _parsed(content)
    found = _all(root, "BkToCstmrStmt", "Stmt")
    if not found:
        raise FileUnread(_missing("statement (Stmt)"), field="file")
    return tuple(sorted((_statement(one, currency) for one in found), key=lambda one: one.to_on))


def _parsed(content: bytes) -> Element:
    if len(content) > LARGEST_FILE_BYTES:
        message = f"The file is too large. Send at most {LARGEST_FILE_BYTES // 1_000_000} MB."
        raise FileUnread(message, field="file")
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        message = (
            "The file declares entities or a document type, which no bank statement does. "
            "It was not read. Ask the bank for a plain camt.053 file."
        )
        raise FileUnread(message, field="file") from None
    except (ParseError, ValueError, LookupError):
        message = "The file is not complete XML. Save it from the bank again."
        raise FileUnread(message, field="file") from None
    if not _NAMESPACE.fullmatch(root.tag):
        message = "The file is XML, but no camt.053 statement of the versions 02 to 08. Send one."
        raise FileUnread(message, field="file")
    return root


def _missing(what: str) -> str:
    return f"The file has no {what}. Ask the bank for a complete camt.053 file."


def _all(element: Element, *path: str) -> list[Element]:
    """The elements at a path, whatever version's names of spaces they carry."""
    return element.findall("/".join(f"{{*}}{name}" for name in path))


def _text(element: Element, *path: str) -> str:
    """The first text at a path; blank where there is none."""
    return next((one.text.strip() for one in _all(element, *path) if one.text), "")


def _statement(element: Element, currency: str) -> StatedStatement:
    stated = _text(element, "Acct", "Ccy")
    if stated and stated != currency:
        raise WrongCurrency(_other_currency(stated, currency), field="file")
    opening, opened_on = _balance(element, _OPENING, currency)
    closing, closed_on = _balance(element, _CLOSING, currency)
    lines = tuple(_lines(element, currency))
    days = [line.booked_on for line in lines]
    first = _period_day(element, "FrDtTm", "FrDt") or opened_on
    last = _period_day(element, "ToDtTm", "ToDt") or closed_on
    return StatedStatement(
        kind=KIND,
        holder=kept(_text(element, "Acct", "Id", "IBAN") or _text(element, *_OTHER_ID), 60),
        from_on=min([first, closed_on, *days]),
        to_on=max([last, closed_on, *days]),
        opening_minor=opening,
        closing_minor=closing,
        lines=lines,
    )


_OTHER_ID = ("Acct", "Id", "Othr", "Id")


def _period_day(element: Element, *names: str) -> date | None:
    texts = (_text(element, "FrToDt", name) for name in names)
    text = next(filter(None, texts), "")
    return _day(text) if text else None


def _balance(element: Element, codes: tuple[str, ...], currency: str) -> tuple[int, date]:
    """The balance of the first of ``codes`` that is stated, and its day.

    Of several the first opens and the last closes. The previous closing balance (PRCD) opens the
    day after its own.
    """
    stated = [(_text(one, "Tp", "CdOrPrtry", "Cd"), one) for one in _all(element, "Bal")]
    code = next((one for one in codes if one in dict(stated)), None)
    if code is None:
        raise FileUnread(_missing(f"balance {' or '.join(codes)}"), field="file")
    found = {(_first_day(one, "Dt"), _signed(one, currency)) for of, one in stated if of == code}
    day = (max if codes == _CLOSING else min)(on for on, _ in found)
    amounts = sorted(amount for on, amount in found if on == day)
    if len(amounts) > 1:
        shown = " and ".join(as_text(amount, currency) for amount in amounts)
        message = (
            f"The statement states two balances {code} for {shown_day(day)}: {shown}. Ask the bank "
            "which is right, and for a new file."
        )
        raise FileUnread(message, field="file")
    return amounts[0], day + timedelta(days=1) if code == "PRCD" else day


def _lines(element: Element, currency: str) -> Iterator[StatedLine]:
    entries = _all(element, "Ntry")
    if len(entries) > MOST_ROWS:
        message = f"The statement has more than {MOST_ROWS:,} entries. Divide it."
        raise FileUnread(message, field="file")
    for entry in entries:
        status = _text(entry, "Sts") or _text(entry, "Sts", "Cd")
        amount = _signed(entry, currency)
        if status == "BOOK" and amount:
            yield _line(entry, amount)


def _line(entry: Element, amount_minor: int) -> StatedLine:
    details = ("NtryDtls", "TxDtls")
    party = "Dbtr" if amount_minor > 0 else "Cdtr"
    names = [
        text.text or ""
        for path in (("RltdPties", party, "Nm"), ("RltdPties", party, "Pty", "Nm"))
        for text in _all(entry, *details, *path)
    ]
    words = [text.text or "" for text in _all(entry, *details, "RmtInf", "Ustrd")]
    words += [text.text or "" for text in _all(entry, *details, *_STRUCTURED)]
    words += [_text(entry, "AddtlNtryInf")]
    reference = _text(entry, "AcctSvcrRef") or _text(entry, *details, "Refs", "AcctSvcrRef")
    return StatedLine(
        _first_day(entry, "BookgDt"),
        amount_minor,
        kept(reference or _text(entry, "NtryRef"), LONGEST_REFERENCE),
        kept(", ".join(filter(None, names)), LONGEST_NAME),
        kept(" ".join(filter(None, words)), LONGEST_TEXT),
    )


_STRUCTURED = ("RmtInf", "Strd", "CdtrRefInf", "Ref")


def _signed(element: Element, currency: str) -> int:
    amounts, sign = _all(element, "Amt"), _SIGNS.get(_text(element, "CdtDbtInd"))
    if not amounts or sign is None:
        raise FileUnread(_missing("amount with its direction (Amt, CdtDbtInd)"), field="file")
    stated = amounts[0].get("Ccy", currency)
    if stated != currency:
        raise WrongCurrency(_other_currency(stated, currency), field="file")
    amount = exact_minor(amounts[0].text or "", currency, where="of an entry or balance")
    if amount < 0:
        message = (
            f"The amount {as_text(amount, currency)} has a sign of its own. In camt.053 its "
            "direction stands in CdtDbtInd. Ask the bank for a new file."
        )
        raise FileUnread(message, field="file")
    return sign * amount


def _first_day(element: Element, name: str) -> date:
    return _day(_text(element, name, "Dt") or _text(element, name, "DtTm"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:_DAY_SIGNS])
    except ValueError:
        raise FileUnread(_missing("day where one is needed (BookgDt, Dt)"), field="file") from None


def _other_currency(stated: str, currency: str) -> str:
    return (
        f"The statement is in {kept(stated, 3)}, the account in {currency}. "
        "Choose the account that the statement is of."
    )
