-- Work that one process does for all, by name and by this database's clock. `term` counts its holders.
CREATE TABLE leases (
    name     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    holder   TEXT NOT NULL,
    term     BIGINT NOT NULL,
    until_at BIGINT NOT NULL
);

-- Albums of which one file was meant for the bot: the others may come to another process, or after a restart.
CREATE TABLE albums (
    name      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    opened_at BIGINT NOT NULL
);
CREATE INDEX albums_opened ON albums (opened_at);

-- The process that works on an update, and until when nobody else takes it nor what comes behind it in its lane.
ALTER TABLE inbox ADD COLUMN held_by BIGINT;
ALTER TABLE inbox ADD COLUMN held_until BIGINT;

-- Every process that opens the database draws its own number for `held_by`.
CREATE SEQUENCE takers AS BIGINT;
