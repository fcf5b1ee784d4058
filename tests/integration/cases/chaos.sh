#!/bin/bash
# Spoils the connections of dumps at a sample of bytes; `make test-chaos` takes a thousand of them (CHAOS_OFFSETS).
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/chaos.sh
. tests/lib/chaos.sh

chaos_begin "chaos"
offsets=${CHAOS_OFFSETS:-12}

spoil "chaos: streams in the clear" small "$offsets"
spoil "chaos: streams with TLS" small "$(((offsets + 1) / 2))" tls=1
((MAJOR < 14)) || spoil "chaos: the second and third of three streams" wide "$(((offsets + 3) / 4))" jobs=3
spoil "chaos: statements that fail" small "$offsets" errors=1
fail_calls "chaos: calls that fail" "$((offsets * 5))"
check "chaos: no session is left" wait_for 10 no_sessions
