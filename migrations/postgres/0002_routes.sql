-- Two caches of what the ledgers say. Either may be emptied at any time: what is missing is made anew from the ledger.

-- What leads to a task force without folding it: its group, its people's accounts, link codes, names, plans, …
CREATE TABLE routes (
    task_force TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (task_force, kind, name)
);
CREATE INDEX routes_name ON routes (kind, name, task_force);

-- When a schedule is asked next: perhaps too early, never too late. `version` counts what may have moved it.
CREATE TABLE wakeups (
    task_force TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    wake_at    BIGINT NOT NULL,
    version    BIGINT NOT NULL
);
CREATE INDEX wakeups_at ON wakeups (wake_at, task_force);
