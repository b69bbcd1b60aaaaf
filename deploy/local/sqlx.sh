#!/usr/bin/env bash
# Regenerates the committed query data (.sqlx) of crates: a throw-away Postgres, the migrations, one compile with the macros online.
#
#   deploy/local/sqlx.sh [CRATE...]      default: every crate that has an sqlx.toml
#
# It needs nothing of the workspace to compile first, so that stale data never stands in its own way. It leaves nothing running.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"

bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
# Postgres refuses to run as root, and its user must be able to enter the directory: not below the clone, then.
scratch=$(mktemp -d /var/tmp/tadamon-sqlx.XXXXXX)
as_server=()
if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$scratch"
    as_server=(setpriv --reuid=postgres --regid=postgres --init-groups)
fi
cleanup() {
    (cd "$scratch" && "${as_server[@]}" "$bin/pg_ctl" -D "$scratch/data" -m immediate -s stop >/dev/null 2>&1) || true
    rm -rf "$scratch"
}
trap cleanup EXIT

# A free port below the range that the kernel hands out; nothing listens on it when the connection is refused.
port=
for candidate in $(seq 25900 25999); do
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null; then port=$candidate; break; fi
done
[ -n "$port" ] || { echo "sqlx: no free port between 25900 and 25999" >&2; exit 1; }
(
    cd "$scratch"
    "${as_server[@]}" "$bin/initdb" -D data --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
    "${as_server[@]}" "$bin/pg_ctl" -D data -w -s -l "$scratch/log" \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off" start
)
server="postgres://postgres@127.0.0.1:$port"

directory_of() {
    local name=$1 dir
    for dir in crates services .; do
        if [ -f "$dir/$name/sqlx.toml" ]; then printf '%s\n' "$dir/$name"; return; fi
    done
    echo "sqlx: no crate $name with an sqlx.toml" >&2
    return 1
}

[ "$#" -gt 0 ] || set -- $(ls -d crates/*/sqlx.toml services/*/sqlx.toml cli/sqlx.toml 2>/dev/null | xargs -n 1 dirname | xargs -n 1 basename)
for name in "$@"; do
    dir=$(directory_of "$name")
    variable=$(sed -n 's/^ *database-url-var *= *"\(.*\)".*/\1/p' "$dir/sqlx.toml")
    package=$(sed -n 's/^name *= *"\(.*\)".*/\1/p' "$dir/Cargo.toml" | head -n 1)
    database="sqlx_${name//-/_}"
    psql -qX "$server/postgres" -c "CREATE DATABASE $database"
    # All mechanism crates' migrations and the crate's own, in the order of their versions, as the service itself merges them.
    migrations=()
    for folder in crates/platform crates/bus crates/work-queue "$dir"; do
        [ -d "$folder/migrations" ] && migrations+=("$folder"/migrations/*.sql)
    done
    printf '%s\n' "${migrations[@]}" | sort -u | awk -F/ '{ print $NF "\t" $0 }' | sort | cut -f 2 | while read -r migration; do
        psql -qX -v ON_ERROR_STOP=1 "$server/$database" -f "$migration" >/dev/null || { echo "sqlx: $migration failed" >&2; exit 1; }
    done
    mkdir -p "$dir/.sqlx" "$scratch/$name"
    # Written aside: only a compile that succeeds replaces the committed data.
    touch "$dir"/src/*.rs
    env -u SQLX_OFFLINE "$variable=$server/$database" SQLX_OFFLINE_DIR="$scratch/$name" cargo check -q -p "$package" --tests
    rm -f "$dir"/.sqlx/query-*.json
    cp "$scratch/$name"/query-*.json "$dir/.sqlx/" 2>/dev/null || true
    echo "sqlx: $dir/.sqlx holds $(ls "$dir/.sqlx" | wc -l) queries"
done
