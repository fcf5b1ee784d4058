#!/bin/bash
# Spoils the connections of dumps at a sample of bytes; `make test-chaos` takes a thousand of them (CHAOS_OFFSETS).
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/chaos.sh
. tests/lib/chaos.sh

if ! own_server; then
    skip "chaos" "it takes a server of our own"
    exit 0
fi
if ! command -v python3 >/dev/null || ! command -v openssl >/dev/null; then
    skip "chaos" "needs python3 and openssl"
    exit 0
fi
case " ${CHAOS_MAJORS:-15 18} " in
*" $MAJOR "*) ;;
*) exit 0 ;; # a sample of the servers, too
esac
offsets=${CHAOS_OFFSETS:-12}
chaos_server || {
    not_ok "chaos: the server did not start"
    exit 1
}

spoil "chaos: streams in the clear" small "$offsets"
spoil "chaos: streams with TLS" small "$(((offsets + 1) / 2))" tls=1
((MAJOR < 14)) || spoil "chaos: the second and third of three streams" wide "$(((offsets + 3) / 4))" jobs=3
spoil "chaos: statements that fail" small "$offsets" errors=1
fail_calls "chaos: calls that fail" "$((offsets * 5))"
check "chaos: no session is left" wait_for 10 no_sessions
