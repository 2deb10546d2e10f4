"""The training of the DCASE auto-encoder in PyTorch: seconds for some epochs over random feature vectors.

Arguments: threads, vectors, epochs. The vectors lie in one tensor and batches are index selections of it, which is faster than a DataLoader.
Prints: seconds, seconds of the processor, last loss, version of PyTorch.
"""
import sys, time
import torch
from torch import nn

threads, count, epochs = (int(a) for a in sys.argv[1:4])
torch.set_num_threads(threads)
torch.manual_seed(0)


def layer(inputs, outputs):
    return [nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs, momentum=0.01, eps=1e-3), nn.ReLU()]


network = nn.Sequential(
    *layer(640, 128), *layer(128, 128), *layer(128, 128), *layer(128, 128), *layer(128, 8),
    *layer(8, 128), *layer(128, 128), *layer(128, 128), *layer(128, 128), nn.Linear(128, 640))
optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
vectors = torch.randn(count, 640)
network.train()
begin, busy = time.perf_counter(), time.process_time()
for epoch in range(epochs):
    order = torch.randperm(count)
    total = 0.0
    for first in range(0, count, 256):
        batch = vectors[order[first:first + 256]]
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(network(batch), batch)
        loss.backward()
        optimizer.step()
        total += loss.detach()
print(time.perf_counter() - begin, time.process_time() - busy, float(total) / ((count + 255) // 256), torch.__version__)
