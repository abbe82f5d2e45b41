# vr-tools: Unix filters for neuroethology.
#   make demo    installs what is needed, builds, runs the main job: map.h5 and map.svg
#   make check   installs what is needed, builds, runs the tests (SAN=1: under ASan and UBSan)
# Further: all deps art units bench figures claims score core policy peers check-peers check-long golden fmt layers install clean.
# Variables: MUJOCO_DIR (folder with include/ and lib/), MUJOCO=no (analysis tools only), MPI=no (one
# process only), SAN=1,
# PREFIX, DESTDIR, PEERS_DIR (environment of the reference programs), T (one golden case, or the
# tests to run), JOBS (tests at a time), ROWS (rows of the benchmark), SIZE (tiny or paper) and
# FIGURES (fig04 ...) and POLICY of `make figures`, NAME of `make policy`.
SHELL   = /bin/sh
PREFIX  = /usr/local
VERSION = 0.1.0
CC      = gcc
CFLAGS  = -O2 -g
WARN    = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
PKGS    = hdf5 fftw3 fftw3f lapacke openblas gsl libpng

MUJOCO     = yes
MUJOCO_DIR = build/deps/mujoco
PEERS_DIR  = build/peers

ifeq ($(SAN),1)
  B   = build/san
  BIN = build/san/bin
  UP  = ../../..
  SANFLAGS = -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
else
  B   = build
  BIN = bin
  UP  = ..
endif

PKGCFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKGLIBS   := $(shell pkg-config --libs-only-L hdf5 2>/dev/null) -lhdf5_hl \
             $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lfftw3_threads -lm
ALLFLAGS = -std=c17 -D_GNU_SOURCE -DVR_VERSION='"$(VERSION)"' -fopenmp-simd -pthread -ftree-vectorize \
           -ffp-contract=off -fno-math-errno -fno-trapping-math $(TUNE) $(WARN) $(SANFLAGS) -Ilibcommon \
           -MMD -MP \
           $(PKGCFLAGS) $(MJFLAGS) $(CFLAGS)
LDLIBS   = $(PKGLIBS) $(MPILIBS)
LDFLAGS  = -pthread -Wl,--as-needed $(SANFLAGS)

# Texels and heights are looked up by the processor's own gathers, which generic tuning avoids.
ifeq ($(shell uname -m),x86_64)
  $(B)/libcommon/sim/eye_%.o: TUNE = -mtune=haswell
endif

# The tools that need the physics engine; all others are linked without it.
SIMTOOLS = vr-world vr-simulate vr-gait vr-record vr-render vr-train vr-ablate

SRC     := $(wildcard libcommon/*/*.c)
TOOLSRC := $(wildcard tools/*.c)
UNITSRC := $(wildcard tests/unit/*/test_*.c)
HELPSRC := $(wildcard tests/contract/*.c tests/fuzz/*.c tests/peers/*.c)
ifeq ($(MUJOCO),no)
  SRC     := $(filter-out libcommon/sim/%,$(SRC))
  TOOLSRC := $(filter-out $(SIMTOOLS:%=tools/%.c),$(TOOLSRC))
  UNITSRC := $(filter-out tests/unit/sim/%,$(UNITSRC))
  HELPSRC := $(filter-out %_sim.c,$(HELPSRC))
else
  MJFLAGS = -isystem $(MUJOCO_DIR)/include -DVR_MUJOCO
  MJLIBS  = -L$(MUJOCO_DIR)/lib -lmujoco
  # Where tools find the engine: installed, and in the tree.
  MJPATH  = '-Wl,-rpath,$$ORIGIN/../lib/vr-tools:$(if $(filter /%,$(MUJOCO_DIR)),,$$ORIGIN/$(UP)/)$(MUJOCO_DIR)/lib'
endif

# Processes that train together, where Open MPI is there; the sanitisers do not like it.
MPI = $(if $(filter 1,$(SAN)),no,$(shell pkg-config --exists ompi-c 2>/dev/null && echo yes || echo no))
ifeq ($(MPI),yes)
  MPIFLAGS := -DVR_MPI $(shell pkg-config --cflags ompi-c)
  MPILIBS  := $(shell pkg-config --libs ompi-c)
endif

LIB    = $(B)/libvr.a
LIBOBJ = $(SRC:%.c=$(B)/%.o)
TOOLS  = $(TOOLSRC:tools/%.c=$(BIN)/%) $(patsubst tools/%.sh,$(BIN)/%,$(wildcard tools/*.sh))
UNITS  = $(UNITSRC:%.c=$(B)/%)
HELPERS = $(patsubst %.c,$(B)/%,$(HELPSRC))
# Embree is a limit to compare with, where it is installed.
EMBREE  = $(wildcard /usr/include/embree3/rtcore.h)
BENCHSRC := $(filter-out $(if $(EMBREE),,%/bench_embree_sim.c),$(wildcard tests/bench/bench_*.c))
BENCHES = $(patsubst %.c,$(B)/%,$(BENCHSRC))
SIMPROGS = $(SIMTOOLS:%=$(BIN)/%) $(filter $(B)/tests/unit/sim/% %_sim,$(UNITS) $(BENCHES) $(HELPERS))

all: $(TOOLS)

# What must be there before the first file is compiled; `make deps` brings it.
ready:
	@pkg-config --exists $(PKGS) 2>/dev/null || { \
	  echo 'libraries are missing ($(PKGS)): run `make deps` first' >&2; exit 1; }
	@[ $(MUJOCO) = no ] || [ -e $(MUJOCO_DIR)/include/mujoco/mujoco.h ] || { \
	  echo 'no MuJoCo in $(MUJOCO_DIR): run `make deps` first, or say MUJOCO_DIR=DIR or MUJOCO=no' >&2; \
	  exit 1; }

deps:
	@MUJOCO='$(MUJOCO)' MUJOCO_DIR='$(MUJOCO_DIR)' share/deps.sh

$(B)/%.o: %.c Makefile | ready
	@mkdir -p $(@D)
	$(CC) $(ALLFLAGS) -c -o $@ $<

$(LIB): $(LIBOBJ)
	rm -f $@ && $(AR) rcs $@ $^

$(SIMPROGS): TOOLLIBS = $(MJLIBS) $(MJPATH)
$(filter $(B)/tests/%,$(SIMPROGS)): MJPATH = '-Wl,-rpath,$(abspath $(MUJOCO_DIR))/lib'
$(UNITS): TESTLIBS = -lcmocka
$(B)/libcommon/base/ranks.o: ALLFLAGS += $(MPIFLAGS)
$(B)/tests/bench/bench_embree_sim: TESTLIBS = -lembree3

$(BIN)/%: $(B)/tools/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(TOOLLIBS) $(LDLIBS)

$(BIN)/%: tools/%.sh
	@mkdir -p $(@D)
	cp $< $@ && chmod +x $@

# The networks once more in double precision, for the tests whose names end in _f64.
NN64 = $(patsubst %.c,$(B)/f64/%.o,$(wildcard libcommon/nn/*.c))
$(B)/f64/%.o $(B)/tests/%_f64.o: CFLAGS += -DVR_NN_DOUBLE
$(B)/f64/%.o: %.c Makefile | ready
	@mkdir -p $(@D)
	$(CC) $(ALLFLAGS) -c -o $@ $<

$(filter %_f64,$(UNITS) $(HELPERS)): %: %.o $(NN64) $(LIB)
	$(CC) $(LDFLAGS) -o $@ $^ $(TESTLIBS) $(LDLIBS)

$(B)/tests/%: $(B)/tests/%.o $(LIB)
	$(CC) $(LDFLAGS) -o $@ $^ $(TESTLIBS) $(TOOLLIBS) $(LDLIBS)

units: $(UNITS)
benches: $(BENCHES)

demo: deps
	@$(MAKE) --no-print-directory -j$(or $(JOBS),2) all
	@share/demo.sh $(BIN)

# -- tests --
RUN = B=$(B) BIN=$(BIN) SAN=$(SAN) CC='$(CC)' JOBS=$(or $(JOBS),2) \
      MUJOCO='$(MUJOCO)' MUJOCO_DIR='$(MUJOCO_DIR)'

check: deps
	@$(MAKE) --no-print-directory -j$(or $(JOBS),2) check-only

# `check` without looking for what is to be installed.
check-only: all units $(HELPERS)
	@$(RUN) tests/run $(T)

# Hours of a night: the sanitisers, 20 times the mutations, two million control steps of the animal, and
# the build without the engine.
check-long: check
	@$(MAKE) --no-print-directory -j$(or $(JOBS),2) SAN=1 check-only
	@VR_FUZZ=20 VR_TEST_SECONDS=7200 $(MAKE) --no-print-directory check-only T='$(wildcard tests/fuzz/test_*.c)'
	@[ $(MUJOCO) = no ] || VR_SOAK=2000000 VR_TEST_SECONDS=36000 \
	  $(MAKE) --no-print-directory check-only T=$(B)/tests/unit/sim/test_soak
	@$(MAKE) --no-print-directory -j$(or $(JOBS),2) MUJOCO=no B=build/plain BIN=build/plain/bin UP=../../.. all units

golden: all
	@[ -n '$(T)' ] || { echo 'say which: make golden T=vr-dump/list' >&2; exit 2; }
	@$(RUN) tests/one --update tests/golden/$(T)/cmd

peers: $(PEERS_DIR)/.done
$(PEERS_DIR)/.done: tests/peers/requirements.txt tests/peers/install
	tests/peers/install $(PEERS_DIR)

check-peers: all $(HELPERS)
	@[ -x $(PEERS_DIR)/bin/python ] || { echo 'no reference programs in $(PEERS_DIR): run `make peers`' >&2; exit 1; }
	@$(RUN) PYTHON=$(PEERS_DIR)/bin/python VR_TEST_SECONDS=1200 tests/run $(or $(T),tests/peers/test_*.py)

# The eye beside MuJoCo's renderer, as the manual shows it.
sheet: all
	@BIN=$(BIN) $(PEERS_DIR)/bin/python tests/peers/test_eye.py --sheet man/eye.png

# All there is: the tests with more draws (VR_LONG), and the comparisons with independent programs.
check-long: export VR_LONG = 1
check-long: check check-peers

bench: all benches $(HELPERS)
	@B=$(B) BIN=$(BIN) PEERS_DIR=$(PEERS_DIR) python3 tests/bench/run.py $(ROWS)

# -- the figures of the paper --
SIZE    = tiny
FIGURES = $(patsubst pipelines/%.sh,%,$(wildcard pipelines/fig*.sh))
OUT     = figures/$(SIZE)

figures: all
	@for f in $(FIGURES); do \
	  PATH='$(abspath $(BIN))':$$PATH SIZE=$(SIZE) OUT='$(OUT)' pipelines/$$f.sh || exit; done

# Trains a network again as the one that ships was trained: NAME=runner.
policy: all
	@PATH='$(abspath $(BIN))':$$PATH share/policy/$(or $(NAME),runner).sh

claims:
	@PATH='$(abspath $(BIN))':$$PATH pipelines/claims.sh $(OUT)

# How well a network plays the four tasks: WHO, PHYSICS, POLICY, TRIALS as in pipelines/score.sh.
score: all
	@PATH='$(abspath $(BIN))':$$PATH SIZE=$(SIZE) OUT='$(OUT)' pipelines/score.sh

# What it would lose without its eye and without its core.
core: all
	@PATH='$(abspath $(BIN))':$$PATH SIZE=$(SIZE) OUT='$(OUT)' pipelines/core.sh

layers:
	@tests/layers

fmt:
	clang-format -i $(wildcard libcommon/*.h libcommon/*/*.[ch] tools/*.c tests/*/*.c tests/unit/*/*.[ch] examples/*.c)

# Skin and textures of the released rat, for vr-render.
art:
	@share/art.sh share/art

# -- installation --
D = $(DESTDIR)$(PREFIX)

$(B)/completion/vr.bash: share/completion/generate.sh $(TOOLS)
	share/completion/generate.sh $(BIN) $(@D)

install: all $(B)/completion/vr.bash
	install -d $(D)/bin $(D)/include/vr $(D)/lib/pkgconfig $(D)/lib/vr-tools $(D)/share/vr-tools
	install $(TOOLS) $(D)/bin
	install -m 644 $(LIB) $(D)/lib
	cd libcommon && find . -name '*.h' -exec install -D -m 644 '{}' '$(D)/include/vr/{}' ';'
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@PKGS@|$(PKGS)|' \
	  share/vr.pc.in > $(D)/lib/pkgconfig/vr.pc
	for n in 1 3 5; do for f in man/*.$$n; do \
	  [ ! -e $$f ] || install -D -m 644 $$f $(D)/share/man/man$$n/$${f#man/}; done; done
	cd share && find . -type f ! -name '*.sh' ! -name '*.in' -exec install -D -m 644 '{}' '$(D)/share/vr-tools/{}' ';'
	install -D -m 644 $(B)/completion/vr.bash $(D)/share/bash-completion/completions/vr
	for t in $(notdir $(TOOLS)); do [ $$t = vr ] || \
	  ln -sf vr $(D)/share/bash-completion/completions/$$t; done
	install -D -m 644 $(B)/completion/_vr $(D)/share/zsh/site-functions/_vr
	install -D -m 644 $(B)/completion/vr.fish $(D)/share/fish/vendor_completions.d/vr.fish
	[ $(MUJOCO) = no ] || cp -P $(MUJOCO_DIR)/lib/libmujoco.so* $(D)/lib/vr-tools

clean:
	rm -rf $(B)/libcommon $(B)/f64 $(B)/tools $(B)/tests $(B)/completion $(B)/libvr.a $(BIN)

.PHONY: all ready deps art demo units benches check check-only check-long check-long golden peers check-peers sheet bench figures claims score core layers fmt install clean
.SECONDARY:
-include $(LIBOBJ:.o=.d) $(NN64:.o=.d) $(TOOLSRC:%.c=$(B)/%.d) $(UNITS:=.d) $(HELPERS:=.d) $(BENCHES:=.d)
