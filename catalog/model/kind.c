#include "catalog/model/kind.h"

#include "catalog/model/statistics_data.h"
#include "catalog/model/table_parts.h"
#include "include/dumpnative.h"

enum { SECTION_PRE = DN_PRE_DATA, SECTION_DATA = DN_DATA, SECTION_POST = DN_POST_DATA };

static const struct {
    const char *name;
    uint32_t class_;
    int priority;
    unsigned section;
    DnNeed need;
} kinds[] = {
#define DN_KIND(id, class_, priority, section, need, fetch, render)                                          \
    [DN_KIND_##id] = {#id, DN_CLASS_##class_, priority, SECTION_##section, DN_NEED_##need},
#include "catalog/model/kinds.def"
#undef DN_KIND
};

int dn_kind_priority(DnKind kind) {
    return kinds[kind].priority;
}

unsigned dn_kind_section(DnKind kind) {
    return kinds[kind].section;
}

DnNeed dn_kind_need(DnKind kind) {
    return kinds[kind].need;
}

uint32_t dn_kind_class(DnKind kind) {
    return kinds[kind].class_;
}

const char *dn_kind_name(DnKind kind) {
    return kinds[kind].name;
}

unsigned dn_object_section(const DnObject *object) {
    if (object->kind == DN_KIND_RULE && !((const DnRule *)object)->separate) {
        return 0;
    }
    if (object->kind == DN_KIND_CONSTRAINT) {
        const DnConstraint *constraint = (const DnConstraint *)object;
        bool inside = constraint->contype == 'c' || constraint->contype == 'n';
        return inside && !constraint->separate ? 0 : DN_POST_DATA;
    }
    if (object->kind == DN_KIND_STATISTICS_DATA && ((const DnStatisticsData *)object)->post_data) {
        return DN_POST_DATA;
    }
    return dn_kind_section(object->kind);
}
