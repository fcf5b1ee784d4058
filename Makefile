# dumpnative: `make` builds, `make demo` shows, `make test` proves. See README.md.

VERSION := 0.1.0
# What the program claims when it is called as pg_dump and asked for --version; pg_dumpall wants its own there.
PG_DUMP_VERSION ?= 18.6
SONAME  := libdumpnative.so.0
PREFIX  ?= /usr/local
BUILD   ?= build
SAN     ?= 0

ifeq ($(origin CC),default)
CC := gcc
endif

# SAN=1 builds everything with AddressSanitizer and UndefinedBehaviorSanitizer, in a folder of its own.
ifeq ($(SAN),1)
BUILD     := build/san
SAN_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif
# SAN=thread likewise with ThreadSanitizer; tests/integration/cases/embed.sh dumps in two threads under it.
ifeq ($(SAN),thread)
BUILD     := build/tsan
SAN_FLAGS := -fsanitize=thread -fno-omit-frame-pointer
endif
# SAN=fuzz likewise with what libFuzzer asks for; tests/fuzz/run.sh sets it.
ifeq ($(SAN),fuzz)
BUILD     := build/fuzz
CC        := clang
CFLAGS    ?= -O1 -g
SAN_FLAGS := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
endif
# COVERAGE=1 likewise for gcov; `make coverage` sets it.
ifeq ($(COVERAGE),1)
BUILD     := build/coverage
SAN_FLAGS := --coverage -O0
endif

# Methods of compression beside gzip, and a faster way to gzip: built in where their library is there, unless
# ZSTD=0, LZ4=0 or LIBDEFLATE=0 says no.
found    = $(shell pkg-config --exists $(1) 2>/dev/null && echo 1)
ZSTD     ?= $(call found,libzstd)
LZ4      ?= $(call found,liblz4)
LIBDEFLATE ?= $(call found,libdeflate)
HAS_ZSTD := $(filter 1,$(ZSTD))
HAS_LZ4  := $(filter 1,$(LZ4))
HAS_LIBDEFLATE := $(filter 1,$(LIBDEFLATE))
PKG      := libpq libcrypto zlib jansson $(if $(HAS_ZSTD),libzstd) $(if $(HAS_LZ4),liblz4) \
            $(if $(HAS_LIBDEFLATE),libdeflate)
WARN     := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
            -Wformat=2
DEFINES  := -I. -D_XOPEN_SOURCE=700 -DDN_VERSION='"$(VERSION)"' \
            -DDN_PG_DUMP_VERSION='"$(PG_DUMP_VERSION)"' $(if $(HAS_ZSTD),-DDN_HAVE_ZSTD) $(if $(HAS_LZ4),-DDN_HAVE_LZ4) \
            $(if $(HAS_LIBDEFLATE),-DDN_HAVE_LIBDEFLATE)
CFLAGS   ?= -O2 -g
ALL_CFLAGS = -std=c17 $(WARN) $(WERROR) $(DEFINES) $(PKG_CFLAGS) -fPIC -fvisibility=hidden -pthread \
             $(CFLAGS) $(SAN_FLAGS) -MMD -MP
# Asked for only when something is built, so that `make packages` works on a bare machine.
PKG_CFLAGS = $(shell pkg-config --cflags $(PKG))
PKG_LIBS   = $(shell pkg-config --libs $(PKG))

LIB_SRC  := $(wildcard common/*.c catalog/model/*.c catalog/*.c sqlgen/*.c dumper/pg/*.c dumper/sink/*.c \
              dumper/manifest/*.c dumper/*.c restore/*.c restore/clone/*.c)
LIB_SRC  := $(filter-out $(if $(HAS_ZSTD),,dumper/sink/zstd.c) $(if $(HAS_LZ4),,dumper/sink/lz4.c),$(LIB_SRC))
CLI_SRC  := $(wildcard dumper/cli/*.c)
UNIT_SRC := $(shell find tests/unit -name 'test_*.c' 2>/dev/null | sort)
FUZZ_SRC := $(wildcard tests/fuzz/fuzz_*.c)
HEADERS  := $(wildcard include/*.h common/*.h catalog/model/*.h catalog/*.h sqlgen/*.h dumper/*.h \
              dumper/*/*.h restore/*.h restore/*/*.h)
LIB_OBJ  := $(LIB_SRC:%.c=$(BUILD)/%.o)
CLI_OBJ  := $(CLI_SRC:%.c=$(BUILD)/%.o)
UNIT_BIN := $(UNIT_SRC:%.c=$(BUILD)/%)
FUZZ_BIN := $(FUZZ_SRC:%.c=$(BUILD)/%)

.PHONY: all
all: $(BUILD)/dumpnative $(BUILD)/libdumpnative.a $(BUILD)/libdumpnative.so $(BUILD)/dumpnative.pc

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Made anew when a library comes or goes: these files say what is built in.
BUILT_IN := $(BUILD)/built-in$(if $(HAS_ZSTD),-zstd)$(if $(HAS_LZ4),-lz4)$(if $(HAS_LIBDEFLATE),-libdeflate)
$(BUILT_IN):
	@mkdir -p $(@D)
	@rm -f $(BUILD)/built-in*
	@touch $@
$(BUILD)/dumper/sink/compress.o $(BUILD)/dumper/sink/expand.o $(UNIT_SRC:%.c=$(BUILD)/%.o): $(BUILT_IN)

$(BUILD)/libdumpnative.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

# Only the dn_ functions of include/dumpnative.h are visible: the rest is hidden by -fvisibility=hidden.
$(BUILD)/libdumpnative.so: $(LIB_OBJ)
	$(CC) -shared -Wl,-soname,$(SONAME) -Wl,-z,defs $(SAN_FLAGS) -pthread -o $@ $^ $(LDFLAGS) $(PKG_LIBS)
	@ln -sf libdumpnative.so $(BUILD)/$(SONAME)

$(BUILD)/dumpnative: $(CLI_OBJ) $(BUILD)/libdumpnative.a | $(BUILD)/layers.ok
	$(CC) $(SAN_FLAGS) -pthread -o $@ $^ $(LDFLAGS) $(PKG_LIBS)

# Written anew each time: PREFIX may be another one now.
.PHONY: $(BUILD)/dumpnative.pc
$(BUILD)/dumpnative.pc:
	@mkdir -p $(@D)
	@printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' 'includedir=$${prefix}/include' '' \
	  'Name: dumpnative' 'Description: Native PostgreSQL dumps, in process' 'Version: $(VERSION)' \
	  'Libs: -L$${libdir} -ldumpnative' 'Libs.private: -pthread' 'Requires.private: $(PKG)' \
	  'Cflags: -I$${includedir}' > $@

# Who may include whom; see ARCHITECTURE.md.
$(BUILD)/layers.ok: $(LIB_SRC) $(CLI_SRC) $(HEADERS) tests/lint/layers.sh
	@mkdir -p $(@D)
	@bash tests/lint/layers.sh
	@touch $@

# ---- Tests -------------------------------------------------------------------------

# Unit tests link the library's objects, not the .so: they look inside.
$(BUILD)/tests/unit/dumper/cli/%: $(BUILD)/tests/unit/dumper/cli/%.o $(filter-out %/main.o,$(CLI_OBJ)) \
                                  $(BUILD)/libdumpnative.a
	$(CC) $(SAN_FLAGS) -pthread -o $@ $^ $(LDFLAGS) $(PKG_LIBS) -lcmocka
# sqlgen and the model need neither libpq nor a server: these tests prove it by not linking it.
$(BUILD)/tests/unit/sqlgen/%: $(BUILD)/tests/unit/sqlgen/%.o $(filter $(BUILD)/sqlgen/% $(BUILD)/common/% \
                              $(BUILD)/catalog/model/%,$(LIB_OBJ))
	$(CC) $(SAN_FLAGS) -pthread -o $@ $^ $(LDFLAGS) -lcmocka
$(BUILD)/tests/unit/catalog/model/%: $(BUILD)/tests/unit/catalog/model/%.o $(filter $(BUILD)/common/% \
                              $(BUILD)/catalog/model/%,$(LIB_OBJ))
	$(CC) $(SAN_FLAGS) -pthread -o $@ $^ $(LDFLAGS) -lcmocka
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/libdumpnative.a
	$(CC) $(SAN_FLAGS) -pthread -o $@ $^ $(LDFLAGS) $(PKG_LIBS) -lcmocka

# With libFuzzer's main() under SAN=fuzz; else with ours, which runs the corpus.
.SECONDARY: $(FUZZ_BIN:=.o) $(BUILD)/tests/fuzz/corpus.o
FUZZ_MAIN := $(if $(filter fuzz,$(SAN)),,$(BUILD)/tests/fuzz/corpus.o)
$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(FUZZ_MAIN) $(BUILD)/libdumpnative.a
	$(CC) $(SAN_FLAGS) $(if $(FUZZ_MAIN),,-fsanitize=fuzzer) -pthread -o $@ $^ $(LDFLAGS) $(PKG_LIBS)

# A program that knows PostgreSQL up to 17 only, to see what it makes of a newer server.
OLDER := $(BUILD)/tests/older
$(OLDER)/ledger.o: catalog/ledger.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -DDN_NEWEST_MAJOR=17 -c -o $@ $<
$(OLDER)/dumpnative: $(OLDER)/ledger.o $(CLI_OBJ) $(BUILD)/libdumpnative.a
	$(CC) $(SAN_FLAGS) -pthread -o $@ $^ $(LDFLAGS) $(PKG_LIBS)

# Lets one call fail, for tests/chaos/calls.py.
INJECT := $(BUILD)/tests/chaos/inject.so
$(INJECT): tests/chaos/inject.c
	@mkdir -p $(@D)
	$(CC) -std=gnu17 $(WARN) -Wno-pedantic -O1 -g -fPIC -shared -pthread -o $@ $< -ldl

.PHONY: unit
unit: $(UNIT_BIN) $(FUZZ_BIN) $(OLDER)/dumpnative $(INJECT)

# A program that embeds the library, under ThreadSanitizer: build/tsan/tests/embed/embed.
$(BUILD)/tests/embed/embed.o: DEFINES += -Iinclude
.PHONY: tsan
tsan:
	@$(MAKE) --no-print-directory SAN=thread build/tsan/tests/embed/embed

# Installs what building and testing need, on Debian; a no-op when all is there.
.PHONY: packages
packages:
	@bash tests/setup/packages.sh build test

# SAN=1: all of it under AddressSanitizer. PG_URL=postgres://...: against that server, in databases of its
# own. PG_MAJORS="15 18", FILTER=tables/: only some of it.
.PHONY: test
test: packages
	@$(MAKE) --no-print-directory all unit
	@BUILD=$(BUILD) DUMPNATIVE=$(abspath $(BUILD)/dumpnative) FILTER='$(FILTER)' bash tests/run.sh

# 200 dumps while other sessions change everything; `make test` has ten of them.
.PHONY: test-storm
test-storm: packages
	@$(MAKE) --no-print-directory all
	@STORM_DUMPS=$(or $(STORM_DUMPS),200) TEST_TIMEOUT=1000 PG_MAJORS='$(or $(PG_MAJORS),15 18)' \
	  DUMPNATIVE=$(abspath $(BUILD)/dumpnative) bash tests/integration/run.sh cases/ddl_

# Spoils dumps at a thousand bytes of their connections in each way, at each allocation, system call and statement, and
# restores, clones and comparisons at two hundred each;
# half an hour for each major. SAN=1: under AddressSanitizer, without what has to be preloaded.
.PHONY: test-chaos
test-chaos: packages
	@$(MAKE) --no-print-directory all unit
	@bash tests/setup/servers.sh $(PG_MAJORS) || true
	@CHAOS_OFFSETS=1000 CHAOS_FAULTS=200 TEST_TIMEOUT=3600 PG_MAJORS='$(or $(PG_MAJORS),15 18)' CHAOS_MAJORS='$(or $(PG_MAJORS),15 18)' \
	  DUMPNATIVE=$(abspath $(BUILD)/dumpnative) bash tests/integration/run.sh cases/chaos

# The database of PostgreSQL's core regression suite; three minutes for each major.
.PHONY: test-regress
test-regress: packages
	@$(MAKE) --no-print-directory all
	@bash tests/setup/servers.sh $(PG_MAJORS) || true
	@bash tests/setup/oracle.sh || true
	@bash tests/setup/sources.sh || true
	@PG_MAJORS='$(PG_MAJORS)' DUMPNATIVE=$(abspath $(BUILD)/dumpnative) bash tests/regress/run.sh

# Every fixture copied from each version to itself and to each newer one, by clone and by restore; half an hour.
# PAIRS="13-14 16-18": only these; SAMPLES=folder: with the databases that its .sql files make; FILTER=tables/.
.PHONY: test-copies
test-copies: packages
	@$(MAKE) --no-print-directory all
	@bash tests/setup/servers.sh $(PG_MAJORS) || true
	@bash tests/setup/oracle.sh || true
	@PG_MAJORS='$(PG_MAJORS)' PAIRS='$(PAIRS)' SAMPLES='$(SAMPLES)' DUMPNATIVE=$(abspath $(BUILD)/dumpnative) \
	  bash tests/copies/run.sh $(FILTER)

# Every way in which a server's answers are altered on their way to us, and not only a sample; hours.
.PHONY: test-hostile
test-hostile: packages
	@$(MAKE) --no-print-directory all
	@bash tests/setup/servers.sh $(PG_MAJORS) || true
	@ATTACKS=$(or $(ATTACKS),all) TEST_TIMEOUT=36000 PG_MAJORS='$(or $(PG_MAJORS),18)' \
	  DUMPNATIVE=$(abspath $(BUILD)/dumpnative) bash tests/integration/run.sh cases/hostile_server

# Inputs of libFuzzer's making for what reads foreign text: make fuzz FUZZ_SECONDS=60 FUZZ="pattern filter".
.PHONY: fuzz fuzz-targets
fuzz:
	@bash tests/fuzz/run.sh $(FUZZ)
fuzz-targets: $(FUZZ_BIN)

.PHONY: test-docker
test-docker: packages
	@bash tests/setup/packages.sh docker
	@$(MAKE) --no-print-directory all
	@DUMPNATIVE=$(abspath $(BUILD)/dumpnative) bash tests/docker/run.sh $(or $(IMAGE),postgres:17) $(FILTER)

# PostgreSQL's own test suite of pg_dump, with us in its place; its sources come from Debian.
# PG_MAJORS="17 18": only these; TAP=002: only scripts with that in their name.
.PHONY: test-tap
test-tap: packages
	@bash tests/setup/packages.sh tap
	@$(MAKE) --no-print-directory all
	@DUMPNATIVE=$(abspath $(BUILD)/dumpnative) bash tests/tap/run.sh $(TAP)

# Measures dumps by us, pg_dump and others: make bench RUNS=5 BENCH="a b c d e f" PG_MAJOR=15; SCALE=small for a quick try.
BENCH_TOOLS := $(addprefix $(BUILD)/tests/bench/,measure relay drain)
$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o
	$(CC) $(SAN_FLAGS) -pthread -o $@ $^ $(LDFLAGS) $(shell pkg-config --libs libpq)
.PHONY: bench bench-tools
bench-tools: $(BENCH_TOOLS)
bench: packages
	@bash tests/setup/packages.sh bench
	@$(MAKE) --no-print-directory all bench-tools
	@TOOLS=$(abspath $(BUILD)/tests/bench) DUMPNATIVE=$(abspath $(BUILD)/dumpnative) bash tests/bench/run.sh

.PHONY: valgrind
valgrind: packages
	@bash tests/setup/packages.sh valgrind
	@$(MAKE) --no-print-directory all unit
	@BUILD=$(BUILD) UNIT_ONLY=1 \
	  UNIT_RUNNER='valgrind -q --error-exitcode=9 --leak-check=full --trace-children=no' bash tests/run.sh

.PHONY: coverage
coverage: packages
	@bash tests/setup/packages.sh coverage
	@$(MAKE) --no-print-directory COVERAGE=1 all unit
	@BUILD=build/coverage DUMPNATIVE=$(abspath build/coverage/dumpnative) FILTER='$(FILTER)' bash tests/run.sh
	@gcovr --root . --object-directory build/coverage --exclude tests/ --print-summary \
	  --html-details build/coverage/index.html && echo "coverage: build/coverage/index.html"

.PHONY: lint
lint:
	@bash tests/setup/packages.sh build lint
	@bash tests/lint/run.sh

# The rows that catalog/ledger.def lacks for a server: make ledger DB='host=... dbname=postgres'
.PHONY: ledger
ledger:
	@tests/ledger/missing.sh '$(DB)'

.PHONY: format
format:
	@clang-format -i $(LIB_SRC) $(CLI_SRC) $(HEADERS) $(shell find tests -name '*.[ch]')

.PHONY: demo
demo: packages
	@$(MAKE) --no-print-directory all
	@bash fixtures/demo/demo.sh

# ---- Installing --------------------------------------------------------------------

DEST = $(DESTDIR)$(PREFIX)

.PHONY: install
install: all
	install -d $(DEST)/bin $(DEST)/lib/pkgconfig $(DEST)/include $(DEST)/share/man/man1 \
	  $(DEST)/share/bash-completion/completions $(DEST)/share/zsh/site-functions
	install -m 755 $(BUILD)/dumpnative $(DEST)/bin/dumpnative
	install -m 644 $(BUILD)/libdumpnative.a $(DEST)/lib/libdumpnative.a
	install -m 755 $(BUILD)/libdumpnative.so $(DEST)/lib/libdumpnative.so.$(VERSION)
	ln -sf libdumpnative.so.$(VERSION) $(DEST)/lib/$(SONAME)
	ln -sf $(SONAME) $(DEST)/lib/libdumpnative.so
	install -m 644 $(BUILD)/dumpnative.pc $(DEST)/lib/pkgconfig/dumpnative.pc
	install -m 644 include/dumpnative.h $(DEST)/include/dumpnative.h
	install -m 644 dumper/cli/dumpnative.1 $(DEST)/share/man/man1/dumpnative.1
	install -m 644 dumper/cli/completion.bash $(DEST)/share/bash-completion/completions/dumpnative
	install -m 644 dumper/cli/completion.zsh $(DEST)/share/zsh/site-functions/_dumpnative

.PHONY: clean
clean:
	rm -rf build

-include $(BUILD)/tests/embed/embed.d $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(UNIT_BIN:=.d) $(FUZZ_BIN:=.d) $(BENCH_TOOLS:=.d)
-include $(OLDER)/ledger.d $(BUILD)/tests/fuzz/corpus.d
