using System.Globalization;
using Reconciler.Manifests;

namespace Reconciler.Sources;

/// <summary>
/// The limits of a source's manifests. All of them are read into memory. A hundred thousand people are about ten
/// megabytes of text, so much more is a mistake or an attack.
/// </summary>
/// <param name="Files">The most files.</param>
/// <param name="Bytes">The most bytes of all files together.</param>
public sealed record SourceLimits(int Files, long Bytes)
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>10,000 files, 64 MiB.</summary>
    public static SourceLimits Default { get; } = new(10_000, 64 * Mebibyte);

    /// <summary>Checks a number of files and bytes against the limits.</summary>
    /// <exception cref="SourceException">A limit is exceeded.</exception>
    internal void Check(string where, int files, long bytes)
    {
        if (files > Files)
            throw new SourceException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{where} holds more than {Files} manifest files; name a folder of it, or raise the limit"
                )
            );
        if (bytes > Bytes)
            throw new SourceException(
                $"{where} holds more than {Size(Bytes)} of manifests; name a folder of it, or raise the limit"
            );
    }

    /// <summary>Formats a size in words.</summary>
    internal static string Size(long bytes) =>
        bytes % Mebibyte == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte} MiB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");
}
