"""The same networks in PyTorch, for the benchmark: python3 torch_peer.py THREADS

Layers by torch.nn under their published names, weights by formula from those names. Reads one JSON object a line, {"network": ..., "config": ...,
"input": {name: shape}}, runs the network once on inputs by formula, and answers with one line: seconds, and the mean absolute output.
With "train": true the last input is what the output is to be, and it takes a step of AdamW: seconds, the loss before the step, the most bytes held.
"""
import ctypes
import json
import math
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def formula(name, shape):
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 % 2**64
    count = math.prod(shape)
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    s = 2 * ((z >> np.uint64(40)).astype(np.float64) * 2.0**-24) - 1
    if name.endswith("bias"):
        v = 0.1 * s
    elif len(shape) <= 1:
        v = (1 if name.endswith("weight") else 0) + 0.1 * s
    else:
        v = math.sqrt(3 * shape[0] / count) * s
    return torch.from_numpy(v.astype(np.float32).reshape(shape))


def named(**modules):
    holder = nn.Module()
    for name, module in modules.items():
        holder.add_module(name, module)
    return holder


class Conv(nn.Module):
    """A causal convolution with reflection."""

    def __init__(self, inputs, outputs, width, stride=1):
        super().__init__()
        self.padding, self.stride = width - stride, stride
        self.conv = nn.Conv1d(inputs, outputs, width, stride)

    def forward(self, x):
        extra = -x.shape[2] % self.stride
        return self.conv(F.pad(x, (self.padding, extra), mode="reflect") if self.padding + extra else x)


class Up(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv = nn.ConvTranspose1d(inputs, outputs, 2 * stride, stride)
        self.stride = stride

    def forward(self, x):
        return self.conv(x)[..., : x.shape[2] * self.stride]


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.block = nn.Sequential(nn.ELU(), Conv(width, width // 2, 3), nn.ELU(), Conv(width // 2, width, 1))
        self.shortcut = Conv(width, width, 1)

    def forward(self, x):
        return self.shortcut(x) + self.block(x)


class Lstm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.lstm = nn.LSTM(width, width, 2)

    def forward(self, x):
        x = x.permute(2, 0, 1)
        return (self.lstm(x)[0] + x).permute(1, 2, 0)


def encoder():
    layers, width = [Conv(1, 32, 7)], 32
    for ratio in (2, 4, 5, 8):
        layers += [Residual(width), nn.ELU(), Conv(width, 2 * width, 2 * ratio, ratio)]
        width *= 2
    layers += [Lstm(width), nn.ELU(), Conv(width, 128, 7)]
    return named(encoder=named(layers=nn.Sequential(*layers))), lambda m, x: m.encoder.layers(x)


def decoder():
    layers, width = [Conv(128, 512, 7), Lstm(512)], 512
    for ratio in (8, 5, 4, 2):
        layers += [nn.ELU(), Up(width, width // 2, ratio), Residual(width // 2)]
        width //= 2
    layers += [nn.ELU(), Conv(width, 1, 7)]
    return named(decoder=named(layers=nn.Sequential(*layers))), lambda m, x: m.decoder.layers(x)


class Resnet(nn.Module):
    def __init__(self, inputs, outputs, time, groups):
        super().__init__()
        self.norm1, self.norm2 = nn.GroupNorm(groups, inputs), nn.GroupNorm(groups, outputs)
        self.conv1, self.conv2 = nn.Conv2d(inputs, outputs, 3, padding=1), nn.Conv2d(outputs, outputs, 3, padding=1)
        self.time_emb_proj = nn.Linear(time, outputs)
        if inputs != outputs:
            self.conv_shortcut = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x, time):
        h = self.conv1(F.silu(self.norm1(x))) + self.time_emb_proj(time)[:, :, None, None]
        h = self.conv2(F.silu(self.norm2(h)))
        return h + (self.conv_shortcut(x) if hasattr(self, "conv_shortcut") else x)


class Attention(nn.Module):
    def __init__(self, width, context, heads):
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(width, width, bias=False)
        self.to_k, self.to_v = nn.Linear(context, width, bias=False), nn.Linear(context, width, bias=False)
        self.to_out = nn.Sequential(nn.Linear(width, width))

    def forward(self, x, context):
        q, k, v = (t.unflatten(2, (self.heads, -1)).transpose(1, 2) for t in (self.to_q(x), self.to_k(context), self.to_v(context)))
        weights = (q @ k.transpose(2, 3) * (q.shape[3] ** -0.5)).softmax(-1)
        return self.to_out((weights @ v).transpose(1, 2).flatten(2))


class Geglu(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.proj = nn.Linear(width, 8 * width)

    def forward(self, x):
        value, gate = self.proj(x).chunk(2, -1)
        return value * F.gelu(gate)


class TransformerBlock(nn.Module):
    def __init__(self, width, context, heads):
        super().__init__()
        self.norm1, self.norm2, self.norm3 = nn.LayerNorm(width), nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn1, self.attn2 = Attention(width, width, heads), Attention(width, context, heads)
        self.ff = named(net=nn.Sequential(Geglu(width), nn.Identity(), nn.Linear(4 * width, width)))

    def forward(self, x, text):
        n = self.norm1(x)
        x = x + self.attn1(n, n)
        x = x + self.attn2(self.norm2(x), text)
        return x + self.ff.net(self.norm3(x))


class Transformer(nn.Module):
    def __init__(self, width, context, heads, groups):
        super().__init__()
        self.norm = nn.GroupNorm(groups, width, 1e-6)
        self.proj_in, self.proj_out = nn.Linear(width, width), nn.Linear(width, width)
        self.transformer_blocks = nn.ModuleList([TransformerBlock(width, context, heads)])

    def forward(self, x, text):
        tokens = self.proj_in(self.norm(x).flatten(2).transpose(1, 2))
        tokens = self.proj_out(self.transformer_blocks[0](tokens, text))
        return x + tokens.transpose(1, 2).unflatten(2, x.shape[2:])


class UNet(nn.Module):
    def __init__(self, c):
        super().__init__()
        widths, layers, groups, context = c["block_out_channels"], c["layers_per_block"], c["norm_num_groups"], c["cross_attention_dim"]
        top = len(widths) - 1
        time = 4 * widths[0]
        heads = c["attention_head_dim"]
        self.first = widths[0]
        self.conv_in = nn.Conv2d(c["in_channels"], widths[0], 3, padding=1)
        self.time_embedding = named(linear_1=nn.Linear(widths[0], time), linear_2=nn.Linear(time, time))

        def attend(level):
            return Transformer(widths[level], context, heads[level], groups)

        self.down_blocks, self.up_blocks = nn.ModuleList(), nn.ModuleList()
        for i, w in enumerate(widths):
            block = nn.Module()
            if c["down_block_types"][i] == "CrossAttnDownBlock2D":
                block.attentions = nn.ModuleList(attend(i) for _ in range(layers))
            block.resnets = nn.ModuleList(Resnet(w if j else widths[max(i - 1, 0)], w, time, groups) for j in range(layers))
            if i < top:
                block.downsamplers = nn.ModuleList([named(conv=nn.Conv2d(w, w, 3, 2, 1))])
            self.down_blocks.append(block)
        self.mid_block = named(
            attentions=nn.ModuleList([attend(top)]), resnets=nn.ModuleList(Resnet(widths[top], widths[top], time, groups) for _ in range(2)))
        for i in range(top + 1):
            level = top - i
            w, below, entering = widths[level], widths[min(level + 1, top)], widths[max(level - 1, 0)]
            block = nn.Module()
            if c["up_block_types"][i] == "CrossAttnUpBlock2D":
                block.attentions = nn.ModuleList(attend(level) for _ in range(layers + 1))
            block.resnets = nn.ModuleList(
                Resnet((w if j else below) + (entering if j == layers else w), w, time, groups) for j in range(layers + 1))
            if level:
                block.upsamplers = nn.ModuleList([named(conv=nn.Conv2d(w, w, 3, padding=1))])
            self.up_blocks.append(block)
        self.conv_norm_out = nn.GroupNorm(groups, widths[0])
        self.conv_out = nn.Conv2d(widths[0], c["out_channels"], 3, padding=1)

    def forward(self, sample, text):
        half = self.first // 2
        angles = 321.0 * torch.exp(torch.arange(half) * (-math.log(10000) / half))
        time = torch.cat([angles.cos(), angles.sin()])[None]
        time = F.silu(self.time_embedding.linear_2(F.silu(self.time_embedding.linear_1(time))))
        x = self.conv_in(sample)
        skips = [x]
        for block in self.down_blocks:
            for j, resnet in enumerate(block.resnets):
                x = resnet(x, time)
                if hasattr(block, "attentions"):
                    x = block.attentions[j](x, text)
                skips.append(x)
            if hasattr(block, "downsamplers"):
                x = block.downsamplers[0].conv(x)
                skips.append(x)
        x = self.mid_block.resnets[0](x, time)
        x = self.mid_block.resnets[1](self.mid_block.attentions[0](x, text), time)
        for block in self.up_blocks:
            for j, resnet in enumerate(block.resnets):
                x = resnet(torch.cat([x, skips.pop()], 1), time)
                if hasattr(block, "attentions"):
                    x = block.attentions[j](x, text)
            if hasattr(block, "upsamplers"):
                x = block.upsamplers[0].conv(F.interpolate(x, skips[-1].shape[2:]))
        return self.conv_out(F.silu(self.conv_norm_out(x)))


def unet(config):
    return UNet(config), lambda m, x, text: m(x, text)


def build(request):
    network = request["network"]
    model, run = unet(request["config"]) if network == "unet" else {"encoder": encoder, "decoder": decoder}[network]()
    with torch.no_grad():
        for name, value in model.state_dict().items():
            value.copy_(formula(name, tuple(value.shape)))
    return model.eval(), run


def train(model, run, optimizer, tensors):
    ctypes.CDLL(None).malloc_trim(0)
    open("/proc/self/clear_refs", "w").write("5")
    start = time.perf_counter()
    with torch.enable_grad():
        loss = (run(model, *tensors[:-1]) - tensors[-1]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimizer.step()
    seconds = time.perf_counter() - start
    peak = next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))
    return seconds, float(loss), peak


torch.set_num_threads(int(sys.argv[1]))
built = {}
inputs = {}
optimizers = {}
with torch.no_grad():
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        key = request["network"] + json.dumps(request.get("config"))
        if key not in built:
            built[key] = build(request)
        tensors = [inputs.setdefault(n + str(s), formula(n, tuple(s)) * math.sqrt(math.prod(s) / s[0])) for n, s in request["input"].items()]
        model, run = built[key]
        if request.get("train"):
            optimizer = optimizers.setdefault(key, torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01))
            print(*train(model, run, optimizer, tensors), flush=True)
            continue
        start = time.perf_counter()
        output = run(model, *tensors)
        print(time.perf_counter() - start, float(output.abs().mean(dtype=torch.float64)), flush=True)
