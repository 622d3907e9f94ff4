"""Bank statements in camt.053 written for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

IBAN = "LT601010012345678901"


@dataclass(frozen=True)
class Movement:
    """One entry of a statement, positive for money in."""

    day: str
    amount: str
    reference: str = ""
    name: str = ""
    text: str = ""
    status: str = "BOOK"
    currency: str = "EUR"


def camt(
    movements: Sequence[Movement],
    *,
    opening: str = "1000.00",
    closing: str | None = None,
    days: tuple[str, str] = ("2026-03-01", "2026-03-31"),
    version: int = 2,
    currency: str = "EUR",
) -> bytes:
    """A statement as a bank would send it; the closing balance fits unless one is stated."""
    booked = [Decimal(one.amount) for one in movements if one.status == "BOOK"]
    end = closing if closing is not None else str(Decimal(opening) + sum(booked))
    entries = "".join(_entry(one, version) for one in movements)
    space = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.0{version}"
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{space}"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-04-01T06:00:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>S1</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
        f"{_balance('OPBD', opening, days[0], currency)}{_balance('CLBD', end, days[1], currency)}"
        f"{entries}</Stmt></BkToCstmrStmt></Document>"
    )
    return text.encode()


def _signed(amount: str, currency: str) -> str:
    value = Decimal(amount)
    direction = "DBIT" if value < 0 else "CRDT"
    return f'<Amt Ccy="{currency}">{abs(value)}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'


def _balance(code: str, amount: str, day: str, currency: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_signed(amount, currency)}"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _entry(one: Movement, version: int) -> str:
    party = "Cdtr" if one.amount.startswith("-") else "Dbtr"
    newest = 8
    name = f"<Nm>{one.name}</Nm>" if version < newest else f"<Pty><Nm>{one.name}</Nm></Pty>"
    status = one.status if version < newest else f"<Cd>{one.status}</Cd>"
    reference = f"<AcctSvcrRef>{one.reference}</AcctSvcrRef>" if one.reference else ""
    return (
        f"<Ntry>{_signed(one.amount, one.currency)}<Sts>{status}</Sts>"
        f"<BookgDt><Dt>{one.day}</Dt></BookgDt><ValDt><Dt>{one.day}</Dt></ValDt>{reference}"
        f"<NtryDtls><TxDtls><RltdPties><{party}>{name}</{party}></RltdPties>"
        f"<RmtInf><Ustrd>{one.text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
