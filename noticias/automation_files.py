"""Reads the automations of `deployments/automations/*.yaml`; makes, updates or removes them in Prefect."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import yaml

from newsroom.settings import Settings
from noticias.deployed import AUTOMATIONS

if TYPE_CHECKING:
    from prefect.events.schemas.automations import AutomationCore

WEBHOOK_BLOCK = "noticias-alertas"
MIN_HEARTBEAT_S = 90
"""The time of three heartbeats: our runs send one every 30 s."""


def read_automations(heartbeat_s: int, webhook_id: UUID | None) -> "list[AutomationCore]":
    """Returns the automations of all files.

    Args:
        heartbeat_s: the seconds without a heartbeat after which a run counts as dead.
        webhook_id: the block that a `notify` calls; with None, a `notify` does nothing.
    """
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
    """Makes or updates the Prefect block with the address for alerts, and returns the block's id.

    Returns None if the settings have no address. The address is a secret (many hold a token), so a block
    keeps it, encrypted.
    """
    from prefect.blocks.webhook import Webhook

    if settings.alert_webhook is None:
        return None
    block = Webhook(method="POST", url=settings.alert_webhook)
    saved = await block.asave(WEBHOOK_BLOCK, overwrite=True)
    return UUID(str(saved))


async def apply_automations(settings: Settings, heartbeat_s: int) -> dict[str, str]:
    """Makes the automations that Prefect does not have, updates the others, and returns what it did, by name.

    An automation that a person paused stays paused.
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
    """Deletes the automations of the files from Prefect, and returns their names."""
    from prefect.client.orchestration import get_client

    removed = []
    async with get_client() as client:
        for automation in read_automations(MIN_HEARTBEAT_S, None):
            for found in await client.read_automations_by_name(automation.name):
                await client.delete_automation(found.id)
                removed.append(automation.name)
    return removed
