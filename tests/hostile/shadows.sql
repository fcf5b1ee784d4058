-- Everything of pg_catalog that can be, once more in public, where it bites; and public comes first (CVE-2018-1058).
CREATE TABLE public.t AS SELECT 1 AS a;
CREATE SEQUENCE public.q;
CREATE FUNCTION public.f(a integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TYPE public.e AS ENUM ('a');
SET client_min_messages = warning;
DO $$
DECLARE r record;
BEGIN
    FOR r IN SELECT p.oid, proname, pg_get_function_identity_arguments(p.oid) AS args, pg_get_function_result(p.oid) AS result
             FROM pg_proc p WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND provariadic = 0 LOOP
        BEGIN
            EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', r.proname, r.args, r.result,
                'BEGIN RAISE EXCEPTION ''bitten by ' || r.proname || '''; END');
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
    END LOOP;
    FOR r IN SELECT oprname, oprleft::regtype AS l, oprright::regtype AS r, oprresult::regtype AS result, oprkind, oid
             FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace LOOP
        BEGIN
            EXECUTE format('CREATE FUNCTION public.bite_%s(%s%s) RETURNS %s LANGUAGE plpgsql AS %L', r.oid,
                CASE WHEN r.oprkind = 'b' THEN r.l::text || ', ' ELSE '' END, r.r, r.result,
                'BEGIN RAISE EXCEPTION ''bitten by operator ' || r.oprname || '''; END');
            EXECUTE format('CREATE OPERATOR public.%s (PROCEDURE = public.bite_%s%s, RIGHTARG = %s)', r.oprname, r.oid,
                CASE WHEN r.oprkind = 'b' THEN ', LEFTARG = ' || r.l ELSE '' END, r.r);
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
    END LOOP;
    -- What is there may be a table or a type as well.
    FOR r IN SELECT relname FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind IN ('r', 'v') LOOP
        EXECUTE format('CREATE VIEW public.%I AS SELECT 1 / (pg_catalog.random() * 0) AS oid', r.relname);
    END LOOP;
    EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database());
END
$$;
