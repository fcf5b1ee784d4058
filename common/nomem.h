/*
 * nomem.h - how often a buffer or an arena has failed in this thread.
 *
 * Their failure is sticky, but text is made of the text of many small buffers, which nobody asks one by one.
 * Who compares the count with what it was before knows of all of them. It belongs to the thread, as errno
 * does: no dump can see another one's.
 */
#ifndef DN_COMMON_NOMEM_H
#define DN_COMMON_NOMEM_H

void dn_nomem_note(void);
unsigned long dn_nomem_count(void);

#endif
