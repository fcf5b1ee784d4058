-- Creates each extension that the server has, and uses each of its members in some way that a dump must carry: read
-- by psql in an empty database. What to do comes from the catalog, so a new extension needs nothing here; rows of
-- `known` are for members that need more than a guess.
--
-- The variable `except` names extensions that are none of the server's.
--
-- Prints a line for each extension: its name, "created" or "skipped", and how many members were used, how many could
-- not be, or why it could not be created. When the variable `verbose` is true, the statements that failed follow.
\set QUIET 1
SET client_min_messages = error;

-- ---- What to try ---------------------------------------------------------------------------------------------------

-- Values: each type gets those that its input function takes.
CREATE TEMP TABLE literal (text text);
INSERT INTO literal VALUES (''), ('1'), ('0.5'), ('a'), ('a b'), ('{}'), ('{1,2}'), ('(1,2)'), ('(1,2),(3,4)'), ('[1,2]'),
    ('[1,5)'), ('a=>1, b=>NULL'), ('Top.Science'), ('Top & Sci*'), ('1 .. 2'), ('1..2'), ('978-0-393-04002-9'),
    ('0-393-04002-6'), ('M-0001-0001-1'), ('977-1436452003'), ('12345'), ('2024-02-29'), ('2024-02-29 12:34:56'),
    ('12:34'), ('1 day'), ('10.0.0.1'), ('10.0.0.0/8'), ('08:00:2b:01:02:03'), ('08:00:2b:01:02:03:04:05'), ('t'),
    ('\x00ff'), ('0101'), ('00000000-0000-4000-8000-000000000000'), ('{"a": [1, null]}'), ('1.2.3'), ('123[4-6]'),
    ('POINT(1 2)'), ('POLYGON((0 0,1 0,1 1,0 0))'), ('BOX(1 2,3 4)'), ('1/2'), ('9:3'), ('1@3'), ('lq?ery | b'), ('1 & 2'),
    ('5 kg'), ('[1,2,3]'), ('(,)'), ('(,,)'), ('(,,,)'), ('0x1F'), ('1.0-1~deb12u1');

-- Functions in each language.
CREATE TEMP TABLE body (text text);
INSERT INTO body VALUES ('BEGIN RETURN NULL; END'), ('return None'), ('return undef;'), ('return ""'),
    ('SELECT 1'), (E'#!/bin/sh\necho 1'), ('CONNECT ''dbname=x''; SELECT 1;'), ('return nil');

-- Options that a foreign table or a text search dictionary can't do without.
CREATE TEMP TABLE known (member text, options text);
INSERT INTO known VALUES
    ('file_fdw', $$OPTIONS (filename '/dev/null')$$),
    ('tds_fdw', $$OPTIONS (table_name 't')$$),
    ('mysql_fdw', $$OPTIONS (dbname 'd', table_name 't')$$),
    ('unaccent', $$, RULES = 'unaccent'$$),
    ('xsyn_template', $$, RULES = 'xsyn_sample'$$);

-- ---- How to try it -------------------------------------------------------------------------------------------------

CREATE TEMP TABLE tried (extension text, statement text, error text);

CREATE FUNCTION pg_temp.try(extension text, statement text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    INSERT INTO pg_temp.tried VALUES (extension, statement, NULL);
    RETURN true;
EXCEPTION WHEN OTHERS THEN
    INSERT INTO pg_temp.tried VALUES (extension, statement, SQLERRM);
    RETURN false;
END $$;

CREATE TEMP VIEW member AS
    SELECT e.extname AS extension, d.classid, d.objid AS oid,
        row_number() OVER (PARTITION BY e.oid, d.classid ORDER BY d.objid) AS number
    FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
    WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e';

-- The name of what uses a member.
CREATE FUNCTION pg_temp.using(member pg_temp.member, what text) RETURNS text LANGUAGE sql AS $$
    SELECT format('public.%I', left(member.extension, 30) || '_' || what || '_' || member.number)
$$;

-- A type to put in the place of a polymorphic one; null where nothing can be.
CREATE FUNCTION pg_temp.concrete(type oid) RETURNS text LANGUAGE sql AS $$
    SELECT CASE
        WHEN typname IN ('anyelement', 'anynonarray', 'anycompatible', 'anycompatiblenonarray') THEN 'integer'
        WHEN typname IN ('anyarray', 'anycompatiblearray') THEN 'integer[]'
        WHEN typname IN ('anyrange', 'anycompatiblerange') THEN 'int4range'
        WHEN typname IN ('anymultirange', 'anycompatiblemultirange') THEN 'int4multirange'
        WHEN typname = 'anyenum' THEN 'public.mood'
        WHEN typname = 'any' THEN 'text'
        WHEN typtype = 'p' AND typname NOT IN ('record', 'cstring', 'void') THEN NULL
        ELSE format_type(oid, NULL)
    END FROM pg_type WHERE oid = type
$$;

-- The call of a function or aggregate with nothing but nulls.
CREATE FUNCTION pg_temp.call(function oid) RETURNS text LANGUAGE sql AS $$
    SELECT format('%I.%I(%s)%s', n.nspname, p.proname,
        (SELECT string_agg(CASE WHEN p.provariadic <> 0 AND a.i = p.pronargs AND p.provariadic <> 2276 THEN 'VARIADIC ' ELSE '' END
            || 'NULL::' || pg_temp.concrete(a.type), ', ' ORDER BY a.i)
         FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY a (type, i)
         WHERE g.aggkind IS NULL OR g.aggkind = 'n' OR a.i <= g.aggnumdirectargs),
        CASE WHEN g.aggkind IN ('o', 'h') THEN format(' WITHIN GROUP (ORDER BY %s)',
            (SELECT string_agg('NULL::' || pg_temp.concrete(a.type), ', ' ORDER BY a.i)
             FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY a (type, i) WHERE a.i > g.aggnumdirectargs))
            WHEN p.prokind = 'w' THEN ' OVER ()' ELSE '' END)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace LEFT JOIN pg_aggregate g ON g.aggfnoid = p.oid
    WHERE p.oid = function AND NOT EXISTS (SELECT FROM unnest(p.proargtypes::oid[]) type
        WHERE pg_temp.concrete(type) IS NULL)
$$;

CREATE FUNCTION pg_temp.fill("table" text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    value text;
BEGIN
    FOR value IN SELECT text FROM pg_temp.literal LOOP
        BEGIN
            EXECUTE format('INSERT INTO %s VALUES (%L)', "table", value);
        EXCEPTION WHEN OTHERS THEN
            NULL;
        END;
    END LOOP;
END $$;

-- ---- Uses of each kind of member -----------------------------------------------------------------------------------

CREATE FUNCTION pg_temp.use_type(m pg_temp.member) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text := format_type(m.oid, NULL);
    t text := pg_temp.using(m, 'type');
BEGIN
    -- Row types, array types and multirange types come with another member, in older servers as members of their own.
    IF NOT EXISTS (SELECT FROM pg_type y LEFT JOIN pg_class c ON c.oid = y.typrelid
        WHERE y.oid = m.oid AND y.typisdefined AND y.typtype IN ('b', 'd', 'e', 'r', 'c')
            AND coalesce(c.relkind, 'c') = 'c'
            AND NOT EXISTS (SELECT FROM pg_type element WHERE element.typarray = y.oid)) THEN
        RETURN;
    END IF;
    IF NOT pg_temp.try(m.extension, format('CREATE TABLE %s (value %s, list %2$s[])', t, name)) THEN
        RETURN;
    END IF;
    PERFORM pg_temp.fill(t);
    PERFORM pg_temp.try(m.extension, format('UPDATE %s SET list = ARRAY[value, NULL]', t));
    PERFORM pg_temp.try(m.extension, format('ALTER TABLE %s ALTER value SET DEFAULT %L', t, value))
        FROM pg_temp.first_value(t) value;
    PERFORM pg_temp.try(m.extension, format('CREATE MATERIALIZED VIEW %s AS SELECT value FROM %s',
        pg_temp.using(m, 'matview'), t));
    PERFORM pg_temp.try(m.extension, format('CREATE DOMAIN %s AS %s', pg_temp.using(m, 'domain'), name));
    PERFORM pg_temp.try(m.extension, format('CREATE TYPE %s AS (a %s, b %2$s[])', pg_temp.using(m, 'composite'), name));
    PERFORM pg_temp.try(m.extension, format('CREATE TYPE %s AS RANGE (subtype = %s)', pg_temp.using(m, 'range'), name));
    PERFORM pg_temp.try(m.extension, format('CREATE FUNCTION %s(a %s, b %2$s[]) RETURNS SETOF %2$s LANGUAGE sql AS ''SELECT $1''',
        pg_temp.using(m, 'function'), name));
    PERFORM pg_temp.try(m.extension, format('CREATE TABLE %s OF %s', pg_temp.using(m, 'typed'), name))
        FROM pg_type WHERE oid = m.oid AND typtype = 'c';
END $$;

CREATE FUNCTION pg_temp.first_value("table" text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT value::text FROM %s LIMIT 1', "table");
EXCEPTION WHEN OTHERS THEN
    NULL;
END $$;

CREATE FUNCTION pg_temp.use_function(m pg_temp.member) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    p pg_proc;
    call text := pg_temp.call(m.oid);
    v text := pg_temp.using(m, 'view');
    t text := pg_temp.using(m, 'called');
    result text;
BEGIN
    SELECT * INTO p FROM pg_proc WHERE oid = m.oid;
    IF p.prorettype = 'trigger'::regtype THEN
        PERFORM pg_temp.try(m.extension, format('CREATE TABLE %s (a integer)', t));
        PERFORM pg_temp.try(m.extension, format('CREATE TRIGGER t AFTER INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION %s(''a'')',
            t, p.oid::regproc));
    ELSIF p.prorettype = 'event_trigger'::regtype THEN
        PERFORM pg_temp.try(m.extension, format('CREATE EVENT TRIGGER %I ON ddl_command_end EXECUTE FUNCTION %s()', v, p.oid::regproc))
            AND pg_temp.try(m.extension, format('ALTER EVENT TRIGGER %I DISABLE', v));
    ELSIF call IS NULL OR p.prokind = 'p' THEN
        NULL;
    ELSIF p.proallargtypes IS NOT NULL OR p.proretset THEN
        PERFORM pg_temp.try(m.extension, format('CREATE VIEW %s AS SELECT * FROM %s%s', v, call,
            CASE WHEN p.prorettype = 'record'::regtype AND p.proallargtypes IS NULL THEN ' AS r (a integer, b text)' ELSE '' END));
    ELSIF pg_temp.concrete(p.prorettype) IS NOT NULL THEN
        IF p.prorettype IN ('cstring'::regtype, 'record'::regtype, 'void'::regtype) THEN
            call := '(' || call || ' IS NULL)';
        END IF;
        IF pg_temp.try(m.extension, format('CREATE VIEW %s AS SELECT %s AS result', v, call)) AND p.prokind = 'f' THEN
            SELECT format_type(atttypid, atttypmod) INTO result FROM pg_attribute WHERE attrelid = v::regclass AND attname = 'result';
            PERFORM pg_temp.try(m.extension, format('CREATE TABLE %s (a %s DEFAULT %s)', t, result, call));
        END IF;
        -- What is not strict may break on nulls; and these are evaluated where they are made.
        IF p.provolatile = 'i' AND p.prokind = 'f' AND p.proisstrict THEN
            PERFORM pg_temp.try(m.extension, format('ALTER TABLE %s ADD b integer, ADD CHECK (b IS NULL OR %s IS NOT NULL)', t, call));
            PERFORM pg_temp.try(m.extension, format('CREATE INDEX ON %s ((%s))', t, call));
        END IF;
    END IF;
END $$;

CREATE FUNCTION pg_temp.use_operator(m pg_temp.member) RETURNS void LANGUAGE sql AS $$
    SELECT pg_temp.try(m.extension, format('CREATE VIEW %s AS SELECT %s OPERATOR(%I.%s) %s AS result', pg_temp.using(m, 'operator'),
        'NULL::' || pg_temp.concrete(nullif(oprleft, 0)), n.nspname, oprname, 'NULL::' || pg_temp.concrete(nullif(oprright, 0))))
    FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = m.oid
$$;

CREATE FUNCTION pg_temp.use_cast(m pg_temp.member) RETURNS void LANGUAGE sql AS $$
    SELECT pg_temp.try(m.extension, format('CREATE VIEW %s AS SELECT NULL::%s::%s AS result', pg_temp.using(m, 'cast'),
        format_type(castsource, NULL), format_type(casttarget, NULL)))
    FROM pg_cast WHERE oid = m.oid
$$;

CREATE FUNCTION pg_temp.use_operator_class(m pg_temp.member) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    t text := pg_temp.using(m, 'indexed');
    name text;
    method text;
    type text;
    excludes text;
BEGIN
    SELECT format('%I.%I', n.nspname, o.opcname), a.amname, pg_temp.concrete(o.opcintype),
        (SELECT p.amopopr::regoperator::regoper FROM pg_amop p JOIN pg_operator op ON op.oid = p.amopopr
         WHERE p.amopfamily = o.opcfamily AND op.oprcom = op.oid AND op.oprresult = 'boolean'::regtype
             AND op.oprleft = o.opcintype AND op.oprright = o.opcintype AND p.amoppurpose = 's' ORDER BY op.oid LIMIT 1)
        INTO name, method, type, excludes
        FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_am a ON a.oid = o.opcmethod
        WHERE o.oid = m.oid;
    IF pg_temp.try(m.extension, format('CREATE TABLE %s (value %s)', t, type)) THEN
        PERFORM pg_temp.fill(t);
        PERFORM pg_temp.try(m.extension, format('CREATE INDEX ON %s USING %I (value %s)', t, method, name));
        PERFORM pg_temp.try(m.extension, format('CREATE TABLE %s (value %s, EXCLUDE USING %I (value %s WITH %s))',
            pg_temp.using(m, 'excluded'), type, method, name, excludes)) WHERE excludes IS NOT NULL;
        PERFORM pg_temp.try(m.extension, format('CREATE TABLE %s (value %s) PARTITION BY %s (value %s)',
            pg_temp.using(m, 'parted'), type, CASE method WHEN 'btree' THEN 'RANGE' ELSE 'HASH' END, name))
            WHERE method IN ('btree', 'hash');
    END IF;
END $$;

CREATE FUNCTION pg_temp.use_relation(m pg_temp.member) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    kind "char" := relkind FROM pg_class WHERE oid = m.oid;
BEGIN
    IF kind = 'S' THEN
        PERFORM pg_temp.try(m.extension, format('CREATE TABLE %s (a bigint DEFAULT nextval(%L))',
            pg_temp.using(m, 'numbered'), m.oid::regclass));
        PERFORM pg_temp.try(m.extension, format('GRANT USAGE ON SEQUENCE %s TO pg_monitor', m.oid::regclass));
    ELSIF kind IN ('r', 'v', 'm', 'p', 'f') THEN
        PERFORM pg_temp.try(m.extension, format('CREATE VIEW %s AS SELECT * FROM %s', pg_temp.using(m, 'select'), m.oid::regclass));
        PERFORM pg_temp.try(m.extension, format('GRANT SELECT, UPDATE (%I) ON %s TO pg_monitor', attname, m.oid::regclass))
            FROM pg_attribute WHERE attrelid = m.oid AND attnum = 1;
        PERFORM pg_temp.try(m.extension, format('CREATE TABLE %s (LIKE %s INCLUDING ALL)', pg_temp.using(m, 'like'), m.oid::regclass));
    END IF;
    IF kind IN ('r', 'p') THEN
        PERFORM pg_temp.try(m.extension, format('CREATE TABLE %s (own integer) INHERITS (%s)', pg_temp.using(m, 'child'), m.oid::regclass))
            WHERE kind = 'r';
        PERFORM pg_temp.try(m.extension, format('CREATE POLICY own ON %s TO pg_monitor USING (true)', m.oid::regclass));
        PERFORM pg_temp.try(m.extension, format('CREATE INDEX own_index ON %s ((1))', m.oid::regclass));
    END IF;
END $$;

CREATE FUNCTION pg_temp.use_language(m pg_temp.member) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    b text;
    language text := quote_ident(lanname) FROM pg_language WHERE oid = m.oid;
BEGIN
    FOR b IN SELECT text FROM pg_temp.body LOOP
        EXIT WHEN pg_temp.try(m.extension, format('CREATE FUNCTION %s() RETURNS text LANGUAGE %s AS %L',
            pg_temp.using(m, 'in_language'), language, b));
    END LOOP;
    -- Only one of the bodies can be right.
    DELETE FROM pg_temp.tried WHERE extension = m.extension AND error IS NOT NULL AND EXISTS (
        SELECT FROM pg_proc WHERE oid = to_regproc(pg_temp.using(m, 'in_language')));
    PERFORM pg_temp.try(m.extension, format('REVOKE USAGE ON LANGUAGE %s FROM PUBLIC', language))
        FROM pg_language WHERE oid = m.oid AND lanpltrusted;
END $$;

CREATE FUNCTION pg_temp.use_transform(m pg_temp.member) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    b text;
BEGIN
    FOR b IN SELECT text FROM pg_temp.body LOOP
        EXIT WHEN pg_temp.try(m.extension, format(
            'CREATE FUNCTION %s(a %s) RETURNS text LANGUAGE %I TRANSFORM FOR TYPE %2$s AS %L', pg_temp.using(m, 'transformed'),
            format_type(trftype, NULL), lanname, b))
            FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang WHERE t.oid = m.oid;
    END LOOP;
    DELETE FROM pg_temp.tried WHERE extension = m.extension AND error IS NOT NULL AND EXISTS (
        SELECT FROM pg_proc WHERE oid = to_regproc(pg_temp.using(m, 'transformed')));
END $$;

CREATE FUNCTION pg_temp.use_wrapper(m pg_temp.member) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wrapper text := fdwname FROM pg_foreign_data_wrapper WHERE oid = m.oid;
    server text := quote_ident(wrapper || '_server');
    o text := coalesce((SELECT options FROM pg_temp.known WHERE member = wrapper), '');
BEGIN
    PERFORM pg_temp.try(m.extension, format('CREATE SERVER %s FOREIGN DATA WRAPPER %I', server, wrapper));
    PERFORM pg_temp.try(m.extension, format('CREATE USER MAPPING FOR CURRENT_USER SERVER %s', server));
    PERFORM pg_temp.try(m.extension, format('CREATE FOREIGN TABLE %s (a integer, b text) SERVER %s %s', pg_temp.using(m, 'foreign'), server, o));
    PERFORM pg_temp.try(m.extension, format('GRANT USAGE ON FOREIGN DATA WRAPPER %I TO pg_monitor', wrapper));
END $$;

CREATE FUNCTION pg_temp.use_text_search(m pg_temp.member) RETURNS void LANGUAGE sql AS $$
    SELECT pg_temp.try(m.extension, format('CREATE TEXT SEARCH DICTIONARY %s (TEMPLATE = %I.%I%s)', pg_temp.using(m, 'dictionary'),
        n.nspname, t.tmplname, (SELECT options FROM pg_temp.known WHERE member = t.tmplname)))
    FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace
    WHERE t.oid = m.oid AND m.classid = 'pg_ts_template'::regclass;
    SELECT pg_temp.try(m.extension, format('CREATE TEXT SEARCH CONFIGURATION %s (PARSER = pg_catalog.default)', pg_temp.using(m, 'configuration')))
        AND pg_temp.try(m.extension, format('ALTER TEXT SEARCH CONFIGURATION %s ADD MAPPING FOR asciiword, word WITH %s, simple',
            pg_temp.using(m, 'configuration'), m.oid::regdictionary))
    WHERE m.classid = 'pg_ts_dict'::regclass;
    SELECT pg_temp.try(m.extension, format('CREATE TEXT SEARCH CONFIGURATION %s (PARSER = %I.%I)', pg_temp.using(m, 'configuration'),
        n.nspname, p.prsname))
    FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace
    WHERE p.oid = m.oid AND m.classid = 'pg_ts_parser'::regclass
$$;

CREATE FUNCTION pg_temp.use_access_method(m pg_temp.member) RETURNS void LANGUAGE sql AS $$
    SELECT pg_temp.try(m.extension, format('CREATE TABLE %s (a integer) USING %I', pg_temp.using(m, 'stored'), amname))
    FROM pg_am WHERE oid = m.oid AND amtype = 't'
$$;

-- The first two routines of an extension get rights other than those that it gave them.
CREATE FUNCTION pg_temp.grant_some(extension text) RETURNS void LANGUAGE sql AS $$
    SELECT pg_temp.try(m.extension, format(CASE WHEN row_number() OVER (ORDER BY m.oid) = 1
        THEN 'GRANT EXECUTE ON ROUTINE %s TO pg_monitor' ELSE 'REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC' END, m.oid::regprocedure))
    FROM pg_temp.member m WHERE m.extension = $1 AND m.classid = 'pg_proc'::regclass ORDER BY m.oid LIMIT 2;
    SELECT pg_temp.try(m.extension, format('GRANT USAGE ON SCHEMA %s TO pg_monitor', m.oid::regnamespace))
    FROM pg_temp.member m WHERE m.extension = $1 AND m.classid = 'pg_namespace'::regclass;
    SELECT pg_temp.try($1, format('COMMENT ON EXTENSION %I IS ''in use''', $1))
$$;

-- ---- All of it -----------------------------------------------------------------------------------------------------

CREATE FUNCTION pg_temp.create_extension(name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    own text := quote_ident('in_' || name);
BEGIN
    -- What is there twice in public goes into a schema of its own.
    IF NOT pg_temp.try(name, format('CREATE EXTENSION %I WITH SCHEMA public CASCADE', name))
        AND NOT pg_temp.try(name, format('CREATE EXTENSION %I CASCADE', name)) THEN
        EXECUTE format('CREATE SCHEMA %s', own);
        IF NOT pg_temp.try(name, format('CREATE EXTENSION %I WITH SCHEMA %s CASCADE', name, own)) THEN
            EXECUTE format('DROP SCHEMA %s', own);
        END IF;
    END IF;
    DELETE FROM pg_temp.tried WHERE extension = name AND error IS NOT NULL AND EXISTS (
        SELECT FROM pg_extension WHERE extname = name);
END $$;

CREATE FUNCTION pg_temp.use_extension(name text) RETURNS void LANGUAGE sql AS $$
    SELECT CASE m.classid
        WHEN 'pg_type'::regclass THEN pg_temp.use_type(m)
        WHEN 'pg_proc'::regclass THEN pg_temp.use_function(m)
        WHEN 'pg_operator'::regclass THEN pg_temp.use_operator(m)
        WHEN 'pg_cast'::regclass THEN pg_temp.use_cast(m)
        WHEN 'pg_opclass'::regclass THEN pg_temp.use_operator_class(m)
        WHEN 'pg_class'::regclass THEN pg_temp.use_relation(m)
        WHEN 'pg_language'::regclass THEN pg_temp.use_language(m)
        WHEN 'pg_transform'::regclass THEN pg_temp.use_transform(m)
        WHEN 'pg_foreign_data_wrapper'::regclass THEN pg_temp.use_wrapper(m)
        WHEN 'pg_ts_template'::regclass THEN pg_temp.use_text_search(m)
        WHEN 'pg_ts_dict'::regclass THEN pg_temp.use_text_search(m)
        WHEN 'pg_ts_parser'::regclass THEN pg_temp.use_text_search(m)
        WHEN 'pg_am'::regclass THEN pg_temp.use_access_method(m)
    END FROM pg_temp.member m WHERE m.extension = name;
    SELECT pg_temp.grant_some(name)
$$;

CREATE TYPE public.mood AS ENUM ('sad', 'ok');
-- Where psql restores, there is no search_path: what can't do without is of no use.
SET search_path = pg_catalog;
\o /dev/null
SELECT format('SELECT pg_temp.create_extension(%L)', name) FROM pg_available_extensions
    WHERE name <> ALL (string_to_array('plpgsql ' || :'except', ' ')) ORDER BY name \gexec
SELECT format('SELECT pg_temp.use_extension(%L)', extname) FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY extname \gexec
\o
SELECT a.name, CASE WHEN x.oid IS NULL THEN 'skipped' ELSE 'created' END, CASE WHEN x.oid IS NULL THEN
        (SELECT string_agg(DISTINCT translate(error, E'\n', ' '), '; ') FROM pg_temp.tried t WHERE t.extension = a.name)
        ELSE (SELECT format('%s statements, %s impossible', count(*) FILTER (WHERE error IS NULL), count(error))
            FROM pg_temp.tried t WHERE t.extension = a.name) END
    FROM pg_available_extensions a LEFT JOIN pg_extension x ON x.extname = a.name
    WHERE a.name <> ALL (string_to_array('plpgsql ' || :'except', ' ')) ORDER BY a.name;
\if :verbose
SELECT extension, statement, error FROM pg_temp.tried WHERE error IS NOT NULL;
\endif
