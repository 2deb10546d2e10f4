using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MimiiGen.Kernels;

/// <summary>
/// The innermost loop of a weight's gradient: the transpose of some columns of one matrix times columns of another, summed over their rows, both read where
/// they lie. A tile is that of <see cref="MicroKernel"/>; each of its sums is taken over the rows in their order.
/// </summary>
internal static unsafe class OuterSums
{
    /// <summary>Adds the sum over rows of left[row, i] * right[row, j] to a tile.</summary>
    /// <param name="left">Twelve columns: the first of row 0.</param>
    /// <param name="leftPitch">Floats from a row to the next.</param>
    /// <param name="right">Thirty-two columns: the first of row 0.</param>
    /// <param name="rightPitch">Floats from a row to the next.</param>
    /// <param name="rows">Terms of each sum.</param>
    /// <param name="sums">The tile (12, 32).</param>
    public static void Add(float* left, nint leftPitch, float* right, nint rightPitch, nint rows, float* sums)
    {
        if (Avx512F.IsSupported)
        {
            Add12By32(left, leftPitch, right, rightPitch, rows, sums);
            return;
        }

        for (var half = 0; half < 2; half++, left += 6, sums += 6 * MicroKernel.Columns)
        {
            Add6By16(left, leftPitch, right, rightPitch, rows, sums);
            Add6By16(left, leftPitch, right + MicroKernel.Panel, rightPitch, rows, sums + MicroKernel.Panel);
        }
    }

    /// <summary>AVX-512: 24 sums of the 32 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add12By32(float* a, nint s, float* b, nint t, nint rows, float* sum)
    {
        Vector512<float> c0a = Vector512.Load(sum), c0b = Vector512.Load(sum + 16);
        Vector512<float> c1a = Vector512.Load(sum + 32), c1b = Vector512.Load(sum + 48);
        Vector512<float> c2a = Vector512.Load(sum + 64), c2b = Vector512.Load(sum + 80);
        Vector512<float> c3a = Vector512.Load(sum + 96), c3b = Vector512.Load(sum + 112);
        Vector512<float> c4a = Vector512.Load(sum + 128), c4b = Vector512.Load(sum + 144);
        Vector512<float> c5a = Vector512.Load(sum + 160), c5b = Vector512.Load(sum + 176);
        Vector512<float> c6a = Vector512.Load(sum + 192), c6b = Vector512.Load(sum + 208);
        Vector512<float> c7a = Vector512.Load(sum + 224), c7b = Vector512.Load(sum + 240);
        Vector512<float> c8a = Vector512.Load(sum + 256), c8b = Vector512.Load(sum + 272);
        Vector512<float> c9a = Vector512.Load(sum + 288), c9b = Vector512.Load(sum + 304);
        Vector512<float> c10a = Vector512.Load(sum + 320), c10b = Vector512.Load(sum + 336);
        Vector512<float> c11a = Vector512.Load(sum + 352), c11b = Vector512.Load(sum + 368);
        for (; rows > 0; rows--, a += s, b += t)
        {
            var v = Vector512.Load(b);
            var w = Vector512.Load(b + 16);
            var x0 = Vector512.Create(*a);
            c0a = Vector512.FusedMultiplyAdd(x0, v, c0a);
            c0b = Vector512.FusedMultiplyAdd(x0, w, c0b);
            var x1 = Vector512.Create(a[1]);
            c1a = Vector512.FusedMultiplyAdd(x1, v, c1a);
            c1b = Vector512.FusedMultiplyAdd(x1, w, c1b);
            var x2 = Vector512.Create(a[2]);
            c2a = Vector512.FusedMultiplyAdd(x2, v, c2a);
            c2b = Vector512.FusedMultiplyAdd(x2, w, c2b);
            var x3 = Vector512.Create(a[3]);
            c3a = Vector512.FusedMultiplyAdd(x3, v, c3a);
            c3b = Vector512.FusedMultiplyAdd(x3, w, c3b);
            var x4 = Vector512.Create(a[4]);
            c4a = Vector512.FusedMultiplyAdd(x4, v, c4a);
            c4b = Vector512.FusedMultiplyAdd(x4, w, c4b);
            var x5 = Vector512.Create(a[5]);
            c5a = Vector512.FusedMultiplyAdd(x5, v, c5a);
            c5b = Vector512.FusedMultiplyAdd(x5, w, c5b);
            var x6 = Vector512.Create(a[6]);
            c6a = Vector512.FusedMultiplyAdd(x6, v, c6a);
            c6b = Vector512.FusedMultiplyAdd(x6, w, c6b);
            var x7 = Vector512.Create(a[7]);
            c7a = Vector512.FusedMultiplyAdd(x7, v, c7a);
            c7b = Vector512.FusedMultiplyAdd(x7, w, c7b);
            var x8 = Vector512.Create(a[8]);
            c8a = Vector512.FusedMultiplyAdd(x8, v, c8a);
            c8b = Vector512.FusedMultiplyAdd(x8, w, c8b);
            var x9 = Vector512.Create(a[9]);
            c9a = Vector512.FusedMultiplyAdd(x9, v, c9a);
            c9b = Vector512.FusedMultiplyAdd(x9, w, c9b);
            var x10 = Vector512.Create(a[10]);
            c10a = Vector512.FusedMultiplyAdd(x10, v, c10a);
            c10b = Vector512.FusedMultiplyAdd(x10, w, c10b);
            var x11 = Vector512.Create(a[11]);
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

    /// <summary>AVX2: 12 sums of the 16 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add6By16(float* a, nint s, float* b, nint t, nint rows, float* sum)
    {
        Vector256<float> c0a = Vector256.Load(sum), c0b = Vector256.Load(sum + 8);
        Vector256<float> c1a = Vector256.Load(sum + 32), c1b = Vector256.Load(sum + 40);
        Vector256<float> c2a = Vector256.Load(sum + 64), c2b = Vector256.Load(sum + 72);
        Vector256<float> c3a = Vector256.Load(sum + 96), c3b = Vector256.Load(sum + 104);
        Vector256<float> c4a = Vector256.Load(sum + 128), c4b = Vector256.Load(sum + 136);
        Vector256<float> c5a = Vector256.Load(sum + 160), c5b = Vector256.Load(sum + 168);
        for (; rows > 0; rows--, a += s, b += t)
        {
            var v = Vector256.Load(b);
            var w = Vector256.Load(b + 8);
            var x0 = Vector256.Create(*a);
            c0a = Vector256.FusedMultiplyAdd(x0, v, c0a);
            c0b = Vector256.FusedMultiplyAdd(x0, w, c0b);
            var x1 = Vector256.Create(a[1]);
            c1a = Vector256.FusedMultiplyAdd(x1, v, c1a);
            c1b = Vector256.FusedMultiplyAdd(x1, w, c1b);
            var x2 = Vector256.Create(a[2]);
            c2a = Vector256.FusedMultiplyAdd(x2, v, c2a);
            c2b = Vector256.FusedMultiplyAdd(x2, w, c2b);
            var x3 = Vector256.Create(a[3]);
            c3a = Vector256.FusedMultiplyAdd(x3, v, c3a);
            c3b = Vector256.FusedMultiplyAdd(x3, w, c3b);
            var x4 = Vector256.Create(a[4]);
            c4a = Vector256.FusedMultiplyAdd(x4, v, c4a);
            c4b = Vector256.FusedMultiplyAdd(x4, w, c4b);
            var x5 = Vector256.Create(a[5]);
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
