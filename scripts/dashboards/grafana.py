"""Boards as Grafana reads them, by its own library."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from grafana_foundation_sdk.builders import bargauge, common, dashboard, heatmap, prometheus, stat, table, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common as how
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.heatmap import HeatmapColorMode
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from alerting.alert import RUNBOOKS
from dashboards.board import Board, Panel, Query, Row, Shape

DOCS = RUNBOOKS.rsplit("/", 1)[0]
_SOURCE = model.DataSourceRef(type_val="prometheus", uid="${source}")
_PROMETHEUS, _TRACES, _LOGS = "prometheus", "jaeger", "loki"
"""The uids of the data sources in deploy/observability/grafana/provisioning."""
_TAG = "diarist"
_AS_OF_NOW = {Shape.NUMBER, Shape.BARS, Shape.TABLE}
"""Asked for one moment: the last value of what is gone would look as if it were still there."""
_ALL = model.VariableOption(selected=True, text=["All"], value=["$__all"])


def as_json(board: Board) -> str:
    """The dashboard as a file that Grafana provisions."""
    made = _dashboard(board).build()
    # Built twice, every id and place is the same: what changes in the file was changed here.
    return json.dumps(made, cls=JSONEncoder, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _dashboard(board: Board) -> dashboard.Dashboard:
    made = (
        dashboard.Dashboard(board.title)
        .uid(board.uid)
        .description(board.tells)
        .tags([_TAG])
        .timezone("browser")
        .time("now-3h", "now")
        .refresh("30s")
        .tooltip(model.DashboardCursorSync.CROSSHAIR)
        .readonly()
        .links(_links())
        .variables(_variables(board))
    )
    numbers = iter(range(1, 1000))
    for row in board.rows:
        made.with_row(dashboard.Row(row.question).id(next(numbers)))
        _place(made, row, numbers.__next__)
    return made


def _place(made: dashboard.Dashboard, row: Row, number: Callable[[], int]) -> None:
    for panel in row.panels:
        made.with_panel(_SHAPES[panel.shape](panel).id(number()).span(panel.width).height(panel.height))


def _links() -> list[Any]:
    """To the other dashboards, and to everything of one job."""
    return [
        dashboard.DashboardLink("Dashboards")
        .type(model.DashboardLinkType.DASHBOARDS)
        .tags([_TAG])
        .as_dropdown(as_dropdown=True)
        .keep_time(keep_time=True),
        _link(
            "Trace of the job",
            "Where is this one recording: its way through all processes",
            _explore(_TRACES, {"queryType": "search", "service": "transcription-worker", "tags": 'diarist.job.id="${job_id}"'}),
        ),
        _link(
            "Log of the job",
            "All that processes wrote of it",
            _explore(_LOGS, {"expr": '{service_name=~".+"} | job_id=`${job_id}`', "queryType": "range"}),
        ),
        _link("How to read this", "What these pictures show", f"{DOCS}/how-to/look-at-dashboards.md"),
    ]


def _link(title: str, tells: str, url: str) -> dashboard.DashboardLink:
    return (
        dashboard.DashboardLink(title)
        .type(model.DashboardLinkType.LINK)
        .icon("external link")
        .tooltip(tells)
        .url(url)
        .target_blank(target_blank=True)
    )


def _explore(source: str, query: dict[str, str]) -> str:
    asked = {"refId": "A", "datasource": {"type": source, "uid": source}, **query}
    panes = {"job": {"datasource": source, "queries": [asked], "range": {"from": "now-24h", "to": "now"}}}
    # The variable has to stay as it is: Grafana fills it in.
    return f"/explore?schemaVersion=1&orgId=1&panes={quote(json.dumps(panes), safe='${}')}"


def _variables(board: Board) -> list[Any]:
    source = (
        dashboard.DatasourceVariable("source")
        .label("Prometheus")
        .description("Where the figures are")
        .type("prometheus")
        .current(model.VariableOption(selected=True, text="Prometheus", value=_PROMETHEUS))
    )
    job = dashboard.TextBoxVariable("job_id").label("Job").description("The id of a job; the links above lead to all of it")
    prices = [
        dashboard.TextBoxVariable(price.name).label(price.label).description(price.tells).default_value(price.usd)
        for price in board.prices
    ]
    processes = _processes(board.roles) if board.roles else []
    return [source, *processes, *prices, job.default_value("")]


def _processes(roles: str) -> list[Any]:
    return [
        _chosen("role", "Role", "As design and settings call them", f'label_values(up{{job=~"{roles}"}}, job)'),
        _chosen(
            "instance", "Process", "One process of the roles, by its private port", 'label_values(up{job=~"$role"}, instance)'
        ),
    ]


def _chosen(name: str, label: str, tells: str, query: str) -> dashboard.QueryVariable:
    return (
        dashboard.QueryVariable(name)
        .label(label)
        .description(tells)
        .datasource(_SOURCE)
        .query({"query": query, "refId": name})
        .current(_ALL)
        .multi(multi=True)
        .include_all(include_all=True)
        .refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(model.VariableSort.ALPHABETICAL_ASC)
    )


def _query(panel: Panel, query: Query, ref: str) -> prometheus.Dataquery:
    made = prometheus.Dataquery().datasource(_SOURCE).ref_id(ref).expr(query.expression).legend_format(query.legend)
    if panel.shape is Shape.TABLE:
        made.format(PromQueryFormat.TABLE)
    if panel.shape in _AS_OF_NOW:
        return made.instant()
    if panel.shape is Shape.HEAT:
        made.format(PromQueryFormat.HEATMAP)
    return made.range().exemplar(panel.exemplars)


def _dressed(made: Any, panel: Panel) -> Any:
    """What panels of all shapes have."""
    steps = [model.Threshold(value=None, color=panel.below.value)]
    steps += [model.Threshold(value=value, color=colour.value) for value, colour in panel.steps]
    made.title(panel.title).description(panel.tells).datasource(_SOURCE).unit(panel.unit)
    made.thresholds(dashboard.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(steps))
    made.links([_link("What to do", "The page for whoever does not like what this shows", f"{DOCS}/{panel.help}")])
    if panel.unit == "percentunit":
        made.min(0)
    if panel.most is not None:
        made.max(panel.most)
    for place, query in enumerate(panel.queries):
        made.with_target(_query(panel, query, chr(ord("A") + place)))
    return made


def _lines(panel: Panel) -> Any:
    legend = common.VizLegendOptions().show_legend(show_legend=True).display_mode(how.LegendDisplayMode.TABLE)
    legend.placement(how.LegendPlacement.BOTTOM).calcs(["lastNotNull", "max"])
    made = timeseries.Panel().legend(legend).fill_opacity(30 if panel.stacked else 0).show_points(how.VisibilityMode.NEVER)
    tooltip = common.VizTooltipOptions().mode(how.TooltipDisplayMode.MULTI).sort(how.SortOrder.DESCENDING)
    made.tooltip(tooltip).axis_soft_min(0)
    if panel.stacked:
        made.stacking(common.StackingConfig().mode(how.StackingMode.NORMAL))
    if panel.steps:
        made.thresholds_style(common.GraphThresholdsStyleConfig().mode(how.GraphThresholdsStyleMode.DASHED))
    return _dressed(made, panel)


def _latest() -> common.ReduceDataOptions:
    return common.ReduceDataOptions().calcs(["lastNotNull"])


def _number(panel: Panel) -> Any:
    made = stat.Panel().reduce_options(_latest()).text_mode(how.BigValueTextMode.VALUE_AND_NAME)
    made.graph_mode(how.BigValueGraphMode.NONE).color_scheme(_by_steps())
    return _dressed(made, panel)


def _bars(panel: Panel) -> Any:
    made = bargauge.Panel().reduce_options(_latest()).orientation(how.VizOrientation.HORIZONTAL).min(0)
    made.display_mode(how.BarGaugeDisplayMode.BASIC).color_scheme(_by_steps())
    return _dressed(made, panel)


def _table(panel: Panel) -> Any:
    made = table.Panel().filterable(filterable=True).color_scheme(_by_steps())
    made.sort_by([common.TableSortByFieldState().display_name("Value").desc(desc=True)])
    hidden = {"excludeByName": {"Time": True, "__name__": True}}
    made.with_transformation(model.DataTransformerConfig(id_val="organize", options=hidden))
    made.display_mode(how.TableCellDisplayMode.COLOR_TEXT)
    return _dressed(made, panel)


def _heat(panel: Panel) -> Any:
    made = heatmap.Panel().calculate(calculate=False).cell_gap(1)
    made.color(heatmap.HeatmapColorOptions().mode(HeatmapColorMode.SCHEME).scheme("Oranges").steps(64))
    made.y_axis(heatmap.YAxisConfig().unit(panel.unit)).mode(how.TooltipDisplayMode.SINGLE)
    return _dressed(made, panel)


def _by_steps() -> dashboard.FieldColor:
    return dashboard.FieldColor().mode(model.FieldColorModeId.THRESHOLDS)


_SHAPES: dict[Shape, Callable[[Panel], Any]] = {
    Shape.LINES: _lines, Shape.NUMBER: _number, Shape.BARS: _bars, Shape.TABLE: _table, Shape.HEAT: _heat,
}  # fmt: skip
