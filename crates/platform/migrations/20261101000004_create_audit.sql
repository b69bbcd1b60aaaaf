-- Who did what to which record, by field name and never by value; each row holds the hash of the record's previous one.
CREATE TABLE audit (
    record_kind   text NOT NULL,
    record_id     uuid NOT NULL,
    number        bigint NOT NULL,
    at            timestamptz NOT NULL,
    actor_kind    text NOT NULL,
    actor_id      text NOT NULL,
    action        text NOT NULL,
    fields        text[] NOT NULL,
    reason        text,
    previous_hash bytea NOT NULL,
    hash          bytea NOT NULL,
    PRIMARY KEY (record_kind, record_id, number, at)
) PARTITION BY RANGE (at);
SELECT ensure_month_partitions('audit', '2025-08-01', '2027-12-01');
-- The end of each record's chain, locked while a row is added.
CREATE TABLE audit_chain (
    record_kind text NOT NULL,
    record_id   uuid NOT NULL,
    number      bigint NOT NULL,
    hash        bytea NOT NULL,
    PRIMARY KEY (record_kind, record_id)
);
