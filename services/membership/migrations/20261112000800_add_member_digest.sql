-- A keyed digest over the member's own line, beside the one over the family's lines: a family with a bad line is not announced as changed
-- when nothing about it changed.
ALTER TABLE members ADD COLUMN member_digest bytea NOT NULL DEFAULT ''::bytea;
