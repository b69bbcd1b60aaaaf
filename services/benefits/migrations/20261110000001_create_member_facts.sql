-- What benefits knows of members: a projection of membership, replaced as a whole by each newer version. No name, identity number or
-- account number stands here. A submission reads these rows and asks nobody.
CREATE TABLE member_facts (
    member_id         uuid PRIMARY KEY,
    version           bigint NOT NULL CHECK (version > 0),
    person_id         uuid NOT NULL,
    birth_date        date NOT NULL,
    sex               text NOT NULL,
    position          text NOT NULL CHECK (position IN ('active', 'seconded', 'at_disposal', 'retired', 'survivor')),
    position_from     date NOT NULL,
    position_to       date,
    province_iso      text NOT NULL,
    external_services boolean NOT NULL,
    death_date        date,
    bank_account_id   uuid,
    recorded_at       timestamptz NOT NULL
);

CREATE TABLE member_relatives (
    member_id  uuid NOT NULL REFERENCES member_facts ON DELETE CASCADE,
    person_id  uuid NOT NULL,
    relation   text NOT NULL CHECK (relation IN ('spouse', 'child')),
    birth_date date NOT NULL,
    sex        text NOT NULL,
    death_date date,
    PRIMARY KEY (member_id, person_id)
);
