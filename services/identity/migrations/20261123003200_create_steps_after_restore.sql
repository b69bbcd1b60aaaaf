-- What whoever restores this database has done before anything runs on it: a session that was ended since the backup, a link or code that was used
-- since, would be good again.
CREATE FUNCTION after_restore(ahead bigint, restored_at timestamptz) RETURNS TABLE (what text, many bigint) LANGUAGE plpgsql AS $$
DECLARE
    gone bigint;
BEGIN
    DELETE FROM sessions;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN QUERY SELECT 'sessions ended: everybody signs in again', gone;
    UPDATE links SET voided_at = $2, email = NULL WHERE used_at IS NULL AND voided_at IS NULL;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN QUERY SELECT 'open links voided: ask for new ones', gone;
    UPDATE activation_codes SET voided_at = $2 WHERE used_at IS NULL AND voided_at IS NULL;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN QUERY SELECT 'printed codes voided: print new ones', gone;
END $$;
