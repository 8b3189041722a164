"""Writes the networks of a trained nnU-Net v2 model as ONNX.

python export_nnunet.py <trained folder> <output folder> <checkpoint> <fold> [<fold> ...]

Needs PyTorch and nnunetv2. Writes fold_<fold>.onnx, fold_<fold>.head.onnx where the last layer has more answers than inputs
(then the first file ends before that layer), and export.json: versions, mirror axes, shape of the window, and of
each fold some logits for an input that both sides can compute, which prove later that the file answers as PyTorch does.
What cannot be converted is said in export.json as `refused`.
"""

import copy
import json
import os
import sys
import tempfile
from pathlib import Path

trained, output = Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute()
checkpoint, folds = sys.argv[3], sys.argv[4:]
os.environ["nnUNet_compile"] = "f"
for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"):
    os.environ.setdefault(name, tempfile.gettempdir())

OPSET = 17
CHECKED_LOGITS = 512


class Refused(Exception):
    """The model cannot become ONNX: what is wrong, in one line."""


def main():
    try:
        answer = export()
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    (output / "export.json").write_text(json.dumps(answer, indent=1))


def export():
    try:
        import nnunetv2  # noqa: F401
        import torch
    except ImportError as error:
        raise Refused(f"this Python lacks {error.name}: name one that has PyTorch and nnunetv2") from error
    predictor = opened(torch)
    network = predictor.network.cpu().eval()
    patch = list(predictor.configuration_manager.patch_size)
    channels = input_channels(predictor)
    example = sample(torch, [1, channels, *patch])
    checks = {}
    for fold, weights in zip(folds, predictor.list_of_parameters, strict=True):
        load(network, weights, fold)
        with torch.inference_mode():
            logits = network(example)
        if not isinstance(logits, torch.Tensor):
            raise Refused("the network answers with several arrays")
        write(torch, copy.deepcopy(network), example, output / f"fold_{fold}.onnx")
        flat = logits.flatten()
        step = max(1, flat.numel() // CHECKED_LOGITS)
        checks[fold] = {"step": step, "logits": [round(float(value), 6) for value in flat[::step]]}
    return {
        "trainer": predictor.trainer_name,
        "patch": patch,
        "channels": channels,
        "classes": int(logits.shape[1]),
        "mirror_axes": list(predictor.allowed_mirroring_axes or []),
        "checks": checks,
        "versions": versions(),
    }


def opened(torch):
    try:
        return predictor_of(torch)
    except Exception as error:
        refusal = Refused(f"nnU-Net cannot open the model: {type(error).__name__}: {one_line(error)}")
    try:
        # TotalSegmentator brings trainers of its own, which nnU-Net finds after this import.
        import totalsegmentator.nnunet  # noqa: F401

        return predictor_of(torch)
    except Exception:
        raise refusal from None


def predictor_of(torch):
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    predictor = nnUNetPredictor(device=torch.device("cpu"), perform_everything_on_device=False, allow_tqdm=False)
    use = tuple(fold if fold == "all" else int(fold) for fold in folds)
    predictor.initialize_from_trained_model_folder(str(trained), use, checkpoint)
    return predictor


def input_channels(predictor):
    from nnunetv2.utilities.label_handling.label_handling import determine_num_input_channels

    return determine_num_input_channels(
        predictor.plans_manager, predictor.configuration_manager, predictor.dataset_json
    )


def load(network, weights, fold):
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        raise Refused(f"the weights of fold {fold} do not fit the network of plans.json: {one_line(error)}") from error


def sample(torch, shape):
    """Numbers from -2 to 2 that follow from their place alone (Knuth's multiplicative hash)."""
    import numpy as np

    place = np.arange(int(np.prod(shape)), dtype=np.uint64)
    values = (place * np.uint64(2654435761)) % np.uint64(2**32)
    return torch.from_numpy((values.astype(np.float64) / 2**30 - 2).astype(np.float32).reshape(shape))


def write(torch, network, example, file):
    stage_norms(torch, network)
    head = cut_head(torch, network)
    if head is None:
        return write_onnx(torch, network, (example,), file, ["image"], ["logits"])
    write_onnx(torch, network, (example,), file, ["image"], ["features"])
    features = torch.zeros([1, head.weight.shape[1], *example.shape[2:]])
    answers = torch.arange(2)
    axes = {"answers": {0: "some"}, "logits": {1: "some"}}
    names = (["features", "answers"], ["logits", "count"])
    return write_onnx(torch, head, (features, answers), file.with_suffix(".head.onnx"), *names, dynamic_axes=axes)


def write_onnx(torch, network, inputs, file, input_names, output_names, **more):
    options = {"input_names": input_names, "output_names": output_names, "opset_version": OPSET, **more}
    try:
        torch.onnx.export(network, inputs, str(file), dynamo=False, **options)
    except TypeError:
        torch.onnx.export(network, inputs, str(file), **options)
    except Exception as error:
        raise Refused(f"PyTorch cannot write the network as ONNX: {one_line(error)}") from error


def stage_norms(torch, network):
    """Writes norms as sums over one axis after the other.

    ONNX Runtime sums all voxels of a channel one by one in 32 bits. Where millions have the same value, such as air, this
    is off by parts in a thousand.
    """

    class Staged(torch.nn.Module):
        def __init__(self, norm):
            super().__init__()
            self.weight, self.bias, self.epsilon = norm.weight, norm.bias, norm.eps

        def forward(self, values):
            centred = values - mean(values)
            lines = torch.norm(centred, dim=-1, keepdim=True)
            variance = mean(lines * lines) / values.shape[-1]
            shape = [1, -1] + [1] * (values.dim() - 2)
            scaled = centred * (self.weight.view(shape) / torch.sqrt(variance + self.epsilon))
            return scaled + self.bias.view(shape)

    def mean(values):
        for axis in range(values.dim() - 1, 1, -1):
            values = values.mean(dim=axis, keepdim=True)
        return values

    kinds = (torch.nn.InstanceNorm2d, torch.nn.InstanceNorm3d)
    for parent in [*network.modules()]:
        for name, child in [*parent.named_children()]:
            if isinstance(child, kinds) and child.affine and not child.track_running_stats:
                setattr(parent, name, Staged(child))


def cut_head(torch, network):
    """Takes the last layer off and answers for some of its classes at a time: all at once they take more than its inputs."""

    class Head(torch.nn.Module):
        def __init__(self, layer):
            super().__init__()
            self.weight, self.bias = layer.weight, layer.bias
            self.convolution = torch.nn.functional.conv3d if layer.weight.dim() == 5 else torch.nn.functional.conv2d

        def forward(self, features, answers):
            some = (one.index_select(0, answers) for one in (self.weight, self.bias))
            return self.convolution(features, *some), torch.tensor([self.weight.shape[0]])

    layers = getattr(getattr(network, "decoder", None), "seg_layers", None)
    last = layers[-1] if layers else None
    if not isinstance(last, (torch.nn.Conv2d, torch.nn.Conv3d)) or last.bias is None:
        return None
    if set(last.kernel_size) != {1} or last.out_channels <= last.in_channels:
        return None
    layers[-1] = torch.nn.Identity()
    return Head(last)


def one_line(error):
    return " ".join(str(error).split())[:300]


def versions():
    from importlib.metadata import version

    return {name: version(name) for name in ("nnunetv2", "torch", "dynamic-network-architectures")}


if __name__ == "__main__":
    main()
