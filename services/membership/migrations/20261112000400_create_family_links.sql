-- Who belongs to whose family, in the same two times as positions. Nothing is deleted: who left has a last valid day.
CREATE TABLE family_links (
    link_id       uuid PRIMARY KEY,
    member_id     uuid NOT NULL REFERENCES members,
    person_id     uuid NOT NULL REFERENCES persons,
    relation      text NOT NULL CHECK (relation IN ('spouse', 'child', 'guardian')),
    relative_no   smallint NOT NULL CHECK (relative_no BETWEEN 1 AND 99),
    -- The relative_no of the guardian who acts for this child, in the same family.
    guardian_no   smallint,
    valid_from    date NOT NULL,
    valid_to      date,
    recorded_at   timestamptz NOT NULL,
    superseded_at timestamptz
);
CREATE UNIQUE INDEX family_links_open ON family_links (member_id, person_id) WHERE superseded_at IS NULL AND valid_to IS NULL;
CREATE INDEX family_links_person ON family_links (person_id) WHERE superseded_at IS NULL;
