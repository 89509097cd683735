"""The roles `ingestion-api` and `job-status-api`: what they are asked, how they answer, and why slowly."""

from __future__ import annotations

from dashboards.asking import MINE, none_is_zero, quantile, rate, ratio, seldom
from dashboards.board import Board, Colour, Panel, Query, Row, Shape

_REQUESTS, _TIMES = "diarist_http_requests_total", "diarist_http_request_duration_seconds"

_ALL, _FAILED = rate(_REQUESTS, "job"), rate(_REQUESTS, "job", where='status="5xx"')
_WRONG = seldom(_REQUESTS, "route", where='status="4xx"')
_USED = ratio(f"diarist_database_connections_in_use{{{MINE}}}", f"diarist_database_connections_max{{{MINE}}}")

_ASKED = Row(
    question="What are they asked, and is it answered?",
    panels=(
        Panel(
            title="Requests",
            tells="A second, by class of status.",
            unit="reqps",
            queries=(Query(rate(_REQUESTS, "status"), "{{status}}"),),
            stacked=True,
            help="runbooks/slo-api-availability.md",
        ),
        Panel(
            title="Requests that failed",
            tells="Share that was answered 5xx, by role; 1 in 2,000 is what is allowed.",
            unit="percentunit",
            queries=(Query(ratio(f"({_FAILED} or 0 * {_ALL})", _ALL), "{{job}}"),),
            steps=((0.0005, Colour.LOOK), (0.01, Colour.ACT)),
            help="runbooks/slo-api-availability.md",
        ),
        Panel(
            title="Requests that were wrong",
            tells="Answered 4xx, a second, by route: ten most. A client that is broken, or has lost its key.",
            unit="reqps",
            queries=(Query(f"topk(10, {_WRONG})", "{{route}}"),),
            help="how-to/use-the-http-api.md",
        ),
    ),
)
_SLOW = Row(
    question="What is slow?",
    panels=(
        Panel(
            title="Time of answers",
            tells="Half, 95 % and 99 % of all requests are answered within it. Dots lead to traces.",
            unit="s",
            queries=tuple(
                Query(quantile(share, _TIMES), name) for share, name in ((0.5, "half"), (0.95, "95 %"), (0.99, "99 %"))
            ),
            steps=((0.25, Colour.LOOK), (1, Colour.ACT)),
            exemplars=True,
            help="runbooks/slo-api-latency.md",
        ),
        Panel(
            title="How long answers take",
            tells="How many took how long. A second band far above the first: one route, or something that is waited for.",
            unit="s",
            queries=(Query(rate(f"{_TIMES}_bucket", "le"), "{{le}}"),),
            shape=Shape.HEAT,
            exemplars=True,
            help="runbooks/slo-api-latency.md",
        ),
        Panel(
            title="Slowest routes",
            tells="95 % of the requests to each are answered within this time. Uploads, downloads and calls that wait for speech "
            "to be "
            "heard are slow by nature.",
            unit="s",
            queries=(Query(f"topk(10, {quantile(0.95, _TIMES, 'method', 'route')} > 0)", "{{method}} {{route}}"),),
            shape=Shape.TABLE,
            steps=((0.25, Colour.LOOK), (1, Colour.ACT)),
            help="runbooks/slo-api-latency.md",
        ),
    ),
)
_WHY = Row(
    question="Why is it slow?",
    panels=(
        Panel(
            title="Requests being answered",
            tells="Now, by process. Grows when answers wait for something.",
            unit="short",
            queries=(Query(f"sum by (job, instance) (diarist_http_requests_in_flight{{{MINE}}})", "{{job}} {{instance}}"),),
            help="runbooks/slo-api-latency.md",
            width=6,
        ),
        Panel(
            title="Event loops that lag",
            tells="99 % of the time a loop comes no later than this to what is due. Late loops make every request late.",
            unit="s",
            queries=(Query(quantile(0.99, "diarist_event_loop_lag_seconds", "job", "loop"), "{{job}} {{loop}}"),),
            steps=((0.1, Colour.LOOK), (0.5, Colour.ACT)),
            help="runbooks/event-loop-lags.md",
            width=6,
        ),
        Panel(
            title="Database",
            tells="95 % of the statements of each kind take no longer.",
            unit="s",
            queries=(Query(quantile(0.95, "diarist_database_statement_duration_seconds", "operation"), "{{operation}}"),),
            steps=((0.05, Colour.LOOK), (0.5, Colour.ACT)),
            exemplars=True,
            help="runbooks/database-slow.md",
            width=6,
        ),
        Panel(
            title="Connections to the database in use",
            tells="Share of those that a process may have, by role and server. At 1 requests wait for one.",
            unit="percentunit",
            queries=(Query(f"max by (job, server) ({_USED})", "{{job}} {{server}}"),),
            steps=((0.7, Colour.LOOK), (0.9, Colour.ACT)),
            most=1,
            help="runbooks/database-pool-exhausted.md",
            width=6,
        ),
    ),
)
_STAY = Row(
    question="Who stays connected, who is kept out?",
    panels=(
        Panel(
            title="Open streams",
            tells="Event streams and WebSockets, by protocol.",
            unit="short",
            queries=(
                Query(none_is_zero(f"sum by (protocol) (diarist_http_streams_open{{{MINE}}})", "protocol"), "{{protocol}}"),
            ),
            stacked=True,
            help="how-to/follow-the-work.md",
        ),
        Panel(
            title="Too many requests",
            tells="Refused with 429, a second: `asked` by one key or person, `refused` from one address that guesses keys.",
            unit="reqps",
            queries=(Query(seldom("diarist_http_rate_limited_total", "limit"), "{{limit}}"),),
            steps=((1, Colour.LOOK),),
            help="how-to/use-the-http-api.md",
        ),
        Panel(
            title="Bytes of recordings that arrive",
            tells="A second, by how they come.",
            unit="Bps",
            queries=(Query(rate("diarist_upload_bytes_total", "protocol"), "{{protocol}}"),),
            stacked=True,
            help="how-to/plan-capacity.md",
        ),
    ),
)

API = Board(
    uid="diarist-api",
    title="API: ingestion-api, job-status-api",
    tells="What the APIs are asked, how they answer, and why slowly.",
    roles="ingestion-api|job-status-api|standalone",
    rows=(_ASKED, _SLOW, _WHY, _STAY),
)
