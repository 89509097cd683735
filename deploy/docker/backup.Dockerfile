# The image of the chart's CronJob: Diarist, and pg_dump and pg_restore as new as the server. They come from PostgreSQL's own package
# source, since Debian's are older than most servers, and without shell or package manager: as in the image that they are added to.
#
#     docker build --target api --tag diarist:api .
#     docker build --file deploy/docker/backup.Dockerfile --build-arg DIARIST_IMAGE=diarist:api --build-arg POSTGRESQL=17 --tag diarist-backup .
#
# Not built where it was written: apt.postgresql.org could not be reached there.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm
ARG DIARIST_IMAGE=diarist:api

FROM ${PYTHON_IMAGE} AS programs
ARG POSTGRESQL=17
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends "postgresql-client-${POSTGRESQL}" \
    && rm -rf /var/lib/apt/lists/*
# The programs and the libraries that they load, each at the place where the other image looks for it.
RUN mkdir -p /programs/opt/postgresql \
    && cp "/usr/lib/postgresql/${POSTGRESQL}/bin/"pg_{dump,restore} /programs/opt/postgresql/ \
    && ldd /programs/opt/postgresql/* | awk '$2 == "=>" {print $3}' | sort --unique \
        | xargs cp --parents --dereference --target-directory=/programs

FROM ${DIARIST_IMAGE}
COPY --from=programs /programs /
ENV DIARIST_BACKUP__POSTGRESQL_PROGRAMS=/opt/postgresql
# As in the image that it is added to.
USER 10001:10001
