"""An entry with its postings in one statement on PostgreSQL, by revisions 0013, 0014 and 0016.

The function runs with the caller's rights, and every guard of the tables stands behind it. A
refusal is undone within the function and answered by the name of its constraint, so the caller's
transaction goes on without a savepoint of its own: two journeys to the server less. What no
caller should have tried is raised as the database says it.
"""

from alembic import op

COLUMNS = {
    "facility_id": "text",
    "id": "text",
    "event": "text",
    "effective_on": "date",
    "booked_at": "timestamptz",
    "actor_id": "text",
    "idem_key": "text",
    "reversal_of": "text",
    "n_postings": "integer",
    "hold_id": "text",
    "hold_used_minor": "bigint",
    "memo": "text",
    "source_kind": "text",
    "source_id": "text",
}
"""The columns of ``journal_entry``; the function takes each under its name after ``in_``."""

REFUSALS = (
    "ck_account_balance_floor",
    "ck_account_balance_reserved",
    "ck_hold_period_open",
    "ck_hold_use_within_hold",
    "ck_journal_entry_balanced",
    "ck_journal_entry_complete",
    "ck_journal_entry_hold_paid",
    "ck_journal_entry_period_open",
    "uq_journal_entry_facility_id_idem_key",
    "uq_journal_entry_facility_id_reversal_of",
)
"""What is answered; an entry is not complete where a leg names an account that is not there."""

_TAKES = ", ".join(f"in_{name} {kind}" for name, kind in COLUMNS.items())
_GIVEN = ", ".join(f"in_{name}" for name in COLUMNS)


def _function(takes: str, lines: str) -> str:
    """The function that ``takes`` the legs, as ``lines`` with their account ``a``."""
    return f"""
CREATE FUNCTION post_entry({_TAKES}, {takes})
RETURNS text LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    refused text;
BEGIN
    INSERT INTO posting (facility_id, entry_id, n_postings, effective_on, line_no, account_id,
        currency, amount_minor, loan_id)
    SELECT in_facility_id, in_id, in_n_postings, in_effective_on, line.no, a.id,
        a.currency, line.amount_minor::bigint, line.loan_id
    FROM {lines};
    INSERT INTO journal_entry ({", ".join(COLUMNS)}) VALUES ({_GIVEN});
    RETURN NULL;
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS refused = CONSTRAINT_NAME;
    IF refused = ANY ('{{{",".join(REFUSALS)}}}') THEN
        RETURN refused;
    END IF;
    RAISE;
END $$
"""  # noqa: S608 - our own names


_BY_CODE = """ WITH ORDINALITY AS line (account, amount_minor, loan_id, no)
    JOIN account a ON a.facility_id = in_facility_id AND a.code = line.account"""
OF_ARRAYS = _function(
    "in_accounts text[], in_amounts bigint[], in_loans text[]",
    f"unnest(in_accounts, in_amounts, in_loans){_BY_CODE}",
)
OF_JSON = _function(
    "in_accounts json, in_amounts json, in_loans json",
    "ROWS FROM (json_array_elements_text(in_accounts), json_array_elements_text(in_amounts), "
    f"json_array_elements_text(in_loans)){_BY_CODE}",
)
"""The driver writes an array value by value, and JSON in a quarter of the time."""

OF_PLACES = _function(
    "in_accounts json, in_places json, in_amounts json, in_loans json",
    """ROWS FROM (json_array_elements_text(in_places), json_array_elements_text(in_amounts),
        json_array_elements_text(in_loans))
        WITH ORDINALITY AS line (place, amount_minor, loan_id, no)
    JOIN (
        SELECT named.place, found.id, found.currency
        FROM json_array_elements_text(in_accounts) WITH ORDINALITY AS named (code, place)
        CROSS JOIN LATERAL (
            SELECT id, currency FROM account
            WHERE facility_id = in_facility_id AND code = named.code OFFSET 0
        ) AS found OFFSET 0
    ) AS a ON a.place = line.place::bigint""",
)
"""Each account is named once, and a leg names its place among them, from 1. ``OFFSET 0`` keeps the
look-up of accounts apart, once for each name: PostgreSQL expects a hundred legs, and would read the
whole chart of accounts for two, or look an account up again for each leg.
"""

DROP = "DROP FUNCTION post_entry"


def post_with(function: str) -> None:
    """Put ``function`` in the place of the one that is there."""
    op.execute(DROP)
    op.execute(function)
