-- Agents beyond the first administrator: who they are as members (nobody decides on their own or a relative's file), their login for administrators to
-- read (sealed), when the account was closed for good, and how many factors a session has proved.
ALTER TABLE accounts
    ADD COLUMN own_member_id uuid,
    ADD COLUMN login_sealed  bytea,
    ADD COLUMN disabled_at   timestamptz,
    ADD CONSTRAINT accounts_agents_only
        CHECK (kind = 'agent' OR (own_member_id IS NULL AND login_sealed IS NULL AND disabled_at IS NULL)),
    -- A closed account opens by nothing.
    ADD CONSTRAINT accounts_closed_have_no_password CHECK (disabled_at IS NULL OR password_hash IS NULL);
-- Two open accounts of one person would be two pairs of eyes in one head.
CREATE UNIQUE INDEX accounts_one_open_agent_per_member ON accounts (own_member_id) WHERE own_member_id IS NOT NULL AND disabled_at IS NULL;
CREATE INDEX accounts_of_agents ON accounts (created_at, id) WHERE kind = 'agent';

ALTER TABLE sessions ADD COLUMN assurance smallint NOT NULL DEFAULT 1 CHECK (assurance IN (1, 2));
