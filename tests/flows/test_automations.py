"""The automations on a real server: applied by name, and what they do to a run that died."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from prefect.client.orchestration import PrefectClient, get_client
from prefect.events import emit_event
from prefect.states import Running

from newsroom.settings import Settings
from noticias.automation_files import apply_automations, read_automations, remove_automations
from noticias.leaving import send_what_waits
from tests.waiting import until

BOUND_S = 90
# The least that Prefect takes; three heartbeats in earnest.
HEARTBEAT_S = 10


@pytest.fixture(autouse=True)
async def none_left(prefect_api: str) -> AsyncIterator[None]:
    yield
    await remove_automations()


async def stored() -> dict[str, Any]:
    async with get_client() as client:
        return {automation.name: automation for automation in await client.read_automations()}


async def test_applied_again_they_are_the_same_and_what_was_paused_stays_paused() -> None:
    first = await apply_automations(Settings(), 90)
    assert set(first.values()) == {"made"}
    before = await stored()
    name = next(iter(first))
    async with get_client() as client:
        await client.pause_automation(before[name].id)

    second = await apply_automations(Settings(), 120)

    after = await stored()
    assert second == {**dict.fromkeys(first, "updated"), name: "updated, paused"}
    assert {name: automation.id for name, automation in after.items()} == {
        name: automation.id for name, automation in before.items()
    }
    assert [name for name, automation in after.items() if not automation.enabled] == [name]
    assert sorted(await remove_automations()) == sorted(first)
    assert await stored() == {}


async def test_alerts_call_the_webhook_that_is_set_and_show_its_address_to_nobody() -> None:
    secret = "https://alertas.ejemplo.test/T0K3N"
    await apply_automations(Settings(NOTICIAS_ALERT_WEBHOOK=secret), 90)
    found = await stored()
    calls = {name for name, automation in found.items() if automation.actions[0].type == "call-webhook"}
    assert calls == {
        automation.name for automation in read_automations(90, UUID(int=1)) if has_call(automation)
    }
    assert calls
    assert "T0K3N" not in "".join(automation.model_dump_json() for automation in found.values())


def has_call(automation: Any) -> bool:
    return any(action.type == "call-webhook" for action in automation.actions)


async def make_running_run(client: PrefectClient, name: str) -> UUID:
    """Returns a run of a deployment that is Running, with no process behind it."""
    flow_id = await client.create_flow_from_name(name)
    deployment_id = await client.create_deployment(
        flow_id=flow_id, name="prueba", enforce_parameter_schema=False
    )
    flow_run = await client.create_flow_run_from_deployment(deployment_id)
    await client.set_flow_run_state(flow_run.id, Running(), force=True)
    return flow_run.id


async def test_a_run_without_heartbeat_is_marked_and_started_again() -> None:
    await apply_automations(Settings(), HEARTBEAT_S)
    async with get_client() as client, asyncio.timeout(BOUND_S):
        dead = await make_running_run(client, "prueba-sin-latido")
        emit_event("prefect.flow-run.heartbeat", resource={"prefect.resource.id": f"prefect.flow-run.{dead}"})
        await asyncio.to_thread(send_what_waits)

        async def awaits_retry() -> bool:
            name = (await client.read_flow_run(dead)).state_name
            assert name in ("Running", "Zombie", "AwaitingRetry")
            return name == "AwaitingRetry"

        await until(awaits_retry, BOUND_S, "the retry of the dead run")
        states = await client.read_flow_run_states(dead)
    names = [state.name for state in sorted(states, key=lambda state: state.timestamp)]
    assert names[-3:] == ["Running", "Zombie", "AwaitingRetry"]
