-- Makes the members of all extensions objects of the user's own, and forgets the extensions: read by psql in a database
-- that use.sql has filled. It writes to the catalog, since ALTER EXTENSION ... DROP has a form for each kind.
--
-- Left as they are: extensions with members in pg_catalog, for those would stand outside of any dump; and isn, for
-- pg_dump gives members of an operator family with equal numbers an order of chance, and isn has a hundred of them.
CREATE TEMP TABLE kept AS
    SELECT e.oid, e.extname FROM pg_extension e
    WHERE e.extname IN ('plpgsql', 'isn') OR EXISTS (
        SELECT FROM pg_depend d JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
        WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
            AND p.pronamespace = 'pg_catalog'::regnamespace);
DELETE FROM pg_init_privs i USING pg_depend d
    WHERE d.classid = i.classoid AND d.objid = i.objoid AND d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass
        AND d.refobjid NOT IN (SELECT oid FROM kept);
DELETE FROM pg_depend WHERE deptype = 'e' AND refclassid = 'pg_extension'::regclass AND refobjid NOT IN (SELECT oid FROM kept);
DELETE FROM pg_depend WHERE classid = 'pg_extension'::regclass AND objid NOT IN (SELECT oid FROM kept);
DELETE FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND refobjid NOT IN (SELECT oid FROM kept);
DELETE FROM pg_description WHERE classoid = 'pg_extension'::regclass AND objoid NOT IN (SELECT oid FROM kept);
DELETE FROM pg_extension WHERE oid NOT IN (SELECT oid FROM kept);
