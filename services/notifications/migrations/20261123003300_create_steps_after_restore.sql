-- What whoever restores this database has done before anything runs on it: a mail that waited at the time of the backup was most likely sent since,
-- and nobody can tell. It stays in the inbox and is mailed no more; its job finds the message settled and ends.
CREATE FUNCTION after_restore(ahead bigint, restored_at timestamptz) RETURNS TABLE (what text, many bigint) LANGUAGE plpgsql AS $$
DECLARE
    held bigint;
BEGIN
    WITH waiting AS (
        UPDATE messages SET email_state = 'dropped' WHERE email_state IN ('accepted', 'tried') RETURNING id)
    INSERT INTO message_trace (message_id, at, step, reason) SELECT id, $2, 'dropped', 'told_before_restore' FROM waiting;
    GET DIAGNOSTICS held = ROW_COUNT;
    RETURN QUERY SELECT 'waiting mails dropped: they stand in the inbox', held;
END $$;
