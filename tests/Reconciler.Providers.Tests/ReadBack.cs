using Reconciler.Core.Ports;

namespace Reconciler.Providers.Tests;

/// <summary>What a writer's answer comes to for whoever reads the project afterwards.</summary>
internal static class ReadBack
{
    /// <summary>A refusal that only reading can settle counts as an answer that leaves the outcome open.</summary>
    public static async Task<WriteResult> OrResultAsync(Task<WriteResult> write)
    {
        try
        {
            return await write;
        }
        catch (ProviderException refusal) when (refusal.IsSettledByReading)
        {
            return WriteResult.ReadBack;
        }
    }
}
