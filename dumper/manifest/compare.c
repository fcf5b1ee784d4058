#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dumper/manifest/manifest.h"

typedef struct Comparison {
    const DnSides *sides;
    DnDifferenceFn tell;
    void *ctx;
    DnBuf object, text;
    uint64_t count;
} Comparison;

static void tell(Comparison *c) {
    c->tell(c->ctx, dn_buf_text(&c->object), dn_buf_text(&c->text));
    c->count++;
    dn_buf_clear(&c->object);
    dn_buf_clear(&c->text);
}

/* Whose name is that of an object with its kind in front: "COMMENT", "TABLE t". */
static bool is_about_another(const char *type) {
    return strcmp(type, "COMMENT") == 0 || strcmp(type, "ACL") == 0 || strcmp(type, "SECURITY LABEL") == 0;
}

static void name(Comparison *c, const char *type, const char *schema, const char *object) {
    if (*schema && is_about_another(type)) {
        dn_buf_fmt(&c->object, "%s on %s in schema %s", type, object, schema);
    } else {
        dn_buf_fmt(&c->object, "%s %s%s%s", type, schema, *schema ? "." : "", object);
    }
}

static void sort(void *items, size_t count, size_t size, int (*order)(const void *, const void *)) {
    if (count) { /* an empty list has no items to point to */
        qsort(items, count, size, order);
    }
}

/* ---- Objects --------------------------------------------------------------------- */

static int order_names(const DnManifestObject *a, const DnManifestObject *b) {
    int order = strcmp(a->type, b->type);
    order = order ? order : strcmp(a->schema, b->schema);
    return order ? order : strcmp(a->name, b->name);
}

static int order_sums(DnSum a, DnSum b) {
    if (a.high != b.high) {
        return a.high < b.high ? -1 : 1;
    }
    return a.low == b.low ? 0 : a.low < b.low ? -1 : 1;
}

/* Several objects may have one name: their definitions tell them apart. */
static int order_objects(const void *a, const void *b) {
    const DnManifestObject *left = a;
    const DnManifestObject *right = b;
    int order = order_names(left, right);
    return order ? order : order_sums(left->sum, right->sum);
}

static void tell_lone_object(Comparison *c, const DnManifestObject *o, const char *lacks) {
    name(c, o->type, o->schema, o->name);
    dn_buf_fmt(&c->text, "is not in %s", lacks);
    tell(c);
}

static size_t namesakes(const DnManifestObject *from, const DnManifestObject *end) {
    size_t count = 0;
    while (from + count < end && order_names(from, from + count) == 0) {
        count++;
    }
    return count;
}

/* What isn't a definition, in words of its own. */
static const char *changed_words(const char *type) {
    static const struct {
        const char *type, *words;
    } others[] = {{"SEQUENCE SET", "is another value"},
                  {"COMMENT", "is another text"},
                  {"ACL", "are other privileges"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strcmp(type, others[i].type) == 0) {
            return others[i].words;
        }
    }
    return "is not defined the same";
}

/* Objects of one name on both sides, each in the order of their checksums. */
static void compare_namesakes(Comparison *c, const DnManifestObject *a, size_t a_count,
                              const DnManifestObject *b, size_t b_count) {
    size_t i = 0;
    size_t j = 0;
    size_t only_here = 0;
    size_t only_there = 0;
    while (i < a_count || j < b_count) {
        int order = i == a_count ? 1 : j == b_count ? -1 : order_sums(a[i].sum, b[j].sum);
        only_here += order < 0;
        only_there += order > 0;
        i += order <= 0;
        j += order >= 0;
    }
    for (; only_here && only_there; only_here--, only_there--) {
        name(c, a->type, a->schema, a->name);
        dn_buf_str(&c->text, changed_words(a->type));
        tell(c);
    }
    for (; only_here; only_here--) {
        tell_lone_object(c, a, c->sides->there);
    }
    for (; only_there; only_there--) {
        tell_lone_object(c, b, c->sides->here);
    }
}

/* Of the two records of these privileges, the one that counts gets the name of the other. */
static void choose_public_acl(DnManifest *manifest, bool but_for_create) {
    size_t kept = 0;
    for (size_t i = 0; i < manifest->objects.count; i++) {
        DnManifestObject object = manifest->objects.items[i];
        bool plain = strcmp(object.type, "ACL") == 0 && strcmp(object.name, DN_MANIFEST_PUBLIC) == 0;
        bool second = strcmp(object.type, DN_MANIFEST_PUBLIC_ACL) == 0;
        if (second) {
            object.type = "ACL";
        }
        if (but_for_create ? !plain : !second) {
            manifest->objects.items[kept++] = object;
        }
    }
    manifest->objects.count = kept;
}

static void compare_objects(Comparison *c, DnManifest *here, DnManifest *there) {
    DnManifestObject *a = here->objects.items;
    DnManifestObject *b = there->objects.items;
    const DnManifestObject *a_end = a + here->objects.count;
    const DnManifestObject *b_end = b + there->objects.count;
    sort(a, here->objects.count, sizeof *a, order_objects);
    sort(b, there->objects.count, sizeof *b, order_objects);
    while (a < a_end || b < b_end) {
        int order = a == a_end ? 1 : b == b_end ? -1 : order_names(a, b);
        size_t a_count = order <= 0 ? namesakes(a, a_end) : 0;
        size_t b_count = order >= 0 ? namesakes(b, b_end) : 0;
        compare_namesakes(c, a, a_count, b, b_count);
        a += a_count;
        b += b_count;
    }
}

/* ---- Rows ------------------------------------------------------------------------ */

static int order_table_names(const DnManifestTable *a, const DnManifestTable *b) {
    int order = strcmp(a->schema, b->schema);
    return order ? order : strcmp(a->name, b->name);
}

/* Groups of large objects have one name: they stay in their order. */
static int order_tables(const void *a, const void *b) {
    const DnManifestTable *left = a;
    const DnManifestTable *right = b;
    int order = order_table_names(left, right);
    return order ? order : (left->offset > right->offset) - (left->offset < right->offset);
}

static void compare_rows(Comparison *c, const DnManifestTable *a, const DnManifestTable *b) {
    bool same = !a->has_sum || !b->has_sum || dn_sum_equal(a->sum, b->sum);
    if (!*a->schema) {
        if (!same) {
            dn_buf_str(&c->object, a->name);
            dn_buf_str(&c->text, "their bytes are not the same");
            tell(c);
        }
        return;
    }
    name(c, "rows of", a->schema, a->name);
    if (a->rows != b->rows) {
        dn_buf_fmt(&c->text, "%" PRIu64 " in %s, %" PRIu64 " in %s", a->rows, c->sides->here, b->rows,
                   c->sides->there);
        tell(c);
    } else if (!same) {
        dn_buf_fmt(&c->text, "as many in both (%" PRIu64 "), but not the same ones", a->rows);
        tell(c);
    }
    dn_buf_clear(&c->object);
}

static void tell_lone_table(Comparison *c, const DnManifestTable *t, const char *lacks) {
    if (*t->schema) {
        name(c, "rows of", t->schema, t->name);
        dn_buf_fmt(&c->text, "are not in %s", lacks);
    } else {
        dn_buf_str(&c->object, t->name);
        dn_buf_fmt(&c->text, "not all of them are in %s", lacks);
    }
    tell(c);
}

static void compare_tables(Comparison *c, DnManifest *here, DnManifest *there) {
    DnManifestTable *a = here->tables.items;
    DnManifestTable *b = there->tables.items;
    const DnManifestTable *a_end = a + here->tables.count;
    const DnManifestTable *b_end = b + there->tables.count;
    sort(a, here->tables.count, sizeof *a, order_tables);
    sort(b, there->tables.count, sizeof *b, order_tables);
    while (a < a_end || b < b_end) {
        int order = a == a_end ? 1 : b == b_end ? -1 : order_table_names(a, b);
        if (order < 0) {
            tell_lone_table(c, a, c->sides->there);
        } else if (order > 0) {
            tell_lone_table(c, b, c->sides->here);
        } else {
            compare_rows(c, a, b);
        }
        a += order <= 0;
        b += order >= 0;
    }
}

uint64_t dn_manifest_compare(DnManifest *here, DnManifest *there, const DnSides *sides,
                             DnDifferenceFn tell_fn, void *ctx) {
    enum { PUBLIC_MAY_NOT_CREATE_SINCE = 15 };
    Comparison c = {.sides = sides, .tell = tell_fn, .ctx = ctx};
    bool but_for_create = (dn_manifest_major(here) < PUBLIC_MAY_NOT_CREATE_SINCE) !=
                          (dn_manifest_major(there) < PUBLIC_MAY_NOT_CREATE_SINCE);
    choose_public_acl(here, but_for_create);
    choose_public_acl(there, but_for_create);
    compare_objects(&c, here, there);
    compare_tables(&c, here, there);
    here->arena.failed |= dn_buf_failed(&c.object) || dn_buf_failed(&c.text);
    dn_buf_deinit(&c.object);
    dn_buf_deinit(&c.text);
    return c.count;
}
