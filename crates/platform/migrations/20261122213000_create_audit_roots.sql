-- How far the last root covers a chain: what lies beyond waits for the next one.
ALTER TABLE audit_chain ADD COLUMN rooted bigint NOT NULL DEFAULT 0;
CREATE INDEX audit_chain_waiting ON audit_chain (record_kind, record_id) WHERE number > rooted;
-- One line a day in which something was written down: a hash over the ends of all chains that grew, and over the root before. Told to the log
-- too, and read by the operator, who keeps copies outside this database: whoever changes the trail, its chains and these rows cannot change those.
CREATE TABLE audit_roots (
    number  bigint PRIMARY KEY,
    made_at timestamptz NOT NULL,
    root    bytea NOT NULL
);
-- The ends that a root was taken over.
CREATE TABLE audit_root_leaves (
    root        bigint NOT NULL REFERENCES audit_roots (number),
    record_kind text NOT NULL,
    record_id   uuid NOT NULL,
    number      bigint NOT NULL,
    PRIMARY KEY (root, record_kind, record_id)
);
