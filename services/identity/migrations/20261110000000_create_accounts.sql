-- Who signs in, and with what. No identity card number, no name, no payroll number in the clear: the login is found by a blind index.
CREATE TABLE accounts (
    id              uuid PRIMARY KEY,
    kind            text NOT NULL CHECK (kind IN ('member', 'agent')),
    -- The membership, for a member's account.
    member_id       uuid UNIQUE,
    -- Null once another member bears the payroll number.
    matricule_index bytea UNIQUE,
    roles           text[] NOT NULL DEFAULT '{}',
    locale          text NOT NULL CHECK (locale IN ('ar', 'fr')),
    -- Null until the first link was used.
    password_hash   text,
    password_set_at timestamptz,
    activated_at    timestamptz,
    -- The record's version, the sequence of its events.
    version         bigint NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    CHECK (kind <> 'member' OR member_id IS NOT NULL),
    CHECK ((password_hash IS NULL) = (password_set_at IS NULL))
);

-- What was typed in the account form, sealed, until the job has asked membership; then the payload is gone.
CREATE TABLE account_requests (
    id         uuid PRIMARY KEY,
    payload    bytea,
    state      text NOT NULL CHECK (state IN ('waiting', 'matched', 'unmatched', 'given_up')),
    created_at timestamptz NOT NULL,
    closed_at  timestamptz,
    CHECK ((state = 'waiting') = (payload IS NOT NULL)),
    CHECK ((state = 'waiting') = (closed_at IS NULL))
);
CREATE INDEX account_requests_by_age ON account_requests (created_at);

-- Single-use links. The token is derived when the mail is sent, from a key that is not here; only its hash is kept.
-- The row's id is the delivery id that travels on the bus.
CREATE TABLE links (
    id         uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    nonce      bytea NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    -- The address on the staff file, sealed; gone once the link is of no use.
    email      bytea,
    locale     text NOT NULL CHECK (locale IN ('ar', 'fr')),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    voided_at  timestamptz
);
-- A newer link voids the older one: the table itself holds no two open ones.
CREATE UNIQUE INDEX links_one_open_per_account ON links (account_id) WHERE used_at IS NULL AND voided_at IS NULL;
CREATE INDEX links_by_age ON links (created_at);

-- Browsers from which an account signed in, so that a stranger's wrong guesses do not slow them.
CREATE TABLE devices (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_hash   bytea NOT NULL UNIQUE,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX devices_of_account ON devices (account_id);

CREATE TABLE sessions (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    device_id    uuid REFERENCES devices (id) ON DELETE SET NULL,
    token_hash   bytea NOT NULL UNIQUE,
    device_label text NOT NULL,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX sessions_of_account ON sessions (account_id, created_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Wrong passwords per login and device. Kept for unknown logins too, so that known and unknown look alike; no foreign key for that reason.
CREATE TABLE sign_in_failures (
    login_index bytea NOT NULL,
    -- The nil id stands for all strangers together.
    device_id   uuid NOT NULL,
    count       integer NOT NULL,
    last_at     timestamptz NOT NULL,
    slow_until  timestamptz NOT NULL,
    PRIMARY KEY (login_index, device_id)
);
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (last_at);

-- Who accepted which version of the terms, and when. Never deleted while the account lives.
CREATE TABLE terms_acceptances (
    account_id  uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    version     text NOT NULL,
    accepted_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, version)
);

-- Client assertions already used, until they expire: one assertion gives one token.
CREATE TABLE client_assertions (
    client_id  text NOT NULL,
    jti        text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, jti)
);
CREATE INDEX client_assertions_by_expiry ON client_assertions (expires_at);
