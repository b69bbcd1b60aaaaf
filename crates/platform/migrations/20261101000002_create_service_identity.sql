-- Whose database this is; checked at every start, so that a service never runs on another's.
CREATE TABLE service_identity (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    service  text NOT NULL
);
