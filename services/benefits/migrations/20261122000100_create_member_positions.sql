-- All the periods that membership believes, past and future: nothing is announced when the day of a known change comes, so the position is
-- chosen for the day of the submission. Replaced whole with the member's facts.
CREATE TABLE member_positions (
    member_id  uuid NOT NULL REFERENCES member_facts ON DELETE CASCADE,
    position   text NOT NULL CHECK (position IN ('active', 'seconded', 'at_disposal', 'retired', 'survivor')),
    valid_from date NOT NULL,
    valid_to   date,
    PRIMARY KEY (member_id, valid_from)
);

INSERT INTO member_positions (member_id, position, valid_from, valid_to)
SELECT member_id, position, position_from, position_to FROM member_facts;

ALTER TABLE member_facts DROP COLUMN position, DROP COLUMN position_from, DROP COLUMN position_to;
