"""An entry with its postings in one statement, as revision 0013 makes it for PostgreSQL.

The function runs with the caller's rights, and every guard of the tables stands behind it. What
they refuse is undone within the function and answered by the name of the constraint, so the
caller's transaction goes on without a savepoint of its own: two journeys to the server less.
"""

CREATE = """
CREATE FUNCTION post_entry(
    in_facility text, in_id text, in_event text, in_effective_on date, in_booked_at timestamptz,
    in_actor text, in_key text, in_reversal_of text, in_n_postings integer, in_hold text,
    in_hold_used bigint, in_memo text, in_source_kind text, in_source text,
    in_accounts text[], in_amounts bigint[], in_loans text[]
) RETURNS text LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    refused text;
BEGIN
    INSERT INTO posting (facility_id, entry_id, n_postings, effective_on, line_no, account_id,
        currency, amount_minor, loan_id)
    SELECT in_facility, in_id, in_n_postings, in_effective_on, line.no, a.id,
        a.currency, line.amount_minor, line.loan_id
    FROM unnest(in_accounts, in_amounts, in_loans)
        WITH ORDINALITY AS line (account, amount_minor, loan_id, no)
    JOIN account a ON a.facility_id = in_facility AND a.code = line.account;
    INSERT INTO journal_entry (facility_id, id, event, effective_on, booked_at, actor_id,
        idem_key, reversal_of, n_postings, hold_id, hold_used_minor, memo, source_kind, source_id)
    VALUES (in_facility, in_id, in_event, in_effective_on, in_booked_at, in_actor,
        in_key, in_reversal_of, in_n_postings, in_hold, in_hold_used, in_memo, in_source_kind,
        in_source);
    RETURN NULL;
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS refused = CONSTRAINT_NAME;
    IF refused = '' THEN
        RAISE;
    END IF;
    RETURN refused;
END $$
"""

DROP = "DROP FUNCTION post_entry"
