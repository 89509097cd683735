"""All dashboards, in the order in which they are looked at."""

from __future__ import annotations

from dashboards.api import API
from dashboards.infrastructure import INFRASTRUCTURE
from dashboards.ledger import LEDGER
from dashboards.llm import LLM
from dashboards.overview import OVERVIEW
from dashboards.pipeline import PIPELINE
from dashboards.slo import SLO
from dashboards.transcription import TRANSCRIPTION

BOARDS = (OVERVIEW, PIPELINE, TRANSCRIPTION, LLM, API, LEDGER, INFRASTRUCTURE, SLO)
