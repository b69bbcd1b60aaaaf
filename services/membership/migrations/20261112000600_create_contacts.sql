-- Where and in which language to write to a member. A member without an address has a row without one.
CREATE TABLE contacts (
    member_id    uuid PRIMARY KEY REFERENCES members,
    email_sealed bytea,
    email_index  bytea,
    language     text NOT NULL CHECK (language IN ('ar', 'fr')),
    recorded_at  timestamptz NOT NULL,
    CHECK ((email_sealed IS NULL) = (email_index IS NULL))
);
CREATE INDEX contacts_email_index ON contacts (email_index) WHERE email_index IS NOT NULL;
