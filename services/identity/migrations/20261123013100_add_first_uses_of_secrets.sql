-- Who rotates a client's secret again after a lost answer replaces the one that nobody saw, not the one in use. Secrets from before are taken for used.
ALTER TABLE client_secrets ADD COLUMN first_used_at timestamptz;

UPDATE client_secrets SET first_used_at = created_at;
