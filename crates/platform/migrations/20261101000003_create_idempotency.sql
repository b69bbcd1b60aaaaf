-- One row per committed request of a caller, so that the same request executes once. The key is a UUIDv7, so its time is part of it.
CREATE TABLE idempotency (
    caller       text NOT NULL,
    method       text NOT NULL,
    key          uuid NOT NULL,
    key_time     timestamptz NOT NULL,
    request_hash bytea NOT NULL,
    result_id    uuid,
    PRIMARY KEY (caller, method, key, key_time)
) PARTITION BY RANGE (key_time);
SELECT ensure_month_partitions('idempotency', '2026-08-01', '2027-12-01');
