"""The automations of `deployments/automations/*.yaml`: read, completed, and made or brought up to date."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import yaml

from newsroom.settings import Settings
from noticias.deployed import AUTOMATIONS

if TYPE_CHECKING:
    from prefect.events.schemas.automations import AutomationCore

WEBHOOK_BLOCK = "noticias-alertas"
MIN_HEARTBEAT_S = 90
"""Three of the heartbeats that runs of ours send (every 30 s)."""


def read_automations(heartbeat_s: int, webhook_id: UUID | None) -> "list[AutomationCore]":
    """Returns the automations of all files; `webhook_id` is the block that a `notify` calls, if any."""
    from prefect.events.schemas.automations import AutomationCore

    made = []
    for path in sorted(AUTOMATIONS.glob("*.yaml")):
        text = path.read_text(encoding="utf-8").replace("HEARTBEAT_S", str(heartbeat_s))
        for entry in yaml.safe_load(text)["automations"]:
            words = entry.pop("notify", None)
            if words is not None:
                entry["actions"] = [_notify(words, webhook_id)]
            made.append(AutomationCore.model_validate(entry))
    return made


def _notify(words: str, webhook_id: UUID | None) -> dict[str, Any]:
    if webhook_id is None:
        return {"type": "do-nothing"}
    return {"type": "call-webhook", "block_document_id": str(webhook_id), "payload": words}


async def save_webhook(settings: Settings) -> UUID | None:
    """Makes or updates the block with the address that alerts go to; None if there is none.

    The address is a secret (many carry a token): it is kept in a Prefect block, encrypted.
    """
    from prefect.blocks.webhook import Webhook

    if settings.alert_webhook is None:
        return None
    block = Webhook(method="POST", url=settings.alert_webhook)
    saved = await block.asave(WEBHOOK_BLOCK, overwrite=True)
    return UUID(str(saved))


async def apply_automations(settings: Settings, heartbeat_s: int) -> dict[str, str]:
    """Makes what is not there and updates what is, by name; returns what was done with each.

    One that a person paused stays paused.
    """
    from prefect.client.orchestration import get_client

    done: dict[str, str] = {}
    webhook_id = await save_webhook(settings)
    async with get_client() as client:
        for automation in read_automations(heartbeat_s, webhook_id):
            found = await client.read_automations_by_name(automation.name)
            if found:
                kept = automation.model_copy(update={"enabled": found[0].enabled})
                await client.update_automation(found[0].id, kept)
                done[automation.name] = "updated" if found[0].enabled else "updated, paused"
            else:
                await client.create_automation(automation)
                done[automation.name] = "made"
    return done


async def remove_automations() -> list[str]:
    """Deletes the automations of the files; returns their names."""
    from prefect.client.orchestration import get_client

    removed = []
    async with get_client() as client:
        for automation in read_automations(MIN_HEARTBEAT_S, None):
            for found in await client.read_automations_by_name(automation.name):
                await client.delete_automation(found.id)
                removed.append(automation.name)
    return removed
