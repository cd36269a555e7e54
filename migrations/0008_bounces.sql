-- Mails that come back, and addresses that nothing is sent to. Kinds of mail are a closed list in the program: the list in a
-- CHECK would have to be copied with every kind that is added, and a CHECK cannot be widened: create, copy, drop, rename.

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

-- (append-only) Mails of the bounce folder that were read, by the SHA-256 of what was read of them. Without a `mail_key` it was
-- no report, or one about no mail of ours.
CREATE TABLE bounce (
    hash     TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    read_ms  BIGINT NOT NULL,
    mail_key TEXT,
    address  TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('delayed', 'soft', 'hard', 'none')),
    status   TEXT NOT NULL,
    words    TEXT NOT NULL,
    CHECK (mail_key IS NULL OR kind <> 'none')
);
CREATE INDEX bounce_mail ON bounce (mail_key) WHERE mail_key IS NOT NULL;

-- (append-only) What was decided about an address; the event with the greatest place counts.
CREATE TABLE address_event (
    address TEXT NOT NULL,
    place   BIGINT NOT NULL CHECK (place >= 0),
    event   TEXT NOT NULL CHECK (event IN ('suspended', 'lifted')),
    at_ms   BIGINT NOT NULL,
    author  TEXT NOT NULL,
    reason  TEXT NOT NULL,
    PRIMARY KEY (address, place)
);

-- (append-only) Disputes that heads were told of.
CREATE TABLE dispute_told (
    dispute_id TEXT PRIMARY KEY,
    told_ms    BIGINT NOT NULL
);
