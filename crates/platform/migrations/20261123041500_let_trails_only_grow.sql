-- The trail of who did what is only ever added to. The checks of its chains find a line that was changed or taken away; this refuses it first, to the
-- service's own role as to everybody who is not the server's administrator. Who owns the tables can take the refusal away by a statement that says so
-- (ALTER TABLE ... DISABLE TRIGGER): the service has none, and the doctor looks. A month that is over goes by DROP TABLE, which no trigger is asked about.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'lines of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- Rows of the table and of all its months, those to come included.
CREATE FUNCTION let_only_grow(trail regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part regclass;
BEGIN
    EXECUTE format('CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION refuse_change()', trail);
    -- A statement is asked about at the very table that it names: months need a trigger each.
    FOR part IN SELECT relid FROM pg_partition_tree(trail) UNION SELECT trail LOOP
        EXECUTE format('CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', part);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION ensure_month_partitions(parent text, first_month date, last_month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    month date := date_trunc('month', first_month)::date;
    part  regclass;
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
    -- Months of a trail are not emptied either.
    IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(quote_ident(parent)) AND tgname = 'is_not_emptied') THEN
        FOR part IN
            SELECT relid FROM pg_partition_tree(to_regclass(quote_ident(parent)))
            WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = relid AND tgname = 'is_not_emptied')
        LOOP
            EXECUTE format('CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', part);
        END LOOP;
    END IF;
END $$;

SELECT let_only_grow('audit');
SELECT let_only_grow('audit_roots');
SELECT let_only_grow('audit_root_leaves');

-- The end of a chain goes forward, with each line; it goes nowhere else.
CREATE TRIGGER only_grows BEFORE DELETE ON audit_chain FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER goes_forward BEFORE UPDATE ON audit_chain FOR EACH ROW
    WHEN (NEW.number < OLD.number OR NEW.rooted < OLD.rooted
          OR NEW.record_kind IS DISTINCT FROM OLD.record_kind OR NEW.record_id IS DISTINCT FROM OLD.record_id)
    EXECUTE FUNCTION refuse_change();
