-- Ceilings. The truth is a line per application; the counter is moved in the same transaction and refuses what does not fit.
CREATE TABLE ceiling_counters (
    ceiling_code  text NOT NULL,
    holder_id     uuid NOT NULL,
    year          integer NOT NULL,
    used_centimes bigint NOT NULL CHECK (used_centimes >= 0),
    PRIMARY KEY (ceiling_code, holder_id, year)
);

CREATE TABLE ceiling_lines (
    application_id  uuid NOT NULL REFERENCES applications,
    ceiling_code    text NOT NULL,
    holder_id       uuid NOT NULL,
    year            integer NOT NULL,
    amount_centimes bigint NOT NULL CHECK (amount_centimes > 0),
    state           text NOT NULL CHECK (state IN ('reserved', 'committed', 'released')),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (application_id, ceiling_code, holder_id, year)
);
CREATE INDEX ceiling_lines_of_counter ON ceiling_lines (ceiling_code, holder_id, year);
