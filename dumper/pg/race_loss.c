/*
 * race_loss.c - what is said of a race that nobody won.
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/err.h"
#include "dumper/pg/race_state.h"

void dn_race_error_text(int error, char *text, size_t size) {
    if (!error || strerror_r(error, text, size) != 0) {
        (void)snprintf(text, size, "no answer");
    }
}

bool dn_race_describe_lookups(const Race *race, DnErr *err) {
    bool asked_in_vain = false;
    int code = race->halves[0].code;
    for (int i = 0; i < 2; i++) {
        const Half *half = &race->halves[i];
        asked_in_vain = asked_in_vain || half->lookup || half->code == EAI_AGAIN;
        /* Of a name with addresses of neither family, the code that isn't about the family alone. */
        code = half->code == EAI_NONAME ? EAI_NONAME : code;
    }
    if (asked_in_vain) {
        (void)dn_err(err, DN_E_CONNECT, "could not look up host \"%s\": the resolver does not answer",
                     race->how->host);
        dn_err_hint(err, "Check the network and /etc/resolv.conf, or give an address that needs no resolver "
                         "with --fallback-hostaddr.");
    } else {
        (void)dn_err(err, DN_E_CONNECT, "host \"%s\" has no address: %s", race->how->host,
                     gai_strerror(code));
        dn_err_hint(err, "Check the spelling of the host's name.");
    }
    return asked_in_vain;
}

static const struct {
    int error;
    bool may_pass;
    const char *hint;
} remedies[] = {
    {ECONNREFUSED, true,
     "Check the port, that the server is running, and that its listen_addresses include this address."},
    {ECONNRESET, true, "Something on the way cut the connection: check proxies and firewalls."},
    {0, false, "Check host and port and whether a firewall drops the packets, or raise --connect-timeout."},
    {ENETUNREACH, false,
     "This machine has no route to that address; for a host with IPv6 addresses only, it needs IPv6."},
    {EHOSTUNREACH, false, "No machine answers at that address: check the host, the network and the VPN."},
    {EACCES, false, "A rule of this machine forbids the connection: check its firewall."},
};

/* In the order of preference, whichever answer came first. */
static void list_family(const Race *race, int family, DnBuf *list) {
    for (size_t i = 0; i < race->count; i++) {
        const Runner *runner = &race->runners[i];
        if (runner->address.ss_family == family) {
            char text[128];
            dn_race_error_text(runner->error, text, sizeof text);
            dn_buf_fmt(list, "%s%s (%s)", list->size ? ", " : "", text, runner->text);
        }
    }
}

void dn_race_describe_addresses(const Race *race, DnRaceLoss *loss, DnErr *err) {
    DnBuf list = {0};
    const char *hint = "Check host and port, and the network.";
    loss->only_ipv6 = true;
    for (size_t i = 0; i < race->count; i++) {
        loss->only_ipv6 = loss->only_ipv6 && race->runners[i].address.ss_family == AF_INET6;
    }
    list_family(race, race->halves[0].family, &list);
    list_family(race, race->halves[1].family, &list);
    for (size_t r = sizeof remedies / sizeof *remedies; r-- > 0;) {
        for (size_t i = 0; i < race->count; i++) {
            if (race->runners[i].error == remedies[r].error) {
                hint = remedies[r].hint; /* the first row that fits has the last word */
                loss->may_pass = remedies[r].may_pass;
            }
        }
    }
    (void)dn_err(err, DN_E_CONNECT, "could not connect to \"%s\", port %s: %s", race->how->host,
                 race->how->port, dn_buf_failed(&list) ? "no address answers" : dn_buf_text(&list));
    dn_err_hint(err, "%s", hint);
    dn_buf_deinit(&list);
}
