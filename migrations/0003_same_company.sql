-- Decisions know a fourth kind (the same company as another counterparty), and keep what both sides were known by, so that
-- they can be found again when a key or an id changes. A CHECK cannot be widened: create, copy, drop, rename.

CREATE TABLE decision_next (
    id         TEXT PRIMARY KEY,
    decided_ms BIGINT NOT NULL,
    author     TEXT NOT NULL,
    party_key  TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('confirm', 'reject', 'exempt', 'same')),
    crm_source TEXT,
    crm_kind   TEXT CHECK (crm_kind IN ('company', 'contact', 'deal', 'activity')),
    crm_id     TEXT,
    other_key  TEXT,
    note       TEXT NOT NULL,
    -- JSON; NULL: decided before this was kept.
    seen       TEXT,
    CHECK ((kind IN ('exempt', 'same')) = (crm_id IS NULL)),
    CHECK ((kind = 'same') = (other_key IS NOT NULL)),
    CHECK ((crm_source IS NULL) = (crm_id IS NULL) AND (crm_kind IS NULL) = (crm_id IS NULL))
);

INSERT INTO decision_next (id, decided_ms, author, party_key, kind, crm_source, crm_kind, crm_id, note)
SELECT id, decided_ms, author, party_key, kind, crm_source, crm_kind, crm_id, note FROM decision;

CREATE TABLE decision_undo_next (
    decision_id TEXT PRIMARY KEY REFERENCES decision_next (id),
    undone_ms   BIGINT NOT NULL,
    author      TEXT NOT NULL,
    note        TEXT NOT NULL
);

INSERT INTO decision_undo_next (decision_id, undone_ms, author, note)
SELECT decision_id, undone_ms, author, note FROM decision_undo;

DROP TABLE decision_undo;
DROP TABLE decision;
ALTER TABLE decision_next RENAME TO decision;
ALTER TABLE decision_undo_next RENAME TO decision_undo;
