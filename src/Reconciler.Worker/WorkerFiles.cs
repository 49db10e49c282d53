namespace Reconciler.Worker;

/// <summary>The places of a worker on disk.</summary>
/// <param name="Folder">The folder that relative paths of the settings start from.</param>
/// <param name="State">The state file, without links.</param>
public sealed record WorkerFiles(string Folder, string State);
