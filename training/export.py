"""Export the trained network to the package: ONNX, int8, labels, tokenizer, model card.

python training/export.py --run RUN --data DATA --minilm MODEL_FOLDER --into src/truceline/data/model
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
from pathlib import Path

import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from events import restored
from graph import OneSentence
from model import Net
from train import load_pieces, make_batch, tensors
from treebanks import label_sets, lemma_script, load
from truceline.nlp.network import INPUTS, OUTPUTS, Pieces, one_sentence
from truceline.ontology import Lexicon, Ontology

EXACT = r"/(pairs|relations)\S*/MatMul"
SAMPLES = [
    "Kestrian troops shelled two villages overnight .".split(),
    "Talks resumed .".split(),
    "The ministry said on Monday that the envoy , who had been expected in Tamsk , would not come .".split() * 3,
]


def export(net: Net, pieces: Pieces, path: Path) -> None:
    """The graph for one sentence of any number of pieces and words."""
    given = one_sentence(SAMPLES[0], pieces)
    axes = {"pieces": {0: "t"}, "shapes": {0: "t"}, "first": {0: "w"}, "last": {0: "w"}}
    words_at = {"arcs": (0, 1), "roles": (1, 2), "sayings": (1, 2)}
    axes.update({k: {axis: f"w{axis}" for axis in words_at.get(k, (0,))} for k in OUTPUTS})
    torch.onnx.export(
        OneSentence(net).eval(), tuple(torch.from_numpy(given[k]) for k in INPUTS), str(path),
        input_names=list(INPUTS), output_names=list(OUTPUTS), dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip


def compare(net: Net, pieces: Pieces, path: Path) -> dict[str, float]:
    """The largest difference of each output's chances between the trained network and the graph."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = dict.fromkeys(OUTPUTS, 0.0)
    for words in SAMPLES:
        ours = session.run(list(OUTPUTS), one_sentence(words, pieces))
        with torch.no_grad():
            theirs = net(**tensors(make_batch([words], pieces)))
        for name, a, b in zip(OUTPUTS, ours, theirs, strict=True):
            ours_said, said = torch.from_numpy(a), b[0]
            apart = ours_said - said if name in ("refers", "means") else ours_said.softmax(-1) - said.softmax(-1)
            worst[name] = max(worst[name], float(apart.abs().max()))
    return worst


# Irregular forms of news that the treebanks may lack.
IRREGULAR = {
    "sought": "seek", "fought": "fight", "struck": "strike", "shot": "shoot", "sank": "sink", "sunk": "sink",
    "slain": "slay", "slew": "slay", "forbade": "forbid", "forbidden": "forbid", "fled": "flee", "bore": "bear",
    "withdrew": "withdraw", "withdrawn": "withdraw", "overthrew": "overthrow", "overthrown": "overthrow",
    "forgave": "forgive", "forgiven": "forgive", "swore": "swear", "sworn": "swear", "upheld": "uphold",
    "withheld": "withhold", "beaten": "beat", "stolen": "steal", "stole": "steal", "hung": "hang", "shook": "shake",
    "broke": "break", "broken": "break", "blew": "blow", "blown": "blow", "threw": "throw", "thrown": "throw",
    "laid": "lay", "led": "lead", "met": "meet", "held": "hold", "took": "take", "taken": "take", "lost": "lose",
    "gave": "give", "given": "give", "drove": "drive", "driven": "drive", "rose": "rise", "risen": "rise",
    "bound": "bind", "caught": "catch", "taught": "teach", "fell": "fall", "fallen": "fall", "burnt": "burn",
}  # fmt: skip


def word_lists(folder: Path) -> dict[str, object]:
    """Lemmas that exist, and forms whose lemma no frequent script makes: they keep the lemma head to real words."""
    trees = load(folder / "treebanks", "train")
    scripts = set(label_sets(trees)["lemma"])
    known: set[str] = set()
    verbs = {entry.lemma.split()[0] for entry in Lexicon.load(Ontology.load()).entries if entry.pos == "verb"}
    irregular = dict(IRREGULAR)
    for tree in trees:
        for word, lemma, tag in zip(tree.words, tree.lemma, tree.upos, strict=True):
            if tag in ("NOUN", "VERB", "ADJ", "ADV", "AUX") and lemma.isalpha():
                known.add(lemma.lower())
                if tag == "VERB":
                    verbs.add(lemma.lower())
                if tag == "VERB" and lemma_script(word, lemma) not in scripts:
                    irregular.setdefault(word.lower(), lemma.lower())
    lexicon = Lexicon.load(Ontology.load())
    known |= {part for entry in lexicon.entries for part in entry.lemma.split()}
    known |= {part for verb in lexicon.light_verbs for part in verb.split()}
    return {"known": sorted(known), "verbs": sorted(verbs), "irregular": dict(sorted(irregular.items()))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--checkpoint", default="events.pt")
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--into", type=Path, required=True)
    args = parser.parse_args()
    pieces = load_pieces(args.minilm)
    net, labels = restored(args.run / args.checkpoint)
    net.eval()
    args.into.mkdir(parents=True, exist_ok=True)
    whole = args.run / "network.fp32.onnx"
    export(net, pieces, whole)
    print("largest differences:", json.dumps(compare(net, pieces, whole)))
    small = args.run / "network.int8.onnx"
    # Products of pairs of words choose among neighbours by small differences: they stay as they are.
    exact = [n.name for n in onnx.load(whole).graph.node if re.match(EXACT, n.name)]
    # Weights of 7 bits never overflow the 16-bit sums of older processors, so that all of them get the same scores.
    quantize_dynamic(
        whole, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, nodes_to_exclude=exact
    )
    shutil.copy(small, args.into / "network.onnx")
    pieces.tokenizer.save(str(args.into / "tokenizer.json"), pretty=False)
    (args.into / "labels.json").write_text(json.dumps(labels) + "\n", "utf-8")
    (args.into / "lemmas.json").write_text(json.dumps(word_lists(args.data), indent=0) + "\n", "utf-8")
    print(f"{(args.into / 'network.onnx').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
