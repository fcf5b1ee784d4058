# dumpnative: `make` builds, `make demo` shows, `make test` proves. See README.md.

VERSION := 0.1.0
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
# COVERAGE=1 likewise for gcov; `make coverage` sets it.
ifeq ($(COVERAGE),1)
BUILD     := build/coverage
SAN_FLAGS := --coverage -O0
endif

PKG      := libpq libcrypto zlib
WARN     := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
            -Wformat=2
DEFINES  := -I. -D_XOPEN_SOURCE=700 -DDN_VERSION='"$(VERSION)"'
CFLAGS   ?= -O2 -g
ALL_CFLAGS = -std=c17 $(WARN) $(WERROR) $(DEFINES) $(PKG_CFLAGS) -fPIC -fvisibility=hidden -pthread \
             $(CFLAGS) $(SAN_FLAGS) -MMD -MP
# Asked for only when something is built, so that `make packages` works on a bare machine.
PKG_CFLAGS = $(shell pkg-config --cflags $(PKG))
PKG_LIBS   = $(shell pkg-config --libs $(PKG))

LIB_SRC  := $(wildcard common/*.c catalog/model/*.c catalog/*.c sqlgen/*.c dumper/pg/*.c dumper/sink/*.c \
              dumper/*.c)
CLI_SRC  := $(wildcard dumper/cli/*.c)
UNIT_SRC := $(shell find tests/unit -name 'test_*.c' 2>/dev/null | sort)
HEADERS  := $(wildcard include/*.h common/*.h catalog/model/*.h catalog/*.h sqlgen/*.h dumper/*.h \
              dumper/*/*.h)
LIB_OBJ  := $(LIB_SRC:%.c=$(BUILD)/%.o)
CLI_OBJ  := $(CLI_SRC:%.c=$(BUILD)/%.o)
UNIT_BIN := $(UNIT_SRC:%.c=$(BUILD)/%)

.PHONY: all
all: $(BUILD)/dumpnative $(BUILD)/libdumpnative.a $(BUILD)/libdumpnative.so $(BUILD)/dumpnative.pc

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/libdumpnative.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

# Only the dn_ functions of include/dumpnative.h are visible: the rest is hidden by -fvisibility=hidden.
$(BUILD)/libdumpnative.so: $(LIB_OBJ)
	$(CC) -shared -Wl,-soname,$(SONAME) -Wl,-z,defs $(SAN_FLAGS) -pthread -o $@ $^ $(LDFLAGS) $(PKG_LIBS)
	@ln -sf libdumpnative.so $(BUILD)/$(SONAME)

$(BUILD)/dumpnative: $(CLI_OBJ) $(BUILD)/libdumpnative.a | $(BUILD)/layers.ok
	$(CC) $(SAN_FLAGS) -pthread -o $@ $^ $(LDFLAGS) $(PKG_LIBS)

$(BUILD)/dumpnative.pc: Makefile
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

.PHONY: unit
unit: $(UNIT_BIN)
