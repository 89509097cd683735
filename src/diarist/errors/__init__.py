"""Everything that can go wrong, as one tree.

    DiaristError
    ├── InvalidInput
    │   ├── UnreadableFile
    │   ├── UnsupportedAudio
    │   │   └── NoAudioTrack
    │   ├── UndecodableAudio
    │   ├── TooLarge
    │   │   └── TooLong
    │   │       └── TooDense
    │   ├── AddressRefused
    │   ├── NotGiven
    │   ├── ChecksumMismatch
    │   ├── ContentMismatch
    │   └── Empty
    │       └── NoSamples
    ├── NotFound
    │   └── UploadGone
    ├── NotSupported
    ├── Conflict
    │   ├── OffsetMismatch
    │   ├── LeaseLost
    │   ├── StageUnknown
    │   ├── WrittenMeanwhile
    │   ├── NotEmpty
    │   └── ModelNotUsable
    ├── NotAllowed
    │   └── Unauthenticated
    ├── LimitReached
    │   └── BudgetSpent
    ├── ProviderFailed
    │   └── NoModelAnswered
    ├── EngineFailed
    │   ├── ModelUnavailable
    │   ├── EngineRefused
    │   ├── EngineCannot
    │   ├── EngineBusy
    │   ├── EngineUnreachable
    │   └── ChildDied
    │       └── MemoryExceeded
    ├── Unavailable
    │   ├── SourceUnreachable
    │   │   └── SourceTooSlow
    │   ├── StillWorking
    │   ├── StorageFull
    │   ├── StorageFailed
    │   │   └── StorageRefused
    │   ├── DatabaseUnavailable
    │   └── BrokerUnavailable
    ├── WorkerLost
    ├── ExportFailed
    ├── MaskingFailed
    │   └── UnknownPlaceholder
    ├── BackupDamaged
    └── Misconfigured
        └── BackupKeyWrong

The classes know whether a retry can help; they know nothing of HTTP or exit codes.
"""

from __future__ import annotations

from diarist.errors.backup import BackupDamaged, BackupKeyWrong, NotEmpty
from diarist.errors.base import DiaristError, Misconfigured, error_classes
from diarist.errors.engine import (
    ChildDied,
    EngineBusy,
    EngineCannot,
    EngineFailed,
    EngineRefused,
    EngineUnreachable,
    ExportFailed,
    MemoryExceeded,
    ModelUnavailable,
    WorkerLost,
)
from diarist.errors.given import (
    AddressRefused,
    ChecksumMismatch,
    ContentMismatch,
    Empty,
    InvalidInput,
    NoAudioTrack,
    NoSamples,
    NotGiven,
    TooDense,
    TooLarge,
    TooLong,
    UndecodableAudio,
    UnreadableFile,
    UnsupportedAudio,
)
from diarist.errors.models import MaskingFailed, ModelNotUsable, NoModelAnswered, ProviderFailed, UnknownPlaceholder
from diarist.errors.state import (
    BudgetSpent,
    Conflict,
    LeaseLost,
    LimitReached,
    NotAllowed,
    NotFound,
    NotSupported,
    OffsetMismatch,
    StageUnknown,
    Unauthenticated,
    UploadGone,
    WrittenMeanwhile,
)
from diarist.errors.unavailable import (
    BrokerUnavailable,
    DatabaseUnavailable,
    SourceTooSlow,
    SourceUnreachable,
    StillWorking,
    StorageFailed,
    StorageFull,
    StorageRefused,
    Unavailable,
)

__all__ = [
    "AddressRefused",
    "BackupDamaged",
    "BackupKeyWrong",
    "BrokerUnavailable",
    "BudgetSpent",
    "ChecksumMismatch",
    "ChildDied",
    "Conflict",
    "ContentMismatch",
    "DatabaseUnavailable",
    "DiaristError",
    "Empty",
    "EngineBusy",
    "EngineCannot",
    "EngineFailed",
    "EngineRefused",
    "EngineUnreachable",
    "ExportFailed",
    "InvalidInput",
    "LeaseLost",
    "LimitReached",
    "MaskingFailed",
    "MemoryExceeded",
    "Misconfigured",
    "ModelNotUsable",
    "ModelUnavailable",
    "NoAudioTrack",
    "NoModelAnswered",
    "NoSamples",
    "NotAllowed",
    "NotEmpty",
    "NotFound",
    "NotGiven",
    "NotSupported",
    "OffsetMismatch",
    "ProviderFailed",
    "SourceTooSlow",
    "SourceUnreachable",
    "StageUnknown",
    "StillWorking",
    "StorageFailed",
    "StorageFull",
    "StorageRefused",
    "TooDense",
    "TooLarge",
    "TooLong",
    "Unauthenticated",
    "Unavailable",
    "UndecodableAudio",
    "UnknownPlaceholder",
    "UnreadableFile",
    "UnsupportedAudio",
    "UploadGone",
    "WorkerLost",
    "WrittenMeanwhile",
    "error_classes",
]
