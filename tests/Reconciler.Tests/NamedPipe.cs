using System.Diagnostics;

namespace Reconciler.Tests;

/// <summary>A named pipe (FIFO) that goes away with the test.</summary>
internal sealed class NamedPipe : IDisposable
{
    private readonly string _path;

    public NamedPipe(string path)
    {
        _path = path;
        using var make = Process.Start(new ProcessStartInfo("mkfifo") { ArgumentList = { path } })!;
        make.WaitForExit();
        Assert.Equal(0, make.ExitCode);
    }

    /// <summary>Writes once somebody reads, and closes.</summary>
    public Task WriteAsync(string text) =>
        Task.Run(() =>
        {
            using var pipe = new FileStream(_path, FileMode.Open, FileAccess.Write);
            using var writer = new StreamWriter(pipe);
            writer.Write(text);
        });

    public void Dispose() => File.Delete(_path);
}
