"""The exported graphs beside the networks they are made of, and the line between names and the rest."""

from pathlib import Path

import numpy as np
import pytest

from searcher.extract.network import session

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from training.encoder.export import write_encoder, write_upper  # noqa: E402
from training.encoder.line import add_line, fitted  # noqa: E402
from training.encoder.model import Network, Upper  # noqa: E402


@pytest.fixture
def vectors() -> np.ndarray:
    return np.random.default_rng(1).normal(0, 1, (1, 21, 384)).astype(np.float32)


def test_the_exported_encoder_gives_what_the_network_gives(tmp_path: Path, vectors: np.ndarray) -> None:
    torch.manual_seed(1)
    network = Network(8, layers=2).eval()
    write_encoder(network, tmp_path / "encoder.onnx")
    hidden, speech = session(tmp_path / "encoder.onnx").run(["hidden", "speech"], {"embeddings": vectors})
    with torch.no_grad():
        expected = network.read(torch.from_numpy(vectors), None)

    assert np.abs(expected.numpy() - hidden).max() < 0.1
    assert np.abs(network.tags(expected).detach().numpy() - speech).max() < 0.1


def test_the_exported_upper_layers_give_what_the_network_gives(tmp_path: Path, vectors: np.ndarray) -> None:
    torch.manual_seed(1)
    upper = Upper(layers=1).eval()
    write_upper(upper, tmp_path / "names.onnx")
    (names,) = session(tmp_path / "names.onnx").run(["names"], {"hidden": vectors})
    expected = upper(torch.from_numpy(vectors), None)

    assert np.abs(expected.detach().numpy() - names).max() < 0.1


def test_the_line_parts_names_from_the_rest_and_is_added_to_what_is_there(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(0, 1, (2000, 8)).astype(np.float32)
    names = (vectors[:, 3] > 1).astype(np.float32)
    weight, bias = fitted(vectors, names)
    np.savez(tmp_path / "heads.npz", far=np.ones(3, np.float16))
    add_line(tmp_path / "heads.npz", weight, bias)
    with np.load(tmp_path / "heads.npz") as stored:
        odds = vectors @ stored["maybe.weight"].astype(np.float32) + stored["maybe.bias"]

        assert {"far", "maybe.weight", "maybe.bias"} == set(stored.files)
        assert np.mean((odds > 0) == (names > 0)) > 0.97
