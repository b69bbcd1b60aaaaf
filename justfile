# Every command of the project. Run them through ./justw, which brings `just` itself.

set shell := ["bash", "-euo", "pipefail", "-c"]
set quiet := true

export PATH := justfile_directory() / ".local/bin:" + env("PATH")

# Where cargo puts what it builds; honours CARGO_TARGET_DIR and cargo's own configuration.
target := `cargo metadata --no-deps --offline --format-version 1 2>/dev/null | sed 's/.*"target_directory":"\([^"]*\)".*/\1/'`
dev := target / "debug/tadamon-dev"

# What there is.
default:
    @just --list --unsorted

# Build, start everything, load the demonstration data once; returns when all of it is ready.
up: (install "run")
    SQLX_OFFLINE=true cargo build -p tadamon-dev -p tadamon
    {{ dev }} up </dev/null

# Stop everything; data stays.
down: built
    {{ dev }} down

# What runs, and whether it answers.
status: built
    {{ dev }} status

# The last lines of a log (one service or server, or all): ./justw logs benefits -f
logs *args: built
    {{ dev }} logs {{ args }}

# Back up every database and the papers into a folder of backups: ./justw backup ../backups
backup to: built
    {{ target }}/debug/tadamon backup --to {{ to }}

# Stop the services and put a backup back in the place of what is there; then ./justw up: ./justw restore ../backups/tadamon-...
restore *args: built
    {{ dev }} restore {{ args }}

# Stop everything and delete all local data, keys and demonstration included.
reset: built
    {{ dev }} reset

# Every page in both languages and widths, into .local/screenshots.
screenshots: (install "test")
    .ci/screenshots

# Every test, on servers of its own: ./justw test, or ./justw test -p benefits
test *args: (install "test")
    .ci/test {{ args }}

# Members press Terminer while everything beneath them dies, then the broker loses its tail; prints its seed: ./justw faults [members] [seed] [tails]
faults members="200" seed="" tails="50": (install "test")
    export TADAMON_FAULT_MEMBERS={{ members }} TADAMON_FAULT_TAILS={{ tails }}; [ -z "{{ seed }}" ] || export TADAMON_FAULT_SEED={{ seed }}; \
    .ci/test --workspace --profile faults --no-capture -E '(binary(platform) & test(under_faults::private_stack)) | (package(bus) & test(tail_loss))'

# Speed, each figure beside a limit or a peer of the same run; a release build, then under ten minutes: ./justw bench [--only S1,S5]
bench *args: (install "run")
    .ci/bench {{ args }}

# What is measured before a version is published: as bench, and some of it once more while things are killed; some twenty minutes: ./justw release [--only S5]
release *args: (install "run")
    .ci/bench --faults {{ args }}

# What each service holds and uses, idle and at work, and how long it takes to end under load, on the tests' servers; a release build: ./justw sizing [members]
sizing members="200": test-stack
    SQLX_OFFLINE=true cargo build --release --locked -p identity -p membership -p benefits -p documents -p partnerships -p notifications -p portal -p integration-tests --bins
    TADAMON_TEST_STACK="$PWD/.local/test-stack/addresses.json" TADAMON_PROGRAMS={{ target }}/release {{ target }}/release/sizing {{ members }}

# Build one program for release and assemble its image's root file system in .local/images: ./justw image benefits
image name:
    SQLX_OFFLINE=true cargo build --release --locked -p {{ name }}
    rm -rf .local/images/{{ name }}
    deploy/image/assemble {{ name }} --binary {{ target }}/release/{{ name }} --out .local/images/{{ name }} --limit {{ if name == "tadamon" { "60" } else { "40" } }}

# Start the servers that tests use and leave them running, for runs of single tests.
test-stack: build
    {{ dev }} stack test-up

# Stop them.
test-stack-down: built
    {{ dev }} stack test-down

# What .ci/run runs: static checks, then every test.
ci:
    .ci/stages

# What is checked of the Helm chart without a cluster; --write renews its committed copies.
chart *args: (install "check")
    helm/checks/check {{ args }}

# Format Rust and the contracts.
fmt: (install "check")
    cargo fmt --all
    buf format -w

# Clippy without warnings, and the contracts' lint.
lint: (install "check")
    SQLX_OFFLINE=true cargo clippy --workspace --all-targets -- -D warnings
    buf lint

# Regenerate the Rust of the contracts.
proto:
    cargo run -q -p proto-gen
    rustfmt --edition 2024 proto/rust/*/src/gen/*.rs

# Regenerate the committed query data of a crate, or of all that have some: ./justw sqlx benefits
sqlx *crates: (install "run")
    deploy/local/sqlx.sh {{ crates }}

# Everything that tests and the local installation run, in one resolution of features so that nothing is compiled twice.
[private]
build:
    SQLX_OFFLINE=true cargo build --workspace --bins --tests

[private]
built:
    @[ -x {{ dev }} ] || { echo "nothing was built yet: run ./justw up" >&2; exit 1; }

[private]
install level:
    @TADAMON_QUIET_INSTALL=1 deploy/local/install.sh {{ level }}
