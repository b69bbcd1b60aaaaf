-- A membership. The version rises with every change of the member, of a relative or of a link, and stands in the events.
CREATE TABLE members (
    member_id         uuid PRIMARY KEY,
    person_id         uuid NOT NULL UNIQUE REFERENCES persons,
    matricule         text NOT NULL UNIQUE,
    pension_sealed    bytea,
    pension_index     bytea,
    province_iso      text NOT NULL,
    external_services boolean NOT NULL,
    -- Keyed digest over the family's lines as last applied: the same file again is recognised at once.
    family_digest     bytea NOT NULL,
    version           bigint NOT NULL CHECK (version >= 1),
    registered_at     timestamptz NOT NULL,
    recorded_at       timestamptz NOT NULL,
    CHECK ((pension_sealed IS NULL) = (pension_index IS NULL))
);
CREATE INDEX members_pension_index ON members (pension_index) WHERE pension_index IS NOT NULL;
