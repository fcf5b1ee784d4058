#include "sqlgen/modern_members.h"

#include <stdlib.h>
#include <string.h>

#include "sqlgen/modern.h"

enum { METHOD_DECIDES_SINCE = 14, MOST_REQUIRED = 5 };

/*
 * The methods that decide (their amadjustmembers), by the C function that handles them. A class keeps the
 * support functions that it can't do without, and, where types decide, the operators; both of them only for
 * its own type on both sides there. Methods that aren't here leave members where they were made.
 */
static const struct Rule {
    const char *handler;
    bool types_decide;
    const char *required[MOST_REQUIRED]; /* support functions */
} rules[] = {
    {"bthandler", true, {"1"}},
    {"hashhandler", true, {"1"}},
    {"gisthandler", false, {"1", "2", "5", "6", "7"}},
    {"ginhandler", false, {"2", "3"}},
    {"spghandler", false, {"1", "2", "3", "4", "5"}},
};

static const struct Rule *rule_of(const DnOpclass *class_) {
    const char *handler = class_->as_family.handler;
    for (size_t i = 0; handler && i < sizeof rules / sizeof *rules; i++) {
        if (strcmp(rules[i].handler, handler) == 0) {
            return &rules[i];
        }
    }
    return NULL;
}

static bool is_required(const struct Rule *rule, const DnOpMember *member) {
    for (size_t i = 0; i < MOST_REQUIRED && rule->required[i]; i++) {
        if (strcmp(rule->required[i], member->number) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_class_of(const DnObject *object, uint32_t family) {
    return object->kind == DN_KIND_OPCLASS && (object->dump & DN_PART_DEFINITION) &&
           ((const DnOpclass *)object)->family_oid == family;
}

/* A member for another type than its class's goes to the class for that one, if that is there already. */
static const DnObject *class_before(const DnModel *model, const DnOpclass *class_, const char *type) {
    for (size_t i = 0; i < model->ordered.count; i++) {
        const DnObject *other = model->ordered.items[i];
        if (other == &class_->as_family.object) {
            break;
        }
        if (is_class_of(other, class_->family_oid) && strcmp(((const DnOpclass *)other)->type, type) == 0) {
            return other;
        }
    }
    return NULL;
}

/* Where a member that the class has belongs: to a class, or to the family, which is NULL. */
static const DnObject *home_of(const DnModel *model, const DnOpclass *class_, const DnOpMember *member) {
    const struct Rule *rule = rule_of(class_);
    const DnObject *self = &class_->as_family.object;
    if (!rule) {
        return self;
    }
    if (member->is_function && !is_required(rule, member)) {
        return NULL;
    }
    if (!rule->types_decide) {
        return member->is_function ? self : NULL;
    }
    if (strcmp(member->left, member->right) != 0) {
        return NULL;
    }
    return strcmp(member->left, class_->type) == 0 ? self : class_before(model, class_, member->left);
}

/* ---- The text -------------------------------------------------------------------- */

typedef DN_VEC(const char *) Members;

static void add_member(Members *found, DnArena *scratch, const DnOpMember *m) {
    DnBuf text = {0};
    DnBuf plain = {0};
    dn_buf_fmt(&text, "%s %s (%s, %s) %s%s%s", m->is_function ? "FUNCTION" : "OPERATOR", m->number, m->left,
               m->right, m->what, m->sort_family ? " FOR ORDER BY " : "",
               m->sort_family ? m->sort_family : "");
    dn_modern_names(&plain, dn_buf_text(&text), text.size);
    const char *member = dn_arena_str(scratch, dn_buf_text(&plain));
    scratch->failed |= dn_buf_failed(&text) || dn_buf_failed(&plain);
    DN_PUSH(scratch, found, member);
    dn_buf_deinit(&text);
    dn_buf_deinit(&plain);
}

/* Those of the class that belong to `object`, itself or its family. */
static void add_from_class(Members *found, DnArena *scratch, const DnModel *model, const DnOpclass *class_,
                           const DnObject *object) {
    const DnOpMembers *members = &class_->as_family.members;
    for (size_t i = 0; i < members->count; i++) {
        const DnObject *home = home_of(model, class_, &members->items[i]);
        if (home == object || (!home && object->kind == DN_KIND_OPFAMILY)) {
            add_member(found, scratch, &members->items[i]);
        }
    }
}

static int compare_texts(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In an own order: the dump's is that of OIDs, of types in the end, where members have one number. */
static void add_sorted(DnBuf *sql, Members *members) {
    if (members->count) {
        qsort(members->items, members->count, sizeof *members->items, compare_texts);
    }
    for (size_t i = 0; i < members->count; i++) {
        dn_buf_fmt(sql, "\n%s", members->items[i]);
    }
}

static void add_own(Members *found, DnArena *scratch, const DnOpfamily *family) {
    for (size_t i = 0; i < family->members.count; i++) {
        add_member(found, scratch, &family->members.items[i]);
    }
}

void dn_modern_members(DnBuf *sql, DnArena *scratch, const DnModel *model, const DnObject *object) {
    const DnOpfamily *whole = (const DnOpfamily *)object;
    const DnOpclass *class_ = object->kind == DN_KIND_OPCLASS ? (const DnOpclass *)object : NULL;
    uint32_t family = class_ ? class_->family_oid : object->oid;
    bool decided = dn_model_major(model) >= METHOD_DECIDES_SINCE;
    Members found = {0};
    dn_buf_fmt(sql, "USING %s", whole->method);
    if (class_) {
        dn_buf_fmt(sql, "%s FOR TYPE %s FAMILY %s STORAGE %s", class_->is_default ? " DEFAULT" : "",
                   class_->type, class_->family, class_->storage ? class_->storage : class_->type);
    }
    if (decided || !class_) {
        add_own(&found, scratch, whole);
    }
    for (size_t i = 0; !decided && i < model->ordered.count; i++) {
        if (is_class_of(model->ordered.items[i], family)) {
            add_from_class(&found, scratch, model, (const DnOpclass *)model->ordered.items[i], object);
        }
    }
    add_sorted(sql, &found);
}
