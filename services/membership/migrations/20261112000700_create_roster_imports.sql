-- One row per import that may write: who, which file, what came of it. A dry run leaves none.
CREATE TABLE roster_imports (
    import_id          uuid PRIMARY KEY,
    file_sha256        text NOT NULL,
    actor_kind         text NOT NULL,
    actor_id           text NOT NULL,
    started_at         timestamptz NOT NULL,
    finished_at        timestamptz,
    outcome            text NOT NULL CHECK (outcome IN ('running', 'finished', 'interrupted')),
    lines_read         integer NOT NULL DEFAULT 0,
    lines_bad          integer NOT NULL DEFAULT 0,
    members_registered integer NOT NULL DEFAULT 0,
    members_changed    integer NOT NULL DEFAULT 0,
    members_unchanged  integer NOT NULL DEFAULT 0
);
