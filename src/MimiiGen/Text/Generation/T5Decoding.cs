using static TorchSharp.torch;

namespace MimiiGen.Text;

/// <summary>A decoder on its way through some rows, token by token. Keeps what it has computed; owns its tensors.</summary>
internal sealed class T5Decoding : IDisposable
{
    private readonly T5ForConditionalGeneration model;
    private readonly Tensor states;
    private readonly Tensor mask;
    private readonly T5Memory[] memories;

    /// <summary>Begins with token ids (batch, tokens) and their mask, each for <paramref name="beams"/> neighbouring rows.</summary>
    public T5Decoding(T5ForConditionalGeneration model, Tensor inputIds, Tensor attentionMask, int beams)
    {
        using var scope = NewDisposeScope();
        this.model = model;
        states = model.Encode(inputIds, attentionMask).repeat_interleave(beams, 0).DetachFromDisposeScope(); // (rows, tokens, d_model)
        mask = attentionMask.repeat_interleave(beams, 0).DetachFromDisposeScope(); // (rows, tokens)
        memories = model.NewMemories();
    }

    /// <summary>Number of rows.</summary>
    public int Rows => (int)states.shape[0];

    /// <summary>Takes one token a row and gives the logits of the next, or their logarithmic softmax: (rows, vocabulary), row after row.</summary>
    public float[] Next(IEnumerable<long> tokens, bool asLogProbabilities)
    {
        using var scope = NewDisposeScope();
        var ids = tensor(tokens.ToArray(), device: states.device).unsqueeze(1); // (rows, 1)
        var logits = model.Step(ids, states, mask, memories).squeeze(1).to(ScalarType.Float32); // (rows, vocabulary)
        if (asLogProbabilities) logits = nn.functional.log_softmax(logits, -1);
        return logits.cpu().data<float>().ToArray();
    }

    /// <summary>Goes on with these rows.</summary>
    public void Reorder(IEnumerable<long> rows)
    {
        using var scope = NewDisposeScope();
        var order = tensor(rows.ToArray(), device: states.device);
        foreach (var memory in memories) memory.Reorder(order);
    }

    public void Dispose()
    {
        states.Dispose();
        mask.Dispose();
        foreach (var memory in memories) memory.Dispose();
    }
}
