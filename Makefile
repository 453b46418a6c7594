# make          build both programs into bin/
# make demo     build them and set up a router through them, on this kernel
# make test     every check and test that this machine can run
# make test-kernel  the tests that touch the kernel, on a second one in an emulator
# make fuzz     fuzz each target for FUZZTIME
# make bench    as root: measure side by side with the peers, and write bench/RESULTS.md
# make bench-quick   the rows that need no Python in a minute, printed only
# make install  as root: the helper set-id root, its user, group and folders; with
#               CAPS=1 the helper has file capabilities instead
# make uninstall

PREFIX     = /usr/local
LIBEXECDIR = $(PREFIX)/libexec
BINDIR     = $(PREFIX)/bin
DESTDIR    =
CAPS       =
FUZZTIME   = 5m

export CGO_ENABLED = 0

# Tools of the checks, pinned; `go run` fetches and builds them.
STATICCHECK = go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOTESTSUM   = go run gotest.tools/gotestsum@v1.13.0

.PHONY: all build demo test test-kernel check fuzz bench bench-quick bench-programs tools install uninstall clean

all: build

build:
	go build -trimpath -ldflags '-s -w' -o bin/nethelper ./cmd/nethelper
	go build -trimpath -ldflags '-s -w' -o bin/nethelperctl ./cmd/client

demo: build
	packaging/need ip=iproute2 unshare=util-linux mount=mount
	demo/router

test: tools check
	packaging/fuzz 3s
	$(GOTESTSUM) --format pkgname-and-test-fails -- -timeout 20m ./...

check:
	test -z "$$(gofmt -l .)"
	go vet ./...
	$(STATICCHECK) ./...

# The tests on a second kernel, Debian's, in an emulator: link kinds and rule
# selectors that the running one may lack.
test-kernel: build
	go test -p 1 -timeout 40m -exec '$(CURDIR)/test/kernel/run' ./internal/kernel ./pkg/ops ./test

fuzz:
	packaging/fuzz $(FUZZTIME)

bench: bench-programs
	packaging/need sudo=sudo
	bench/need
	bin/bench/bench -write

bench-quick: bench-programs
	bin/bench/bench -quick

bench-programs: build
	packaging/need ip=iproute2 cc=gcc
	mkdir -p bin/bench/floor
	go build -o bin/bench/bench ./bench
	for f in empty route calls pipe bulk dump; do cc -O2 -Wall -Wextra -o bin/bench/floor/$$f bench/floor/$$f.c || exit 1; done
	rm -rf bin/bench/peer && cp -r bench/peer bin/bench/peer

# What the tests inspect the kernel with, and the browser that looks at the page of
# `policy report`. A machine that cannot have the browser skips that test.
tools:
	packaging/need ip=iproute2 bridge=iproute2 jq=jq unshare=util-linux mount=mount script=bsdutils
	-packaging/need chromium=chromium

install:
	DESTDIR='$(DESTDIR)' LIBEXECDIR='$(LIBEXECDIR)' BINDIR='$(BINDIR)' CAPS='$(CAPS)' packaging/install

uninstall:
	DESTDIR='$(DESTDIR)' LIBEXECDIR='$(LIBEXECDIR)' BINDIR='$(BINDIR)' packaging/uninstall

clean:
	rm -rf bin
