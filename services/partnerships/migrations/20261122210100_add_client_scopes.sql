-- A scope that identity takes away counts at the gateway from the next request on, though the client's tokens live for minutes yet. Null: identity
-- said something of this client before its scopes were kept; then the token's own count alone, as before.
ALTER TABLE client_states ADD COLUMN scopes text[];
