-- Which events a subscriber has applied, committed with their effect. The time inside the event's id is part of the key, so that months can be dropped.
CREATE TABLE inbox (
    subscriber text NOT NULL,
    event_id   uuid NOT NULL,
    event_time timestamptz NOT NULL,
    PRIMARY KEY (subscriber, event_id, event_time)
) PARTITION BY RANGE (event_time);
SELECT ensure_month_partitions('inbox', '2025-08-01', '2027-12-01');
-- Events that could not be applied, and those that stand behind them for the same record.
CREATE TABLE dead_letters (
    subscriber  text NOT NULL,
    event_id    uuid NOT NULL,
    aggregate   uuid NOT NULL,
    event_type  text NOT NULL,
    sequence    bigint NOT NULL,
    event_time  timestamptz NOT NULL,
    data        jsonb NOT NULL,
    traceparent text,
    cause       text NOT NULL,
    parked_at   timestamptz NOT NULL,
    PRIMARY KEY (subscriber, event_id)
);
CREATE INDEX dead_letters_aggregate ON dead_letters (subscriber, aggregate);
