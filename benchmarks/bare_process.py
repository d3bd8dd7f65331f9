"""The same requests over the same transport, and nothing else: `python -m benchmarks.bare_process TAPE MAMUT SHOP`.

No decision, no journal, no reading of answers but to their last byte: the floor under any agent that makes these
requests. One task speaks to Mamut, as its one session demands; as many to the shop as the agent has there.

With a fourth argument, the path of a new journal, the statements that lie beside the tape are done there afterwards,
and nothing else with it: the floor under any agent that makes these requests and keeps this journal.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec
import trio

from agent.model.clock import wall_clock
from agent.remote.net import Net, tcp_transports
from agent.remote.woocommerce.auth import AuthWay, Signer
from agent.settings.tree import ReadingSettings
from benchmarks.market import PASSWORD, Figures
from benchmarks.memory import peak_mb
from benchmarks.statements import beside, said_again
from benchmarks.tape import Asked, load
from simulators.woocommerce.options import READ_WRITE


class _Session(msgspec.Struct):
    token: str


async def run(asked: list[Asked], mamut: str, shop: str) -> Figures:
    at_mamut = [one for one in asked if one.path.startswith("/api/v1/") and one.path != "/api/v1/session"]
    at_shop = [one for one in asked if not one.path.startswith("/api/v1/")]
    concurrency = ReadingSettings().concurrency + 1
    nets = (
        Net(tcp_transports(), connections=1, timeout_s=60, user_agent="bare"),
        Net(tcp_transports(), connections=concurrency, timeout_s=60, user_agent="bare"),
    )
    began, cpu = time.monotonic(), time.process_time()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_speak_to_mamut, nets[0], mamut, at_mamut)
        rest, signer = iter(at_shop), _signer()
        for _ in range(concurrency):
            nursery.start_soon(_speak_to_shop, nets[1], signer, shop, rest)
    spent, seconds = time.process_time() - cpu, time.monotonic() - began
    for net in nets:
        await net.aclose()
    rss = peak_mb()
    return Figures(cpu_s=spent, seconds=seconds, requests=nets[0].sent + nets[1].sent, rss_mb=rss)


async def _speak_to_mamut(net: Net, address: str, asked: list[Asked]) -> None:
    login = {"client_no": "001", "user": "brygga", "password": PASSWORD, "computer": "bare", "replace": True}
    answer = await net.send("POST", f"{address}/api/v1/session", body=msgspec.json.encode(login))
    token = msgspec.json.decode(answer.body, type=_Session).token
    headers = {"Authorization": f"Bearer {token}"}
    for one in asked:
        answer = await net.send(one.method, address + one.path, headers=headers, body=one.body or None)
        assert answer.status < 300, answer.body


def _signer() -> Signer:
    chance = Random(1)
    key, secret = READ_WRITE.consumer_key, READ_WRITE.consumer_secret
    return Signer(key, secret, AuthWay.OAUTH1, wall_clock, lambda: f"{chance.getrandbits(128):032x}")


async def _speak_to_shop(net: Net, signer: Signer, address: str, asked: Iterator[Asked]) -> None:
    for one in asked:
        url, headers = signer.sign(one.method, address + one.path, one.params)
        answer = await net.send(one.method, url, headers=headers, body=one.body or None)
        assert answer.status < 300, answer.body


if __name__ == "__main__":
    gc.set_threshold(50_000, 20, 50)  # As the agent has it.
    tape, mamut_address, shop_address, *journal = sys.argv[1:]
    figures = trio.run(run, load(Path(tape)), mamut_address, shop_address)
    for path in journal:
        cpu_s = figures.cpu_s + said_again(beside(Path(tape)), Path(path))
        figures = msgspec.structs.replace(figures, cpu_s=cpu_s, rss_mb=peak_mb())
    sys.stdout.write(msgspec.json.encode(figures).decode() + "\n")
