# rresource: see README.md. GNU make.
#
#   make            builds the shared object, the static archive, the command, the launcher and the manual
#   make install    installs what was built; DESTDIR, prefix, bindir, libdir, includedir, libexecdir, mandir as usual
#   make dist       makes a source archive that builds without network
#   make wheel      builds the Python package with the library inside; for manylinux if auditwheel is there
#   make gem        builds the Ruby package, plain and with the library inside
#   make deps       installs what the demo, the tests and the measurements need; FOR=debian: what `make deb`,
#                   `make check-targets` and `make check-kernels` need
#   make demo test header
#   make bench      measures each call next to the one that it replaces, and draws docs/*.svg if gnuplot is there
#   make html       writes the manual, the cookbook and the pages of docs/ as a site
#   make abi        updates the description of the ABI with which the tests compare
#   make mutants    runs the C tests on changes that cargo-mutants generates: tools/mutants
#   make check-targets   tests other systems and architectures
#   make check-kernels   tests other kernels in virtual machines; KERNELS="amd64-5.10 i386-6.1" or KERNELS=fastest
#                   selects some
#   make deb        builds the Debian packages and tests them in a separate root
#   make fuzz       searches for texts that break a parser, FUZZ_SECONDS for each; needs cargo-fuzz

prefix ?= /usr/local
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
libdir ?= $(exec_prefix)/lib
includedir ?= $(prefix)/include
libexecdir ?= $(exec_prefix)/libexec
pkgconfigdir ?= $(libdir)/pkgconfig
cmakedir ?= $(libdir)/cmake/rresource
mandir ?= $(prefix)/share/man
bashcompletiondir ?= $(prefix)/share/bash-completion/completions
zshcompletiondir ?= $(prefix)/share/zsh/site-functions
fishcompletiondir ?= $(prefix)/share/fish/vendor_completions.d

CARGO ?= cargo
RUSTC ?= rustc
INSTALL ?= install
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
CARGO_TARGET_DIR ?= target
# Another architecture: TARGET is Rust's name for it, CC its compiler, which knows its other tools.
TARGET ?=
CARGO_FLAGS ?=
# `yes` puts code on separate pages from constants, as a hardened build expects: up to three pages more.
SEPARATE_CODE ?= no
# The command contains the library, so that it runs wherever it is installed. `shared`: it loads the shared object.
COMMAND_LIBRARY ?= static
# For size. Frame pointers shorten the unwind tables and let the compiler use its shortest instructions without an entry
# there for each; it then calls functions too short to be worth a call, unless the limit is higher than its own of 5.
small = -C force-frame-pointers=yes -C llvm-args=-inline-threshold=60 -C llvm-args=-enable-shrink-wrap=false
ifeq ($(origin AR),default)
AR := $(shell $(CC) -print-prog-name=ar)
endif
OBJCOPY ?= $(shell $(CC) -print-prog-name=objcopy)

# Any text as one word of the shell. Of the paths below only those that the caller names may need it: those of the
# build are relative to this folder, for make's rules cannot have a space in theirs.
quoted = '$(subst ','\'',$(1))'

override CARGO_TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
export CARGO_TARGET_DIR

define newline


endef
installed_in = DESTDIR prefix exec_prefix bindir libdir includedir libexecdir pkgconfigdir cmakedir mandir \
    bashcompletiondir zshcompletiondir fishcompletiondir
$(foreach name,CURDIR CARGO_TARGET_DIR TARGET $(installed_in),$(if $(findstring $(newline),$($(name))),\
    $(error $(name) contains a line break)))
refusal := $(shell sh tools/paths.sh build $(call quoted,$(CURDIR)) $(call quoted,$(CARGO_TARGET_DIR)) $(call quoted,$(TARGET)))
ifneq ($(refusal),)
$(error $(refusal))
endif

# The output of tools is parsed and sorted: without translation, and in UTF-8.
export LC_ALL := C.UTF-8
unexport LANGUAGE

# The library looks for its launcher in the folder of the installation. CC links the one of another architecture.
export RRESOURCE_LAUNCHER = $(libexecdir)/rresource/launcher
ifdef TARGET
export RRESOURCE_LAUNCHER_LINKER ?= $(CC)
endif

version := $(shell LC_ALL=C sed -n '/^\[package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
# While the major version is 0 every minor one may break: the number changes by hand, with the ABI.
abi := 0

# The names and the linker options of the system. On macOS a library contains the path of its installation.
system := $(or $(TARGET),$(shell uname -s))
ifneq ($(findstring apple,$(system))$(filter Darwin,$(system)),)
linkname := librresource.dylib
soname := librresource.$(abi).dylib
realname := librresource.$(version).dylib
hide = :
link = LC_ALL=C sed -n 's/^ *\(rr_[a-z0-9_]*\);/_\1/p' rresource.map > $(out)/exports && \
    $(CC) -dynamiclib -o $@ $< -Wl,-install_name,$(call quoted,$(libdir)/$(soname)) \
    -Wl,-compatibility_version,$(abi).0.0 -Wl,-current_version,$(version) \
    -Wl,-exported_symbols_list,$(out)/exports $(LDFLAGS)
else
linkname := librresource.so
soname := librresource.so.$(abi)
realname := librresource.so.$(version)
hide = $(OBJCOPY) --wildcard --keep-global-symbol='rr_*' -R .llvmbc -R .llvmcmd
# Small: no start files, for there is nothing to run at loading; no padding between code and constants by default.
link = $(CC) -shared -nostartfiles -o $@ $< -Wl,-soname,$(soname) -Wl,--version-script=rresource.map \
    -Wl,--gc-sections -Wl,--as-needed -Wl,-z,defs -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack \
    $(if $(findstring linux,$(system))$(filter Linux,$(system)),-Wl$(comma)-z$(comma)$(if $(filter yes,$(SEPARATE_CODE)),,no)separate-code) $(LDFLAGS)
endif
comma := ,

out := $(CARGO_TARGET_DIR)/ship$(TARGET:%=/%)
raw := $(CARGO_TARGET_DIR)$(TARGET:%=/%)/release/librresource.a
shared := $(out)/$(realname)
static := $(out)/librresource.a
object := $(out)/rresource.o
pc := $(out)/rresource.pc
launcher := $(out)/launcher
command := $(out)/rresource
stage := $(out)/stage
# The build folder is ours: what `make clean` may remove.
ours := $(out)/.rresource-build
# What the build is for, written when it is complete: the version, and the path of the launcher.
built := $(out)/built-for
purpose = $(version) $(RRESOURCE_LAUNCHER)
# A path of the build for a program that does not run here.
here = $(if $(filter /%,$(1)),$(1),$(CURDIR)/$(1))

# The manual: a page for each group of the header, and a link for each function.
groups := $(shell LC_ALL=C sed -n 's/^ \*   \([a-z]\{1,\}\)  *rr_.*/\1/p' include/rresource.h)
functions := $(shell LC_ALL=C sed -n 's/^ *\(rr_[a-z0-9_]*\);/\1/p' rresource.map)
headers := rresource.h rresource.hpp rresource.ffi.h
pages := man7/rresource.7 $(groups:%=man3/rresource_%.3) $(functions:%=man3/%.3)
manual := $(out)/man

command_sources := $(sort $(wildcard cli/*.c))
completions := bashcompletiondir=rresource.bash=rresource zshcompletiondir=rresource.zsh=_rresource \
    fishcompletiondir=rresource.fish=rresource.fish

.PHONY: all library install uninstall stage bundled wheel gem dist html deps demo test bench fuzz mutants header abi check-targets check-kernels deb clean FORCE
.DELETE_ON_ERROR:

all: library $(command) $(pc) $(manual)
	@printf '%s\n' $(call quoted,$(purpose)) > $(built)

# Without the manual, for tools that build the library for many targets.
library: $(shared) $(static) $(launcher)

$(ours):
	@if [ -e $(out) ] && [ -n "$$(ls -A $(out))" ]; then \
	    echo '$(out) exists and is not a build of this project: move it, or set CARGO_TARGET_DIR' >&2; exit 1; fi
	@mkdir -p $(out) && : > $@

# A source archive contains the crate.
vendored := $(if $(wildcard vendor/libc),--offline --config 'source.crates-io.replace-with="vendored"' \
    --config 'source.vendored.directory="vendor"')

# The Rust is checked first, for a clear message. Cargo's messages name the folder of the launcher from build.rs.
$(raw): FORCE | $(ours)
	@CARGO=$(call quoted,$(CARGO)) RUSTC=$(call quoted,$(RUSTC)) sh tools/deps.sh check build
	@rm -f $(built)
	$(CARGO) rustc --quiet --locked --release --lib --crate-type staticlib $(TARGET:%=--target %) $(vendored) \
	    $(CARGO_FLAGS) \
	    --message-format json-render-diagnostics -- $(small) > $(out)/messages

# build.rs has built it if the target has one. The library contains it too.
$(launcher): $(raw)
	@folder=$$(sed -n '/"reason":"build-script-executed","package_id":"path+/{s/.*"out_dir":"\(.*\)"}$$/\1/; s/\\\(.\)/\1/g; p;}' \
	    $(out)/messages) && \
	if [ -f "$$folder/launcher" ]; then cp "$$folder/launcher" $@; else rm -f $@; fi

# Rust's archive contains our one object and hundreds of compiler builtins, which must not leak into the programs that
# link it. libgcc has the builtins that we need. Symbols other than rr_* become local.
$(object): $(raw)
	@rm -rf $(out)/members && mkdir $(out)/members
	@for member in $$($(AR) t $(raw) | grep '^rresource[-.]'); do \
	    $(AR) p $(raw) "$$member" > "$(out)/members/$$member" || exit; done
	@$(CC) -r -nostdlib -o $@ $(out)/members/*.o
	@$(hide) $@
	@rm -rf $(out)/members

$(static): $(object)
	@rm -f $@
	$(AR) rcs $@ $<

# rustc passes its own version script to the linker, and linkers take one only: link again.
$(shared): $(object) rresource.map Makefile
	$(link)

$(command): $(command_sources) cli/cli.h include/rresource.h $(static) $(shared)
	$(CC) -std=c99 $(CPPFLAGS) $(CFLAGS) -Iinclude -o $@ $(command_sources) \
	    $(if $(filter shared,$(COMMAND_LIBRARY)),$(shared),$(static)) $(LDFLAGS)

# These files depend on the variables: they are written at each run, directly to the folder of the installation. A `#`
# begins a comment in a .pc file; the characters below have a meaning in sed.
replacement = $(subst |,\|,$(subst &,\&,$(subst \,\\,$(1))))
fill_in = sed $(foreach name,prefix exec_prefix libdir includedir cmakedir version soname,-e \
    $(call quoted,s|@$(name)@|$(call replacement,$(call $(1),$($(name))))|))
as_it_is = $(1)
for_pc = $(subst $(hash),\$(hash),$(1))
hash := \#

$(pc): FORCE | $(ours)
	@$(call fill_in,for_pc) rresource.pc.in > $@

# Written from the header's comments, for the machine that builds: no cross compiler.
$(manual): tools/manual.rs man/rresource.7.in include/rresource.h $(wildcard examples/raise.* examples/job.c) | $(ours)
	@rm -rf $@
	@$(RUSTC) --edition 2024 -O -o $(out)/manual tools/manual.rs
	$(out)/manual include/rresource.h man/rresource.7.in $@

# In DESTDIR. Builds only if nothing is built, or if the build is for another place. Root does not build in another
# user's folder, because that user could not build there afterwards.
within = $(call quoted,$(DESTDIR)$(1))
# Of a word VARIABLE=SOURCE=NAME.
completion_source = $(word 2,$(subst =, ,$(1)))
completion_file = $($(word 1,$(subst =, ,$(1))))/$(word 3,$(subst =, ,$(1)))

install:
	@sh tools/paths.sh install $(foreach name,$(installed_in),$(call quoted,$(name)=$($(name))))
	@if [ ! -f $(built) ]; then echo 'Nothing is built yet. Building now.' && $(MAKE) --no-print-directory all; \
	elif [ "$$(cat $(built))" != $(call quoted,$(purpose)) ]; then \
	    printf 'The build is for another place or version: %s, not %s.\n' "$$(cat $(built))" $(call quoted,$(purpose)) && \
	    if [ -n "$$(find $(built) -user "$$(id -u)")" ]; then $(MAKE) --no-print-directory all; \
	    else echo 'Run `make` first, with the same variables, as the user who built.' >&2; exit 1; fi; fi
	$(INSTALL) -d $(foreach name,libdir includedir pkgconfigdir cmakedir,$(call within,$($(name))))
	$(INSTALL) -m 755 $(shared) $(call within,$(libdir)/)
	ln -sf $(realname) $(call within,$(libdir)/$(soname))
	ln -sf $(soname) $(call within,$(libdir)/$(linkname))
	$(INSTALL) -m 644 $(static) $(call within,$(libdir)/)
	$(INSTALL) -m 644 $(headers:%=include/%) $(call within,$(includedir)/)
	$(call fill_in,for_pc) rresource.pc.in > $(call within,$(pkgconfigdir)/rresource.pc)
	for part in config config-version; do $(call fill_in,as_it_is) cmake/rresource-$$part.cmake.in > \
	    $(call within,$(cmakedir)/rresource-)$$part.cmake || exit; done
	chmod 644 $(call within,$(pkgconfigdir)/rresource.pc) $(call within,$(cmakedir)/rresource-config)*.cmake
	$(INSTALL) -d $(foreach section,1 3 7,$(call within,$(mandir)/man$(section))) \
	    $(foreach name,bindir bashcompletiondir zshcompletiondir fishcompletiondir,$(call within,$($(name))))
	for page in $(pages); do $(INSTALL) -m 644 $(manual)/$$page $(call within,$(mandir)/)$$page || exit; done
	$(INSTALL) -m 644 man/rresource.1 $(call within,$(mandir)/man1/)
	$(INSTALL) -m 755 $(command) $(call within,$(bindir)/)
	$(foreach each,$(completions),$(INSTALL) -m 644 cli/completion/$(call completion_source,$(each)) \
	    $(call within,$(call completion_file,$(each)))$(newline)	)
	if [ -f $(launcher) ]; then $(INSTALL) -d $(call within,$(libexecdir)/rresource) && \
	    $(INSTALL) -m 755 $(launcher) $(call within,$(libexecdir)/rresource/); fi

uninstall:
	@sh tools/paths.sh install $(foreach name,$(installed_in),$(call quoted,$(name)=$($(name))))
	rm -f $(foreach name,$(realname) $(soname) $(linkname) librresource.a,$(call within,$(libdir)/$(name)))
	rm -f $(foreach name,$(headers),$(call within,$(includedir)/$(name)))
	rm -f $(call within,$(pkgconfigdir)/rresource.pc) $(call within,$(cmakedir)/rresource-config.cmake) \
	    $(call within,$(cmakedir)/rresource-config-version.cmake) $(call within,$(libexecdir)/rresource/launcher)
	rm -f $(foreach page,man1/rresource.1 $(pages),$(call within,$(mandir)/$(page)))
	rm -f $(call within,$(bindir)/rresource) $(foreach each,$(completions),$(call within,$(call completion_file,$(each))))
	@# Files of others in these folders stay.
	-rmdir $(call within,$(cmakedir)) $(call within,$(libexecdir)/rresource) 2>/dev/null

# A separate installation below the build directory. The demo, the tests and the measurements use it as a program
# would: through pkg-config.
stage: all
	@rm -rf $(stage)
	@$(MAKE) --no-print-directory --silent install DESTDIR=$(stage)

staged = $(call quoted,$(stage)$(1))
staged_pkg_config = PKG_CONFIG_PATH=$(call staged,$(pkgconfigdir)) PKG_CONFIG_SYSROOT_DIR=$(stage) $(PKG_CONFIG)
# pkg-config quotes its output for the shell.
compile = flags=$$($(staged_pkg_config) --cflags --libs rresource) && eval "$(CC) $(CFLAGS) -o $(2) $(1) $$flags"

deps:
	@sh tools/deps.sh install $(FOR)

# The command, then a program that a limit ends, with what the usual calls report of it.
shown = printf '\n$$ %s\n' $(call quoted,rresource $(1)) && $(call staged,$(bindir)/rresource) $(1)
demo: stage
	@sh tools/deps.sh check demo
	@$(call shown,bounds)
	@$(call shown,limits)
	@$(call shown,run -l nofile=64 -l as=512M -t 10s -- ls)
	@printf '\nA C program that holds 500 MiB and starts a loop, twice (examples/compare.c):\n\n'
	@$(call compile,examples/compare.c,$(out)/compare)
	@LD_LIBRARY_PATH=$(call staged,$(libdir)) $(out)/compare

# Each part writes its counts to a file. A part without that file did not come to its end.
parts := shared static c++ valgrind asan cxx cmake manual abi python wheel go ruby gem ffi
test: stage
	@sh tools/deps.sh check test
	@sh tools/paths.sh test $(call quoted,$(CURDIR)) $(call quoted,$(call here,$(stage)))
	@rm -rf $(out)/parts && mkdir -p $(out)/parts
	STAGE=$(call quoted,$(call here,$(stage))) STAGE_LIBDIR=$(call quoted,$(libdir)) \
	    STAGE_PKGCONFIGDIR=$(call quoted,$(pkgconfigdir)) STAGE_MANDIR=$(call quoted,$(mandir)) \
	    STAGE_BINDIR=$(call quoted,$(bindir)) PARTS=$(call quoted,$(call here,$(out)/parts)) \
	    $(CARGO) test --locked --manifest-path tests/Cargo.toml --features harness --no-fail-fast
	@sh tools/parts.sh $(out)/parts $(parts)

# For packages that contain the library but no launcher: the library's own copy is used.
bundled_out := $(CARGO_TARGET_DIR)/bundled
bundled: | $(ours)
	@$(MAKE) --no-print-directory --silent library CARGO_TARGET_DIR=$(bundled_out) RRESOURCE_LAUNCHER=

# In a copy, because the tools write to the folder of the sources. `site` is the wheel unpacked, as pip would install it.
python_out := $(out)/python
wheel: bundled
	@rm -rf $(python_out) && mkdir -p $(python_out)/library
	@cp -R include $(python_out)/library/
	@cd bindings/python && cp -R README.md pyproject.toml setup.py src $(call quoted,$(call here,$(python_out)))
	@cd $(python_out) && RRESOURCE_LIBRARY=$(call quoted,$(call here,$(bundled_out)/ship/librresource.a)) \
	    pyproject-build --wheel --no-isolation --outdir built . >build.log 2>&1 || { cat build.log >&2; exit 1; }
	@cd $(python_out) && mkdir dist && { auditwheel repair --wheel-dir dist built/*.whl >repair.log 2>&1 || { \
	    echo "the wheel is not for manylinux: $$(tail -n 1 repair.log)" >&2 && cp built/*.whl dist; }; }
	@python3 -m zipfile -e $(python_out)/dist/*.whl $(python_out)/site && echo $(python_out)/dist/*.whl

# The plain one, and the one of this platform.
ruby_out := $(out)/ruby
gem: bundled
	@rm -rf $(ruby_out) && mkdir -p $(ruby_out)
	@for kind in plain platform; do cp -R bindings/ruby $(ruby_out)/$$kind || exit; \
	    if [ $$kind = platform ]; then cp $(bundled_out)/ship/$(realname) $(ruby_out)/platform/lib/rresource/$(soname); fi && \
	    (cd $(ruby_out)/$$kind && gem build --silent rresource.gemspec && mv *.gem ..) || exit; done
	@ls $(ruby_out)/*.gem

# The Python that has psutil need not be the first in PATH.
python_with_psutil = $$(sh tools/deps.sh python psutil)
python_with_wheel = PYTHONPATH=$(python_out)/site $(python_with_psutil)

bench: stage wheel
	@sh tools/deps.sh check bench
	@for name in core usage bounds command tree held; do $(call compile,bench/$$name.c,$(out)/$${name}_bench) || exit; done
	@LD_LIBRARY_PATH=$(call staged,$(libdir)) $(out)/core_bench
	@for name in usage bounds; do \
	    LD_LIBRARY_PATH=$(call staged,$(libdir)) $(out)/$${name}_bench $(python_with_psutil) bench/psutil_calls.py || exit; done
	@LD_LIBRARY_PATH=$(call staged,$(libdir)) $(out)/command_bench
	@LD_LIBRARY_PATH=$(call staged,$(libdir)) $(out)/tree_bench
	@LD_LIBRARY_PATH=$(call staged,$(libdir)) $(out)/held_bench | tee $(out)/held.txt
	@if command -v gnuplot >/dev/null; then gnuplot -e "data='$(out)/held.txt'; folder='docs'" bench/plots.gp; \
	    else echo 'docs/*.svg were not drawn: gnuplot is missing, install it with `make deps`'; fi
	@for name in calls usage; do $(python_with_wheel) bindings/python/bench/$$name.py; done
	@# The output of pkg-config is not part of the key of Go's cache: this stage has its own cache.
	@cd bindings/go && PKG_CONFIG_PATH=$(call quoted,$(call here,$(stage))$(pkgconfigdir)) \
	    PKG_CONFIG_SYSROOT_DIR=$(call quoted,$(call here,$(stage))) \
	    GOCACHE=$(call quoted,$(call here,$(CARGO_TARGET_DIR)/tmp/go-cache)) \
	    LD_LIBRARY_PATH=$(call quoted,$(call here,$(stage))$(libdir)) go run ../../bench/core.go
	@LD_LIBRARY_PATH=$(call staged,$(libdir)) ruby -Ibindings/ruby/lib bench/core.rb

# Texts of limits, then the files of /proc, FUZZ_SECONDS each. The corpus stays in the build directory:
# the next run goes on from there.
FUZZ_SECONDS ?= 60
fuzz_out := $(CARGO_TARGET_DIR)/fuzz
fuzz_targets := parse duration stat statm status io limits group mount group_files lines

fuzz: $(fuzz_targets:%=fuzz-%)

fuzz-parse fuzz-duration: dictionary := fuzz/parse.dict
fuzz-%: dictionary := fuzz/proc.dict
fuzz-%: FORCE
	@command -v cargo-fuzz >/dev/null || \
	    { echo 'fuzz needs the command cargo-fuzz: install it with $(CARGO) install --locked cargo-fuzz' >&2; exit 1; }
	@mkdir -p $(fuzz_out)/corpus/$*
	RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$(fuzz_out) $(CARGO) fuzz run $* $(fuzz_out)/corpus/$* -- \
	    -max_total_time=$(FUZZ_SECONDS) -max_len=2048 -dict=$(dictionary)

# MUTANTS=n of them, drawn by SEED=s.
mutants:
	@command -v cargo-mutants >/dev/null || \
	    { echo 'mutants needs the command cargo-mutants: install it with $(CARGO) install --locked cargo-mutants' >&2; exit 1; }
	@MUTANTS=$(or $(MUTANTS),50) SEED=$(or $(SEED),1) tools/mutants $(CARGO_TARGET_DIR)/mutants

header: | $(ours)
	$(CARGO) run --quiet --locked --manifest-path tests/Cargo.toml --bin header include

# The ABI as C sees it: each function of the header, with a body, exported according to the map. Rust's own debug
# information would contain what C cannot see and may change: the contents of handles, names of modules, paths of the
# compiler. The constants are in a separate list, because debug information does not contain them.
ABI ?= abi/rresource.abi

abi: | $(ours)
	@mkdir -p $(out)/abi && cp rresource.map $(out)/abi/
	@sed '/^extern "C" {/,$$ { /^ \*\|^\/\*/! s/);$$/) { __builtin_trap(); }/ }' include/rresource.h > $(out)/abi/rresource.c
	@cd $(out)/abi && $(CC) -std=c99 -g -fPIC -shared -nostdlib -o rresource.so rresource.c \
	    -Wl,-soname,$(soname) -Wl,--version-script=rresource.map
	@abidw --no-show-locs --no-comp-dir-path --no-corpus-path --type-id-style hash \
	    --out-file $(call quoted,$(ABI)) $(out)/abi/rresource.so
	@$(CC) -dM -E include/rresource.h | grep '^#define RR_' | LC_ALL=C sort > \
	    $(call quoted,$(subst .abi,.constants,$(ABI)))

check-targets:
	@sh tools/deps.sh check debian
	tools/check-targets

check-kernels:
	@sh tools/deps.sh check debian
	tools/check-kernels

deb: | $(ours)
	@sh tools/deps.sh check debian
	tools/deb $(out)/deb

# The page of the command is no part of the generated manual.
html: $(manual) | $(ours)
	@command -v mandoc >/dev/null || { echo 'html needs mandoc: install it with `make deps`' >&2; exit 1; }
	@rm -rf $(out)/html && mkdir -p $(manual)/man1 && cp man/rresource.1 $(manual)/man1/
	@$(RUSTC) --edition 2024 -O -o $(out)/write-html tools/html.rs
	@$(out)/write-html . $(manual) $(out)/html

dist: | $(ours)
	CARGO=$(call quoted,$(CARGO)) sh tools/dist.sh $(version) $(out)

clean:
	@if [ -e $(out) ] && [ ! -f $(ours) ]; then \
	    echo '$(out) is not a build of this project: not removed' >&2; exit 1; fi
	rm -rf $(out)
	@[ ! -f $(bundled_out)/ship/.rresource-build ] || rm -rf $(bundled_out)
