/*
 * second.h - the second session that helps to read a large catalog: whether it pays, and its life.
 */
#ifndef DN_DUMPER_SECOND_H
#define DN_DUMPER_SECOND_H

#include "catalog/helper.h"
#include "catalog/model/model.h"
#include "dumper/join.h"

typedef struct DnSecond {
    DnJoin *join;
    DnModel *model;
    bool may;    /* may it help, as far as can be known before it is asked how large the catalog is */
    bool denied; /* the role may not export a snapshot: some that manage a server for others take the right
                    away */
    DnBuf sql;
    DnJoin opening;   /* what its thread reads */
    DnCancel *stop;   /* ends its waits */
    DnHelper *helper; /* NULL where there is none */
} DnSecond;

/* `join` and `model` must live until dn_second_end(); `again`: this isn't the first attempt, and there is no
   help. */
void dn_second_init(DnSecond *second, DnJoin *join, DnModel *model, bool again);
/* Whether the request below is of use: for a second session, or for rows. */
bool dn_second_is_worth_asking(const DnSecond *second);
/* Asks what further sessions need, in the transaction of the first, and how large the catalog is; where that
   pays, the second one is opened in the background. */
DnRequest dn_second_request(DnSecond *second);
/* Whether the server has refused that request since the role may not: then it isn't worth asking again. */
bool dn_second_is_denied(DnSecond *second, const DnErr *err);
/* The second session, if there is one and it is not to be kept, ends; else it is join->idle. */
void dn_second_end(DnSecond *second, bool keep);

#endif
