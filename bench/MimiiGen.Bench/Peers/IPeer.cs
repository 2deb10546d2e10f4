namespace MimiiGen.Bench;

/// <summary>Another implementation of the same networks.</summary>
internal interface IPeer : IDisposable
{
    /// <summary>Name and version.</summary>
    string Name { get; }

    /// <summary>Whether it has that network.</summary>
    bool Has(NetworkWork work);

    /// <summary>Runs the network once: seconds, and the mean absolute output.</summary>
    (double Seconds, double MeanAbsolute) Run(NetworkWork work);
}
