-- Second factors of agents: the sealed secret of their authenticator application, the last step whose code was taken (each opens once), and recovery
-- codes by a keyed hash.
CREATE TABLE second_factors (
    account_id   uuid PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    secret       bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    -- Null until a code proved that the application has the secret.
    confirmed_at timestamptz,
    last_step    bigint,
    CHECK ((confirmed_at IS NULL) = (last_step IS NULL))
);

CREATE TABLE recovery_codes (
    account_id uuid NOT NULL REFERENCES second_factors (account_id) ON DELETE CASCADE,
    code_hash  bytea NOT NULL,
    used_at    timestamptz,
    PRIMARY KEY (account_id, code_hash)
);
