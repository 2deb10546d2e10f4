using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Kernels;

/// <summary>
/// The innermost loop of every product: twelve rows times sixteen or thirty-two columns, all sums in registers (Goto and van de Geijn 2008,
/// "Anatomy of high-performance matrix multiplication"). The rows are read where they lie, any distance apart, so that the windows of a
/// convolution need not be copied out; the columns come packed, sixteen at a time.
/// </summary>
internal static unsafe class MicroKernel
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 12;

    /// <summary>Columns of a packed panel.</summary>
    public const int Panel = 16;

    /// <summary>Columns of a tile: two panels.</summary>
    public const int Columns = 2 * Panel;

    /// <summary>Whether this processor has the instructions (AVX2 with FMA, or AVX-512).</summary>
    public static bool IsSupported => Avx512F.IsSupported || (Fma.IsSupported && Avx2.IsSupported);

    /// <summary>Whether the kernels take such a tensor: 32-bit floats on this processor. They know no gradients.</summary>
    public static bool Serves(Tensor tensor) => IsSupported && tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32;

    /// <summary>A tile: rows times columns, plus another tile.</summary>
    /// <param name="rows">First of twelve rows of <paramref name="length"/> floats.</param>
    /// <param name="stride">Floats from a row to the next.</param>
    /// <param name="length">Terms of each sum.</param>
    /// <param name="panel">The first panel (length, 16).</param>
    /// <param name="next">Floats from that panel to the second one; 0: there is no second one.</param>
    /// <param name="start">What is added (12, 32).</param>
    /// <param name="sums">The tile (12, 32); may be <paramref name="start"/>.</param>
    public static void Add(float* rows, nint stride, nint length, float* panel, nint next, float* start, float* sums)
    {
        if (Avx512F.IsSupported)
        {
            if (next != 0) Add12By32(rows, stride, length, panel, next, start, sums);
            else Add12By16(rows, stride, length, panel, start, sums);
            return;
        }

        for (var half = 0; half < 2; half++, rows += 6 * stride, start += 6 * Columns, sums += 6 * Columns)
        {
            Add6By16(rows, stride, length, panel, start, sums);
            if (next != 0) Add6By16(rows, stride, length, panel + next, start + Panel, sums + Panel);
        }
    }

    /// <summary>AVX-512: 24 sums of the 32 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add12By32(float* a, nint s, nint k, float* b, nint next, float* start, float* sum)
    {
        nint s2 = 2 * s, s3 = 3 * s, s4 = 4 * s, s5 = 5 * s;
        var d = a + (6 * s);
        Vector512<float> c0a = Vector512.Load(start), c0b = Vector512.Load(start + 16);
        Vector512<float> c1a = Vector512.Load(start + 32), c1b = Vector512.Load(start + 48);
        Vector512<float> c2a = Vector512.Load(start + 64), c2b = Vector512.Load(start + 80);
        Vector512<float> c3a = Vector512.Load(start + 96), c3b = Vector512.Load(start + 112);
        Vector512<float> c4a = Vector512.Load(start + 128), c4b = Vector512.Load(start + 144);
        Vector512<float> c5a = Vector512.Load(start + 160), c5b = Vector512.Load(start + 176);
        Vector512<float> c6a = Vector512.Load(start + 192), c6b = Vector512.Load(start + 208);
        Vector512<float> c7a = Vector512.Load(start + 224), c7b = Vector512.Load(start + 240);
        Vector512<float> c8a = Vector512.Load(start + 256), c8b = Vector512.Load(start + 272);
        Vector512<float> c9a = Vector512.Load(start + 288), c9b = Vector512.Load(start + 304);
        Vector512<float> c10a = Vector512.Load(start + 320), c10b = Vector512.Load(start + 336);
        Vector512<float> c11a = Vector512.Load(start + 352), c11b = Vector512.Load(start + 368);
        for (var end = a + k; a < end; a++, d++, b += 16)
        {
            var v = Vector512.Load(b);
            var w = Vector512.Load(b + next);
            var x0 = Vector512.Create(*a);
            c0a = Vector512.FusedMultiplyAdd(x0, v, c0a);
            c0b = Vector512.FusedMultiplyAdd(x0, w, c0b);
            var x1 = Vector512.Create(a[s]);
            c1a = Vector512.FusedMultiplyAdd(x1, v, c1a);
            c1b = Vector512.FusedMultiplyAdd(x1, w, c1b);
            var x2 = Vector512.Create(a[s2]);
            c2a = Vector512.FusedMultiplyAdd(x2, v, c2a);
            c2b = Vector512.FusedMultiplyAdd(x2, w, c2b);
            var x3 = Vector512.Create(a[s3]);
            c3a = Vector512.FusedMultiplyAdd(x3, v, c3a);
            c3b = Vector512.FusedMultiplyAdd(x3, w, c3b);
            var x4 = Vector512.Create(a[s4]);
            c4a = Vector512.FusedMultiplyAdd(x4, v, c4a);
            c4b = Vector512.FusedMultiplyAdd(x4, w, c4b);
            var x5 = Vector512.Create(a[s5]);
            c5a = Vector512.FusedMultiplyAdd(x5, v, c5a);
            c5b = Vector512.FusedMultiplyAdd(x5, w, c5b);
            var x6 = Vector512.Create(*d);
            c6a = Vector512.FusedMultiplyAdd(x6, v, c6a);
            c6b = Vector512.FusedMultiplyAdd(x6, w, c6b);
            var x7 = Vector512.Create(d[s]);
            c7a = Vector512.FusedMultiplyAdd(x7, v, c7a);
            c7b = Vector512.FusedMultiplyAdd(x7, w, c7b);
            var x8 = Vector512.Create(d[s2]);
            c8a = Vector512.FusedMultiplyAdd(x8, v, c8a);
            c8b = Vector512.FusedMultiplyAdd(x8, w, c8b);
            var x9 = Vector512.Create(d[s3]);
            c9a = Vector512.FusedMultiplyAdd(x9, v, c9a);
            c9b = Vector512.FusedMultiplyAdd(x9, w, c9b);
            var x10 = Vector512.Create(d[s4]);
            c10a = Vector512.FusedMultiplyAdd(x10, v, c10a);
            c10b = Vector512.FusedMultiplyAdd(x10, w, c10b);
            var x11 = Vector512.Create(d[s5]);
            c11a = Vector512.FusedMultiplyAdd(x11, v, c11a);
            c11b = Vector512.FusedMultiplyAdd(x11, w, c11b);
        }

        c0a.Store(sum);
        c0b.Store(sum + 16);
        c1a.Store(sum + 32);
        c1b.Store(sum + 48);
        c2a.Store(sum + 64);
        c2b.Store(sum + 80);
        c3a.Store(sum + 96);
        c3b.Store(sum + 112);
        c4a.Store(sum + 128);
        c4b.Store(sum + 144);
        c5a.Store(sum + 160);
        c5b.Store(sum + 176);
        c6a.Store(sum + 192);
        c6b.Store(sum + 208);
        c7a.Store(sum + 224);
        c7b.Store(sum + 240);
        c8a.Store(sum + 256);
        c8b.Store(sum + 272);
        c9a.Store(sum + 288);
        c9b.Store(sum + 304);
        c10a.Store(sum + 320);
        c10b.Store(sum + 336);
        c11a.Store(sum + 352);
        c11b.Store(sum + 368);
    }

    /// <summary>AVX-512, a lone panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add12By16(float* a, nint s, nint k, float* b, float* start, float* sum)
    {
        nint s2 = 2 * s, s3 = 3 * s, s4 = 4 * s, s5 = 5 * s;
        var d = a + (6 * s);
        Vector512<float> c0a = Vector512.Load(start);
        Vector512<float> c1a = Vector512.Load(start + 32);
        Vector512<float> c2a = Vector512.Load(start + 64);
        Vector512<float> c3a = Vector512.Load(start + 96);
        Vector512<float> c4a = Vector512.Load(start + 128);
        Vector512<float> c5a = Vector512.Load(start + 160);
        Vector512<float> c6a = Vector512.Load(start + 192);
        Vector512<float> c7a = Vector512.Load(start + 224);
        Vector512<float> c8a = Vector512.Load(start + 256);
        Vector512<float> c9a = Vector512.Load(start + 288);
        Vector512<float> c10a = Vector512.Load(start + 320);
        Vector512<float> c11a = Vector512.Load(start + 352);
        for (var end = a + k; a < end; a++, d++, b += 16)
        {
            var v = Vector512.Load(b);
            c0a = Vector512.FusedMultiplyAdd(Vector512.Create(*a), v, c0a);
            c1a = Vector512.FusedMultiplyAdd(Vector512.Create(a[s]), v, c1a);
            c2a = Vector512.FusedMultiplyAdd(Vector512.Create(a[s2]), v, c2a);
            c3a = Vector512.FusedMultiplyAdd(Vector512.Create(a[s3]), v, c3a);
            c4a = Vector512.FusedMultiplyAdd(Vector512.Create(a[s4]), v, c4a);
            c5a = Vector512.FusedMultiplyAdd(Vector512.Create(a[s5]), v, c5a);
            c6a = Vector512.FusedMultiplyAdd(Vector512.Create(*d), v, c6a);
            c7a = Vector512.FusedMultiplyAdd(Vector512.Create(d[s]), v, c7a);
            c8a = Vector512.FusedMultiplyAdd(Vector512.Create(d[s2]), v, c8a);
            c9a = Vector512.FusedMultiplyAdd(Vector512.Create(d[s3]), v, c9a);
            c10a = Vector512.FusedMultiplyAdd(Vector512.Create(d[s4]), v, c10a);
            c11a = Vector512.FusedMultiplyAdd(Vector512.Create(d[s5]), v, c11a);
        }

        c0a.Store(sum);
        c1a.Store(sum + 32);
        c2a.Store(sum + 64);
        c3a.Store(sum + 96);
        c4a.Store(sum + 128);
        c5a.Store(sum + 160);
        c6a.Store(sum + 192);
        c7a.Store(sum + 224);
        c8a.Store(sum + 256);
        c9a.Store(sum + 288);
        c10a.Store(sum + 320);
        c11a.Store(sum + 352);
    }

    /// <summary>AVX2: 12 sums of the 16 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add6By16(float* a, nint s, nint k, float* b, float* start, float* sum)
    {
        nint s2 = 2 * s, s3 = 3 * s, s4 = 4 * s, s5 = 5 * s;
        Vector256<float> c0a = Vector256.Load(start), c0b = Vector256.Load(start + 8);
        Vector256<float> c1a = Vector256.Load(start + 32), c1b = Vector256.Load(start + 40);
        Vector256<float> c2a = Vector256.Load(start + 64), c2b = Vector256.Load(start + 72);
        Vector256<float> c3a = Vector256.Load(start + 96), c3b = Vector256.Load(start + 104);
        Vector256<float> c4a = Vector256.Load(start + 128), c4b = Vector256.Load(start + 136);
        Vector256<float> c5a = Vector256.Load(start + 160), c5b = Vector256.Load(start + 168);
        for (var end = a + k; a < end; a++, b += 16)
        {
            var v = Vector256.Load(b);
            var w = Vector256.Load(b + 8);
            var x0 = Vector256.Create(*a);
            c0a = Vector256.FusedMultiplyAdd(x0, v, c0a);
            c0b = Vector256.FusedMultiplyAdd(x0, w, c0b);
            var x1 = Vector256.Create(a[s]);
            c1a = Vector256.FusedMultiplyAdd(x1, v, c1a);
            c1b = Vector256.FusedMultiplyAdd(x1, w, c1b);
            var x2 = Vector256.Create(a[s2]);
            c2a = Vector256.FusedMultiplyAdd(x2, v, c2a);
            c2b = Vector256.FusedMultiplyAdd(x2, w, c2b);
            var x3 = Vector256.Create(a[s3]);
            c3a = Vector256.FusedMultiplyAdd(x3, v, c3a);
            c3b = Vector256.FusedMultiplyAdd(x3, w, c3b);
            var x4 = Vector256.Create(a[s4]);
            c4a = Vector256.FusedMultiplyAdd(x4, v, c4a);
            c4b = Vector256.FusedMultiplyAdd(x4, w, c4b);
            var x5 = Vector256.Create(a[s5]);
            c5a = Vector256.FusedMultiplyAdd(x5, v, c5a);
            c5b = Vector256.FusedMultiplyAdd(x5, w, c5b);
        }

        c0a.Store(sum);
        c0b.Store(sum + 8);
        c1a.Store(sum + 32);
        c1b.Store(sum + 40);
        c2a.Store(sum + 64);
        c2b.Store(sum + 72);
        c3a.Store(sum + 96);
        c3b.Store(sum + 104);
        c4a.Store(sum + 128);
        c4b.Store(sum + 136);
        c5a.Store(sum + 160);
        c5b.Store(sum + 168);
    }
}
