-- Partners, the agreements with them and the OAuth clients that speak for them. Few rows, read into memory as one book; its revision grows with
-- every change, is read with each check, and a process whose copy is older reads the book again: what ended is refused from the next check on.
CREATE TABLE book (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    revision bigint NOT NULL
);
INSERT INTO book (revision) VALUES (1);

CREATE TABLE partners (
    partner_id uuid PRIMARY KEY,
    code       text NOT NULL UNIQUE,
    name_ar    text NOT NULL,
    name_fr    text NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE agreements (
    agreement_id uuid PRIMARY KEY,
    partner_id   uuid NOT NULL REFERENCES partners,
    reference    text NOT NULL,
    -- The first day on which nothing is honoured any more, when it was ended before its time.
    ended_on     date,
    UNIQUE (partner_id, reference)
);

-- A version is never changed: a sale is judged by the one in force when it took place.
CREATE TABLE agreement_versions (
    agreement_id uuid NOT NULL REFERENCES agreements,
    version      integer NOT NULL CHECK (version > 0),
    terms        jsonb NOT NULL,
    put_at       timestamptz NOT NULL,
    PRIMARY KEY (agreement_id, version)
);

CREATE TABLE partner_clients (
    client_id  text PRIMARY KEY,
    partner_id uuid NOT NULL REFERENCES partners,
    linked_at  timestamptz NOT NULL
);

-- What identity says of its clients, newest version only: one that is disabled is refused although its tokens still live for minutes.
CREATE TABLE client_states (
    client_id text PRIMARY KEY,
    version   bigint NOT NULL,
    disabled  boolean NOT NULL
);
