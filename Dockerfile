# Diarist's images. Targets: api, worker, production (the default), gpu, development; docs/explanation/docker-build.md says why they
# are made like this. It builds with Debian's Docker 20.10 too: no frontend is fetched, nothing newer than RUN --mount is used.
#
# Pin the base by its digest where images are published: --build-arg PYTHON_IMAGE=python:3.11-slim-bookworm@sha256:…
# Optional build secrets: `pip` (a pip.conf), `uv` (a uv.toml), `ca` (a bundle of certificates) for a package index of your own.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm
# What the GPU image adds CUDA to. Whoever wants NVIDIA's own base image gives it as PYTHON_IMAGE, with a Python in it.
ARG GPU_BASE=production-packages


FROM ${PYTHON_IMAGE} AS base
ENV LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# Whatever tini Debian has: its one job has not changed in years. Logs tell when, and would make each build another one.
# hadolint ignore=DL3008
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
    rm -f /etc/apt/apt.conf.d/docker-clean \
    && apt-get update \
    && apt-get install --yes --no-install-recommends tini \
    && rm -rf /var/cache/ldconfig/aux-cache /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /var/lib/dpkg/*-old


# uv and strip, for the stages below: they look into this one, and nothing of it is in an image.
FROM base AS tools
# hadolint ignore=DL3008
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
    apt-get update \
    && apt-get install --yes --no-install-recommends binutils
COPY requirements/uv.txt /build/
RUN --mount=type=cache,target=/var/cache/pip \
    --mount=type=secret,id=pip,target=/etc/pip.conf,required=false \
    --mount=type=secret,id=ca,required=false \
    if [ -e /run/secrets/ca ]; then export PIP_CERT=/run/secrets/ca; fi \
    && python3 -m venv /opt/uv \
    && /opt/uv/bin/pip install --cache-dir /var/cache/pip --require-hashes --only-binary :all: --requirement /build/uv.txt
COPY deploy/docker/install.py deploy/docker/prove.py deploy/docker/unneeded.txt /build/


# Everything that development needs. The repository is mounted over /src; what is here makes it importable.
FROM tools AS development
# hadolint ignore=DL3008
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \
    apt-get update \
    && apt-get install --yes --no-install-recommends git make \
    && groupadd --gid 10001 diarist \
    && useradd --uid 10001 --gid diarist --create-home --shell /usr/sbin/nologin diarist \
    && install --directory --owner diarist --group diarist /data /cache
COPY requirements/dev.txt requirements/build.txt /build/
RUN --mount=type=cache,target=/var/cache/uv \
    --mount=type=secret,id=uv,target=/etc/uv/uv.toml,required=false \
    --mount=type=secret,id=ca,required=false \
    python3 /build/install.py development /build/dev.txt
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY src/diarist/__init__.py src/diarist/
RUN --mount=type=cache,target=/var/cache/uv \
    --mount=type=secret,id=uv,target=/etc/uv/uv.toml,required=false \
    --mount=type=secret,id=ca,required=false \
    python3 /build/install.py editable /src
COPY src src
ENV PATH=/opt/diarist/bin:/opt/uv/bin:$PATH \
    DIARIST_DATA_DIR=/data DIARIST_CACHE_DIR=/cache DIARIST_HTTP__HOST=0.0.0.0
COPY deploy/docker/healthcheck.py /opt/diarist/app/
EXPOSE 8000 8001 9100 9101 9102 9103 5678
VOLUME ["/data", "/cache"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=8s --start-period=60s --retries=3 \
    CMD ["python3", "-I", "-S", "/opt/diarist/app/healthcheck.py"]
USER 10001:10001
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["diarist", "serve", "standalone"]


# The wheel, built once and unpacked once for all images. SOURCE_DATE_EPOCH is the time of its files.
FROM tools AS wheel
WORKDIR /build
COPY requirements/build.txt ./
COPY pyproject.toml README.md LICENSE source/
COPY deploy/docker/healthcheck.py source/
COPY src source/src
ARG SOURCE_DATE_EPOCH=315532800
RUN --mount=type=cache,target=/var/cache/uv \
    --mount=type=secret,id=uv,target=/etc/uv/uv.toml,required=false \
    --mount=type=secret,id=ca,required=false \
    python3 install.py wheel source


# What every image that runs Diarist is: a user, its folders, and how it starts, is asked and ends. pip is in nobody's way and in
# nobody's hands: what is installed is what was locked.
FROM base AS runtime
RUN groupadd --gid 10001 diarist \
    && useradd --uid 10001 --gid diarist --no-create-home --home-dir /cache --shell /usr/sbin/nologin diarist \
    && install --directory --owner diarist --group diarist /data /cache \
    && rm -rf /usr/local/bin/pip* /usr/local/lib/python3*/site-packages/pip* /usr/local/lib/python3*/dist-packages/pip* \
        /usr/local/lib/python3*/ensurepip /usr/share/python-wheels /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow-
ENV PATH=/opt/diarist/app/bin:/opt/diarist/bin:$PATH HOME=/cache \
    DIARIST_DATA_DIR=/data DIARIST_CACHE_DIR=/cache DIARIST_HTTP__HOST=0.0.0.0 DIARIST_LOG__FORMAT=json
VOLUME ["/data", "/cache"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=8s --start-period=60s --retries=3 \
    CMD ["python3", "-I", "-S", "/opt/diarist/app/healthcheck.py"]
ENTRYPOINT ["/usr/bin/tini", "--", "diarist"]
LABEL org.opencontainers.image.title="Diarist" \
      org.opencontainers.image.description="Turns recordings into a diary in which every sentence can be played back." \
      org.opencontainers.image.vendor="The Diarist authors" \
      org.opencontainers.image.source="https://github.com/diarist/diarist" \
      org.opencontainers.image.licenses="Apache-2.0"


# Packages, each stage a layer over the one before: machines that run several images keep what they share once. What is left of them
# is used before a layer is done (prove.py), as install.py has taken some of it away. Their files bear no build's time: layers stay
# the same from release to release.
FROM runtime AS core-packages
RUN --mount=type=bind,from=tools,target=/tools \
    --mount=type=bind,source=requirements/core.txt,target=/requirements.txt \
    --mount=type=cache,target=/var/cache/uv \
    --mount=type=secret,id=uv,target=/etc/uv/uv.toml,required=false \
    --mount=type=secret,id=ca,required=false \
    python3 /tools/build/install.py packages /requirements.txt \
    && /opt/diarist/bin/python -B /tools/build/prove.py core

FROM core-packages AS api-packages
RUN --mount=type=bind,from=tools,target=/tools \
    --mount=type=bind,source=requirements/api.txt,target=/requirements.txt \
    --mount=type=cache,target=/var/cache/uv \
    --mount=type=secret,id=uv,target=/etc/uv/uv.toml,required=false \
    --mount=type=secret,id=ca,required=false \
    python3 /tools/build/install.py packages /requirements.txt \
    && /opt/diarist/bin/python -B /tools/build/prove.py api

FROM core-packages AS worker-packages
RUN --mount=type=bind,from=tools,target=/tools \
    --mount=type=bind,source=requirements/worker.txt,target=/requirements.txt \
    --mount=type=cache,target=/var/cache/uv \
    --mount=type=secret,id=uv,target=/etc/uv/uv.toml,required=false \
    --mount=type=secret,id=ca,required=false \
    python3 /tools/build/install.py packages /requirements.txt \
    && /opt/diarist/bin/python -B /tools/build/prove.py worker

FROM worker-packages AS production-packages
RUN --mount=type=bind,from=tools,target=/tools \
    --mount=type=bind,source=requirements/model.txt,target=/requirements.txt \
    --mount=type=cache,target=/var/cache/uv \
    --mount=type=secret,id=uv,target=/etc/uv/uv.toml,required=false \
    --mount=type=secret,id=ca,required=false \
    python3 /tools/build/install.py model base /requirements.txt
RUN --mount=type=bind,from=tools,target=/tools \
    --mount=type=bind,source=requirements/api.txt,target=/requirements.txt \
    --mount=type=cache,target=/var/cache/uv \
    --mount=type=secret,id=uv,target=/etc/uv/uv.toml,required=false \
    --mount=type=secret,id=ca,required=false \
    python3 /tools/build/install.py packages /requirements.txt \
    && /opt/diarist/bin/python -B /tools/build/prove.py api \
    && /opt/diarist/bin/python -B /tools/build/prove.py worker
ENV DIARIST_ENGINE__MODEL=/opt/diarist/models/base

FROM ${GPU_BASE} AS gpu-packages
RUN --mount=type=bind,from=tools,target=/tools \
    --mount=type=bind,source=requirements/gpu.txt,target=/requirements.txt \
    --mount=type=cache,target=/var/cache/uv \
    --mount=type=secret,id=uv,target=/etc/uv/uv.toml,required=false \
    --mount=type=secret,id=ca,required=false \
    python3 /tools/build/install.py cuda /requirements.txt
ENV LD_LIBRARY_PATH=/opt/diarist/cuda/nvidia/cublas/lib:/opt/diarist/cuda/nvidia/cudnn/lib:/opt/diarist/cuda/nvidia/cuda_nvrtc/lib \
    NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility


# Images: packages, then the code as the last layer, so that a change of it is all that is built and sent.
FROM api-packages AS api
ARG VERSION=0
ARG REVISION=unknown
COPY --from=wheel /opt/diarist/app /opt/diarist/app
EXPOSE 8000 8001 9100 9103
USER 10001:10001
CMD ["serve", "ingestion-api"]
LABEL org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}"

FROM worker-packages AS worker
ARG VERSION=0
ARG REVISION=unknown
COPY --from=wheel /opt/diarist/app /opt/diarist/app
EXPOSE 9101 9102
USER 10001:10001
CMD ["serve", "transcription-worker"]
LABEL org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}"

FROM production-packages AS production
ARG VERSION=0
ARG REVISION=unknown
COPY --from=wheel /opt/diarist/app /opt/diarist/app
EXPOSE 8000 8001 9100 9101 9102 9103
USER 10001:10001
CMD ["serve", "standalone"]
LABEL org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}"

FROM gpu-packages AS gpu
ARG VERSION=0
ARG REVISION=unknown
COPY --from=wheel /opt/diarist/app /opt/diarist/app
EXPOSE 8000 8001 9100 9101 9102 9103
USER 10001:10001
CMD ["serve", "transcription-worker"]
LABEL org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}"


# What is built where no target is named.
FROM production
