-- OAuth clients of partners and internal applications, and their secrets by hash: 256 random bits need no slow one. Two secrets overlap while a client
-- changes from one to the next.
CREATE TABLE clients (
    id          uuid PRIMARY KEY,
    client_id   text NOT NULL UNIQUE,
    kind        text NOT NULL CHECK (kind IN ('partner', 'app')),
    name        text NOT NULL UNIQUE,
    scopes      text[] NOT NULL,
    audience    text NOT NULL,
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    disabled_at timestamptz
);

CREATE TABLE client_secrets (
    id          uuid PRIMARY KEY,
    client      uuid NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    secret_hash bytea NOT NULL UNIQUE,
    created_at  timestamptz NOT NULL,
    -- Null for the present one.
    expires_at  timestamptz
);
CREATE INDEX client_secrets_of_client ON client_secrets (client);
