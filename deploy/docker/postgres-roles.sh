#!/bin/sh
# Run once by PostgreSQL's image, on an empty volume: the database, whose owner is no superuser, and a role that may only watch.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres <<'SQL'
\set owner_password `cat /run/secrets/database_password`
\set monitor_password `cat /run/secrets/monitor_password`
CREATE ROLE diarist LOGIN PASSWORD :'owner_password';
CREATE DATABASE diarist OWNER diarist;
CREATE ROLE diarist_monitor LOGIN PASSWORD :'monitor_password';
GRANT pg_monitor TO diarist_monitor;
SQL
