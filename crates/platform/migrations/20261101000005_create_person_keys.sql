-- One data key per person, wrapped by the service's key; erasing a person destroys the wrapped key and keeps the row, so that it is not made anew.
CREATE TABLE person_keys (
    person_id    uuid PRIMARY KEY,
    wrapped      bytea,
    created_at   timestamptz NOT NULL,
    destroyed_at timestamptz,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
