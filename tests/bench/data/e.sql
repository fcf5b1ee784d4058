-- (e) An application of usual size with hardly any rows, for dumps from far away: :parts x 10 tables.
SET synchronous_commit = off;
SET dumpnative.parts = :parts;
CREATE TYPE state AS ENUM ('open', 'paid', 'shipped', 'closed');
CREATE DOMAIN positive AS numeric(12, 2) CHECK (VALUE >= 0);
CREATE SEQUENCE orders_number START 1000;
CREATE SEQUENCE invoices_number INCREMENT 10;
DO $$
DECLARE
    parts integer := current_setting('dumpnative.parts');
BEGIN
    FOR n IN 1..10 * parts LOOP
        EXECUTE format('CREATE TABLE thing%1$s (id serial PRIMARY KEY, parent integer, code text UNIQUE, state state
            DEFAULT ''open'', price positive, created timestamptz NOT NULL DEFAULT now(), notes jsonb,
            CONSTRAINT thing%1$s_parent FOREIGN KEY (parent) REFERENCES thing%2$s)', n, greatest(n - 1, 1));
        EXECUTE format('CREATE INDEX ON thing%s (parent, created)', n);
        EXECUTE format('COMMENT ON TABLE thing%1$s IS ''Things of sort %1$s''', n);
        EXECUTE format('INSERT INTO thing%1$s (code, price, created) VALUES (''a'', 1, ''2024-01-01Z''),
            (''b'', 2.50, ''2024-01-02Z''), (''c'', NULL, ''2024-01-03Z'')', n);
    END LOOP;
    FOR n IN 1..(5 * parts) / 2 LOOP
        EXECUTE format('CREATE FUNCTION price_of_%1$s(integer, fallback numeric DEFAULT 0) RETURNS numeric LANGUAGE sql
            STABLE AS ''SELECT coalesce((SELECT price FROM thing%1$s WHERE id = $1), fallback)''', n);
    END LOOP;
    FOR n IN 1..parts LOOP
        EXECUTE format('CREATE VIEW open_things%1$s AS SELECT t.id, t.code, u.price FROM thing%1$s t JOIN thing%2$s u
            ON u.id = t.parent WHERE t.state = ''open''', n, n + 1);
        EXECUTE format('GRANT SELECT ON open_things%s TO PUBLIC', n);
    END LOOP;
END $$;
