"""Writes the parts of `deploy/` that follow from the code; `--check` only says which are out of date."""

from __future__ import annotations

from diarist.services.balancing import READER, READS, WRITER, rules
from made_files import ROOT, notice, write_or_check

DEPLOY = ROOT / "deploy"
MADE = notice("src/diarist/services/balancing.py")


def paths() -> str:
    """The rules as the chart reads them."""
    rows = "".join(f"  - {{prefix: {rule.prefix}, role: {rule.role}}}\n" for rule in rules())
    return f"# {MADE}\nmethods: [{', '.join(READS)}]\nrest: {WRITER}\nreads:\n{rows}"


def haproxy() -> str:
    """A load balancer for Compose: reads and writes apart, and around whatever is not ready."""
    choices = "".join(
        f"    use_backend {rule.role} if looks {{ path_beg {rule.prefix} }}\n" for rule in rules()
    )  # fmt: skip
    backends = "".join(
        f"""
backend {role}
    option httpchk
    http-check send meth GET uri /health/ready ver HTTP/1.1 hdr Host localhost
    http-check expect status 200
    option redispatch
    retries 2
    retry-on conn-failure
    server-template {role}- 8 {role}:{port} resolvers names init-addr none check port {private} inter 2s fall 2 rise 1
"""
        for role, port, private in ((WRITER, 8000, 9100), (READER, 8001, 9103))
    )
    return f"""# {MADE}
global
    # 8,000 connections, or as many as the process may have files for.
    fd-hard-limit 16100
    log stdout format raw local0 notice

defaults
    mode http
    log global
    timeout connect 5s
    timeout client 1h
    timeout server 1h
    timeout http-request 30s
    timeout http-keep-alive 60s
    # As long as a role may take to look at what it needs; one that is merely busy is not taken off.
    timeout check 6s
    option forwardfor
    option http-keep-alive

resolvers names
    parse-resolv-conf
    hold valid 5s
    hold obsolete 10s

frontend api
    bind :8080
    # Whether there is somebody behind it, for reads and for writes.
    monitor-uri /balancer
    monitor fail if {{ nbsrv({WRITER}) eq 0 }} || {{ nbsrv({READER}) eq 0 }}
    # Uploads stream through, and so do events.
    no option http-buffer-request
    acl looks method {" ".join(READS)}
{choices}    default_backend {WRITER}
{backends}"""


if __name__ == "__main__":
    made = {DEPLOY / "kubernetes" / "diarist" / "paths.yaml": paths(), DEPLOY / "docker" / "haproxy.cfg": haproxy()}
    raise SystemExit(write_or_check(__doc__, made))
