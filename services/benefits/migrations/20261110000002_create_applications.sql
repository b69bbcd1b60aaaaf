-- Applications from draft to end. The answers are sealed with the member's own key: for a health benefit they are health facts.
CREATE TABLE applications (
    application_id   uuid PRIMARY KEY,
    member_id        uuid NOT NULL,
    benefit_code     text NOT NULL,
    state            text NOT NULL CHECK (state IN
        ('draft', 'submitted', 'in_review', 'information_requested', 'approved', 'rejected', 'cancelled_by_member')),
    version          bigint NOT NULL CHECK (version > 0),
    answers          bytea NOT NULL,
    request_code     text,
    request_year     integer,
    request_sequence bigint CHECK (request_sequence > 0),
    -- Blind index of benefit, person concerned and reason.
    open_request_key bytea,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    submitted_at     timestamptz,
    withdrawn_at     timestamptz,
    CHECK ((state = 'draft') = (submitted_at IS NULL)),
    CHECK ((submitted_at IS NULL) = (request_sequence IS NULL)),
    CHECK (num_nulls(request_code, request_year, request_sequence, open_request_key) IN (0, 4)),
    CHECK ((state = 'cancelled_by_member') = (withdrawn_at IS NOT NULL))
);

-- One draft a member and benefit: whoever starts again finds it.
CREATE UNIQUE INDEX applications_one_draft ON applications (member_id, benefit_code) WHERE state = 'draft';
-- A number names one file for ever.
CREATE UNIQUE INDEX applications_request_number ON applications (request_code, request_year, request_sequence);
-- One open request a person concerned and reason.
CREATE UNIQUE INDEX applications_one_open_request ON applications (open_request_key)
    WHERE state IN ('submitted', 'in_review', 'information_requested');
CREATE INDEX applications_of_member ON applications (member_id, created_at DESC, application_id DESC);
CREATE INDEX applications_idle_drafts ON applications (updated_at) WHERE state = 'draft';

-- How a file was judged: version of the rules, both instants, and, sealed with the member's key, the conditions and the facts used.
CREATE TABLE assessments (
    assessment_id     uuid PRIMARY KEY,
    application_id    uuid NOT NULL REFERENCES applications ON DELETE CASCADE,
    kind              text NOT NULL CHECK (kind IN ('submission')),
    rule_version      bigint NOT NULL,
    judged_at         timestamptz NOT NULL,
    facts_version     bigint NOT NULL,
    facts_recorded_at timestamptz NOT NULL,
    explanation       bytea NOT NULL,
    UNIQUE (application_id, kind)
);
