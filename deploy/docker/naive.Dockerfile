# What one writes first, kept to be measured against (scripts/build-performance.sh): one stage, everything copied before anything is
# installed, a compiler and FFmpeg because they might be needed, caches left behind, run by root. Nothing here is to be used.
# hadolint global ignore=DL3002,DL3008,DL3009,DL3013,DL3015,DL3042,DL3059
ARG PYTHON_IMAGE=python:3.11-slim-bookworm
FROM ${PYTHON_IMAGE}
WORKDIR /app
COPY . .
RUN apt-get update
RUN apt-get install -y build-essential ffmpeg git curl
RUN --mount=type=secret,id=pip,target=/etc/pip.conf,required=false \
    --mount=type=secret,id=ca,required=false \
    if [ -e /run/secrets/ca ]; then export PIP_CERT=/run/secrets/ca; fi \
    && python3 -m pip install ".[export,fleet,llm,masking,mistral,onnx,sentry,sign-in,tracing]"
CMD ["diarist", "serve", "standalone"]
