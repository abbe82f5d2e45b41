# vr-tools: Unix filters for neuroethology.
#   make demo    installs what is needed, builds, runs the main job: map.h5 and map.svg
#   make check   installs what is needed, builds, runs the tests (SAN=1: under ASan and UBSan)
# Variables: MUJOCO_DIR (folder with include/ and lib/), MUJOCO=no (analysis tools only), SAN=1,
# PREFIX, DESTDIR, PEERS_DIR (environment of the reference programs), T (one golden case).
SHELL   = /bin/sh
PREFIX  = /usr/local
VERSION = 0.1.0
CC      = gcc
CFLAGS  = -O2 -g
WARN    = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
PKGS    = hdf5 fftw3 fftw3f lapacke openblas gsl

MUJOCO     = yes
MUJOCO_DIR = build/deps/mujoco
PEERS_DIR  = build/peers

ifeq ($(SAN),1)
  B   = build/san
  BIN = build/san/bin
  SANFLAGS = -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
else
  B   = build
  BIN = bin
endif

HDF5_HL := $(shell pkg-config --libs-only-L hdf5 2>/dev/null) -lhdf5_hl
ALLFLAGS = -std=c17 -D_GNU_SOURCE -DVR_VERSION='"$(VERSION)"' -fopenmp -ftree-vectorize \
           -ffp-contract=off -fno-math-errno $(WARN) $(SANFLAGS) -Ilibcommon -MMD -MP \
           $(shell pkg-config --cflags $(PKGS) 2>/dev/null) $(MJFLAGS) $(CFLAGS)
LDLIBS   = $(HDF5_HL) $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lfftw3_threads -lm
LDFLAGS  = -fopenmp $(SANFLAGS)

SRC   := $(wildcard libcommon/*/*.c)
TOOLSRC := $(wildcard tools/*.c)
ifeq ($(MUJOCO),no)
  SRC     := $(filter-out libcommon/sim/%,$(SRC))
  TOOLSRC := $(filter-out $(SIMTOOLS:%=tools/%.c),$(TOOLSRC))
else
  MJFLAGS = -isystem $(MUJOCO_DIR)/include -DVR_MUJOCO
  MJLIBS  = -L$(MUJOCO_DIR)/lib -lmujoco '-Wl,-rpath,$$ORIGIN/../lib/vr-tools' \
            '-Wl,-rpath,$$ORIGIN/../$(MUJOCO_DIR)/lib' '-Wl,-rpath,$(abspath $(MUJOCO_DIR)/lib)'
endif
# The tools that need the physics engine; all others are linked without it.
SIMTOOLS = vr-world vr-simulate vr-record

LIB    = $(B)/libvr.a
LIBOBJ = $(SRC:%.c=$(B)/%.o)
TOOLS  = $(TOOLSRC:tools/%.c=$(BIN)/%) $(patsubst tools/%.sh,$(BIN)/%,$(wildcard tools/*.sh))
UNITS  = $(patsubst %.c,$(B)/%,$(wildcard tests/unit/*/test_*.c))
ifeq ($(MUJOCO),no)
  UNITS := $(filter-out $(B)/tests/unit/sim/%,$(UNITS))
endif

all: $(TOOLS)

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALLFLAGS) -c -o $@ $<

$(LIB): $(LIBOBJ)
	rm -f $@ && $(AR) rcs $@ $^

$(SIMTOOLS:%=$(BIN)/%) $(filter $(B)/tests/unit/sim/%,$(UNITS)): TOOLLIBS = $(MJLIBS)

$(BIN)/%: $(B)/tools/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(TOOLLIBS) $(LDLIBS)

$(BIN)/%: tools/%.sh
	@mkdir -p $(@D)
	cp $< $@ && chmod +x $@

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ -lcmocka $(TOOLLIBS) $(LDLIBS)

units: $(UNITS)

clean:
	rm -rf $(B)/libcommon $(B)/tools $(B)/tests $(B)/libvr.a $(BIN)

.PHONY: all units clean
.SECONDARY:
-include $(LIBOBJ:.o=.d) $(TOOLSRC:%.c=$(B)/%.d) $(UNITS:=.d)
