#!/bin/sh
# What PostgreSQL's official image does that docker-compose.yml relies on: an empty volume becomes a database, by the scripts in
# /docker-entrypoint-initdb.d, while nobody can connect by the network; then the server.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    # Not under its name until it is whole: a container that was killed meanwhile begins again.
    rm -rf "$PGDATA.new"
    initdb --pgdata "$PGDATA.new" --username postgres --pwfile "$POSTGRES_PASSWORD_FILE" --auth-local trust --auth-host scram-sha-256
    echo 'host all all all scram-sha-256' >>"$PGDATA.new/pg_hba.conf"
    pg_ctl --pgdata "$PGDATA.new" --options "-c listen_addresses=''" --wait start
    for script in /docker-entrypoint-initdb.d/*.sh; do
        sh "$script"
    done
    pg_ctl --pgdata "$PGDATA.new" --wait stop
    mv "$PGDATA.new" "$PGDATA"
fi
exec "$@" -c "listen_addresses=*"
