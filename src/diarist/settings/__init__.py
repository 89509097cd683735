"""Every knob, nested, from the environment (prefix `DIARIST_`, `__` between levels); a URL's scheme picks the adapter."""

from __future__ import annotations

import os
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, Self

from platformdirs import user_cache_path, user_data_path
from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from diarist.domain.hints import hints, listed
from diarist.domain.masking import Kind, MaskingPolicy, Where, WithoutNames
from diarist.errors import InvalidInput, Misconfigured
from diarist.settings.access import LimitSettings, OidcSettings
from diarist.settings.backup import BackupSettings
from diarist.settings.compat import CompatSettings
from diarist.settings.costs import CostSettings
from diarist.settings.llm import LlmSettings, Seconds
from diarist.settings.secret_files import secret_files
from diarist.settings.telemetry import TelemetrySettings
from diarist.settings.webhooks import WebhookSettings


class DatabaseSettings(BaseModel):
    """Where rows live."""

    url: str = ""
    """`postgresql://…`, or a SQLAlchemy URL of SQLite; empty means `sqlite` in the data directory."""
    replica_url: str = ""
    """`postgresql://…` of one streaming replica, for reads that may be a moment behind."""
    busy_timeout: Seconds = 30.0
    """Seconds that a writer waits for another, or for a free connection."""
    statement_timeout: Seconds = 60.0
    """Seconds that one statement may take on PostgreSQL."""
    connect_timeout: Seconds = 5.0
    """Seconds to wait for a connection to PostgreSQL; rounded, 2 at least."""
    pool_size: int = Field(default=5, ge=1, le=500)
    """Connections to PostgreSQL that an event loop opens as it needs them, and keeps; a busy API is better off with 15."""
    pool_overflow: int = Field(default=10, ge=0, le=500)
    """Connections beyond those, opened when all are in use and closed at once: each takes as long as ten statements."""


class BrokerSettings(BaseModel):
    """The Redis that rings the workers of other processes."""

    url: str = ""
    """`redis://…`, `rediss://…` or `redis+sentinel://host:port,host:port/service/db`; empty: all work is done in this process."""


class CacheSettings(BaseModel):
    """The Redis for what may be forgotten; apart from the broker's in production, because it may evict."""

    url: str = ""
    """Like the broker's; empty means the broker's."""


class EventSettings(BaseModel):
    """What carries events between processes."""

    url: str = ""
    """`redis://…` and so on, or `memory:`; empty means the broker's Redis if there is one, else this process alone."""
    keep_seconds: Seconds = 604_800.0
    """Seconds for which what happened can be told to whoever connects again."""
    keep_number: int = Field(default=1_000_000, ge=1000)
    """Events of all accounts that are kept; of more, the oldest go."""
    heartbeat: Annotated[float, Field(ge=0.05, le=300)] = 15.0
    """Seconds after which a stream that has nothing to tell says that it is still there."""
    max_streams: int = Field(default=5000, ge=1)
    """Streams that one process serves at once."""
    mailbox: int = Field(default=500, ge=10, le=100_000)
    """Events that may wait for one reader; one that is further behind is disconnected, and goes on where it was."""


class StorageSettings(BaseModel):
    """Where recordings and chunks live."""

    url: str = ""
    """`file:///…`, `s3://bucket/prefix`, `gs://bucket/prefix` or `az://container/prefix`; empty: `blobs/` in `data_dir`."""
    endpoint: str = ""
    """Address of the object store's server; empty means the cloud's own."""
    public_endpoint: str = ""
    """Address by which clients reach it in presigned URLs; empty means `endpoint`."""
    region: str = ""
    access_key_id: str = ""
    """Key id, or the name of the Azure account; empty means the environment of the cloud or the role of the machine."""
    secret_access_key: SecretStr = SecretStr("")
    """Secret of the key, key of the Azure account, or the JSON of a Google service account."""
    allow_http: bool = False
    """Whether the object store may be asked without TLS."""
    presigned_downloads: bool = False
    """Send those who ask for audio to the object store instead of passing the bytes through."""


class RouteSettings(BaseModel, extra="forbid"):
    """Recordings that another engine or model hears."""

    languages: list[Annotated[str, Field(pattern="^[a-z]{2,3}$")]] = []
    """Languages that it is for, ISO 639-1; empty for any, and for one that is not known beforehand."""
    min_seconds: Annotated[float, Field(ge=0)] = 0.0
    """Shortest recording that it is for."""
    max_seconds: Seconds | None = None
    """Recordings as long as this go elsewhere; unset means no limit."""
    careful: bool = False
    """Whether it hears what was doubted at first, and only that."""
    engine: str = ""
    """Entry point in the group `diarist.transcription_engines`; empty means the same engine."""
    model: str = "auto"


class EngineServerSettings(BaseModel):
    """The server that the engine `openai-compatible` asks."""

    url: str = ""
    """Base of its API, such as `https://api.openai.com/v1` or `http://localhost:8080/v1`."""
    api_key: SecretStr = SecretStr("")
    """Sent as a bearer token; empty sends none."""
    timeout: Annotated[float, Field(ge=1, le=500)] = 300.0
    """Seconds that it may take to answer for two minutes of speech."""


class EngineSettings(BaseModel):
    """Which engine hears, and how."""

    name: str = "auto"
    """Entry point in the group `diarist.transcription_engines`; `auto`: of those that run Whisper, the fastest here."""
    model: str = "auto"
    """`auto`, a local directory, or a model's name."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    compute_type: str = "auto"
    """`int8`, `float16`, `float32` and so on; `auto`: `int8` on a CPU, the best that a GPU computes with."""
    threads: int = Field(default=0, ge=0, le=256)
    """CPU threads of the engine; 0 means as many as the process may use."""
    beam_size: int | None = Field(default=None, ge=1, le=20)
    """Texts that are followed at once at most; unset means as many as cost little: 5 in OpenVINO, 1 elsewhere. A stretch that is
    doubted is heard again with 5 at least."""
    language: str | None = None
    """ISO 639-1; unset means that it is detected. What an account or a recording says comes first."""
    languages: Annotated[tuple[str, ...], NoDecode] = ()
    """Those that may be detected, such as `de,en`; empty for all that the model knows."""
    server: EngineServerSettings = EngineServerSettings()
    routes: list[RouteSettings] = []
    """What others hear: `[{"languages": ["en"], "engine": "onnx-asr", "model": "parakeet"}]`; the first that fits is taken."""
    idle_seconds: Annotated[float, Field(ge=0)] = 0.0
    """Seconds without work after which an engine and its model leave the memory; 0 means never."""
    memory_limit_mb: int = Field(default=0, ge=0)
    """Megabytes from which on an engine is started afresh after a chunk, and at twice as many within one; 0 means no limit."""

    @field_validator("languages", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(listed(value)) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _languages_are_known(self) -> Self:
        try:
            known = hints(self.language, self.languages)
        except InvalidInput as error:
            raise ValueError(f"{error.message}. {error.advice}") from error
        self.language, self.languages = known.language, known.languages  # in small letters
        return self


class QueueSettings(BaseModel):
    """Leases, retries and who works."""

    lease: Seconds = 15.0
    """Seconds a worker may be silent before its task is given to another."""
    renew: Seconds = 1.0
    """Seconds between a worker's signs of life; cancellation is noticed within one of them."""
    sweep: Seconds = 1.0
    """Seconds between looks for tasks whose bell was lost."""
    rering: Seconds = 10.0
    """Seconds after which a ready task that nobody took is rung again."""
    max_attempts: int = Field(default=5, ge=1, le=100)
    """Tries before a task that fails with a retryable error fails for good."""
    max_crashes: int = Field(default=5, ge=1, le=100)
    """Times a task may take its worker down before it is parked."""
    backoff_limit: Seconds = 300.0
    """Longest wait between two tries, seconds."""
    limits: dict[str, Annotated[int, Field(ge=1)]] = {}
    """Tasks of a queue that may run at once in the whole fleet, such as `{"llm": 50}`; a queue that is not named has no limit."""
    account_limit: int = Field(default=0, ge=0)
    """Tasks of one account that may run at once in each queue; 0 means no limit. An account may have a limit of its own."""
    grace: Annotated[float, Field(ge=0, le=3600)] = 10.0
    """Seconds after SIGTERM in which a worker of a fleet may finish its tasks; longer ones are given back at once."""


class PlanSettings(BaseModel):
    """How a recording is cut into chunks."""

    chunk_seconds: Annotated[float, Field(ge=10, le=1800)] = 300.0
    """Length to aim for; the cut is made in the best silence near it."""
    sound_filter: str = Field(default="", max_length=80)
    """What takes noise out of each chunk before an engine hears it, such as `afftdn`; empty for nothing, which is best for most
    recordings. The recording itself is never changed."""


class HttpSettings(BaseModel):
    """What the HTTP server listens on and accepts."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    private_port: int | None = Field(default=None, ge=0, le=65535)
    """Port for health and metrics; unset means the role's own, and none for `diarist up`."""
    debug: bool = False
    """Whether the private port has `/debug`: profiles, tasks and memory of the process, for keys with the scope `manage`."""
    drain_seconds: Annotated[float, Field(ge=0, le=600)] = 2.0
    """Seconds after SIGTERM in which an API of a fleet still takes requests, while load balancers see that it is not ready."""
    public_url: str = ""
    """Base of absolute links; empty means that links are relative."""
    allowed_hosts: list[str] = ["localhost", "127.0.0.1", "[::1]"]
    """`Host` and `Origin` names that are answered; others are refused, so that no web page can reach a local server."""
    trusted_proxies: list[IPv4Network | IPv6Network] = []
    """Networks of load balancers, such as `10.0.0.0/8`, whose `X-Forwarded-For` is believed."""
    require_key: bool = False
    """Whether `diarist up` wants a key from programs of this machine too; under another address or name it always does."""
    max_upload_bytes: int = Field(default=20 * 1024**3, gt=0)


class UploadSettings(BaseModel):
    """How long uploads in pieces, and answers for those who ask twice, are kept."""

    expires: Seconds = 86_400.0
    """Seconds without a byte after which an unfinished upload is deleted."""
    url_expires: Annotated[float, Field(ge=1, le=604_800)] = 3600.0
    """Seconds for which bytes may be put to a presigned URL."""
    keep_answers: Seconds = 86_400.0
    """Seconds for which a request with the same `Idempotency-Key` gets the same answer."""


class ImportSettings(BaseModel):
    """What may be fetched when a recording is given as an address."""

    enabled: bool = True
    allow_http: bool = False
    """Whether unencrypted addresses are taken too."""
    ports: list[int] = [443, 80]
    """Ports that may be connected to."""
    private_networks: list[IPv4Network | IPv6Network] = []
    """Networks such as `192.168.1.0/24` that may be fetched from though they are not public."""
    connect_seconds: Seconds = 5.0
    """Longest wait for a name, and for a connection."""
    idle_seconds: Seconds = 30.0
    """Longest wait for the next byte."""
    max_seconds: Seconds = 3600.0
    """Longest time that one download may take."""


class MaskingSettings(BaseModel):
    """What is masked in text before a language model reads it; an account may have a policy of its own."""

    kinds: Annotated[frozenset[Kind], NoDecode] = frozenset(Kind)
    """Such as `person,email`."""
    where: Annotated[frozenset[Where], NoDecode] = frozenset({Where.BEFORE_NON_SELF_HOSTED})
    """Any of them; empty for nowhere."""
    without_names: WithoutNames = WithoutNames.REFUSE
    """When nothing that knows names is installed (`pip install 'diarist[masking]'`), or nothing for the language: `refuse` lets
    no text leave, `patterns` lets it leave with most of its names."""

    @field_validator("kinds", "where", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return listed(value) if isinstance(value, str) else value

    @property
    def policy(self) -> MaskingPolicy:
        """What holds for accounts without one of their own."""
        return MaskingPolicy(kinds=self.kinds, where=self.where, without_names=self.without_names)


class LogSettings(BaseModel):
    """What is logged."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "json", "console"] = "auto"
    """`auto`: console in a terminal, JSON elsewhere."""


class Settings(BaseSettings):
    """All settings; immutable."""

    model_config = SettingsConfigDict(env_prefix="DIARIST_", env_nested_delimiter="__", frozen=True, extra="forbid")

    data_dir: Path = Field(default_factory=lambda: user_data_path("diarist"))
    """Database, recordings and lock file, unless their own URLs say otherwise."""
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("diarist"))
    """Models; may be deleted at any time."""
    secrets_dir: Path | None = None
    """Folder of secrets: files called like these variables, such as `DIARIST_DATABASE__URL`; the environment comes first."""
    database: DatabaseSettings = DatabaseSettings()
    broker: BrokerSettings = BrokerSettings()
    cache: CacheSettings = CacheSettings()
    events: EventSettings = EventSettings()
    storage: StorageSettings = StorageSettings()
    engine: EngineSettings = EngineSettings()
    queue: QueueSettings = QueueSettings()
    plan: PlanSettings = PlanSettings()
    http: HttpSettings = HttpSettings()
    oidc: OidcSettings = OidcSettings()
    limits: LimitSettings = LimitSettings()
    uploads: UploadSettings = UploadSettings()
    imports: ImportSettings = ImportSettings()
    webhooks: WebhookSettings = WebhookSettings()
    masking: MaskingSettings = MaskingSettings()
    llm: LlmSettings = LlmSettings()
    compat: CompatSettings = CompatSettings()
    costs: CostSettings = CostSettings()
    backup: BackupSettings = BackupSettings()
    log: LogSettings = LogSettings()
    telemetry: TelemetrySettings = TelemetrySettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given, then the environment, then files of secrets."""
        del settings_cls, dotenv_settings
        return (init_settings, env_settings, *secret_files(file_secret_settings, os.environ))

    @field_validator("data_dir")
    @classmethod
    def _no_question(cls, value: Path) -> Path:
        if "?" in str(value):
            raise ValueError("a path with a question mark cannot be named in the database's URL; choose another")
        return value

    @model_validator(mode="after")
    def _lease_outlives_renewal(self) -> Self:
        if self.queue.renew * 2 > self.queue.lease:
            raise ValueError("queue.lease must be at least twice queue.renew, or healthy work would be taken away")
        return self

    @property
    def database_url(self) -> str:
        """The database in force."""
        return self.database.url or f"sqlite+aiosqlite:///{self.data_dir.absolute() / 'diarist.db'}"

    @property
    def embedded(self) -> bool:
        """Whether the database is a file, on which one process at a time works."""
        return self.database_url.startswith("sqlite")

    @property
    def cache_url(self) -> str:
        """The cache in force; empty when there is none."""
        return self.cache.url or self.broker.url

    @property
    def events_url(self) -> str:
        """The event bus in force; in memory, processes on other data directories are told apart by its path."""
        return self.events.url or self.broker.url or f"memory:{self.data_dir.absolute()}"

    @property
    def storage_url(self) -> str:
        """The blob store in force."""
        return self.storage.url or (self.data_dir.absolute() / "blobs").as_uri()

    @property
    def scratch_dir(self) -> Path:
        """Where copies of blobs lie while somebody needs them as files."""
        return self.cache_dir / "scratch"


def load_settings() -> Settings:
    """Read the environment; raises `Misconfigured` that names each bad variable."""
    try:
        return Settings()
    except SettingsError as error:
        # Its message names the group of settings, and nothing of what stands in them.
        raise Misconfigured(f"JSON that cannot be read: {error}", advice="Lists are written as JSON; correct it.") from error
    except ValidationError as error:
        problems = "; ".join(
            f"DIARIST_{'__'.join(str(part) for part in problem['loc']).upper()}: {problem['msg']}" for problem in error.errors()
        )
        raise Misconfigured(problems, advice="Correct or unset the variable and try again.") from error
