-- The whole store in the portable subset (README.md). Money: kopecks. *_ms: epoch milliseconds, UTC.
-- Tables marked (append-only) are guarded by triggers that src/store/guards.rs installs per engine.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- A file that arrived. `hash` is SHA-256 of its bytes; the bytes lie in the archive folder.
CREATE TABLE file (
    hash         TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    source       TEXT NOT NULL,
    as_of_ms     BIGINT NOT NULL,
    received_ms  BIGINT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('accepted', 'quarantined', 'dismissed')),
    kind         TEXT NOT NULL CHECK (kind IN ('sales', 'counterparties', 'crm_companies', 'crm_contacts', 'crm_deals',
                                               'crm_activities', 'calls', 'unknown')),
    row_count    BIGINT NOT NULL,
    span_from    DATE,
    span_to      DATE,
    organisation TEXT NOT NULL,
    findings     TEXT NOT NULL,
    CHECK ((span_from IS NULL) = (span_to IS NULL))
);
CREATE INDEX file_received ON file (received_ms);

-- One version of a document of sale; superseded ones stay. At most one live version per key.
CREATE TABLE sale (
    id             TEXT PRIMARY KEY,
    sale_key       TEXT NOT NULL,
    organisation   TEXT NOT NULL,
    number         TEXT NOT NULL,
    sold_on        DATE NOT NULL,
    party_code     TEXT NOT NULL,
    party_name     TEXT NOT NULL,
    party_inn      TEXT NOT NULL,
    party_kpp      TEXT NOT NULL,
    manager        TEXT NOT NULL,
    amount         BIGINT NOT NULL,
    net            BIGINT,
    margin         BIGINT,
    bonus          BIGINT,
    currency       TEXT NOT NULL,
    returns_number TEXT,
    file_hash      TEXT NOT NULL,
    source_file    TEXT NOT NULL,
    source_sheet   TEXT NOT NULL,
    source_row     BIGINT NOT NULL,
    source_column  TEXT NOT NULL,
    inserted_ms    BIGINT NOT NULL,
    superseded_ms  BIGINT
);
CREATE UNIQUE INDEX sale_live ON sale (sale_key) WHERE superseded_ms IS NULL;

-- One version of an accounting card; `card_key` is `code:…`, else `name:…` with the ИНН.
CREATE TABLE party_card (
    id            TEXT PRIMARY KEY,
    card_key      TEXT NOT NULL,
    body          TEXT NOT NULL,
    inserted_ms   BIGINT NOT NULL,
    superseded_ms BIGINT
);
CREATE UNIQUE INDEX party_card_live ON party_card (card_key) WHERE superseded_ms IS NULL;

-- The row that serialises acceptance of snapshots of one source.
CREATE TABLE crm_source (
    source   TEXT PRIMARY KEY,
    accepted BIGINT NOT NULL
);

-- (append-only) Accepted snapshots; the same content seen again at a later instant is a row of its own. `given_ms` is when
-- the data left the CRM; `as_of_ms` is the same, moved on by a millisecond for each snapshot that claims the same instant.
CREATE TABLE crm_snapshot (
    source      TEXT NOT NULL,
    as_of_ms    BIGINT NOT NULL,
    given_ms    BIGINT NOT NULL,
    hash        TEXT NOT NULL,
    companies   BIGINT NOT NULL,
    contacts    BIGINT NOT NULL,
    deals       BIGINT NOT NULL,
    activities  BIGINT NOT NULL,
    accepted_ms BIGINT NOT NULL,
    PRIMARY KEY (source, as_of_ms)
);

-- (append-only) What a record was from an instant on; NULL body: no longer in the snapshot of that instant.
CREATE TABLE crm_version (
    source    TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('company', 'contact', 'deal', 'activity')),
    record_id TEXT NOT NULL,
    as_of_ms  BIGINT NOT NULL,
    body      TEXT,
    PRIMARY KEY (source, kind, record_id, as_of_ms)
);

-- (append-only) When a record is held to have been entered; set at its first snapshot.
CREATE TABLE crm_entered (
    source     TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('company', 'contact', 'deal', 'activity')),
    record_id  TEXT NOT NULL,
    entered_ms BIGINT NOT NULL,
    PRIMARY KEY (source, kind, record_id)
);

-- (append-only) What people decided about counterparties.
CREATE TABLE decision (
    id         TEXT PRIMARY KEY,
    decided_ms BIGINT NOT NULL,
    author     TEXT NOT NULL,
    party_key  TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('confirm', 'reject', 'exempt')),
    crm_source TEXT,
    crm_kind   TEXT CHECK (crm_kind IN ('company', 'contact', 'deal', 'activity')),
    crm_id     TEXT,
    note       TEXT NOT NULL,
    CHECK ((kind = 'exempt') = (crm_id IS NULL)),
    CHECK ((crm_source IS NULL) = (crm_id IS NULL) AND (crm_kind IS NULL) = (crm_id IS NULL))
);

-- (append-only) Decisions taken back.
CREATE TABLE decision_undo (
    decision_id TEXT PRIMARY KEY REFERENCES decision (id),
    undone_ms   BIGINT NOT NULL,
    author      TEXT NOT NULL,
    note        TEXT NOT NULL
);

-- (append-only) The ledger.
CREATE TABLE ledger_entry (
    seq            BIGINT PRIMARY KEY CHECK (seq > 0),
    id             TEXT NOT NULL UNIQUE,
    posted_ms      BIGINT NOT NULL,
    run_id         TEXT NOT NULL,
    pay_period     TEXT NOT NULL,
    belongs_to     TEXT NOT NULL,
    employee       TEXT NOT NULL,
    subject        TEXT NOT NULL,
    rule           TEXT NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('reduction', 'premium', 'cap_relief', 'correction')),
    amount         BIGINT NOT NULL CHECK (amount <> 0),
    policy_version TEXT NOT NULL,
    corrects       TEXT NOT NULL,
    evidence       TEXT NOT NULL,
    prev_hash      TEXT NOT NULL,
    hash           TEXT NOT NULL
);
CREATE INDEX ledger_entry_pay ON ledger_entry (pay_period, employee);

-- The end of the chain: one row, moved by compare-and-set.
CREATE TABLE ledger_head (
    id   BIGINT PRIMARY KEY CHECK (id = 1),
    seq  BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO ledger_head (id, seq, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- (append-only) Closed periods.
CREATE TABLE period_close (
    period    TEXT PRIMARY KEY,
    as_of_ms  BIGINT NOT NULL,
    run_id    TEXT NOT NULL,
    closed_ms BIGINT NOT NULL
);

-- (append-only) Statements that went to finance, with the head of the chain they show.
CREATE TABLE statement (
    number      TEXT PRIMARY KEY,
    pay_period  TEXT NOT NULL,
    run_id      TEXT NOT NULL,
    total       BIGINT NOT NULL,
    ledger_seq  BIGINT NOT NULL,
    ledger_hash TEXT NOT NULL,
    issued_ms   BIGINT NOT NULL
);

CREATE TABLE run (
    id          TEXT PRIMARY KEY,
    job         TEXT NOT NULL CHECK (job IN ('ingest', 'alerts', 'audit', 'close')),
    as_of_ms    BIGINT NOT NULL,
    finished_ms BIGINT NOT NULL,
    outcome     TEXT NOT NULL CHECK (outcome IN ('done', 'held')),
    input_hash  TEXT NOT NULL,
    figures     TEXT NOT NULL
);
CREATE INDEX run_finished ON run (finished_ms);

CREATE TABLE hold (
    id             TEXT PRIMARY KEY,
    subject        TEXT NOT NULL CHECK (subject IN ('run', 'file')),
    run_id         TEXT,
    job            TEXT CHECK (job IN ('ingest', 'alerts', 'audit', 'close')),
    as_of_ms       BIGINT,
    input_hash     TEXT,
    file_hash      TEXT,
    file_name      TEXT,
    reasons        TEXT NOT NULL,
    opened_ms      BIGINT NOT NULL,
    released_by    TEXT,
    release_reason TEXT,
    released_ms    BIGINT,
    dropped_ms     BIGINT,
    drop_remark    TEXT,
    CHECK (subject <> 'run'
           OR (run_id IS NOT NULL AND job IS NOT NULL AND as_of_ms IS NOT NULL AND input_hash IS NOT NULL)),
    CHECK (subject <> 'file' OR (file_hash IS NOT NULL AND file_name IS NOT NULL)),
    CHECK (released_ms IS NULL OR dropped_ms IS NULL)
);

-- Finished mails. Key, Message-ID, envelope and bytes never change (guarded); rows are never deleted.
CREATE TABLE outbox (
    id              TEXT PRIMARY KEY,
    mail_key        TEXT NOT NULL UNIQUE,
    kind            TEXT NOT NULL CHECK (kind IN ('audit', 'alert', 'statement', 'held', 'undelivered')),
    recipient       TEXT NOT NULL,
    sender          TEXT NOT NULL,
    subject         TEXT NOT NULL,
    message_id      TEXT NOT NULL UNIQUE,
    bytes           BYTEA NOT NULL,
    frozen_ms       BIGINT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'dead')),
    attempts        BIGINT NOT NULL,
    next_try_ms     BIGINT NOT NULL,
    leased_until_ms BIGINT NOT NULL,
    last_reply      TEXT NOT NULL,
    sent_ms         BIGINT
);
CREATE INDEX outbox_pending ON outbox (frozen_ms) WHERE state = 'pending';

-- Up to where the occurrences of a schedule have been written down.
CREATE TABLE schedule_cursor (
    schedule TEXT PRIMARY KEY,
    at_ms    BIGINT NOT NULL
);

-- One occurrence of a schedule. `fence` grows with every claim.
CREATE TABLE due_run (
    schedule        TEXT NOT NULL,
    due_ms          BIGINT NOT NULL,
    holder          TEXT NOT NULL,
    fence           BIGINT NOT NULL,
    leased_until_ms BIGINT NOT NULL,
    finished_ms     BIGINT,
    outcome         TEXT,
    PRIMARY KEY (schedule, due_ms)
);
CREATE INDEX due_run_open ON due_run (due_ms) WHERE finished_ms IS NULL;

-- What people were already told, so that nobody is told twice.
CREATE TABLE alerted (
    employee   TEXT NOT NULL,
    sale_key   TEXT NOT NULL,
    kind       TEXT NOT NULL,
    alerted_ms BIGINT NOT NULL,
    PRIMARY KEY (employee, sale_key, kind)
);
