#!/bin/sh
# Makes the secrets of docker-compose.yml that are not there yet, in the folder that is given (.secrets); those that are stay as they are.
# Containers run under other users and have to read the files; who may enter the folder is what protects them.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-${FLEET_SECRETS:-.secrets}}
umask 022
mkdir -p "$folder"
chmod 700 "$folder"

# Written under another name first: a file that is there is whole.
keep() {
    [ -e "$folder/$1" ] && return
    cat >"$folder/.$1.new"
    chmod 444 "$folder/.$1.new"
    mv "$folder/.$1.new" "$folder/$1"
}
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
told() { cat "$folder/$1"; }

for name in postgres_password database_password monitor_password redis_password grafana_password; do
    random | keep "$name"
done
printf 'postgresql://diarist:%s@postgres:5432/diarist' "$(told database_password)" | keep DIARIST_DATABASE__URL
printf 'redis://:%s@redis:6379/0' "$(told redis_password)" | keep DIARIST_BROKER__URL
# Bells are kept, never evicted, and not in an image's own words.
printf 'requirepass %s\ndir /data\nappendonly yes\nmaxmemory 768mb\nmaxmemory-policy noeviction\n' "$(told redis_password)" |
    keep redis.conf
printf '{"redis://redis:6379": "%s"}' "$(told redis_password)" | keep redis_exporter.json
# Yours to fill, where you have something to fill them with; then `docker compose up -d --force-recreate` with the roles' names.
for name in DIARIST_STORAGE__SECRET_ACCESS_KEY DIARIST_TELEMETRY__SENTRY_DSN DIARIST_OIDC__CLIENT_SECRET DIARIST_LLM__PROVIDERS; do
    keep "$name" </dev/null
done
