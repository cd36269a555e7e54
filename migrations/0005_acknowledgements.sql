-- Who acknowledged which version of the regulation, on which day. Rows are added, never changed; a mistake is taken back by
-- a row of its own. `turn` counts the rows of one person and version, so that two programs cannot both add the next one.

CREATE TABLE acknowledgement (
    id          TEXT PRIMARY KEY,
    employee    TEXT NOT NULL,
    version     TEXT NOT NULL,
    turn        BIGINT NOT NULL,
    signed_on   DATE NOT NULL,
    recorded_ms BIGINT NOT NULL,
    author      TEXT NOT NULL,
    -- File, sheet and row it was read from; empty: typed by hand.
    origin      TEXT NOT NULL,
    UNIQUE (employee, version, turn)
);

CREATE TABLE acknowledgement_undo (
    acknowledgement_id TEXT PRIMARY KEY REFERENCES acknowledgement (id),
    undone_ms          BIGINT NOT NULL,
    author             TEXT NOT NULL,
    note               TEXT NOT NULL
);
