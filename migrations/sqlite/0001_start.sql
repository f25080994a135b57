-- Instants are microseconds since 1970 in UTC, days are YYYY-MM-DD. Every row of a task force carries its id.
-- The other database's file says the same in its own types; statements are shared, so columns have the same names and order.

-- Raw updates. One that waits or was seen within a week is `seen`; Telegram may use older ids again.
CREATE TABLE inbox (
    id          INTEGER PRIMARY KEY,
    update_id   INTEGER NOT NULL,
    lane        INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    body        TEXT NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    seen        INTEGER NOT NULL DEFAULT 1 CHECK (seen IN (0, 1)),
    error       TEXT
) STRICT;
CREATE UNIQUE INDEX inbox_seen ON inbox (update_id) WHERE seen = 1;
CREATE INDEX inbox_waiting ON inbox (lane, update_id) WHERE state = 'waiting';
CREATE INDEX inbox_failed ON inbox (id) WHERE state = 'failed';
CREATE INDEX inbox_over ON inbox (seen, received_at) WHERE state <> 'waiting';

-- The end of every chain. Who writes entries first moves its head from the seq it knows.
CREATE TABLE heads (
    task_force TEXT NOT NULL PRIMARY KEY,
    seq        INTEGER NOT NULL CHECK (seq > 0),
    hash       BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
    task_force TEXT NOT NULL,
    seq        INTEGER NOT NULL CHECK (seq > 0),
    body       TEXT NOT NULL,
    hash       BLOB NOT NULL,
    PRIMARY KEY (task_force, seq)
) STRICT, WITHOUT ROWID;

-- Free texts beside the chain, by the seq they came with, so that a ledger is read in one sweep. No body: redacted.
CREATE TABLE texts (
    task_force TEXT NOT NULL,
    seq        INTEGER NOT NULL,
    sha256     TEXT NOT NULL,
    salt       BLOB NOT NULL,
    body       TEXT,
    PRIMARY KEY (task_force, seq, sha256)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX texts_sha256 ON texts (task_force, sha256);

CREATE TABLE adoptions (
    hash BLOB NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
    task_force TEXT NOT NULL,
    user_id    INTEGER NOT NULL,
    chat       INTEGER,
    state      TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (task_force, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversations_chat ON conversations (chat) WHERE chat IS NOT NULL;

-- Ids without gaps, in the order of commits. `ready`: its time has come. `sent_again`: an unknown outcome does not wait for the office. `lease` counts claims.
CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY,
    task_force  TEXT,
    chat        INTEGER NOT NULL,
    thread      INTEGER,
    kind        TEXT NOT NULL CHECK (kind IN ('answer', 'reminder', 'digest', 'slip', 'document', 'status', 'line')),
    sent_again  INTEGER NOT NULL CHECK (sent_again IN (0, 1)),
    priority    INTEGER NOT NULL,
    body        TEXT NOT NULL,
    about       TEXT NOT NULL,
    slot        TEXT,
    notice      TEXT,
    not_before  INTEGER NOT NULL,
    not_after   INTEGER,
    state       TEXT NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'leased', 'sent', 'unknown', 'withdrawn', 'dead')),
    ready       INTEGER NOT NULL CHECK (ready IN (0, 1)),
    lease       INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER,
    attempts    INTEGER NOT NULL DEFAULT 0,
    maybe_sent  INTEGER NOT NULL DEFAULT 0 CHECK (maybe_sent IN (0, 1)),
    message_id  INTEGER,
    created_at  INTEGER NOT NULL,
    sent_at     INTEGER,
    error       TEXT
) STRICT;
CREATE INDEX outbox_ready ON outbox (priority, id) WHERE state = 'waiting' AND ready = 1;
CREATE INDEX outbox_later ON outbox (not_before) WHERE state = 'waiting' AND ready = 0;
CREATE INDEX outbox_waiting ON outbox (chat, id) WHERE state = 'waiting';
CREATE INDEX outbox_leased ON outbox (chat, lease_until) WHERE state = 'leased';
CREATE INDEX outbox_unknown ON outbox (id) WHERE state = 'unknown';
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';
CREATE INDEX outbox_message ON outbox (chat, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX outbox_slot ON outbox (task_force, slot, id) WHERE slot IS NOT NULL AND state = 'sent';
CREATE INDEX outbox_waiting_slot ON outbox (task_force, slot, id) WHERE slot IS NOT NULL AND state = 'waiting';
CREATE INDEX outbox_made ON outbox (task_force, created_at);
CREATE INDEX outbox_text ON outbox (created_at) WHERE body <> '' AND kind <> 'digest';

-- Each given out once. No row: spent without a message. Kept for ever; those of the last weeks are found by `given_at`.
CREATE TABLE notice_keys (
    task_force TEXT NOT NULL,
    name       TEXT NOT NULL,
    outbox_id  INTEGER REFERENCES outbox (id),
    given_at   INTEGER NOT NULL,
    PRIMARY KEY (task_force, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_keys_given ON notice_keys (task_force, given_at, name);
CREATE INDEX notice_keys_outbox ON notice_keys (outbox_id);

CREATE TABLE pings (
    task_force TEXT NOT NULL,
    day        TEXT NOT NULL,
    person     TEXT NOT NULL,
    outbox_id  INTEGER NOT NULL REFERENCES outbox (id),
    PRIMARY KEY (task_force, day, person, outbox_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX pings_outbox ON pings (outbox_id);

-- Chat 0: all chats.
CREATE TABLE holds (
    chat     INTEGER NOT NULL PRIMARY KEY,
    until_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- As sent; corrections are further versions. Never deleted.
CREATE TABLE digests (
    task_force TEXT NOT NULL,
    number     INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    cut_off_at INTEGER NOT NULL,
    body       TEXT NOT NULL,
    PRIMARY KEY (task_force, number, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE facts (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
