-- (f) Objects without rows: :parts x 5,000 of them.
SET synchronous_commit = off;
SET dumpnative.parts = :parts;
SET check_function_bodies = off;
DO $$
BEGIN
    FOR n IN 1..500 * current_setting('dumpnative.parts')::integer LOOP
        -- Ten objects: sequence, table, default and primary key in the first command, a type or domain in the last.
        EXECUTE format('CREATE TABLE t%s (id serial PRIMARY KEY, a integer, b text, c timestamptz)', n);
        EXECUTE format('CREATE INDEX ON t%s (a)', n);
        EXECUTE format('CREATE INDEX ON t%s (b, c)', n);
        EXECUTE format('CREATE VIEW v%1$s AS SELECT id, a, upper(b) AS b FROM t%1$s WHERE c > ''2020-01-01Z''', n);
        EXECUTE format('CREATE FUNCTION f%s(integer, text) RETURNS integer LANGUAGE plpgsql AS
            ''BEGIN RETURN $1 + length($2); END''', n);
        EXECUTE format('CREATE FUNCTION g%1$s(t%1$s) RETURNS text LANGUAGE sql AS ''SELECT $1.b''', n);
        IF n % 2 = 0 THEN
            EXECUTE format('CREATE TYPE e%s AS ENUM (''one'', ''two'', ''three'')', n);
        ELSE
            EXECUTE format('CREATE DOMAIN d%s AS integer CHECK (VALUE > 0)', n);
        END IF;
        IF n % 100 = 0 THEN COMMIT; END IF;
    END LOOP;
END $$;
