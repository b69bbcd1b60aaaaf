-- Codes of members' cards: a keyed hash of each, never the code. A member's new codes void the former ones; ended codes stay for a day, so that the
-- member is told that somebody tried one.
CREATE TABLE card_codes (
    code_hash  bytea PRIMARY KEY,
    member_id  uuid NOT NULL,
    person_id  uuid NOT NULL,
    issued_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    voided_at  timestamptz
);
CREATE INDEX card_codes_of_member ON card_codes (member_id, issued_at);
CREATE INDEX card_codes_by_end ON card_codes (expires_at);

CREATE TABLE card_suspensions (
    person_id    uuid PRIMARY KEY,
    suspended_at timestamptz NOT NULL
);
