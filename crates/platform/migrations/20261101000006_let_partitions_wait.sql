-- A month whose rows fell into the default partition cannot get one of its own while they are there. That must not keep a new version from
-- starting: the month stays in the default partition and the database says so.
CREATE OR REPLACE FUNCTION ensure_month_partitions(parent text, first_month date, last_month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    month date := date_trunc('month', first_month)::date;
BEGIN
    WHILE month <= last_month LOOP
        BEGIN
            EXECUTE format(
                'CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                parent || '_' || to_char(month, 'YYYYMM'), parent,
                month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
        EXCEPTION WHEN check_violation THEN
            RAISE WARNING 'rows of % for % stay in the default partition', parent, month;
        END;
        month := (month + interval '1 month')::date;
    END LOOP;
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I DEFAULT', parent || '_default', parent);
END $$;
