-- Any natural person of the staff file: a member, a spouse, a child, a guardian. A child of two members is one row, linked twice.
-- Identity number and disability are sealed with the person's key; the disability is sealed for everybody, so that its presence says nothing.
CREATE TABLE persons (
    person_id         uuid PRIMARY KEY,
    last_name_fr      text NOT NULL,
    first_name_fr     text NOT NULL,
    last_name_ar      text NOT NULL,
    first_name_ar     text NOT NULL,
    sex               text NOT NULL CHECK (sex IN ('female', 'male')),
    birth_date        date NOT NULL,
    death_date        date CHECK (death_date >= birth_date),
    cin_sealed        bytea,
    cin_index         bytea UNIQUE,
    disability_sealed bytea NOT NULL,
    child_key         text UNIQUE,
    -- Keyed digest over all of the above: whether a line says anything new is known without opening a column.
    content_digest    bytea NOT NULL,
    recorded_at       timestamptz NOT NULL,
    CHECK ((cin_sealed IS NULL) = (cin_index IS NULL))
);
