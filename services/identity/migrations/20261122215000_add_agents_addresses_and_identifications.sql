-- An agent's address, sealed: links and notices go there and nowhere else. Whether the agent said to be no member; neither that nor a membership:
-- nobody has said yet.
ALTER TABLE accounts
    ADD COLUMN email_sealed  bytea,
    ADD COLUMN no_membership boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT accounts_agents_addresses CHECK (kind = 'agent' OR (email_sealed IS NULL AND NOT no_membership)),
    ADD CONSTRAINT accounts_membership_said_once CHECK (NOT (no_membership AND own_member_id IS NOT NULL));

-- The first of the two agents who open an account at the desk that has a password already.
CREATE TABLE desk_identifications (
    account_id uuid PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    agent_id   uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    at         timestamptz NOT NULL
);

-- Deliveries of mails to agents that carry no link: what changed in their account by another's hand.
CREATE TABLE notices (
    id         uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL
);
CREATE INDEX notices_by_age ON notices (created_at);
