"""A local Groq in a process of its own: `python -m tests.bench.model LATENCY_S [RPM] [TPM]`; 0 is no limit.

Prints its address. For each line `counts` on standard input, prints how many requests it has answered and
refused.
"""

import json
import sys

from tests.contract.groq_rules import Limits
from tests.contract.groq_server import GroqServer
from tests.flows.scripts import ANSWERS

if __name__ == "__main__":
    latency, rpm, tpm = [float(argument) for argument in [*sys.argv[1:4], "0", "0"][:3]]
    limits = Limits(rpm=int(rpm) or None, tpm=int(tpm) or None)
    with GroqServer(answers=ANSWERS, latency_s=latency, limits=limits) as server:
        print(server.base_url, flush=True)
        for command in sys.stdin:
            if command.strip() == "counts":
                asked, refused = len(server.requests), sum(limits.refused.values())
                print(json.dumps({"requests": asked, "refused": refused}), flush=True)
