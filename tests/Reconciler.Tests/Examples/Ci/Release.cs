using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests.Examples.Ci;

/// <summary>A release as it is published: an archive for this machine, and the file with its checksum.</summary>
internal sealed class Release : IDisposable
{
    public const string Version = "v1.0.0";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-release-");

    private Release() { }

    /// <summary>The folder with a folder for each release.</summary>
    public string Folder => _folder.FullName;

    private static string Name => $"reconciler-1.0.0-{RuntimeInformation.RuntimeIdentifier}";

    private string Archive => Path.Combine(Folder, Version, $"{Name}.tar.gz");

    private string Sums => Path.Combine(Folder, Version, "SHA256SUMS");

    public string Checksum =>
        Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Archive))).ToLower(CultureInfo.InvariantCulture);

    /// <summary>Packs the program that is tested.</summary>
    public static async Task<Release> PackAsync()
    {
        Shell.SkipUnlessThere();
        var release = new Release();
        var (code, log) = await Shell.RunAsync(
            ["bash", "-e"],
            $$"""
            mkdir {{Name}} {{Version}}
            printf '#!/bin/sh\nexec "%s" "$@"\n' "$PROGRAM" > {{Name}}/reconciler
            chmod 755 {{Name}}/reconciler
            tar -czf {{Version}}/{{Name}}.tar.gz {{Name}}
            cd {{Version}}
            sha256sum {{Name}}.tar.gz > SHA256SUMS
            echo "{{new string('0', 64)}}  reconciler-1.0.0-win-x64.zip" >> SHA256SUMS
            """,
            release.Folder,
            new Dictionary<string, string> { ["PROGRAM"] = TestedProgram.Path }
        );
        Assert.True(code == 0, log);
        return release;
    }

    /// <summary>Puts another archive where the published one was.</summary>
    public void Swap() => File.AppendAllText(Archive, "more");

    /// <summary>Takes the archive's line out of the file with the checksums.</summary>
    public void Forget() => File.WriteAllText(Sums, $"{Checksum}  other.tar.gz\n");

    public void Dispose() => _folder.Delete(recursive: true);
}
