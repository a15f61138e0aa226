# rresource: see README.md. GNU make.
#
#   make            the shared object, the static archive and the .pc file, as they ship
#   make install    with the manual; DESTDIR, prefix, libdir, includedir, libexecdir, mandir as usual
#   make deps       brings what the demo, the tests and the measurements need
#   make demo test bench header
#   make abi        writes the description of the ABI anew that the tests compare with
#   make mutants    plants changes that cargo-mutants makes up and runs the C tests on each: tools/mutants
#   make check-targets   the other systems and architectures
#   make deb        the Debian packages, proven in a root of their own
#   make fuzz       searches for texts that break a parser, FUZZ_SECONDS for each; needs cargo-fuzz

prefix ?= /usr/local
exec_prefix ?= $(prefix)
libdir ?= $(exec_prefix)/lib
includedir ?= $(prefix)/include
libexecdir ?= $(exec_prefix)/libexec
pkgconfigdir ?= $(libdir)/pkgconfig
cmakedir ?= $(libdir)/cmake/rresource
mandir ?= $(prefix)/share/man

CARGO ?= cargo
RUSTC ?= rustc
INSTALL ?= install
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
CARGO_TARGET_DIR ?= target
# Another architecture: TARGET is Rust's name for it, CC its compiler, which knows its other tools.
TARGET ?=
CARGO_FLAGS ?=
ifeq ($(origin AR),default)
AR := $(shell $(CC) -print-prog-name=ar)
endif
OBJCOPY ?= $(shell $(CC) -print-prog-name=objcopy)

override CARGO_TARGET_DIR := $(abspath $(CARGO_TARGET_DIR))
export CARGO_TARGET_DIR

# The library looks for its launcher where it will be installed; another architecture's is linked by CC.
export RRESOURCE_LAUNCHER = $(libexecdir)/rresource/launcher
ifdef TARGET
export RRESOURCE_LAUNCHER_LINKER ?= $(CC)
endif

version := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
# While the major version is 0 every minor one may break: the number changes by hand, with the ABI.
abi := 0
soname := librresource.so.$(abi)

out := $(CARGO_TARGET_DIR)/ship$(TARGET:%=/%)
raw := $(CARGO_TARGET_DIR)$(TARGET:%=/%)/release/librresource.a
shared := $(out)/librresource.so.$(version)
static := $(out)/librresource.a
object := $(out)/rresource.o
pc := $(out)/rresource.pc
launcher := $(out)/launcher
stage := $(out)/stage

# The manual: a page for each group of the header, and a link for each function.
groups := $(shell sed -n 's/^ \*   \([a-z]\{1,\}\)  *rr_.*/\1/p' include/rresource.h)
functions := $(shell sed -n 's/^ *\(rr_[a-z0-9_]*\);/\1/p' rresource.map)
pages := man7/rresource.7 $(groups:%=man3/rresource_%.3) $(functions:%=man3/%.3)
manual := $(out)/man

.PHONY: all install uninstall stage deps demo test bench fuzz mutants header abi check-targets deb clean FORCE
.DELETE_ON_ERROR:

all: $(shared) $(static) $(pc) $(launcher)

# Rust's archive holds our one object beside hundreds of compiler builtins, which must not leak into
# the programs that link it; what we need of them libgcc has. Its symbols other than rr_* become local.
$(raw): FORCE
	@sh tools/deps.sh check build
	$(CARGO) rustc --quiet --locked --release --lib --crate-type staticlib $(TARGET:%=--target %) $(CARGO_FLAGS)

# build.rs made it, where it could. The library has it inside too.
$(launcher): $(raw)
	@mkdir -p $(out)
	@built=$$(ls -t $(dir $(raw))build/rresource-*/out/launcher 2>/dev/null | head -n 1) && \
	    if [ -n "$$built" ]; then cp "$$built" $@; else rm -f $@; fi

$(object): $(raw)
	@rm -rf $(out)/members && mkdir -p $(out)/members
	@cd $(out)/members && $(AR) x $(raw) $$($(AR) t $(raw) | grep '^rresource[-.]')
	@$(CC) -r -nostdlib -o $@ $(out)/members/*.o
	@$(OBJCOPY) --wildcard --keep-global-symbol='rr_*' -R .llvmbc -R .llvmcmd $@
	@rm -rf $(out)/members

$(static): $(object)
	@rm -f $@
	$(AR) rcs $@ $<

# rustc passes a version script of its own to the linker, and linkers take one only: link again.
# Small: no start files, for there is nothing to run at loading; no padding between code and constants.
$(shared): $(object) rresource.map Makefile
	$(CC) -shared -nostartfiles -o $@ $< -Wl,-soname,$(soname) -Wl,--version-script=rresource.map \
	    -Wl,--gc-sections -Wl,--as-needed -Wl,-z,defs -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack \
	    -Wl,-z,noseparate-code $(LDFLAGS)

# Written anew each time, and straight to where they are installed: they depend on the variables.
fill_in = sed -e 's|@prefix@|$(prefix)|' -e 's|@exec_prefix@|$(exec_prefix)|' -e 's|@libdir@|$(libdir)|' \
    -e 's|@includedir@|$(includedir)|' -e 's|@cmakedir@|$(cmakedir)|' -e 's|@version@|$(version)|' \
    -e 's|@soname@|$(soname)|'

$(pc): FORCE
	@mkdir -p $(out)
	@$(fill_in) rresource.pc.in > $@

# Written from the header's comments, for the machine that builds: no cross compiler.
$(manual): tools/manual.rs man/rresource.7.in include/rresource.h $(wildcard examples/raise.*)
	@rm -rf $@ && mkdir -p $(out)
	@$(RUSTC) --edition 2024 -O -o $(out)/manual tools/manual.rs
	$(out)/manual include/rresource.h man/rresource.7.in $@

install: all $(manual)
	$(INSTALL) -d '$(DESTDIR)$(libdir)' '$(DESTDIR)$(includedir)' '$(DESTDIR)$(pkgconfigdir)' '$(DESTDIR)$(cmakedir)'
	$(INSTALL) -m 755 $(shared) '$(DESTDIR)$(libdir)/'
	ln -sf librresource.so.$(version) '$(DESTDIR)$(libdir)/$(soname)'
	ln -sf $(soname) '$(DESTDIR)$(libdir)/librresource.so'
	$(INSTALL) -m 644 $(static) '$(DESTDIR)$(libdir)/'
	$(INSTALL) -m 644 include/rresource.h include/rresource.hpp '$(DESTDIR)$(includedir)/'
	$(fill_in) rresource.pc.in > '$(DESTDIR)$(pkgconfigdir)/rresource.pc'
	$(fill_in) cmake/rresource-config.cmake.in > '$(DESTDIR)$(cmakedir)/rresource-config.cmake'
	$(fill_in) cmake/rresource-config-version.cmake.in > '$(DESTDIR)$(cmakedir)/rresource-config-version.cmake'
	chmod 644 '$(DESTDIR)$(pkgconfigdir)/rresource.pc' '$(DESTDIR)$(cmakedir)'/rresource-config*.cmake
	$(INSTALL) -d '$(DESTDIR)$(mandir)/man3' '$(DESTDIR)$(mandir)/man7'
	for page in $(pages); do $(INSTALL) -m 644 $(manual)/$$page '$(DESTDIR)$(mandir)/'$$page || exit; done
	if [ -f $(launcher) ]; then $(INSTALL) -d '$(DESTDIR)$(libexecdir)/rresource' && \
	    $(INSTALL) -m 755 $(launcher) '$(DESTDIR)$(libexecdir)/rresource/'; fi

uninstall:
	rm -f '$(DESTDIR)$(libdir)/librresource.so.$(version)' '$(DESTDIR)$(libdir)/$(soname)' \
	    '$(DESTDIR)$(libdir)/librresource.so' '$(DESTDIR)$(libdir)/librresource.a' \
	    '$(DESTDIR)$(includedir)/rresource.h' '$(DESTDIR)$(includedir)/rresource.hpp' \
	    '$(DESTDIR)$(pkgconfigdir)/rresource.pc' '$(DESTDIR)$(cmakedir)/rresource-config.cmake' \
	    '$(DESTDIR)$(cmakedir)/rresource-config-version.cmake' \
	    '$(DESTDIR)$(libexecdir)/rresource/launcher'
	[ ! -d '$(DESTDIR)$(cmakedir)' ] || rmdir '$(DESTDIR)$(cmakedir)'
	[ ! -d '$(DESTDIR)$(libexecdir)/rresource' ] || rmdir '$(DESTDIR)$(libexecdir)/rresource'
	rm -f $(pages:%='$(DESTDIR)$(mandir)/%')

# An install of its own below the build directory, which the demo, the tests and the measurements use
# as a program would: through pkg-config.
stage:
	@rm -rf $(stage)
	@$(MAKE) --no-print-directory --silent install DESTDIR=$(stage)

staged_pkg_config = PKG_CONFIG_PATH=$(stage)$(pkgconfigdir) PKG_CONFIG_SYSROOT_DIR=$(stage) $(PKG_CONFIG)

deps:
	@sh tools/deps.sh install

demo: stage
	@sh tools/deps.sh check demo
	@$(CC) $(CFLAGS) -o $(out)/limits examples/limits.c $$($(staged_pkg_config) --cflags --libs rresource)
	@$(CC) $(CFLAGS) -o $(out)/run examples/run.c $$($(staged_pkg_config) --cflags --libs rresource)
	@LD_LIBRARY_PATH=$(stage)$(libdir) $(out)/limits
	@printf '\nrun -n 64 -c 2 -m 512M -t 10s -- ls\n'
	@LD_LIBRARY_PATH=$(stage)$(libdir) $(out)/run -n 64 -c 2 -m 512M -t 10s -- ls

# Each part leaves its counts in a file; what says none did not come to its end.
parts := shared static c++ valgrind asan cxx cmake manual abi python go ruby
test: stage
	@sh tools/deps.sh check test
	@rm -rf $(out)/parts && mkdir -p $(out)/parts
	STAGE=$(stage) STAGE_LIBDIR=$(libdir) STAGE_PKGCONFIGDIR=$(pkgconfigdir) STAGE_MANDIR=$(mandir) \
	    PARTS=$(out)/parts \
	    $(CARGO) test --locked --features harness --no-fail-fast
	@sh tools/parts.sh $(out)/parts $(parts)

# Beside psutil, whose Python need not be the first in PATH; it finds the package where it is, and leaves nothing there.
python_with_psutil = $$(sh tools/deps.sh python psutil)
staged_python = LD_LIBRARY_PATH=$(stage)$(libdir) PYTHONPATH=bindings/python/src PYTHONDONTWRITEBYTECODE=1 \
    $(python_with_psutil)

bench: stage
	@sh tools/deps.sh check bench
	@for name in core usage command; do \
	    $(CC) $(CFLAGS) -o $(out)/$${name}_bench bench/$$name.c $$($(staged_pkg_config) --cflags --libs rresource); \
	done
	@LD_LIBRARY_PATH=$(stage)$(libdir) $(out)/core_bench
	@LD_LIBRARY_PATH=$(stage)$(libdir) $(out)/usage_bench $(python_with_psutil) bench/psutil_oneshot.py
	@LD_LIBRARY_PATH=$(stage)$(libdir) $(out)/command_bench
	@for name in calls usage; do $(staged_python) bindings/python/bench/$$name.py; done
	@# What pkg-config says is no part of the key of Go's cache: a cache of this stage's own.
	@cd bindings/go && PKG_CONFIG_PATH=$(stage)$(pkgconfigdir) PKG_CONFIG_SYSROOT_DIR=$(stage) \
	    GOCACHE=$(CARGO_TARGET_DIR)/tmp/go-cache LD_LIBRARY_PATH=$(stage)$(libdir) go run ../../bench/core.go
	@LD_LIBRARY_PATH=$(stage)$(libdir) ruby -Ibindings/ruby/lib bench/core.rb

# Texts of limits, then the files of /proc, FUZZ_SECONDS each. The corpus stays in the build directory:
# the next run goes on from there.
FUZZ_SECONDS ?= 60
fuzz_out := $(CARGO_TARGET_DIR)/fuzz
fuzz_targets := parse stat statm status io limits

fuzz: $(fuzz_targets:%=fuzz-%)

fuzz-parse: dictionary := fuzz/parse.dict
fuzz-%: dictionary := fuzz/proc.dict
fuzz-%: FORCE
	@command -v cargo-fuzz >/dev/null || \
	    { echo 'fuzz needs the command cargo-fuzz: $(CARGO) install --locked cargo-fuzz' >&2; exit 1; }
	@mkdir -p $(fuzz_out)/corpus/$*
	RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$(fuzz_out) $(CARGO) fuzz run $* $(fuzz_out)/corpus/$* -- \
	    -max_total_time=$(FUZZ_SECONDS) -max_len=2048 -dict=$(dictionary)

# MUTANTS=n of them, drawn by SEED=s.
mutants:
	@command -v cargo-mutants >/dev/null || \
	    { echo 'mutants needs the command cargo-mutants: $(CARGO) install --locked cargo-mutants' >&2; exit 1; }
	@MUTANTS=$(or $(MUTANTS),50) SEED=$(or $(SEED),1) tools/mutants $(CARGO_TARGET_DIR)/mutants

header:
	$(CARGO) build --quiet --locked --features header
	cp "$$(ls -t $(CARGO_TARGET_DIR)/debug/build/rresource-*/out/rresource.h | head -n 1)" include/rresource.h

# The ABI as C sees it, in abi/ to compare with: each function of the header, with a body, exported as the
# map says. Rust's own debug information would show what C cannot see and may change: the insides of
# handles, names of modules, paths of the compiler. Constants are no part of it: a list of their own.
ABI ?= abi/rresource.abi

abi:
	@mkdir -p $(out)/abi
	@sed '/^extern "C" {/,$$ { /^ \*/! s/);$$/) { __builtin_trap(); }/ }' include/rresource.h > $(out)/abi/rresource.c
	@cd $(out)/abi && $(CC) -std=c99 -g -fPIC -shared -nostdlib -o rresource.so rresource.c \
	    -Wl,-soname,$(soname) -Wl,--version-script='$(CURDIR)/rresource.map'
	@abidw --no-show-locs --no-comp-dir-path --no-corpus-path --type-id-style hash \
	    --out-file $(abspath $(ABI)) $(out)/abi/rresource.so
	@$(CC) -dM -E include/rresource.h | grep '^#define RR_' | LC_ALL=C sort > $(abspath $(ABI:.abi=.constants))

check-targets:
	tools/check-targets

deb:
	tools/deb $(out)/deb

clean:
	rm -rf $(out)
