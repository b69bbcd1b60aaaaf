-- For the examination of which file a paper was opened, so that the auditor sees the openings of a file; and an id, so that a list of openings
-- has one order also within an instant.
ALTER TABLE access_log ADD COLUMN application_id uuid;
ALTER TABLE access_log ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
CREATE INDEX access_log_application ON access_log (application_id, at) WHERE application_id IS NOT NULL;
CREATE INDEX access_log_newest ON access_log (at, id);
