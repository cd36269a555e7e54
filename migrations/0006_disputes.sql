-- Lines that people contest, what statements handed over, what finance answered, who prepared a close.

-- (append-only) A dispute as it was opened; `source` is `cli` or the hash of a mail.
CREATE TABLE dispute (
    id         TEXT PRIMARY KEY,
    code       TEXT NOT NULL,
    entry_id   TEXT NOT NULL,
    belongs_to TEXT NOT NULL,
    employee   TEXT NOT NULL,
    subject    TEXT NOT NULL,
    rule       TEXT NOT NULL,
    claim      TEXT NOT NULL CHECK (claim IN ('in_crm', 'not_mine', 'retail', 'duplicate', 'not_credited')),
    crm_id     TEXT,
    opened_by  TEXT NOT NULL,
    note       TEXT NOT NULL,
    opened_ms  BIGINT NOT NULL,
    due_on     DATE NOT NULL,
    by_default TEXT NOT NULL CHECK (by_default IN ('uphold', 'withdraw')),
    source     TEXT NOT NULL
);
-- A mail that is read twice opens nothing twice.
CREATE UNIQUE INDEX dispute_of_mail ON dispute (source, entry_id) WHERE source <> 'cli';

-- (append-only) What happened to disputes: checks, decisions, decisions taken back. `place` counts a dispute's events.
CREATE TABLE dispute_event (
    id         TEXT PRIMARY KEY,
    dispute_id TEXT NOT NULL REFERENCES dispute (id),
    place      BIGINT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('checked', 'uphold', 'withdraw', 'undone')),
    at_ms      BIGINT NOT NULL,
    author     TEXT NOT NULL,
    note       TEXT NOT NULL,
    due_on     DATE,
    UNIQUE (dispute_id, place)
);

-- (append-only) Mails of the reply folder that were read, by the hash of their bytes, and what became of them.
CREATE TABLE reply_mail (
    hash    TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    read_ms BIGINT NOT NULL,
    outcome TEXT NOT NULL
);

-- (append-only) Which statement handed an entry over: every entry at most once.
CREATE TABLE statement_line (
    entry_id TEXT PRIMARY KEY,
    number   TEXT NOT NULL
);
-- Until now a statement covered every entry paid in its period.
INSERT INTO statement_line (entry_id, number)
SELECT ledger_entry.id, MIN(statement.number)
FROM ledger_entry
JOIN statement ON statement.pay_period = ledger_entry.pay_period AND ledger_entry.seq <= statement.ledger_seq
GROUP BY ledger_entry.id;

-- (append-only) What finance did with a person's row of a statement; the last answer counts. `amount` is what was applied.
CREATE TABLE finance_answer (
    id          TEXT PRIMARY KEY,
    number      TEXT NOT NULL REFERENCES statement (number),
    employee    TEXT NOT NULL,
    answer      TEXT NOT NULL CHECK (answer IN ('applied', 'changed', 'refused')),
    amount      BIGINT NOT NULL,
    note        TEXT NOT NULL,
    author      TEXT NOT NULL,
    answered_ms BIGINT NOT NULL,
    source      TEXT NOT NULL
);
CREATE INDEX finance_answer_number ON finance_answer (number);

-- (append-only) A close that one person prepared and another has to release: what it would post, by the hash of its inputs.
CREATE TABLE close_prepared (
    id          TEXT PRIMARY KEY,
    period      TEXT NOT NULL,
    author      TEXT NOT NULL,
    prepared_ms BIGINT NOT NULL,
    input_hash  TEXT NOT NULL
);
