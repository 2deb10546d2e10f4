"""The log-mel spectrum of the DCASE baselines by torchaudio: seconds for a clip of 10 s at 16 kHz, median over many.

Arguments: threads, rounds. Prints: seconds, version of torchaudio.
"""
import statistics, sys, time
import torch, torchaudio

torch.set_num_threads(int(sys.argv[1]))
mel = torchaudio.transforms.MelSpectrogram(
    sample_rate=16000, n_fft=1024, hop_length=512, n_mels=128, power=2.0, center=True, pad_mode="constant", norm="slaney", mel_scale="slaney"
)
clip = torch.randn(160000)
times = []
with torch.no_grad():
    for _ in range(int(sys.argv[2])):
        start = time.perf_counter()
        10 * mel(clip).clamp_min(2.220446049250313e-16).log10()
        times.append(time.perf_counter() - start)
print(statistics.median(times), torchaudio.__version__)
