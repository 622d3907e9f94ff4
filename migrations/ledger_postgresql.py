"""The triggers of the books on PostgreSQL, as revisions 0001, 0013 and 0017 make them.

The functions run with the owner's rights and a fixed search path: the program's own role may
insert entries and holds, but never touch a balance. A refusal carries the name of a constraint,
which ``loans.books.ledger`` turns into a sentence.
"""

_OPENED = """
CREATE FUNCTION account_opened() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO account_balance
        (facility_id, account_id, debits_minor, credits_minor, reserved_minor, floor_minor)
    VALUES (NEW.facility_id, NEW.id, 0, 0, 0, NEW.floor_minor);
    RETURN NULL;
END $$
"""

# The postings are read once. Balances are locked in one order, accounts without a floor first: the
# cash account, which every payment touches, is locked last and shortest, and two entries can never
# wait for each other, as long as nobody who has the facility books an entry. What is left to the
# commit is done by whoever has cash, so the references of all postings so far to their entries,
# which come after them, are looked at before: one entry is written whole, then the next.
APPLIED = """
CREATE OR REPLACE FUNCTION journal_entry_applied() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    reserved_account text;
    moved record;
BEGIN
    IF NEW.hold_id IS NOT NULL THEN
        SELECT account_id INTO reserved_account FROM hold
        WHERE facility_id = NEW.facility_id AND id = NEW.hold_id;
    END IF;
    SELECT array_agg(account_id) AS accounts, array_agg(debits) AS debits,
        array_agg(credits) AS credits, sum(postings) AS postings,
        bool_and(left_in_currency = 0) AS is_balanced,
        sum(credits - debits) FILTER (WHERE account_id = reserved_account) AS paid
    INTO moved
    FROM (SELECT account_id, count(*) AS postings,
            sum(greatest(amount_minor, 0))::bigint AS debits,
            sum(greatest(-amount_minor, 0))::bigint AS credits,
            sum(sum(amount_minor)) OVER (PARTITION BY currency) AS left_in_currency
        FROM posting WHERE facility_id = NEW.facility_id AND entry_id = NEW.id
        GROUP BY account_id, currency
        ORDER BY (SELECT floor_minor IS NOT NULL FROM account
            WHERE facility_id = NEW.facility_id AND id = account_id), account_id) AS line;
    IF moved.postings IS DISTINCT FROM NEW.n_postings THEN
        RAISE EXCEPTION 'The entry is not complete.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_journal_entry_complete';
    END IF;
    IF NOT moved.is_balanced THEN
        RAISE EXCEPTION 'Debits and credits differ.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_journal_entry_balanced';
    END IF;
    IF EXISTS (SELECT 1 FROM period
        WHERE facility_id = NEW.facility_id
        AND month >= to_char(NEW.booked_at AT TIME ZONE 'UTC', 'YYYY-MM')) THEN
        RAISE EXCEPTION 'The period is closed.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_journal_entry_period_open';
    END IF;
    IF coalesce(moved.paid, 0) < NEW.hold_used_minor THEN
        RAISE EXCEPTION 'The entry pays less than it takes from the reserve.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_journal_entry_hold_paid';
    END IF;
    SET CONSTRAINTS fk_posting_entry IMMEDIATE;
    SET CONSTRAINTS fk_posting_entry DEFERRED;
    FOR i IN 1 .. array_length(moved.accounts, 1) LOOP
        UPDATE account_balance SET
            debits_minor = debits_minor + moved.debits[i],
            credits_minor = credits_minor + moved.credits[i],
            reserved_minor = reserved_minor - CASE
                WHEN account_id = reserved_account THEN NEW.hold_used_minor ELSE 0 END
        WHERE facility_id = NEW.facility_id AND account_id = moved.accounts[i];
        UPDATE account_balance_day SET
            delta_minor = delta_minor + moved.debits[i] - moved.credits[i]
        WHERE facility_id = NEW.facility_id AND account_id = moved.accounts[i]
        AND day = NEW.effective_on;
        IF NOT FOUND THEN
            INSERT INTO account_balance_day (facility_id, account_id, day, delta_minor)
            VALUES (NEW.facility_id, moved.accounts[i], NEW.effective_on,
                moved.debits[i] - moved.credits[i]);
        END IF;
    END LOOP;
    IF NEW.hold_id IS NOT NULL THEN
        INSERT INTO hold_use (facility_id, id, hold_id, entry_id, amount_minor, effective_on,
            booked_at, actor_id)
        VALUES (NEW.facility_id, NEW.id, NEW.hold_id, NEW.id, NEW.hold_used_minor,
            NEW.effective_on, NEW.booked_at, NEW.actor_id);
    END IF;
    RETURN NULL;
END $$
"""

_HELD = """
CREATE FUNCTION hold_applied() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE account_balance SET reserved_minor = reserved_minor + NEW.amount_minor
    WHERE facility_id = NEW.facility_id AND account_id = NEW.account_id;
    RETURN NULL;
END $$
"""

# The balance row is locked before the uses are summed, so two uses cannot each miss the other.
_USED = """
CREATE FUNCTION hold_use_applied() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.entry_id IS NULL THEN
        UPDATE account_balance b SET reserved_minor = b.reserved_minor - NEW.amount_minor
        FROM hold h WHERE h.facility_id = NEW.facility_id AND h.id = NEW.hold_id
        AND b.facility_id = h.facility_id AND b.account_id = h.account_id;
    END IF;
    IF (SELECT sum(amount_minor) FROM hold_use
        WHERE facility_id = NEW.facility_id AND hold_id = NEW.hold_id)
        > (SELECT amount_minor FROM hold
        WHERE facility_id = NEW.facility_id AND id = NEW.hold_id) THEN
        RAISE EXCEPTION 'More is used than was reserved.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_hold_use_within_hold';
    END IF;
    RETURN NULL;
END $$
"""

# Locking needs more rights than the program's role has.
_LOCK = """
CREATE FUNCTION lock_journal() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    LOCK TABLE journal_entry IN SHARE ROW EXCLUSIVE MODE;
END $$
"""

_FIRES = (
    ("account_opened", "account"),
    ("journal_entry_applied", "journal_entry"),
    ("hold_applied", "hold"),
    ("hold_use_applied", "hold_use"),
)

CREATE = (
    *(_OPENED, APPLIED, _HELD, _USED, _LOCK),
    *(
        f"CREATE TRIGGER {name} AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        for name, table in _FIRES
    ),
)

DROP = (
    *(f"DROP FUNCTION {name}()" for name, _ in _FIRES),
    "DROP FUNCTION lock_journal()",
    "DROP FUNCTION refuse_change()",
)
