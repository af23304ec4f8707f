"""How long reading and coding take against the bare encoder on the same sentences, in one run on one thread.

  python benchmarks/speed.py [corpus/dev.jsonl ...]

The bare encoder is the int8 graph of the package cut off after its last layer, given pieces that are ready; it is cut
with the onnx package, which must be installed besides (``pip install onnx``). Prints sentences a second of the encoder,
of the network with its heads, of reading (words, network, tree) and of coding whole reports; each as a share of the
encoder's rate; and what loading takes and holds. Only the shares compare between machines and runs.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import onnx
import onnxruntime
from onnx.utils import Extractor

from truceline.coder import Coder
from truceline.nlp import Reader, load
from truceline.nlp.network import Network, one_sentence
from truceline.nlp.tokens import segment
from truceline.records import Document

LAST = "/encoder/norm_6/LayerNormalization_output_0"
INPUTS = ("pieces", "shapes")
ROUNDS = 7


def texts(paths: list[str]) -> list[str]:
    """The reports of the corpus files, as running text."""
    lines = [json.loads(line) for path in paths for line in Path(path).read_text("utf-8").splitlines()]
    return [" ".join(s["text"] for s in report["sentences"]) for report in lines]


def bare_encoder() -> onnxruntime.InferenceSession:
    """The encoder of the shipped graph alone, with the package's own options."""
    graph = onnx.load_model_from_string((files("truceline") / "data" / "model" / "network.onnx").read_bytes())
    graph.graph.value_info.append(onnx.helper.make_tensor_value_info(LAST, onnx.TensorProto.FLOAT, None))
    inner = Extractor(graph).extract_model(list(INPUTS), [LAST])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(inner.SerializeToString(), options, providers=["CPUExecutionProvider"])


def timed(runs: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The shortest time of each in seconds, of rounds in which all take turns, so that noise meets all alike."""
    found = dict.fromkeys(runs, float("inf"))
    for _ in range(ROUNDS):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            found[name] = min(found[name], time.perf_counter() - began)
    return found


def resident() -> int:
    """The most memory held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(paths: list[str]) -> None:
    """Print the figures as JSON."""
    began = time.perf_counter()
    network = Network.load()
    loading = {"network_load_seconds": round(time.perf_counter() - began, 2), "resident_mb_network": resident()}
    coder = Coder.load()
    reader, encoder, reports = load(), bare_encoder(), texts(paths)
    words = [[text[a:b] for a, b in part.words] for text in reports for part in segment(text)]
    inputs = [{k: v for k, v in one_sentence(w, network._pieces).items() if k in INPUTS} for w in words]
    documents = [Document.of(text, published="2024-01-01") for text in reports]
    seconds = timed(
        {
            "encoder": lambda: [encoder.run([LAST], given) for given in inputs],
            "network": lambda: network.score(words),
            "reading": lambda: _read(reader, reports),
            "coding": lambda: [coder.code(d) for d in documents],
        }
    )
    rates = {f"{k}_sentences_per_second": round(len(words) / v) for k, v in seconds.items()}
    shares = {f"{k}_share": round(seconds["encoder"] / v, 2) for k, v in seconds.items() if k != "encoder"}
    print(json.dumps({"sentences": len(words), "words": sum(map(len, words)), **rates, **shares, **loading}))


def _read(reader: Reader, reports: list[str]) -> None:
    for text in reports:
        reader.read(text)


if __name__ == "__main__":
    main(sys.argv[1:] or ["corpus/dev.jsonl"])
