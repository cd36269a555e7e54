-- Runs that make the monthly pages, their mails, and trainings. Jobs and kinds of mail are closed lists in the program, which refuses a
-- word it does not know: the same list in a CHECK would have to be copied with every word that is added. A CHECK cannot be
-- widened: create, copy, drop, rename.

CREATE TABLE run_next (
    id          TEXT PRIMARY KEY,
    job         TEXT NOT NULL CHECK (job <> ''),
    as_of_ms    BIGINT NOT NULL,
    finished_ms BIGINT NOT NULL,
    outcome     TEXT NOT NULL CHECK (outcome IN ('done', 'held')),
    input_hash  TEXT NOT NULL,
    figures     TEXT NOT NULL
);

INSERT INTO run_next (id, job, as_of_ms, finished_ms, outcome, input_hash, figures)
SELECT id, job, as_of_ms, finished_ms, outcome, input_hash, figures FROM run;

DROP TABLE run;
ALTER TABLE run_next RENAME TO run;
CREATE INDEX run_finished ON run (finished_ms);

CREATE TABLE hold_next (
    id             TEXT PRIMARY KEY,
    subject        TEXT NOT NULL CHECK (subject IN ('run', 'file')),
    run_id         TEXT,
    job            TEXT CHECK (job <> ''),
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

INSERT INTO hold_next (id, subject, run_id, job, as_of_ms, input_hash, file_hash, file_name, reasons, opened_ms, released_by,
                       release_reason, released_ms, dropped_ms, drop_remark)
SELECT id, subject, run_id, job, as_of_ms, input_hash, file_hash, file_name, reasons, opened_ms, released_by, release_reason,
       released_ms, dropped_ms, drop_remark
FROM hold;

DROP TABLE hold;
ALTER TABLE hold_next RENAME TO hold;

CREATE TABLE outbox_next (
    id              TEXT PRIMARY KEY,
    mail_key        TEXT NOT NULL UNIQUE,
    kind            TEXT NOT NULL CHECK (kind <> ''),
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

INSERT INTO outbox_next (id, mail_key, kind, recipient, sender, subject, message_id, bytes, frozen_ms, state, attempts,
                         next_try_ms, leased_until_ms, last_reply, sent_ms)
SELECT id, mail_key, kind, recipient, sender, subject, message_id, bytes, frozen_ms, state, attempts, next_try_ms,
       leased_until_ms, last_reply, sent_ms
FROM outbox;

DROP TABLE outbox;
ALTER TABLE outbox_next RENAME TO outbox;
CREATE INDEX outbox_pending ON outbox (frozen_ms) WHERE state = 'pending';

-- (append-only) Trainings: who was taught which field of a card, on which day. A mistake is taken back by a row of its own.
-- `turn` counts the rows of one topic, person and day, so that two programs cannot both add the next one.
CREATE TABLE training (
    id          TEXT PRIMARY KEY,
    topic       TEXT NOT NULL CHECK (topic <> ''),
    employee    TEXT NOT NULL,
    taught_on   DATE NOT NULL,
    turn        BIGINT NOT NULL,
    recorded_ms BIGINT NOT NULL,
    author      TEXT NOT NULL,
    UNIQUE (topic, employee, taught_on, turn)
);

CREATE TABLE training_undo (
    training_id TEXT PRIMARY KEY REFERENCES training (id),
    undone_ms   BIGINT NOT NULL,
    author      TEXT NOT NULL,
    note        TEXT NOT NULL
);
