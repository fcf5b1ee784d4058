-- A database under whose dump everything changes, with a ledger in it: each transaction of the storm also writes
-- down what the object that it changed looks like then. So in any snapshot the ledger says what must be there.
-- The variable `tables` is how many there are at first.

CREATE TABLE ledger (kind text, name text, state text, PRIMARY KEY (kind, name));
CREATE SEQUENCE number;
CREATE TABLE seen (id int PRIMARY KEY, a text);
INSERT INTO seen SELECT n, 'row ' || n FROM generate_series(1, 50) n;
CREATE TABLE parent (id int, a text) PARTITION BY LIST (id);
CREATE MATERIALIZED VIEW kept AS SELECT count(*) AS rows FROM seen;

-- What an object looks like: its definition and its rows.
CREATE FUNCTION state_of(of_kind text, of_name text) RETURNS text LANGUAGE plpgsql
SET search_path = public, pg_catalog AS $$
DECLARE
    state text;
BEGIN
    IF of_kind = 'table' THEN
        EXECUTE format('SELECT count(*) || '' rows '' || COALESCE(sum(hashtext(t::text)), 0) FROM ONLY %I t', of_name) INTO state;
        RETURN state
            || (SELECT COALESCE(string_agg(' ' || attname || ' ' || format_type(atttypid, atttypmod), ',' ORDER BY attnum), '')
                FROM pg_attribute WHERE attrelid = of_name::regclass AND attnum > 0 AND NOT attisdropped)
            || (SELECT COALESCE(string_agg(' ' || pg_get_indexdef(indexrelid), ',' ORDER BY indexrelid::regclass::text), '')
                FROM pg_index WHERE indrelid = of_name::regclass)
            || (SELECT COALESCE(string_agg(' ' || pg_get_triggerdef(oid), ',' ORDER BY tgname), '')
                FROM pg_trigger WHERE tgrelid = of_name::regclass AND NOT tgisinternal)
            || (SELECT COALESCE(string_agg(' in ' || inhparent::regclass, ','), '')
                FROM pg_inherits WHERE inhrelid = of_name::regclass)
            || COALESCE(' says ' || obj_description(of_name::regclass), '');
    ELSIF of_kind = 'view' THEN
        RETURN pg_get_viewdef(of_name::regclass);
    ELSIF of_kind = 'function' THEN
        RETURN pg_get_functiondef(of_name::regproc);
    ELSIF of_kind = 'sequence' THEN
        RETURN (SELECT seqincrement || ' ' || seqmax FROM pg_sequence WHERE seqrelid = of_name::regclass);
    END IF;
    RETURN format_type(of_name::regtype, NULL) || (SELECT string_agg(' ' || enumlabel, ',' ORDER BY enumsortorder)
        FROM pg_enum WHERE enumtypid = of_name::regtype);
END $$;

CREATE PROCEDURE note(of_kind text, of_name text) LANGUAGE sql AS $$
    INSERT INTO ledger VALUES (of_kind, of_name, state_of(of_kind, of_name))
    ON CONFLICT (kind, name) DO UPDATE SET state = EXCLUDED.state
$$;

-- What differs between the ledger and what is there: no rows, when all is as it was.
CREATE FUNCTION differences() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT format('%s %s: is %s; should be %s', kind, name, there.state, ledger.state)
    FROM (
        SELECT kind, name, state_of(kind, name) AS state FROM (
            SELECT CASE relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' ELSE 'table' END AS kind, relname::text AS name
            FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S')
                AND relname NOT IN ('ledger', 'seen', 'number')
            UNION ALL SELECT 'function', proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'f%'
            UNION ALL SELECT 'type', typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'
        ) objects
    ) there FULL JOIN ledger USING (kind, name) WHERE there.state IS DISTINCT FROM ledger.state
$$;

CREATE FUNCTION says() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';

CREATE FUNCTION pick(of_kind text) RETURNS text LANGUAGE sql AS $$
    SELECT name FROM ledger WHERE kind = of_kind ORDER BY random() LIMIT 1
$$;

-- One change, with its note. What it finds gone, or locked the other way round, is another's: then nothing happens.
-- The ledger's row is the lock: a type or a function has none, and is found by the name that it had until just now.
CREATE PROCEDURE make(what text) LANGUAGE plpgsql AS $$
DECLARE
    n bigint := nextval('number');
    name text := what || n;
BEGIN
    IF (SELECT count(*) FROM ledger WHERE kind = what) > 60 THEN
        RETURN; -- there is enough to change
    END IF;
    IF what = 'table' THEN
        EXECUTE format('CREATE TABLE %I (id int PRIMARY KEY, a text DEFAULT ''x'', CHECK (id <> 0))', name);
        EXECUTE format('INSERT INTO %I SELECT g, ''text '' || g FROM generate_series(1, %s) g', name, 1 + n % 40);
    ELSIF what = 'view' THEN
        EXECUTE format('CREATE VIEW %I AS SELECT id, %L::text AS said FROM seen', name, name);
    ELSIF what = 'function' THEN
        name := 'f' || n;
        EXECUTE format('CREATE FUNCTION %I(a int, b text DEFAULT %L) RETURNS int LANGUAGE sql AS ''SELECT 1''', name, name);
    ELSIF what = 'sequence' THEN
        EXECUTE format('CREATE SEQUENCE %I MAXVALUE %s', name, 1000 + n);
    ELSE
        EXECUTE format('CREATE TYPE %I AS ENUM (%L)', name, name);
    END IF;
    CALL note(what, name);
END $$;

CREATE PROCEDURE unmake(what text) LANGUAGE plpgsql AS $$
DECLARE
    it text := pick(what);
BEGIN
    IF (SELECT count(*) FROM ledger WHERE kind = what) > 12 THEN
        PERFORM FROM ledger WHERE kind = what AND ledger.name = it FOR UPDATE;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        EXECUTE format('DROP %s %I', what, it);
        DELETE FROM ledger WHERE kind = what AND ledger.name = it;
    END IF;
END $$;

CREATE PROCEDURE rename(what text) LANGUAGE plpgsql AS $$
DECLARE
    it text := pick(what);
    to_name text := what || nextval('number');
BEGIN
    IF what = 'function' THEN
        to_name := 'f' || nextval('number');
    END IF;
    PERFORM FROM ledger WHERE kind = what AND ledger.name = it FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    EXECUTE format('ALTER %s %I RENAME TO %I', what, it, to_name);
    DELETE FROM ledger WHERE kind = what AND ledger.name = it;
    CALL note(what, to_name);
END $$;

CREATE PROCEDURE alter(what text) LANGUAGE plpgsql AS $$
DECLARE
    it text := pick(what);
    n bigint := nextval('number');
    columns text[];
    column_ text;
BEGIN
    PERFORM FROM ledger WHERE kind = what AND ledger.name = it FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF what = 'view' THEN
        EXECUTE format('CREATE OR REPLACE VIEW %I AS SELECT id, %L::text AS said FROM seen', it, 'said ' || n);
    ELSIF what = 'function' THEN
        EXECUTE format('CREATE OR REPLACE FUNCTION %I(a int, b text DEFAULT %L) RETURNS int LANGUAGE sql AS ''SELECT %s''',
            it, 'said ' || n, n);
    ELSIF what = 'sequence' THEN
        EXECUTE format('ALTER SEQUENCE %I MAXVALUE %s INCREMENT %s', it, 1000 + n, 1 + n % 7);
    ELSIF what = 'type' THEN
        EXECUTE format('ALTER TYPE %I ADD VALUE %L', it, 'label ' || n);
    ELSE
        SELECT array_agg(attname::text) INTO columns FROM pg_attribute
            WHERE attrelid = it::regclass AND attnum > 2 AND NOT attisdropped;
        column_ := columns[1 + (random() * (cardinality(columns) - 1))::int];
        CASE n % 10
            WHEN 0 THEN EXECUTE format('ALTER TABLE %I ADD COLUMN %I int DEFAULT %s', it, 'c' || n, n);
            WHEN 1 THEN EXECUTE format('ALTER TABLE %I DROP COLUMN %I', it, column_);
            WHEN 2 THEN EXECUTE format('ALTER TABLE %I RENAME COLUMN %I TO %I', it, column_, 'c' || n);
            WHEN 3 THEN EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE %s USING 7', it, column_,
                CASE WHEN n % 20 < 10 THEN 'numeric' ELSE 'bigint' END);
            WHEN 4 THEN EXECUTE format('TRUNCATE %I', it);
            WHEN 5 THEN EXECUTE format('INSERT INTO %I (id) SELECT max(id) + 1 FROM %1$I HAVING max(id) IS NOT NULL', it);
            WHEN 6 THEN EXECUTE format('CREATE INDEX ON %I (%I)', it, COALESCE(column_, 'a'));
            WHEN 7 THEN EXECUTE format('DROP INDEX %s', (SELECT indexrelid::regclass FROM pg_index
                WHERE indrelid = it::regclass AND NOT indisprimary LIMIT 1));
            WHEN 8 THEN EXECUTE format('CREATE TRIGGER %I BEFORE INSERT ON %I EXECUTE FUNCTION says()', 'says' || n, it);
            ELSE EXECUTE format('COMMENT ON TABLE %I IS %L', it, 'number ' || n);
        END CASE;
    END IF;
    CALL note(what, it);
END $$;

-- A partition comes, or goes out of its parent and stays as a table.
CREATE PROCEDURE attach() LANGUAGE plpgsql AS $$
DECLARE
    n bigint := nextval('number');
    it text := 'part' || n;
BEGIN
    IF (SELECT count(*) FROM pg_inherits WHERE inhparent = 'parent'::regclass) < 6 THEN
        EXECUTE format('CREATE TABLE %I (id int, a text)', it);
        EXECUTE format('INSERT INTO %I VALUES (%s, ''x'')', it, n);
        EXECUTE format('ALTER TABLE parent ATTACH PARTITION %I FOR VALUES IN (%s)', it, n);
    ELSE
        SELECT inhrelid::regclass::text INTO it FROM pg_inherits WHERE inhparent = 'parent'::regclass ORDER BY random() LIMIT 1;
        PERFORM FROM ledger WHERE kind = 'table' AND ledger.name = it FOR UPDATE;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        EXECUTE format('ALTER TABLE parent DETACH PARTITION %I', it);
    END IF;
    CALL note('table', it);
END $$;

-- Never ends by itself. What fails, fails for itself alone.
CREATE PROCEDURE storm() LANGUAGE plpgsql AS $$
DECLARE
    kinds text[] := '{table,table,table,table,view,function,sequence,type}';
    kind text;
    verb text;
BEGIN
    LOOP
        kind := kinds[1 + floor(random() * cardinality(kinds))::int];
        verb := ('{make,unmake,rename,alter,alter,alter}'::text[])[1 + floor(random() * 6)::int];
        BEGIN
            IF random() < 0.05 THEN
                CALL attach();
            ELSE
                EXECUTE format('CALL %I($1)', verb) USING kind;
            END IF;
        EXCEPTION WHEN OTHERS THEN
            NULL;
        END;
        COMMIT;
    END LOOP;
END $$;

SET client_min_messages = warning;
SELECT format('CALL make(%L)', kind) FROM unnest('{table,view,function,sequence,type}'::text[]) kind,
    generate_series(1, CASE WHEN kind = 'table' THEN :tables ELSE 5 END) \gexec
CALL attach();
