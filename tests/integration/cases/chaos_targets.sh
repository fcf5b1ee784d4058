#!/bin/bash
# Spoils the connections of restores, clones and comparisons at a sample of bytes; `make test-chaos` takes more (CHAOS_FAULTS).
set -uo pipefail
# shellcheck source=tests/lib/case.sh
. tests/lib/case.sh
# shellcheck source=tests/lib/chaos.sh
. tests/lib/chaos.sh

chaos_begin "chaos of targets"
spoil_targets "chaos: restore, clone, compare and verify" "${CHAOS_FAULTS:-4}"
check "chaos: no session of them is left" wait_for 10 no_sessions
