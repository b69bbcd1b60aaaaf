-- What whoever restores this database has done before anything runs on it: a number that was given since the backup is known to nobody any more
-- and must not be given again. Sequences that a year or a code needed only since then are begun further on by the service (restores.numbers_ahead).
CREATE FUNCTION after_restore(ahead bigint, restored_at timestamptz) RETURNS TABLE (what text, many bigint) LANGUAGE plpgsql AS $$
DECLARE
    number_sequence regclass;
    moved bigint := 0;
BEGIN
    FOR number_sequence IN
        SELECT oid::regclass FROM pg_class WHERE relkind = 'S' AND relname LIKE 'request\_number\_%' AND pg_table_is_visible(oid)
    LOOP
        EXECUTE format('SELECT setval(%L, last_value + %s) FROM %s', number_sequence, ahead, number_sequence);
        moved := moved + 1;
    END LOOP;
    RETURN QUERY SELECT format('sequences of request numbers moved on by %s', ahead), moved;
END $$;
