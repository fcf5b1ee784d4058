-- (c) Small tables with what hangs on tables: :parts x 500 of them.
SET synchronous_commit = off;
-- No checks of foreign keys, which hold anyway: the session would keep a plan for each, and all get slower and slower.
SET session_replication_role = replica;
SET dumpnative.tables = :parts;
DO $$
BEGIN
    FOR n IN 1..500 * current_setting('dumpnative.tables')::integer LOOP
        EXECUTE format('CREATE TABLE t%1$s (id integer PRIMARY KEY, parent integer, name text DEFAULT ''none'' NOT NULL,
            amount numeric(10, 2), created timestamptz DEFAULT now(), CONSTRAINT positive%1$s CHECK (amount > 0),
            CONSTRAINT parent%1$s FOREIGN KEY (parent) REFERENCES t%2$s)', n, greatest(n - 1, 1));
        EXECUTE format('CREATE INDEX ON t%s (name, created)', n);
        EXECUTE format('COMMENT ON TABLE t%1$s IS ''Table number %1$s''', n);
        EXECUTE format('COMMENT ON COLUMN t%1$s.amount IS ''What it costs, number %1$s''', n);
        EXECUTE format('INSERT INTO t%s VALUES (1, NULL, ''one'', 1.5, ''2024-02-29Z''), (2, 1, ''two'', NULL, NULL),
            (3, 1, ''three'', 3, ''2023-01-01Z'')', n);
        IF n % 100 = 0 THEN COMMIT; END IF;
    END LOOP;
END $$;
