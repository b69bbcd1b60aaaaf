-- Positions in two times: the days on which one holds (valid_*), and since and until when we believed so (recorded_at, superseded_at).
CREATE TABLE positions (
    position_id   uuid PRIMARY KEY,
    member_id     uuid NOT NULL REFERENCES members,
    position      text NOT NULL CHECK (position IN ('active', 'seconded', 'at_disposal', 'retired', 'survivor')),
    valid_from    date NOT NULL,
    valid_to      date CHECK (valid_to >= valid_from),
    recorded_at   timestamptz NOT NULL,
    superseded_at timestamptz
);
CREATE INDEX positions_believed ON positions (member_id) WHERE superseded_at IS NULL;
