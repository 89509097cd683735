#!/bin/sh
# Runs uv: the one on PATH, else one that the first call fetches into .uv/, pinned by requirements/uv.txt.
# uv does not read pip's configuration, so the index and the certificates that pip is told to use are handed on to it.
set -eu
cd "$(dirname "$0")/.."

pip_setting() { printf '%s\n' "$pip_settings" | sed -n "s/^global\.$1='\(.*\)'\$/\1/p"; }

index=${PIP_INDEX_URL:-}
certificates=${PIP_CERT:-}
if uv --version >/dev/null 2>&1; then
    uv=uv
else
    uv=.uv/bin/uv
    pip=".uv/bin/python -m pip --disable-pip-version-check"
    if [ ! -e .uv/fetched ] || [ requirements/uv.txt -nt .uv/fetched ]; then
        python=$(sh scripts/preflight.sh)
        echo "Fetching uv into .uv/ (once)" >&2
        "$python" -m venv --clear .uv
        $pip install --quiet --only-binary :all: --require-hashes -r requirements/uv.txt
        touch .uv/fetched
    fi
    pip_settings=$($pip config list 2>/dev/null || true)
    index=${index:-$(pip_setting index-url)}
    certificates=${certificates:-$(pip_setting cert)}
fi

if [ -n "$index" ] && [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    export UV_DEFAULT_INDEX="$index"
fi
if [ -n "$certificates" ] && [ -z "${SSL_CERT_FILE:-}" ]; then
    export SSL_CERT_FILE="$certificates"
fi
export UV_PYTHON_DOWNLOADS=never
exec "$uv" "$@"
