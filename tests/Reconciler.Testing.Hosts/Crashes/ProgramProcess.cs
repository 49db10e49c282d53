using System.Diagnostics;
using System.Text;
using Reconciler.Testing.Crashes;

namespace Reconciler.Testing.Hosts.Crashes;

/// <summary>The built program, in a process of its own that can be killed.</summary>
public sealed class ProgramProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private ProgramProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>What it said so far, on both outputs.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <summary>Starts it; nobody can be asked there.</summary>
    public static ProgramProcess Start(string folder, string token, params IEnumerable<string> words)
    {
        var start = new ProcessStartInfo(TestedProgram.Path, words)
        {
            WorkingDirectory = folder,
            Environment = { [CrashScene.Variable] = token },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in BuiltInSettings.Variables)
            start.Environment[name] = value;
        var started = new ProgramProcess(new() { StartInfo = start });
        started._process.OutputDataReceived += started.Hear;
        started._process.ErrorDataReceived += started.Hear;
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        started._process.StandardInput.Close();
        return started;
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        await _process
            .WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Waits until something comes about; it must not end before.</summary>
    public async Task UntilAsync(Task holds)
    {
        await Task.WhenAny(holds, EndAsync());
        if (holds.IsFaulted)
            await holds;
        Assert.True(
            holds.IsCompletedSuccessfully,
            $"the program ended with {(_process.HasExited ? _process.ExitCode : null)} before it came there\n{Said}"
        );
    }

    /// <summary>Waits until it has said something; it must not end before.</summary>
    public Task UntilSaidAsync(string text) =>
        UntilAsync(Eventually.Async(() => Said.Contains(text, StringComparison.Ordinal), () => $"{text}\n{Said}"));

    /// <summary>SIGKILL: nothing of the process runs any more once this returns.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    /// <summary>
    /// Sends a signal that the program can hear. The shell's own kill is everywhere; the program of that name is not.
    /// </summary>
    public async Task SignalAsync(string signal)
    {
        using var shell = Process.Start("/bin/sh", ["-c", $"kill -{signal} {Id}"]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (_said)
            _said.Append(line.Data).Append('\n');
    }
}
