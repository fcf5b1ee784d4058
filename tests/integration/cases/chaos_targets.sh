#!/bin/bash
# Spoils the connections of restores, clones and comparisons at a sample of bytes; `make test-chaos` takes more (CHAOS_FAULTS).
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/chaos.sh
. tests/lib/chaos.sh

if ! own_server; then
    skip "chaos of targets" "it takes a server of our own"
    exit 0
fi
if ! command -v python3 >/dev/null || ! command -v openssl >/dev/null; then
    skip "chaos of targets" "needs python3 and openssl"
    exit 0
fi
case " ${CHAOS_MAJORS:-15 18} " in
*" $MAJOR "*) ;;
*) exit 0 ;; # a sample of the servers, too
esac
chaos_server || {
    not_ok "chaos of targets: the server did not start"
    exit 1
}
spoil_targets "chaos: restore, clone, compare and verify" "${CHAOS_FAULTS:-4}"
check "chaos: no session of them is left" wait_for 10 no_sessions
