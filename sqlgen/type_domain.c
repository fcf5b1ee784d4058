#include <string.h>

#include "sqlgen/statement.h"
#include "sqlgen/type_parts.h"

/* Is it the name that the server gives when none is asked for? */
static bool has_default_name(const DnType *domain) {
    DnBuf name = {0};
    dn_buf_fmt(&name, "%s_not_null", domain->object.name);
    bool same = strcmp(dn_buf_text(&name), domain->not_null_constraint->object.name) == 0;
    dn_buf_deinit(&name);
    return same;
}

static void add_named(DnBuf *sql, const DnRender *render, const DnConstraint *constraint) {
    dn_buf_str(sql, "CONSTRAINT ");
    dn_name(sql, render, &constraint->object);
    dn_buf_fmt(sql, " %s", constraint->definition);
}

enum { NAMES_NOT_NULL_SINCE = 17 };

static void add_not_null(DnBuf *sql, const DnRender *render, const DnType *domain) {
    const DnConstraint *constraint = domain->not_null_constraint;
    if (!domain->not_null || (constraint && constraint->separate)) {
        return;
    }
    dn_buf_char(sql, ' ');
    if (!constraint || dn_model_spelling(render->model) < NAMES_NOT_NULL_SINCE || has_default_name(domain)) {
        dn_buf_str(sql, "NOT NULL");
    } else {
        add_named(sql, render, constraint);
    }
}

void dn_type_domain(DnBuf *sql, const DnRender *render, const DnType *domain, const char *name) {
    dn_buf_fmt(sql, "CREATE DOMAIN %s AS %s", name, domain->base_type);
    if (domain->collation) {
        dn_buf_fmt(sql, " COLLATE %s", domain->collation);
    }
    add_not_null(sql, render, domain);
    if (domain->fallback) {
        dn_buf_str(sql, " DEFAULT ");
        if (domain->fallback_literal) {
            dn_literal(sql, &render->spelling, domain->fallback);
        } else {
            dn_buf_str(sql, domain->fallback);
        }
    }
    for (size_t i = 0; i < domain->checks.count; i++) {
        if (!domain->checks.items[i]->separate) {
            dn_buf_str(sql, "\n\t");
            add_named(sql, render, domain->checks.items[i]);
        }
    }
    dn_end(sql);
}

static void add_comment(const DnRender *render, const DnConstraint *constraint, DnEntries *entries) {
    const DnComment *comment = constraint->object.comments;
    if (constraint->separate || !comment || !(constraint->object.dump & DN_PART_COMMENT)) {
        return;
    }
    const DnObject *domain = &constraint->domain->object;
    DnBuf type = {0};
    DnBuf name = {0};
    dn_buf_str(&type, "CONSTRAINT ");
    dn_name(&type, render, &constraint->object);
    dn_buf_str(&type, " ON DOMAIN");
    dn_name(&name, render, domain);
    dn_render_comment_text(render, domain, dn_buf_text(&type), dn_buf_text(&name), comment->text, entries);
    dn_buf_deinit(&type);
    dn_buf_deinit(&name);
}

void dn_domain_constraint_comments(const DnRender *render, const DnType *type, DnEntries *entries) {
    for (size_t i = 0; i < type->checks.count; i++) {
        add_comment(render, type->checks.items[i], entries);
    }
    if (type->not_null_constraint) {
        add_comment(render, type->not_null_constraint, entries);
    }
}
