#include "restore/index.h"

#include <stdio.h>
#include <string.h>

#include "common/err.h"
#include "restore/header.h"
#include "restore/input.h"
#include "restore/meta.h"
#include "restore/reader.h"
#include "restore/rewrite.h"
#include "restore/subject.h"

typedef struct Scan {
    DnIndex *index;
    DnSqlReader *reader;
    uint64_t offset;            /* of the next item */
    uint64_t line;              /* likewise */
    const DnSettings *settings; /* so far */
    DnUnit unit;                /* the one in work */
    DnUnitKind wanted;          /* what its header says */
    size_t copies;
    bool passes_rows;   /* those of a table that isn't restored */
    uint64_t user_line; /* of SET SESSION AUTHORIZATION that still holds; 0 = none does */
} Scan;

static const DnSettings no_settings = {0};

/* ---- Settings ------------------------------------------------------------------------------- */

static size_t name_id(DnIndex *index, const char *name) {
    for (size_t i = 0; i < index->names.count; i++) {
        if (strcmp(index->names.items[i], name) == 0) {
            return i;
        }
    }
    DN_PUSH(&index->arena, &index->names, dn_arena_str(&index->arena, name));
    return index->names.count - 1;
}

static void add_setting(Scan *scan, const char *name, const char *text) {
    DnIndex *index = scan->index;
    size_t id = name_id(index, name);
    const DnSettings *old = scan->settings;
    if (dn_arena_failed(&index->arena) ||
        (id < old->count && old->texts[id] && strcmp(old->texts[id], text) == 0)) {
        return;
    }
    size_t count = id < old->count ? old->count : id + 1;
    const char **texts = DN_NEW_ARRAY(&index->arena, const char *, count);
    DnSettings *settings = DN_NEW(&index->arena, DnSettings);
    if (!texts || !settings) {
        return;
    }
    for (size_t i = 0; i < old->count; i++) {
        texts[i] = old->texts[i];
    }
    texts[id] = dn_arena_str(&index->arena, text);
    *settings = (DnSettings){.texts = texts, .count = count};
    scan->settings = settings;
}

/* As it is run. */
static void add_changed_setting(Scan *scan, const char *name, const DnSqlItem *item) {
    DnBuf changed = {0};
    const char *sql = dn_rewrite(scan->index->needs.options, item, &changed);
    scan->index->arena.failed |= !sql;
    if (sql) {
        add_setting(scan, name, sql);
    }
    dn_buf_deinit(&changed);
}

/* ---- Tables --------------------------------------------------------------------------------- */

/* NULL when memory is out, or in the freak case of two names with one hash. */
static DnIndexTable *table_of(DnIndex *index, const char *key) {
    DnIndexTable *table = dn_map_get(&index->tables, dn_map_text(key));
    if (!table && (table = DN_NEW(&index->arena, DnIndexTable)) != NULL) {
        table->key = dn_arena_str(&index->arena, key);
        dn_map_put(&index->arena, &index->tables, dn_map_text(key), table);
    }
    return table && table->key && strcmp(table->key, key) == 0 ? table : NULL;
}

/* ---- Units ---------------------------------------------------------------------------------- */

static DnUnitKind kind_of(const DnHeader *header) {
    static const struct {
        const char *type;
        DnUnitKind kind;
    } kinds[] = {
        {"TABLE DATA", DN_UNIT_ROWS},         {"INDEX", DN_UNIT_KEY},       {"CONSTRAINT", DN_UNIT_KEY},
        {"FK CONSTRAINT", DN_UNIT_REFERENCE}, {"COMMENT", DN_UNIT_COMMENT},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (dn_slice_is(header->type, kinds[i].type)) {
            return kinds[i].kind;
        }
    }
    return DN_UNIT_SERIAL;
}

static void begin_unit(Scan *scan, const DnHeader *header) {
    char label[256] = "";
    if (header) {
        (void)snprintf(label, sizeof label, "%.*s %.*s%s%.*s", (int)header->type.size, header->type.text,
                       (int)header->schema.size, header->schema.text, header->schema.size ? "." : "",
                       (int)header->name.size, header->name.text);
    }
    scan->wanted = header ? kind_of(header) : DN_UNIT_SERIAL;
    scan->copies = 0;
    scan->unit = (DnUnit){.kind = scan->wanted,
                          .offset = scan->offset,
                          .line = scan->line,
                          .label = dn_arena_str(&scan->index->arena, label),
                          .before = scan->settings};
}

/* Rows of tables that were there before, which may have foreign keys, keep the dump's order. Pieces are cut
   of a unit that has one COPY and nothing else. */
static void end_unit(Scan *scan) {
    DnUnit *unit = &scan->unit;
    DnIndexTable *table = unit->tables[0];
    unit->end = scan->offset;
    unit->after = scan->settings;
    if (unit->statements != 1 || scan->copies != 1) {
        unit->copy = NULL;
    }
    if (unit->kind == DN_UNIT_ROWS && (!table || !table->created)) {
        unit->kind = DN_UNIT_SERIAL;
        unit->copy = NULL;
    }
    if (unit->end > unit->offset && (unit->statements || !scan->index->needs.selected)) {
        DN_PUSH(&scan->index->arena, &scan->index->units, *unit);
    }
}

/* ---- Statements ----------------------------------------------------------------------------- */

static void take_subject(Scan *scan, const DnSubject *subject) {
    DnUnit *unit = &scan->unit;
    DnIndexTable *table = subject->table ? table_of(scan->index, subject->table) : NULL;
    DnIndexTable *other = subject->other ? table_of(scan->index, subject->other) : NULL;
    if (subject->kind == DN_SUBJECT_TABLE && table) {
        table->created = true;
        table->plain = subject->plain;
    }
    bool fits =
        (scan->wanted == DN_UNIT_ROWS && (subject->kind == DN_SUBJECT_ROWS || unit->statements > 0)) ||
        (scan->wanted == DN_UNIT_KEY && (subject->kind == DN_SUBJECT_KEY || unit->statements > 0)) ||
        (scan->wanted == DN_UNIT_REFERENCE && subject->kind == DN_SUBJECT_REFERENCE) ||
        (scan->wanted == DN_UNIT_COMMENT && subject->kind == DN_SUBJECT_COMMENT);
    if (!fits || (scan->wanted != DN_UNIT_COMMENT && !table)) {
        unit->kind = DN_UNIT_SERIAL;
    }
    if (!unit->tables[0]) {
        unit->tables[0] = table;
        unit->tables[1] = other;
        if (table) {
            table->units += scan->wanted == DN_UNIT_ROWS;
        }
    }
    unit->index_only = unit->statements == 0 && subject->index;
    unit->statements++;
}

/* Another user's part of a unit, as pg_dump writes it around GRANTs, is fine; the rest of the dump is not
   (--use-set-session-authorization): each session would have to be of each user in its turn. */
static void note_user(Scan *scan, const DnSqlItem *item) {
    bool back = strcmp(item->words[0], "reset") == 0 || strcmp(item->words[3], "default") == 0 ||
                strcmp(item->words[2], "none") == 0;
    scan->user_line = back ? 0 : item->line;
}

static DnStatus check_user(const Scan *scan, DnErr *err) {
    if (!scan->user_line) {
        return DN_OK;
    }
    (void)dn_err(err, DN_E_MISMATCH, "line %llu: the dump changes the session's user and goes on as that",
                 (unsigned long long)scan->user_line);
    dn_err_hint(err, "Restore it without -j.");
    return err->status;
}

static void take_copy(Scan *scan, const DnSqlItem *item, const DnSubject *subject) {
    DnArena *arena = &scan->index->arena;
    scan->copies++;
    if (subject->target) {
        const DnRestoreOptions *options = scan->index->needs.options;
        DnBuf copy = {0};
        DnBuf target = {0};
        scan->unit.copy = dn_arena_str(arena, dn_rewrite(options, item, &copy));
        scan->unit.target =
            dn_arena_str(arena, dn_rewrite_text(options, subject->target, item->standard_strings, &target));
        arena->failed = arena->failed || dn_buf_failed(&copy) || dn_buf_failed(&target);
        dn_buf_deinit(&copy);
        dn_buf_deinit(&target);
        scan->unit.copy_line = item->line;
    }
}

static DnStatus statement(Scan *scan, const DnSqlItem *item, DnErr *err) {
    DnSubject subject = {0};
    DnHeader header;
    DnStatus status = DN_OK;
    if (dn_header_find(item->text, item->start, &header)) {
        status = check_user(scan, err);
        end_unit(scan);
        begin_unit(scan, &header);
    }
    scan->passes_rows = !dn_selected_has(scan->index->needs.selected, item, &scan->index->arena.failed);
    if (status || scan->passes_rows) {
        return status;
    }
    dn_needs_take(&scan->index->needs, item);
    status = dn_subject_find(&subject, item, err);
    if (!status && subject.kind == DN_SUBJECT_SETTING) {
        add_changed_setting(scan, subject.table, item);
    } else if (!status) {
        take_subject(scan, &subject);
    }
    if (!status && subject.kind == DN_SUBJECT_SESSION) {
        note_user(scan, item);
    }
    if (!status && item->kind == DN_SQL_COPY) {
        take_copy(scan, item, &subject);
    }
    dn_subject_deinit(&subject);
    return status;
}

static void rows(Scan *scan, const DnSqlItem *item) {
    DnUnit *unit = &scan->unit;
    if (scan->passes_rows) {
        return;
    }
    if (!unit->rows_end || !unit->rows_line) {
        unit->rows = scan->offset;
        unit->rows_line = item->line;
    }
    unit->rows_end = scan->offset + item->size;
    scan->index->row_bytes += item->size;
    if (unit->tables[0]) {
        unit->tables[0]->bytes += item->size;
    }
}

/* Behind \connect everything begins anew. */
static void meta_command(Scan *scan, const DnSqlItem *item) {
    DnIndex *index = scan->index;
    DnMeta meta = dn_meta_parse(item);
    char database[256];
    if (dn_meta_connects(&meta) && dn_meta_database(&meta, database, sizeof database)) {
        index->database = dn_arena_str(&index->arena, database);
        index->head = scan->offset + item->size;
        index->units.count = 0;
        scan->settings = &no_settings;
    }
}

static DnStatus on_item(void *ctx, const DnSqlItem *item, DnErr *err) {
    Scan *scan = ctx;
    DnStatus status = dn_needs_item(&scan->index->needs, item, err);
    switch (item->kind) {
    case DN_SQL_STATEMENT:
    case DN_SQL_COPY:
        status = status ? status : statement(scan, item, err);
        break;
    case DN_SQL_ROWS:
        rows(scan, item);
        break;
    case DN_SQL_META:
        meta_command(scan, item);
        break;
    default:
        break;
    }
    scan->offset += item->size;
    scan->line = dn_sql_reader_line(scan->reader);
    if (!status && item->kind == DN_SQL_META && scan->index->head == scan->offset) {
        begin_unit(scan, NULL);
    }
    bool full = dn_arena_failed(&scan->index->arena) || dn_arena_failed(&scan->index->needs.arena);
    return !status && full ? dn_err_nomem(err) : status;
}

static DnStatus on_text(void *ctx, const char *text, size_t size, DnErr *err) {
    Scan *scan = ctx;
    dn_needs_text(&scan->index->needs, scan->reader, text, size);
    return dn_sql_reader_add(scan->reader, text, size, err);
}

/* The place was told by somebody else: the reader knows that rows begin there, the caller that they end
   there. */
static bool pass_rows(void *ctx, const DnRowsPlace *place) {
    Scan *scan = ctx;
    const DnSqlItem item = {.kind = DN_SQL_ROWS, .size = place->bytes, .line = scan->line};
    if (scan->offset != place->offset || !dn_sql_reader_pass_rows(scan->reader, place->rows)) {
        return false;
    }
    rows(scan, &item);
    scan->index->needs.passed_rows = true;
    scan->offset += place->bytes;
    scan->line = dn_sql_reader_line(scan->reader);
    return true;
}

static DnStatus read_file(Scan *scan, const DnProof *proof, DnErr *err) {
    const DnRestoreOptions *options = scan->index->needs.options;
    const DnInput input = {.path = options->path,
                           .fd = proof->fd,
                           .plain_only = true,
                           .cancel = options->cancel,
                           .text = on_text,
                           .ctx = scan,
                           .proof = proof,
                           .pass = pass_rows};
    return dn_input_read(&input, err);
}

/* `proof` NULL: `text`, not the file of the options. */
static DnStatus read_index(DnIndex *index, const DnRestoreOptions *options, const DnProof *proof,
                           const char *text, size_t size, DnErr *err) {
    Scan scan = {.index = index, .line = 1, .settings = &no_settings};
    *index = (DnIndex){.needs = {.options = options, .proof = proof}};
    scan.reader = dn_sql_reader_new(on_item, &scan);
    if (!scan.reader) {
        return dn_err_nomem(err);
    }
    begin_unit(&scan, NULL);
    DnStatus status = DN_OK;
    if (options->only_tables) {
        status = dn_selected_read(&index->selected, options, proof, err);
        index->needs.selected = &index->selected;
    }
    if (!status) {
        status = proof ? read_file(&scan, proof, err) : on_text(&scan, text, size, err);
    }
    status = status ? status : dn_sql_reader_end(scan.reader, err);
    status = status ? status : check_user(&scan, err);
    status = status ? status : dn_needs_end(&index->needs, err);
    dn_sql_reader_free(scan.reader);
    end_unit(&scan);
    return !status && dn_arena_failed(&index->arena) ? dn_err_nomem(err) : status;
}

DnStatus dn_index_read(DnIndex *index, const DnRestoreOptions *options, const DnProof *proof, DnErr *err) {
    return read_index(index, options, proof, NULL, 0, err);
}

DnStatus dn_index_read_text(DnIndex *index, const DnRestoreOptions *options, const char *text, size_t size,
                            DnErr *err) {
    return read_index(index, options, NULL, text, size, err);
}

void dn_index_deinit(DnIndex *index) {
    dn_needs_deinit(&index->needs);
    dn_selected_deinit(&index->selected);
    dn_arena_deinit(&index->arena);
    *index = (DnIndex){0};
}
