-- The examination of files. Whose turn it is and who has it stands with the file; what was done stands in acts that only grow, sealed with the
-- member's key: an opinion, an amount and a refusal tell about somebody's health.
ALTER TABLE applications
    ADD COLUMN review_step text CHECK (review_step IN ('medical_opinion', 'examination', 'validation')),
    -- The account of the agent who has it.
    ADD COLUMN assigned_to uuid,
    ADD COLUMN assigned_at timestamptz,
    ADD COLUMN decided_at  timestamptz;

-- The one benefit that could be applied for before there was an examination handles health data.
UPDATE applications SET review_step = CASE benefit_code WHEN 'exceptional_health_aid' THEN 'medical_opinion' ELSE 'examination' END
WHERE state IN ('submitted', 'in_review', 'information_requested');
-- No version could decide; who wrote such a row by hand gets the date of its last change.
UPDATE applications SET decided_at = updated_at WHERE state IN ('approved', 'rejected');

-- For one release the version before may still write beside this one: it sends requests without a step (of that one benefit), and withdraws
-- without taking the step away. So an open file's step is held by the code that reads it, not by a constraint yet.
ALTER TABLE applications
    ADD CONSTRAINT applications_decided CHECK ((state IN ('approved', 'rejected')) = (decided_at IS NOT NULL)),
    ADD CONSTRAINT applications_assigned CHECK ((assigned_to IS NULL) = (assigned_at IS NULL));

-- Queues, the longest waiting first.
CREATE INDEX applications_queue ON applications (submitted_at, application_id)
    WHERE state IN ('submitted', 'in_review', 'information_requested');
CREATE INDEX applications_sent ON applications (submitted_at, application_id) WHERE submitted_at IS NOT NULL;

CREATE TABLE review_acts (
    act_id         uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES applications ON DELETE CASCADE,
    -- The file's version that the act made or found.
    version        bigint NOT NULL CHECK (version > 0),
    -- Among acts of one version.
    number         bigint GENERATED ALWAYS AS IDENTITY,
    -- The agent's account; empty: the member.
    agent_id       uuid,
    at             timestamptz NOT NULL,
    content        bytea NOT NULL
);
CREATE INDEX review_acts_of_file ON review_acts (application_id, number);

-- A file is judged again for each proposal, for the decision, and when it comes back corrected.
ALTER TABLE assessments
    DROP CONSTRAINT assessments_application_id_kind_key,
    DROP CONSTRAINT assessments_kind_check,
    ADD CONSTRAINT assessments_kind_check CHECK (kind IN ('submission', 'resending', 'proposal', 'decision'));
CREATE UNIQUE INDEX assessments_once ON assessments (application_id, kind) WHERE kind IN ('submission', 'decision');
CREATE INDEX assessments_of_file ON assessments (application_id);

-- When membership last said that this is what it knows. Facts that a decision on money rests on are asked for again after a while.
ALTER TABLE member_facts ADD COLUMN checked_at timestamptz;
CREATE INDEX member_facts_person ON member_facts (person_id);
CREATE INDEX member_relatives_person ON member_relatives (person_id);
