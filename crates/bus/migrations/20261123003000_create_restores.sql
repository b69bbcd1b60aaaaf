-- This database was put back to the state of a backup: one row each time, written by whoever restores, before any service runs on it. Subscribers
-- that have not honoured all rows read their streams from the beginning, because the broker's durables know only what was lost; what is older
-- than a restore is mailed to nobody, because it may have been; numbers that were given since the backup are passed over.
CREATE TABLE restores (
    number        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    backup        text NOT NULL,
    -- When the state was read that this database went back to.
    backup_at     timestamptz NOT NULL,
    restored_at   timestamptz NOT NULL,
    -- How far everything that is counted for people was moved on.
    numbers_ahead bigint NOT NULL CHECK (numbers_ahead >= 0)
);
-- How many restores the subscriber has honoured.
ALTER TABLE subscriber_places ADD COLUMN restores bigint NOT NULL DEFAULT 0;
