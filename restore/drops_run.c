/* drops_run.c - the list of drops, run on the server in one statement. */
#include <string.h>

#include "common/err.h"
#include "restore/array.h"
#include "restore/drops.h"
#include "restore/recode.h"

/* The lists come as settings, since DO has no parameters. The last object was created last, and so is the
   first to go; what something of the list depends on waits for the next round, and what isn't there, a
   default of a column for one, for which there is no IF EXISTS, is done with. Where a round brings nothing
   further, objects of one kind that depend on each other go together; and what is left then is the error. A
   subscription goes without its replication slot, which may be that of the dump's own server, and which no
   transaction could drop. */
static const char drop_all[] =
    "DO $dumpnative$\n"
    "DECLARE\n"
    "    todo text[] := pg_catalog.current_setting('dumpnative.drops');\n"
    "    tables text[] := pg_catalog.current_setting('dumpnative.tables');\n"
    "    later text[];\n"
    "    kind text;\n"
    "    together text;\n"
    "    blamed text;\n"
    "    other text;\n"
    "BEGIN\n"
    "    SELECT i.inhrelid::pg_catalog.regclass INTO other\n"
    "        FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid\n"
    "        WHERE c.relispartition\n"
    "        AND i.inhparent IN (SELECT pg_catalog.to_regclass(t) FROM pg_catalog.unnest(tables) t)\n"
    "        AND i.inhrelid NOT IN (SELECT pg_catalog.to_regclass(t) FROM pg_catalog.unnest(tables) t\n"
    "                               WHERE pg_catalog.to_regclass(t) IS NOT NULL)\n"
    "        LIMIT 1;\n"
    "    IF FOUND THEN\n"
    "        RAISE EXCEPTION USING ERRCODE = '2BP01', MESSAGE =\n"
    "            'the partition ' || other || ' is not in the dump, and would be dropped with its table',\n"
    "            HINT = 'Detach or drop it first.';\n"
    "    END IF;\n"
    "    WHILE pg_catalog.cardinality(todo) > 0 LOOP\n"
    "        later := '{}';\n"
    "        FOR i IN REVERSE pg_catalog.cardinality(todo)..1 LOOP\n"
    "            BEGIN\n"
    "                kind := 'DROP SUBSCRIPTION IF EXISTS ';\n"
    "                IF pg_catalog.starts_with(todo[i], kind) THEN\n"
    "                    other := pg_catalog.substr(todo[i], pg_catalog.length(kind) + 1);\n"
    "                    EXECUTE 'ALTER SUBSCRIPTION ' || other || ' DISABLE';\n"
    "                    EXECUTE 'ALTER SUBSCRIPTION ' || other || ' SET (slot_name = NONE)';\n"
    "                END IF;\n"
    "                EXECUTE todo[i];\n"
    "            EXCEPTION\n"
    "                WHEN dependent_objects_still_exist THEN\n"
    "                    later := todo[i] || later;\n"
    "                WHEN undefined_column OR undefined_table OR undefined_object OR undefined_function\n"
    "                    OR invalid_schema_name OR invalid_table_definition THEN\n"
    "                    NULL;\n"
    "            END;\n"
    "        END LOOP;\n"
    "        IF pg_catalog.cardinality(later) = pg_catalog.cardinality(todo) THEN\n"
    "            blamed := NULL;\n"
    "            FOREACH kind IN ARRAY ARRAY['VIEW', 'TABLE', 'MATERIALIZED VIEW', 'FUNCTION'] LOOP\n"
    "                kind := 'DROP ' || kind || ' IF EXISTS ';\n"
    "                SELECT kind || pg_catalog.string_agg(pg_catalog.substr(s, pg_catalog.length(kind) + 1), "
    "', ')\n"
    "                    INTO together FROM pg_catalog.unnest(later) s WHERE pg_catalog.starts_with(s, "
    "kind);\n"
    "                BEGIN\n"
    "                    CONTINUE WHEN together IS NULL;\n"
    "                    EXECUTE together;\n"
    "                    later := ARRAY(SELECT s FROM pg_catalog.unnest(later) s\n"
    "                                   WHERE NOT pg_catalog.starts_with(s, kind));\n"
    "                EXCEPTION WHEN dependent_objects_still_exist THEN\n"
    "                    blamed := coalesce(blamed, together);\n"
    "                END;\n"
    "            END LOOP;\n"
    "            IF pg_catalog.cardinality(later) = pg_catalog.cardinality(todo) THEN\n"
    "                EXECUTE coalesce(blamed, later[pg_catalog.cardinality(later)]);\n"
    "            END IF;\n"
    "        END IF;\n"
    "        todo := later;\n"
    "    END LOOP;\n"
    "END $dumpnative$";

DnStatus dn_drops_run(const DnDrops *drops, DnRun *run, DnErr *err) {
    static const char what[] = "dropping what the dump creates";
    static const char others_depend[] = "2BP01";
    DnBuf arrays[2] = {{0}};
    if (!drops->statements.count) {
        return DN_OK;
    }
    dn_array_of(drops->statements.items, drops->statements.count, &arrays[0]);
    dn_array_of(drops->tables.items, drops->tables.count, &arrays[1]);
    DnStatus status = dn_recode(run, drops->encoding, &arrays[0], err);
    status = status ? status : dn_recode(run, drops->encoding, &arrays[1], err);
    /* IF EXISTS tells of each that isn't there */
    const DnRequest requests[] = {{.what = what,
                                   .sql = "SELECT pg_catalog.set_config('dumpnative.messages', "
                                          "pg_catalog.current_setting('client_min_messages'), false), "
                                          "pg_catalog.set_config('client_min_messages', 'warning', false), "
                                          /* a name without a schema is of the dump's path, not of ours */
                                          "pg_catalog.set_config('dumpnative.path', "
                                          "pg_catalog.current_setting('search_path'), false), "
                                          "pg_catalog.set_config('search_path', '', false), "
                                          "pg_catalog.set_config('dumpnative.drops', $1, false)",
                                   .param = dn_buf_text(&arrays[0])},
                                  {.what = what,
                                   .sql = "SELECT pg_catalog.set_config('dumpnative.tables', $1, false)",
                                   .param = dn_buf_text(&arrays[1])},
                                  {.what = what, .sql = drop_all},
                                  {.what = what,
                                   .sql = "SELECT pg_catalog.set_config('client_min_messages', "
                                          "pg_catalog.current_setting('dumpnative.messages'), false), "
                                          "pg_catalog.set_config('search_path', "
                                          "pg_catalog.current_setting('dumpnative.path'), false), "
                                          "pg_catalog.set_config('dumpnative.drops', '', false), "
                                          "pg_catalog.set_config('dumpnative.tables', '', false)"}};
    dn_run_tell(run, DN_EVENT_STEP, what, NULL);
    status = status ? status : dn_conn_batch(run->conn, requests, sizeof requests / sizeof *requests, err);
    DnErr ignored;
    if (status == DN_E_QUERY && dn_conn_recover(run->conn, &ignored) == DN_OK &&
        strcmp(err->sqlstate, others_depend) == 0 && !err->hint[0]) {
        dn_err_hint(err,
                    "What is not created anew is not dropped, and nothing was changed: drop it yourself, or "
                    "use another database.");
    }
    dn_buf_deinit(&arrays[0]);
    dn_buf_deinit(&arrays[1]);
    return status;
}
