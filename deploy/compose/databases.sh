#!/bin/sh
# One role and one database per service, with a password of its own; no service can connect to another's: what deploy/dev does for the local
# installation. Postgres' image runs it once, when its volume is empty; it may be run again.
set -eu

for service in identity membership benefits documents partnerships notifications; do
    variable="TADAMON_POSTGRES_$(echo "$service" | tr '[:lower:]' '[:upper:]')"
    password=$(printenv "$variable") || { echo "databases: $variable is missing" >&2; exit 64; }
    # Read from the input and not from an argument: arguments stand in the list of processes.
    psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<SQL
SELECT 'CREATE ROLE $service LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$service') \\gexec
ALTER ROLE $service PASSWORD '$password';
SELECT 'CREATE DATABASE $service OWNER $service' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$service') \\gexec
REVOKE CONNECT, TEMPORARY ON DATABASE $service FROM PUBLIC;
SQL
done
