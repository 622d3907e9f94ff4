"""The triggers of the books on SQLite, as revision 0001 makes them: the same rules and names.

Each limit is raised before the change that would break it. A check alone would not do: a
statement such as INSERT OR IGNORE passes its leniency on to the changes that its triggers make.

``GROUP BY +account_id``: without the sign SQLite groups by the index of accounts, and so reads
every posting that the facility ever had for each new entry.
"""

_OPENED = """
CREATE TRIGGER account_opened AFTER INSERT ON account BEGIN
    INSERT INTO account_balance
        (facility_id, account_id, debits_minor, credits_minor, reserved_minor, floor_minor)
    VALUES (NEW.facility_id, NEW.id, 0, 0, 0, NEW.floor_minor);
END
"""

APPLIED = """
CREATE TRIGGER journal_entry_applied AFTER INSERT ON journal_entry BEGIN
    SELECT RAISE(ABORT, 'ck_journal_entry_complete')
    WHERE (SELECT count(*) FROM posting
        WHERE facility_id = NEW.facility_id AND entry_id = NEW.id) <> NEW.n_postings;
    SELECT RAISE(ABORT, 'ck_journal_entry_balanced')
    WHERE EXISTS (SELECT 1 FROM posting
        WHERE facility_id = NEW.facility_id AND entry_id = NEW.id
        GROUP BY currency HAVING sum(amount_minor) <> 0);
    SELECT RAISE(ABORT, 'ck_journal_entry_period_open')
    WHERE EXISTS (SELECT 1 FROM period
        WHERE facility_id = NEW.facility_id AND month >= substr(NEW.booked_at, 1, 7));
    SELECT RAISE(ABORT, 'ck_journal_entry_hold_paid')
    WHERE NEW.hold_id IS NOT NULL AND coalesce((SELECT -sum(p.amount_minor)
        FROM posting p JOIN hold h ON h.facility_id = p.facility_id
            AND h.account_id = p.account_id
        WHERE h.facility_id = NEW.facility_id AND h.id = NEW.hold_id
        AND p.entry_id = NEW.id), 0) < NEW.hold_used_minor;
    SELECT RAISE(ABORT, 'ck_hold_use_within_hold')
    WHERE NEW.hold_used_minor + (SELECT coalesce(sum(amount_minor), 0) FROM hold_use
        WHERE facility_id = NEW.facility_id AND hold_id = NEW.hold_id)
        > (SELECT amount_minor FROM hold
        WHERE facility_id = NEW.facility_id AND id = NEW.hold_id);
    SELECT RAISE(ABORT, 'ck_account_balance_floor')
    WHERE EXISTS (SELECT 1 FROM account_balance b
        JOIN (SELECT account_id, sum(amount_minor) AS amount FROM posting
            WHERE facility_id = NEW.facility_id AND entry_id = NEW.id GROUP BY +account_id) moved
        ON moved.account_id = b.account_id
        WHERE b.facility_id = NEW.facility_id
        AND b.debits_minor - b.credits_minor - b.reserved_minor + moved.amount
            + coalesce((SELECT NEW.hold_used_minor FROM hold h
                WHERE h.facility_id = NEW.facility_id AND h.id = NEW.hold_id
                AND h.account_id = b.account_id), 0) < b.floor_minor);
    INSERT INTO account_balance_day (facility_id, account_id, day, delta_minor)
    SELECT facility_id, account_id, NEW.effective_on, sum(amount_minor) FROM posting
    WHERE facility_id = NEW.facility_id AND entry_id = NEW.id GROUP BY +account_id
    ON CONFLICT (facility_id, account_id, day)
    DO UPDATE SET delta_minor = delta_minor + excluded.delta_minor;
    UPDATE account_balance SET
        debits_minor = debits_minor + moved.debits,
        credits_minor = credits_minor + moved.credits,
        reserved_minor = reserved_minor - coalesce((SELECT NEW.hold_used_minor FROM hold h
            WHERE h.facility_id = NEW.facility_id AND h.id = NEW.hold_id
            AND h.account_id = account_balance.account_id), 0)
    FROM (SELECT account_id, sum(max(amount_minor, 0)) AS debits,
            sum(max(-amount_minor, 0)) AS credits FROM posting
        WHERE facility_id = NEW.facility_id AND entry_id = NEW.id GROUP BY +account_id) AS moved
    WHERE account_balance.facility_id = NEW.facility_id
    AND account_balance.account_id = moved.account_id;
    INSERT INTO hold_use (facility_id, id, hold_id, entry_id, amount_minor, effective_on,
        booked_at, actor_id)
    SELECT NEW.facility_id, NEW.id, NEW.hold_id, NEW.id, NEW.hold_used_minor,
        NEW.effective_on, NEW.booked_at, NEW.actor_id
    WHERE NEW.hold_id IS NOT NULL;
END
"""

_HELD = """
CREATE TRIGGER hold_applied AFTER INSERT ON hold BEGIN
    SELECT RAISE(ABORT, 'ck_account_balance_floor')
    WHERE EXISTS (SELECT 1 FROM account_balance
        WHERE facility_id = NEW.facility_id AND account_id = NEW.account_id
        AND debits_minor - credits_minor - reserved_minor - NEW.amount_minor < floor_minor);
    UPDATE account_balance SET reserved_minor = reserved_minor + NEW.amount_minor
    WHERE facility_id = NEW.facility_id AND account_id = NEW.account_id;
END
"""

_USED = """
CREATE TRIGGER hold_use_applied AFTER INSERT ON hold_use BEGIN
    SELECT RAISE(ABORT, 'ck_hold_use_within_hold')
    WHERE (SELECT sum(amount_minor) FROM hold_use
        WHERE facility_id = NEW.facility_id AND hold_id = NEW.hold_id)
        > (SELECT amount_minor FROM hold
        WHERE facility_id = NEW.facility_id AND id = NEW.hold_id);
    UPDATE account_balance SET reserved_minor = reserved_minor - NEW.amount_minor
    WHERE NEW.entry_id IS NULL AND facility_id = NEW.facility_id
    AND account_id = (SELECT account_id FROM hold
        WHERE facility_id = NEW.facility_id AND id = NEW.hold_id);
END
"""

CREATE = (_OPENED, APPLIED, _HELD, _USED)
