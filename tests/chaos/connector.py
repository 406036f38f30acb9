"""The connector's door (`noticias connector`) with the process that runs its jobs (`noticias worker`)."""

import sys
import threading
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from noticias.local.ports import choose_port
from tests.chaos.articles import Planned
from tests.chaos.doors import Door, Home, noticias

_TIMEOUT_S = 15.0
_PAUSE_S = 0.5
_SILENT = timedelta(seconds=120)
_NO_HEARTBEAT = "no heartbeat"  # deployments/automations/dead-runs.yaml
REGISTER = """
import asyncio
from noticias.environment import prepared
from newsroom.settings import Settings
with prepared(Settings(), {"prefect"}):
    from noticias.executor.registration import deploy_all, ensure_work_pool
    asyncio.run(ensure_work_pool())
    asyncio.run(deploy_all())
"""


class WorkerDoor(Door):
    """`noticias worker`. It takes no articles: it runs the jobs that the connector's door has made."""

    name = "worker"

    def __init__(self, home: Home, prefect_api_url: str) -> None:
        super().__init__(home)
        self.connector: ConnectorDoor | None = None
        self.put_back: list[str] = []
        self._api = prefect_api_url

    def register(self) -> None:
        """Registers the deployments with Prefect, as `noticias up` does, and the automations.

        Raises:
            RuntimeError: one of the two commands failed.
        """
        for command in ([sys.executable, "-c", REGISTER], [*noticias(), "automations"]):
            process = self.home.spawn(command, self.log, "gsk_none")
            if process.wait(timeout=300):
                raise RuntimeError(f"{command[-1]!r} failed; see {self.log.with_suffix('.err')}")

    def command(self) -> list[str] | None:
        if self.closing and not self.waiting():
            return None
        return [*noticias(), "worker", "--limit", "8", "--drain", "10"]

    def tend(self) -> bool:
        return super().tend() or bool(self.waiting())

    def waiting(self) -> set[str]:
        return self.connector.waiting() if self.connector else set()

    def outcomes(self) -> list[dict[str, Any]]:
        return []

    def put_back_what_is_left(self) -> None:
        """Starts runs without a heartbeat again by hand, and notes them: nothing else has found them."""
        wanted = {
            "flow_runs": {
                "deployment_id": {"is_null_": False},
                "state": {"type": {"any_": ["RUNNING", "PENDING"]}},
            }
        }
        state = {"state": {"type": "SCHEDULED", "name": "AwaitingRetry"}, "force": True}
        with httpx.Client(base_url=self._api, trust_env=False, timeout=_TIMEOUT_S) as client:
            for run in client.post("/flow_runs/filter", json=wanted).raise_for_status().json():
                if _was_heard(client, run["id"]):
                    continue
                answer = client.post(f"/flow_runs/{run['id']}/set_state", json=state)
                words = f"{run['name']}: {run['state_name']} since {run['state']['timestamp']}"
                self.put_back.append(words if answer.is_success else f"{words}, {answer.status_code}")


def _was_heard(client: httpx.Client, run_id: str) -> bool:
    wanted = {
        "filter": {
            "occurred": {"since": (datetime.now(UTC) - _SILENT).isoformat()},
            "event": {"name": ["prefect.flow-run.heartbeat"]},
            "resource": {"id": [f"prefect.flow-run.{run_id}"]},
        },
        "limit": 1,
    }
    return bool(client.post("/events/filter", json=wanted).raise_for_status().json()["events"])


class ConnectorDoor(Door):
    """`noticias connector`, and the connector: it posts until it gets a 202, and asks how the job ended."""

    name = "connector"

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.refused: list[str] = []
        self._port = choose_port(0)
        self._unsent: deque[Planned] = deque()
        self._jobs: dict[str, str] = {}
        self._ended: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._sender = threading.Thread(target=self._send_and_ask, name="connector", daemon=True)

    def submit(self, articles: list[Planned]) -> None:
        with self._lock:
            self._unsent.extend(articles)
        if not self._sender.is_alive():
            self._sender.start()

    def command(self) -> list[str] | None:
        if self.closing and not self.waiting():
            return None
        return [*noticias(), "connector", "--port", str(self._port)]

    def stop(self) -> None:
        self._over.set()
        if self._sender.is_alive():
            self._sender.join()
        super().stop()

    def waiting(self) -> set[str]:
        with self._lock:
            return {plan.url for plan in self._unsent} | set(self._jobs)

    def outcomes(self) -> list[dict[str, Any]]:
        return self._ended

    def _send_and_ask(self) -> None:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{self._port}", trust_env=False, timeout=_TIMEOUT_S
        ) as client:
            while not self._over.wait(_PAUSE_S):
                try:
                    self._send(client)
                    self._ask(client)
                except httpx.HTTPError:
                    continue  # the door was killed or is starting: the connector tries again

    def _send(self, client: httpx.Client) -> None:
        while self._unsent and not self._over.is_set():
            plan = self._unsent[0]
            answer = client.post("/procesar_articulo", json={"articulo": plan.articulo})
            if answer.status_code in (500, 503):
                return  # the connector takes these for "later"
            with self._lock:
                self._unsent.popleft()
                if answer.status_code == 202:
                    self._jobs[plan.url] = answer.json()["job_id"]
                else:
                    self.refused.append(f"{answer.status_code} {answer.text[:200]}")

    def _ask(self, client: httpx.Client) -> None:
        for url, job in list(self._jobs.items()):
            if self._over.is_set():
                return
            answer = client.get(f"/status/{job}")
            if answer.status_code != 200:
                return
            data = answer.json()["data"]
            if data["status"] == "failed" and _NO_HEARTBEAT in data["error"]["mensaje"]:
                continue  # dead, but it will be started again; the old connector would stop asking
            if data["status"] in ("completed", "failed"):
                with self._lock:
                    del self._jobs[url]
                    self._ended.append({"url": url, "estado": _state_of(data)})


def _state_of(data: dict[str, Any]) -> str:
    return "Failed" if data["status"] == "failed" else str(data["result"]["estado"])
