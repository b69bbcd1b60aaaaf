-- Codes that the desk prints for a member without a usable address, by a keyed hash. One open one per account; attempts are counted on the row.
CREATE TABLE activation_codes (
    id         uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    code_hash  bytea NOT NULL,
    attempts   integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    voided_at  timestamptz
);
CREATE UNIQUE INDEX activation_codes_one_open_per_account ON activation_codes (account_id) WHERE used_at IS NULL AND voided_at IS NULL;
CREATE INDEX activation_codes_by_age ON activation_codes (created_at);
