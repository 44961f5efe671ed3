"""Make the tiny Piper voice that the tests speak with: a tone for each phoneme.

    python tools/make_tiny_voice.py tests/audio/piper

It has the inputs and outputs of a real voice (``input``, ``input_lengths``, ``scales``; sound,
and frames for each phoneme), draws noise as real ones do when asked to, and is some 2 kB. Needs
the packages onnx and piper-tts; onnx is no dependency of Altavoz, so run it in an environment of
its own.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

RATE = 22_050
HOP = 64
"""Samples of a frame."""
FRAMES = 12.0
"""Of each phoneme and each pad at the usual speed: 35 ms."""
NAME = "es_MX-tiny-low"


def model() -> onnx.ModelProto:
    """Give the network: phonemes to frames, frames to samples, a sine of each phoneme's own."""

    def constant(name: str, value: object, kind: type) -> onnx.TensorProto:
        return numpy_helper.from_array(np.array(value, kind), name)

    constants = [
        constant("frames", FRAMES, np.float32),
        constant("zero", 0, np.int64),
        constant("one", 1, np.int64),
        constant("two", 2, np.int64),
        constant("first", [0], np.int64),
        constant("column", [1], np.int64),
        constant("flat", [-1], np.int64),
        constant("shape", [1, 1, 1, -1], np.int64),
        constant("hop", [1, HOP], np.int64),
        constant("0f", 0.0, np.float32),
        constant("1f", 1.0, np.float32),
        constant("turn", 2 * np.pi / RATE, np.float32),
        constant("step", 9.0, np.float32),
        constant("base", 150.0, np.float32),
        constant("loud", 0.4, np.float32),
        constant("spoken", 13.5, np.float32),
    ]
    node = helper.make_node
    nodes = [
        node("Gather", ["scales", "one"], ["length"]),
        node("Gather", ["scales", "zero"], ["noise"]),
        node("Reshape", ["input", "flat"], ["ids"]),
        node("Cast", ["ids"], ["idf"], to=TensorProto.FLOAT),
        node("Mul", ["idf", "0f"], ["nought"]),
        node("Mul", ["frames", "length"], ["long"]),
        node("Add", ["nought", "long"], ["wanted"]),
        node("Ceil", ["wanted"], ["w"]),
        node("CumSum", ["w", "zero"], ["ends"]),
        node("Sub", ["ends", "w"], ["starts"]),
        node("ReduceSum", ["w"], ["total"], keepdims=0),
        node("Range", ["0f", "total", "1f"], ["t"]),
        node("Unsqueeze", ["t", "column"], ["tc"]),
        node("GreaterOrEqual", ["tc", "starts"], ["after"]),
        node("Less", ["tc", "ends"], ["before"]),
        node("And", ["after", "before"], ["inside"]),
        node("Cast", ["inside"], ["hot"], to=TensorProto.FLOAT),
        node("MatMul", ["hot", "idf"], ["now"]),
        node("Unsqueeze", ["now", "column"], ["nowc"]),
        node("Expand", ["nowc", "hop"], ["held"]),
        node("Reshape", ["held", "flat"], ["each"]),
        node("Shape", ["each"], ["count"]),
        node("Gather", ["count", "zero"], ["samples"]),
        node("Range", ["zero", "samples", "one"], ["n"]),
        node("Cast", ["n"], ["nf"], to=TensorProto.FLOAT),
        node("Mul", ["each", "step"], ["above"]),
        node("Add", ["above", "base"], ["hz"]),
        node("Mul", ["hz", "nf"], ["cycles"]),
        node("Mul", ["cycles", "turn"], ["phase"]),
        node("Sin", ["phase"], ["sine"]),
        node("Greater", ["each", "spoken"], ["voiced"]),
        node("Cast", ["voiced"], ["gate"], to=TensorProto.FLOAT),
        node("Mul", ["gate", "loud"], ["gain"]),
        node("Mul", ["sine", "gain"], ["tone"]),
        node("RandomNormalLike", ["tone"], ["drawn"]),
        node("Mul", ["drawn", "noise"], ["hiss"]),
        node("Add", ["tone", "hiss"], ["sound"]),
        node("Reshape", ["sound", "shape"], ["output"]),
        node("Unsqueeze", ["w", "first"], ["durations"]),
    ]
    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            info("input", TensorProto.INT64, [1, None]),
            info("input_lengths", TensorProto.INT64, [1]),
            info("scales", TensorProto.FLOAT, [3]),
        ],
        [
            info("output", TensorProto.FLOAT, [1, 1, 1, None]),
            info("durations", TensorProto.FLOAT, [1, None]),
        ],
        initializer=constants,
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8, producer_name=""
    )


def config() -> dict[str, object]:
    """Give the settings that stand beside a voice."""
    return {
        "audio": {"sample_rate": RATE, "quality": "low"},
        "dataset": "tiny",
        "espeak": {"voice": "es-419"},
        "language": {"code": "es_MX", "family": "es", "region": "MX"},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_type": "espeak",
        "num_symbols": 256,
        "num_speakers": 1,
        "hop_length": HOP,
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
    }


def main(folder: Path) -> None:
    """Write both files."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.checker.check_model(model())
    (folder / f"{NAME}.onnx").write_bytes(model().SerializeToString(deterministic=True))
    text = json.dumps(config(), ensure_ascii=False, separators=(",", ":")) + "\n"
    (folder / f"{NAME}.onnx.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
