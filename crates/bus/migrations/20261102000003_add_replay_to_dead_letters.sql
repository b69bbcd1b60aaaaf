-- An operator puts a parked event in again: the subscriber itself applies it, then what was held behind it for the same record, in order.
ALTER TABLE dead_letters
    -- It did not fail itself: an earlier event of its record is parked.
    ADD COLUMN held boolean NOT NULL DEFAULT false,
    ADD COLUMN replay_requested_at timestamptz,
    -- The message could not be read as an event: data holds it as it came, under an id made from its place in the stream.
    ADD COLUMN unread boolean NOT NULL DEFAULT false;
UPDATE dead_letters SET held = true WHERE cause = 'an earlier event of this record is parked';
-- What can be applied again: looked at every few seconds, nearly always empty.
CREATE INDEX dead_letters_release ON dead_letters (subscriber, aggregate, sequence, event_id);
