-- A member's checks are few and are put in order when they are read; each check is written. Equal members share one entry of such an index, so that
-- writing costs a fifth less than with the order kept in it.
CREATE INDEX checks_of_member ON verifications (member_id) WHERE member_id IS NOT NULL;
DROP INDEX verifications_of_member;
