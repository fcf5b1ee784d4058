-- A little of everything that a dump reads by another way: rows, a row larger than a block, large objects, sequences,
-- definitions that the server spells, privileges, comments.
CREATE TYPE mood AS ENUM ('fine', 'sad');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE parent (id serial PRIMARY KEY, m mood DEFAULT 'fine', p positive, t text COLLATE "C");
CREATE TABLE child (parent int REFERENCES parent, t text UNIQUE, CHECK (length(t) < 1000000));
CREATE INDEX ON child (lower(t)) WHERE t IS NOT NULL;
CREATE VIEW sight AS SELECT id, upper(t) AS t FROM parent;
CREATE MATERIALIZED VIEW seen AS SELECT * FROM sight;
CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql AS 'SELECT 2 * i';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER touched BEFORE UPDATE ON child FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE parts (id int, t text) PARTITION BY RANGE (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (100);
CREATE TABLE parts_2 PARTITION OF parts DEFAULT;
CREATE TABLE large (t text);
COMMENT ON TABLE parent IS 'those that come first';
GRANT SELECT ON parent, sight TO PUBLIC;
INSERT INTO parent (p, t) SELECT n, 'row ' || n FROM generate_series(1, 300) n;
INSERT INTO child SELECT n, repeat(chr(9) || E'\\' || n, 5) FROM generate_series(1, 300) n;
INSERT INTO parts SELECT n, md5(n::text) FROM generate_series(1, 200) n;
INSERT INTO large VALUES (repeat('large ', 60000));
REFRESH MATERIALIZED VIEW seen;
SELECT lo_from_bytea(70000 + n, convert_to(repeat('number ' || n, 3000), 'UTF8')) FROM generate_series(1, 2) n;
