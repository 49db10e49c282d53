using Reconciler.Core.Ports;
using Reconciler.Manifests.Files;

namespace Reconciler.Hosting;

/// <summary>Where a state file may lie.</summary>
public static class StatePath
{
    /// <summary>Refuses what is no file, unopened: to open a pipe is to wait, and a device has no end.</summary>
    /// <param name="path">Where the state is to be.</param>
    /// <exception cref="LedgerException">A pipe, a device or a socket lies there.</exception>
    public static void Check(string path)
    {
        var kind = FileKinds.Of(path);
        if (kind is FileKind.Pipe or FileKind.Device or FileKind.Socket)
            throw new LedgerException($"{path} is {kind.Words()}; name a file with --state");
    }
}
