-- A stream that lost its tail gets it again under other positions. Each life of the relay announces a new source epoch in its events, with the
-- position up to which the stream is what it was; a subscriber that stands beyond it reads the stream from its beginning.
ALTER TABLE relay_position ADD COLUMN announced bigint NOT NULL DEFAULT 0;
CREATE TABLE subscriber_places (
    subscriber text PRIMARY KEY,
    epoch      bigint NOT NULL,
    position   bigint NOT NULL
);
