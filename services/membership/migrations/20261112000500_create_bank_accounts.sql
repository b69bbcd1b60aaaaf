-- Versions of a member's bank account. A payment is locked to the version that was confirmed, so a row is never changed, only followed.
CREATE TABLE bank_accounts (
    bank_account_id uuid PRIMARY KEY,
    member_id       uuid NOT NULL REFERENCES members,
    rib_sealed      bytea NOT NULL,
    rib_index       bytea NOT NULL,
    recorded_at     timestamptz NOT NULL,
    superseded_at   timestamptz
);
CREATE UNIQUE INDEX bank_accounts_current ON bank_accounts (member_id) WHERE superseded_at IS NULL;
