-- What partnerships knows of members: a projection of membership, replaced as a whole by each newer version. Only what a card is judged by: no
-- name, number, sex, province or bank account stands here. A check reads these rows and asks nobody.
CREATE TABLE member_facts (
    member_id  uuid PRIMARY KEY,
    version    bigint NOT NULL CHECK (version > 0),
    person_id  uuid NOT NULL,
    birth_date date NOT NULL,
    death_date date
);

CREATE TABLE member_positions (
    member_id  uuid NOT NULL REFERENCES member_facts ON DELETE CASCADE,
    position   text NOT NULL CHECK (position IN ('active', 'seconded', 'at_disposal', 'retired', 'survivor')),
    valid_from date NOT NULL,
    valid_to   date,
    PRIMARY KEY (member_id, valid_from)
);

CREATE TABLE member_relatives (
    member_id  uuid NOT NULL REFERENCES member_facts ON DELETE CASCADE,
    person_id  uuid NOT NULL,
    relation   text NOT NULL CHECK (relation IN ('spouse', 'child')),
    birth_date date NOT NULL,
    death_date date,
    PRIMARY KEY (member_id, person_id)
);
