-- Work that one process does for all, by name and by this database's clock. `term` counts its holders.
CREATE TABLE leases (
    name     TEXT NOT NULL PRIMARY KEY,
    holder   TEXT NOT NULL,
    term     INTEGER NOT NULL,
    until_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Albums of which one file was meant for the bot: the others may come to another process, or after a restart.
CREATE TABLE albums (
    name      TEXT NOT NULL PRIMARY KEY,
    opened_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX albums_opened ON albums (opened_at);

-- The process that works on an update, and until when nobody else takes it nor what comes behind it in its lane.
ALTER TABLE inbox ADD COLUMN held_by INTEGER;
ALTER TABLE inbox ADD COLUMN held_until INTEGER;
