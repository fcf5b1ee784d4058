-- (d) Rows of 5 MB: :parts x 10 of them. EXTERNAL keeps the server from compressing them.
SET synchronous_commit = off;
CREATE TABLE files (id integer PRIMARY KEY, name text, content text);
ALTER TABLE files ALTER content SET STORAGE EXTERNAL;
INSERT INTO files
SELECT n, 'file ' || n, repeat(piece || n % 10, 5000000 / (length(piece) + 1))
FROM generate_series(1, 10 * :parts) n,
    (SELECT string_agg(md5(m::text), '') AS piece FROM generate_series(1, 2000) m) p;
