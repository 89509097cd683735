"""Opens vaults for policies, and fails closed: what cannot be masked raises, so that nobody sends it."""

from __future__ import annotations

from collections.abc import Sequence

from diarist.domain.masking import NAMES, MaskingPolicy, WithoutNames
from diarist.errors import MaskingFailed
from diarist.llm.masking import account_numbers, addresses, names, people, spoken_addresses, spoken_digits, telephone, written
from diarist.llm.masking.detector import Detector, Finding
from diarist.llm.masking.patterns import Patterns
from diarist.llm.masking.vault import Vault
from diarist.settings import Settings

PATTERNS: tuple[Detector, ...] = (
    Patterns(written.find),
    Patterns(spoken_addresses.find, english_only=True),
    Patterns(account_numbers.find),
    Patterns(telephone.find),
    Patterns(spoken_digits.find, english_only=True),
    Patterns(addresses.find),
    Patterns(people.find),
)
"""What is always looked for."""

_INSTALL = (
    "Install it with pip install 'diarist[masking]', or let DIARIST_MASKING__WITHOUT_NAMES=patterns allow that text leaves "
    "with most of its names."
)
_OTHER_LANGUAGE = "Let DIARIST_MASKING__WITHOUT_NAMES=patterns allow that such text leaves with most of its names."


class Masker:
    """Detectors, and the policy of accounts that have none of their own; holds nothing that must be closed."""

    def __init__(self, detectors: Sequence[Detector], policy: MaskingPolicy) -> None:
        self._detectors = detectors
        self.policy = policy

    @property
    def knows_names(self) -> bool:
        """Whether an analyser for names is installed."""
        return any(detector.knows_names for detector in self._detectors)

    def vault(self, policy: MaskingPolicy | None = None, *, language: str | None = None) -> Vault:
        """One for one entry. `language`: of its text, ISO 639-1, where it is known; names are found in English only."""
        policy = policy or self.policy
        detectors = [detector for detector in self._detectors if detector.reads(language)]
        names_by = next((detector.name for detector in detectors if detector.knows_names), None)

        def find(text: str) -> list[Finding]:
            if names_by is None and policy.kinds & NAMES and policy.without_names is WithoutNames.REFUSE:
                if self.knows_names:
                    raise MaskingFailed(f"No analyser finds names in the language {language!r}.", advice=_OTHER_LANGUAGE)
                raise MaskingFailed("No analyser for names is installed.", advice=_INSTALL)
            return _find(detectors, text)

        return Vault(find, policy.kinds, names_by)


def open_masker(settings: Settings) -> Masker:
    """With all that is installed; loads nothing yet."""
    analyser = names.installed()
    return Masker((*PATTERNS, analyser) if analyser else PATTERNS, settings.masking.policy)


def _find(detectors: Sequence[Detector], text: str) -> list[Finding]:
    found: list[Finding] = []
    for detector in detectors:
        try:
            found += detector.find(text)
        except Exception as error:  # noqa: BLE001 - the border to other people's code: whatever it is, the text must not leave
            # Not `from error`: what a detector says of its input may quote it, and chains of errors are logged.
            raise MaskingFailed(f"The detector '{detector.name}' failed ({type(error).__name__}).") from None
    return found
