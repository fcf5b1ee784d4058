/* The reader of dumps: what it splits, in pieces of any size, and that what it gives is what it got. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/err.h"
#include "restore/reader.h"

static const char letters[] = "SCR.MZ"; /* by DnSqlKind */

typedef struct Seen {
    DnBuf joined;
    DnBuf told; /* a line for each item: kind, line, text behind its comments; rows joined */
    DnSqlKind last;
    bool any;
} Seen;

static DnStatus on_item(void *ctx, const DnSqlItem *item, DnErr *err) {
    Seen *seen = ctx;
    (void)err;
    dn_buf_add(&seen->joined, item->text, item->size);
    if (item->kind == DN_SQL_ROWS && seen->any && seen->last == DN_SQL_ROWS) {
        dn_buf_add(&seen->told, item->text, item->size);
        return DN_OK;
    }
    if (seen->any && seen->last == DN_SQL_ROWS) {
        dn_buf_str(&seen->told, "|");
    }
    dn_buf_fmt(&seen->told, "%c%llu:", letters[item->kind], (unsigned long long)item->line);
    dn_buf_add(&seen->told, item->text + item->start, item->size - item->start);
    dn_buf_str(&seen->told, item->kind == DN_SQL_ROWS ? "" : "|");
    seen->last = item->kind;
    seen->any = true;
    return DN_OK;
}

/* Pieces of `piece` bytes, or of random sizes for 0. */
static DnStatus split(const char *text, size_t size, size_t piece, Seen *seen, DnErr *err) {
    DnSqlReader *reader = dn_sql_reader_new(on_item, seen);
    assert_non_null(reader);
    DnStatus status = DN_OK;
    uint32_t random = 1;
    for (size_t i = 0; !status && i < size;) {
        random = random * 1664525 + 1013904223;
        size_t next = piece ? piece : 1 + (random >> 16) % 300;
        next = next < size - i ? next : size - i;
        char *copy = malloc(next); /* of just that size, for the sanitizers to see */
        memcpy(copy, text + i, next);
        status = dn_sql_reader_add(reader, copy, next, err);
        free(copy);
        i += next;
    }
    status = status ? status : dn_sql_reader_end(reader, err);
    dn_sql_reader_free(reader);
    return status;
}

static void forget(Seen *seen) {
    dn_buf_deinit(&seen->joined);
    dn_buf_deinit(&seen->told);
}

static void expect(const char *text, const char *told) {
    static const size_t pieces[] = {1, 2, 3, 7, 100000};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        Seen seen = {0};
        DnErr err = {0};
        assert_int_equal(split(text, strlen(text), pieces[i], &seen, &err), DN_OK);
        assert_string_equal(dn_buf_text(&seen.told), told);
        assert_string_equal(dn_buf_text(&seen.joined), text);
        forget(&seen);
    }
}

static void refused(const char *text, const char *words) {
    for (size_t piece = 1; piece < 100; piece += 98) {
        Seen seen = {0};
        DnErr err = {0};
        assert_int_equal(split(text, strlen(text), piece, &seen, &err), DN_E_MISMATCH);
        assert_non_null(strstr(err.message, words));
        forget(&seen);
    }
}

static void test_statements(void **state) {
    (void)state;
    expect("", "");
    expect("\n-- only\n", "Z3:|");
    expect("SELECT 1;SELECT 2;\n", "S1:SELECT 1;|S1:SELECT 2;|Z2:|");
    expect("-- a;b\n\n/* c; /* d; */ ; */ SELECT 1 -- x;\n;", "S3:SELECT 1 -- x;\n;|");
    expect("SELECT a-1, b/2, c*/*;*/d, 1--;\n;", "S1:SELECT a-1, b/2, c*/*;*/d, 1--;\n;|");
    expect("SELECT ';', ';'';', \";\"\";\";x;", "S1:SELECT ';', ';'';', \";\"\";\";|S1:x;|");
    expect("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT (2); );x;",
           "S1:CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT (2); );|S1:x;|");
}

static void test_strings(void **state) {
    (void)state;
    expect("a '\\'; b;", "S1:a '\\';|S1:b;|");
    expect("a E'\\';', e'\\\\';b;", "S1:a E'\\';', e'\\\\';|S1:b;|");
    expect("a E'x''\\';'; b;", "S1:a E'x''\\';';|S1:b;|");
    expect("a name'\\';b;", "S1:a name'\\';|S1:b;|");
    expect("a U&'\\0061', N'\\', B'1', X'F';b;", "S1:a U&'\\0061', N'\\', B'1', X'F';|S1:b;|");
    /* '...' on a later line goes on with the string before it */
    expect("a E'x'\n '\\';';b;", "S1:a E'x'\n '\\';';|S2:b;|");
    expect("a E'x' --c\n  '\\';';b;", "S1:a E'x' --c\n  '\\';';|S2:b;|");
    expect("a E'x' '\\';b;", "S1:a E'x' '\\';|S1:b;|");
    expect("a E'x',\n'\\';b;", "S1:a E'x',\n'\\';|S2:b;|");
}

static void test_standard_strings(void **state) {
    (void)state;
    expect("SET standard_conforming_strings = off;a '\\';';SET standard_conforming_strings TO 'on';b '\\';",
           "S1:SET standard_conforming_strings = off;|S1:a '\\';';|S1:SET standard_conforming_strings TO "
           "'on';|S1:b '\\';|");
    expect("set local Standard_Conforming_Strings to FALSE ;a '\\';', X'1';b;",
           "S1:set local Standard_Conforming_Strings to FALSE ;|S1:a '\\';', X'1';|S1:b;|");
}

static void test_dollars(void **state) {
    (void)state;
    expect("a $$;'$x$;$$;b;", "S1:a $$;'$x$;$$;|S1:b;|");
    expect("a $_1$;$_1;$$;$_1$;b;", "S1:a $_1$;$_1;$$;$_1$;|S1:b;|");
    expect("a $1;b $x;c$d$;e;", "S1:a $1;|S1:b $x;|S1:c$d$;|S1:e;|");
    expect("a $ä$;$ä$;b;", "S1:a $ä$;$ä$;|S1:b;|");
    expect("a $a$ $$ $$a$;b;", "S1:a $a$ $$ $$a$;|S1:b;|");
}

static void test_bodies(void **state) {
    (void)state;
    expect("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT (CASE WHEN b "
           "THEN 2 END); END;x;",
           "S1:CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT (CASE WHEN "
           "b THEN 2 END); END;|S1:x;|");
    expect("CREATE OR REPLACE PROCEDURE p(\"end\" int)\n begin\n /* */ atomic\n x; END;y;",
           "S1:CREATE OR REPLACE PROCEDURE p(\"end\" int)\n begin\n /* */ atomic\n x; END;|S4:y;|");
    expect("CREATE FUNCTION begin() AS 'x';BEGIN;x;END;",
           "S1:CREATE FUNCTION begin() AS 'x';|S1:BEGIN;|S1:x;|S1:END;|");
    expect("BEGIN; ATOMIC;", "S1:BEGIN;|S1:ATOMIC;|");
}

static void test_rows(void **state) {
    (void)state;
    expect("COPY t (a, \"b\") FROM stdin;\n1\t;\n\\N\t'\n\\.x\n\\\\.\n\\.\nSELECT 1;\n",
           "C1:COPY t (a, \"b\") FROM stdin;\n|R2:1\t;\n\\N\t'\n\\.x\n\\\\.\n|.6:\\.\n|S7:SELECT 1;|Z8:|");
    expect("COPY t FROM stdin WITH (FORMAT csv);\n\\.\n",
           "C1:COPY t FROM stdin WITH (FORMAT csv);\n|.2:\\.\n|");
    expect("copy t from STDIN ; \r\na\r\n\\.\r\nx;",
           "C1:copy t from STDIN ; \r\n|R2:a\r\n|.3:\\.\r\n|S4:x;|");
    expect("COPY t FROM stdin;\na\n\\.", "C1:COPY t FROM stdin;\n|R2:a\n|.3:\\.|");
    expect("COPY t FROM 'stdin';x;COPY (SELECT 1 FROM stdin) TO stdout;COPY t TO stdin;",
           "S1:COPY t FROM 'stdin';|S1:x;|S1:COPY (SELECT 1 FROM stdin) TO stdout;|S1:COPY t TO stdin;|");
    refused("COPY t FROM stdin;\na\n", "in the middle of a table's rows");
    refused("COPY t FROM stdin; SELECT 1;\n", "follows COPY");
}

static void test_meta(void **state) {
    (void)state;
    expect("-- a\n\\restrict x\n\nSELECT 1;\n\\unrestrict x",
           "M2:\\restrict x\n|S4:SELECT 1;|M5:\\unrestrict x|");
    refused("SELECT 1 \\! id\n;", "meta-command in the middle");
    refused("SELECT 1 \\gexec\n", "line 1");
}

static void test_cut(void **state) {
    (void)state;
    refused("SELECT 1", "a statement");
    refused("SELECT ';", "a statement");
    refused("/* ;", "a comment");
    refused("SELECT $$;", "line 1");
}

static void check_file(const char *path) {
    DnBuf text = {0};
    char block[4096];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t got; (got = fread(block, 1, sizeof block, file)) > 0;) {
        dn_buf_add(&text, block, got);
    }
    (void)fclose(file);
    Seen whole = {0};
    DnErr err = {0};
    DnStatus expected = split(dn_buf_text(&text), text.size, 1 << 20, &whole, &err);
    for (size_t piece = 0; piece < 2; piece++) {
        Seen seen = {0};
        assert_int_equal(split(dn_buf_text(&text), text.size, piece, &seen, &err), expected);
        assert_string_equal(dn_buf_text(&seen.told), dn_buf_text(&whole.told));
        if (!expected) {
            assert_int_equal(seen.joined.size, text.size);
            assert_memory_equal(seen.joined.bytes, text.bytes, text.size);
        }
        forget(&seen);
    }
    forget(&whole);
    dn_buf_deinit(&text);
}

/* All fixtures, in pieces of one byte and of random sizes; returns how many there were. */
static size_t check_folder(const char *path) {
    size_t count = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char name[1024];
        struct stat st;
        (void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        size_t size = strlen(name);
        if (entry->d_name[0] == '.' || stat(name, &st) != 0) {
            continue;
        }
        if (S_ISDIR(st.st_mode)) {
            count += check_folder(name);
        } else if (size > 4 && strcmp(name + size - 4, ".sql") == 0) {
            check_file(name);
            count++;
        }
    }
    (void)closedir(folder);
    return count;
}

static void test_byte_order_mark(void **state) {
    (void)state;
    expect("\xef\xbb\xbf", "Z1:|");
    expect("\xef\xbb\xbf-- a\nSELECT 1;\n", "S2:SELECT 1;|Z3:|");
    expect("\xef\xbb\xbf\\restrict a\n", "M1:\\restrict a\n|");
    expect("\xef\xbb"
           "a;",
           "S1:\xef\xbb"
           "a;|");
    expect("a\xef\xbb\xbf;", "S1:a\xef\xbb\xbf;|");
    expect("", "");
}

static void test_fixtures(void **state) {
    (void)state;
    assert_true(check_folder("fixtures") > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statements),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_standard_strings),
        cmocka_unit_test(test_dollars),
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_meta),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_byte_order_mark),
        cmocka_unit_test(test_fixtures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
