"""The numbers of the journal and the open month of reserves, as revisions 0004 and 0017 make them.

An entry gets the next number of its facility. On PostgreSQL that happens at the commit: the last
lock that a transaction takes, so that two of them never wait for each other (whoever takes it
earlier books nothing), and a transaction that is rolled back leaves no gap. SQLite has one writer,
and the number comes with the entry.
"""

NUMBERED = """
CREATE OR REPLACE FUNCTION journal_entry_numbered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM facility WHERE id = NEW.facility_id FOR NO KEY UPDATE;
    INSERT INTO journal_number (facility_id, number, previous, entry_id)
    SELECT NEW.facility_id, coalesce(max(number), 0) + 1, max(number), NEW.id
    FROM journal_number WHERE facility_id = NEW.facility_id;
    RETURN NULL;
END $$
"""

_IN_OPEN_PERIOD = """
CREATE FUNCTION reserve_in_open_period() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM period
        WHERE facility_id = NEW.facility_id
        AND month >= to_char(NEW.booked_at AT TIME ZONE 'UTC', 'YYYY-MM')) THEN
        RAISE EXCEPTION 'The period is closed.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_hold_period_open';
    END IF;
    RETURN NULL;
END $$
"""

_AT_COMMIT = """
CREATE CONSTRAINT TRIGGER journal_entry_numbered AFTER INSERT ON journal_entry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_entry_numbered()
"""

ON_POSTGRESQL = (
    NUMBERED,
    _IN_OPEN_PERIOD,
    _AT_COMMIT,
    *(
        f"CREATE TRIGGER {table}_in_open_period AFTER INSERT ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION reserve_in_open_period()"
        for table in ("hold", "hold_use")
    ),
)

_REFUSE_CLOSED = """
    SELECT RAISE(ABORT, 'ck_hold_period_open')
    WHERE EXISTS (SELECT 1 FROM period
        WHERE facility_id = NEW.facility_id AND month >= substr(NEW.booked_at, 1, 7));
"""

ON_SQLITE = (
    """
CREATE TRIGGER journal_entry_numbered AFTER INSERT ON journal_entry BEGIN
    INSERT INTO journal_number (facility_id, number, previous, entry_id)
    SELECT NEW.facility_id, coalesce(max(number), 0) + 1, max(number), NEW.id
    FROM journal_number WHERE facility_id = NEW.facility_id;
END
""",
    *(
        f"CREATE TRIGGER {table}_in_open_period AFTER INSERT ON {table} BEGIN {_REFUSE_CLOSED} END"
        for table in ("hold", "hold_use")
    ),
)

FUNCTIONS = ("journal_entry_numbered()", "reserve_in_open_period()")
"""What PostgreSQL keeps for the triggers above."""
