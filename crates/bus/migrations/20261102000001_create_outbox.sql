-- Events wait here in the transaction of the change that caused them, and stay for the stream's retention plus two days: the outbox outlives
-- the broker, which may lose its tail.
CREATE TABLE outbox (
    id              uuid NOT NULL,
    created_at      timestamptz NOT NULL,
    lane            smallint NOT NULL,
    restricted      boolean NOT NULL,
    event_type      text NOT NULL,
    aggregate       uuid NOT NULL,
    sequence        bigint NOT NULL,
    actor_kind      text NOT NULL,
    data            jsonb NOT NULL,
    traceparent     text,
    stream_epoch    text,
    stream_sequence bigint,
    PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
-- The relay asks for what is not sent yet, people before imports.
CREATE INDEX outbox_unsent ON outbox (lane, id) WHERE stream_sequence IS NULL;
CREATE INDEX outbox_position ON outbox (stream_sequence) WHERE stream_sequence IS NOT NULL;
SELECT ensure_month_partitions('outbox', '2025-08-01', '2027-12-01');
-- The last acknowledgement that was written down.
CREATE TABLE relay_position (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch    text NOT NULL,
    sequence bigint NOT NULL
);
