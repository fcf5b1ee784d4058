-- (b) Rows of all sorts: 1 GB as COPY text. :parts is 20 for all of it, 1 for a quick try.
SET synchronous_commit = off;
SELECT setseed(0.25);

-- Words to make text of, with what COPY has to escape among them.
CREATE TEMPORARY TABLE words AS
SELECT n AS id, CASE WHEN n % 97 = 0 THEN E'C:\\path\\' || n WHEN n % 61 = 0 THEN E'line\n' WHEN n % 53 = 0 THEN E'tab\there'
    WHEN n % 41 = 0 THEN 'Größe' || n WHEN n % 37 = 0 THEN '日本語'
    ELSE substr(translate(md5(n::text), '0123456789', 'aeioutnrsl'), 1, 2 + n % 9) END AS word
FROM generate_series(0, 4095) n;

-- Texts to choose from, since a million of their own would take longer to make than to dump.
CREATE TEMPORARY TABLE texts AS
SELECT seed AS id, string_agg(word, ' ' ORDER BY n) AS text
FROM generate_series(0, 19999::bigint) seed, generate_series(1, 6 + seed % 7 * 6) n, words
WHERE words.id = ((seed * 7919 + n * n * 104729 + n * (seed % 4093)) & 4095)
GROUP BY seed;
ANALYZE texts;

CREATE TABLE accounts (
    id integer PRIMARY KEY,
    name text NOT NULL,
    email text UNIQUE,
    created timestamptz NOT NULL DEFAULT now(),
    settings jsonb DEFAULT '{}'
);
INSERT INTO accounts
SELECT n, 'account ' || n, CASE WHEN n % 11 > 0 THEN md5(n::text) || '@example.org' END,
    timestamptz '2020-01-01 00:00:00Z' + n * interval '7.7 minutes',
    jsonb_build_object('theme', CASE n % 3 WHEN 0 THEN 'dark' ELSE 'light' END, 'size', n % 20)
FROM generate_series(1, 5000 * :parts) n;

CREATE TABLE documents (
    id bigint PRIMARY KEY,
    account integer REFERENCES accounts,
    uid uuid NOT NULL,
    title text NOT NULL,
    body text,
    properties jsonb,
    price numeric(14, 4),
    created timestamptz NOT NULL,
    tags text[],
    marks integer[],
    digest bytea,
    visible boolean,
    weight double precision
);
INSERT INTO documents
SELECT n, 1 + n % (5000 * :parts), md5(n::text)::uuid, 'Document ' || n || ' of ' || n % 1000,
    CASE WHEN n % 9 > 0 THEN body.text END,
    CASE WHEN n % 4 > 0 THEN jsonb_build_object('kind', n % 17, 'source', source.text,
        'flags', jsonb_build_array(n % 2 = 0, NULL, n % 5), 'score', (n % 9973) / 7.0::numeric) END,
    CASE WHEN n % 7 > 0 THEN (n % 100000007) / 3.0 END,
    timestamptz '2021-06-01 12:00:00.123456Z' + n * interval '31.415926 seconds',
    CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN ARRAY['red', 'a "quoted" one', 'tag' || n % 100] ELSE '{}' END,
    CASE WHEN n % 5 > 0 THEN ARRAY[n % 10, NULL, n % 1000, n]::integer[] END,
    CASE WHEN n % 3 = 0 THEN decode(md5(n::text) || md5((n + 1)::text), 'hex') END,
    n % 2 = 0, random()
FROM generate_series(1, 68000::bigint * :parts) n
    JOIN texts body ON body.id = (n * 7919) % 20000
    JOIN texts source ON source.id = (n * 31) % 200;

CREATE TABLE events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    account integer,
    kind text,
    amount numeric,
    address inet,
    details jsonb
);
INSERT INTO events (at, account, kind, amount, address, details)
SELECT timestamptz '2022-01-01Z' + n * interval '3.7 seconds', 1 + n % (5000 * :parts),
    (ARRAY['login', 'logout', 'purchase', 'refund', 'view'])[1 + n % 5],
    CASE WHEN n % 5 IN (2, 3) THEN (n % 99991) / 100.0 END,
    ('10.' || n % 256 || '.' || n / 256 % 256 || '.7')::inet,
    CASE WHEN n % 10 = 0 THEN jsonb_build_object('n', n, 'text', body.text) END
FROM generate_series(1, 144000::bigint * :parts) n
    JOIN texts body ON body.id = n % 20000;

CREATE INDEX ON documents (account);
CREATE INDEX ON events (at);
