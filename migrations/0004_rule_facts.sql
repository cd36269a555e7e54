-- Facts of further rules: the head's word on deals, votes, calls, plans. The ledger knows deferrals, files know plans. A CHECK
-- cannot be widened: create, copy, drop, rename.

CREATE TABLE ledger_entry_next (
    seq            BIGINT PRIMARY KEY CHECK (seq > 0),
    id             TEXT NOT NULL UNIQUE,
    posted_ms      BIGINT NOT NULL,
    run_id         TEXT NOT NULL,
    pay_period     TEXT NOT NULL,
    belongs_to     TEXT NOT NULL,
    employee       TEXT NOT NULL,
    subject        TEXT NOT NULL,
    rule           TEXT NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('reduction', 'premium', 'deferral', 'cap_relief', 'correction')),
    amount         BIGINT NOT NULL CHECK (amount <> 0),
    policy_version TEXT NOT NULL,
    corrects       TEXT NOT NULL,
    evidence       TEXT NOT NULL,
    prev_hash      TEXT NOT NULL,
    hash           TEXT NOT NULL
);

INSERT INTO ledger_entry_next (seq, id, posted_ms, run_id, pay_period, belongs_to, employee, subject, rule, kind, amount,
                               policy_version, corrects, evidence, prev_hash, hash)
SELECT seq, id, posted_ms, run_id, pay_period, belongs_to, employee, subject, rule, kind, amount, policy_version, corrects,
       evidence, prev_hash, hash
FROM ledger_entry;

DROP TABLE ledger_entry;
ALTER TABLE ledger_entry_next RENAME TO ledger_entry;
CREATE INDEX ledger_entry_pay ON ledger_entry (pay_period, employee);

CREATE TABLE file_next (
    hash         TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    source       TEXT NOT NULL,
    as_of_ms     BIGINT NOT NULL,
    received_ms  BIGINT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('accepted', 'quarantined', 'dismissed')),
    kind         TEXT NOT NULL CHECK (kind IN ('sales', 'counterparties', 'crm_companies', 'crm_contacts', 'crm_deals',
                                               'crm_activities', 'calls', 'plans', 'unknown')),
    row_count    BIGINT NOT NULL,
    span_from    DATE,
    span_to      DATE,
    organisation TEXT NOT NULL,
    findings     TEXT NOT NULL,
    grain        TEXT NOT NULL DEFAULT 'documents' CHECK (grain IN ('documents', 'turnovers')),
    full_of      TEXT,
    CHECK ((span_from IS NULL) = (span_to IS NULL))
);

INSERT INTO file_next (hash, name, source, as_of_ms, received_ms, state, kind, row_count, span_from, span_to, organisation,
                       findings, grain, full_of)
SELECT hash, name, source, as_of_ms, received_ms, state, kind, row_count, span_from, span_to, organisation, findings, grain,
       full_of
FROM file;

DROP TABLE file;
ALTER TABLE file_next RENAME TO file;
CREATE INDEX file_received ON file (received_ms);

-- (append-only) What heads said about deals; the last word on a sale counts. `returned`: what is missing; NULL: approved.
CREATE TABLE deal_decision (
    id         TEXT PRIMARY KEY,
    decided_ms BIGINT NOT NULL,
    author     TEXT NOT NULL,
    sale_key   TEXT NOT NULL,
    amount     BIGINT NOT NULL,
    returned   TEXT CHECK (returned <> '')
);

-- (append-only) Votes of the jury; the last vote of a member in a contest counts.
CREATE TABLE vote (
    id       TEXT PRIMARY KEY,
    cast_ms  BIGINT NOT NULL,
    author   TEXT NOT NULL,
    period   TEXT NOT NULL,
    rule     TEXT NOT NULL,
    juror    TEXT NOT NULL,
    employee TEXT NOT NULL,
    CHECK (juror <> employee)
);

-- One leg of a call as the newest file tells it.
CREATE TABLE call_leg (
    source       TEXT NOT NULL,
    linked_id    TEXT NOT NULL,
    number       TEXT NOT NULL,
    employee     TEXT NOT NULL,
    started_ms   BIGINT NOT NULL,
    seconds      BIGINT NOT NULL CHECK (seconds >= 0),
    result       TEXT NOT NULL,
    told_ms      BIGINT NOT NULL,
    file_hash    TEXT NOT NULL,
    source_file  TEXT NOT NULL,
    source_sheet TEXT NOT NULL,
    source_row   BIGINT NOT NULL,
    PRIMARY KEY (source, linked_id, number, employee, started_ms)
);
CREATE INDEX call_leg_started ON call_leg (started_ms);

-- Sales plans as the newest file tells them.
CREATE TABLE plan (
    employee     TEXT NOT NULL,
    period       TEXT NOT NULL,
    amount       BIGINT NOT NULL,
    told_ms      BIGINT NOT NULL,
    file_hash    TEXT NOT NULL,
    source_file  TEXT NOT NULL,
    source_sheet TEXT NOT NULL,
    source_row   BIGINT NOT NULL,
    PRIMARY KEY (employee, period)
);
