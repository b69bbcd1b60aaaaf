-- Only a code that two agents printed opens an account that has a password by then. Codes from before are taken for one agent's, and those whose owner
-- chose a password since they were printed are void: the desk prints another.
ALTER TABLE activation_codes ADD COLUMN two_agents boolean NOT NULL DEFAULT false;

UPDATE activation_codes AS code
SET voided_at = account.password_set_at
FROM accounts AS account
WHERE account.id = code.account_id
  AND code.used_at IS NULL
  AND code.voided_at IS NULL
  AND account.password_set_at >= code.created_at;
