using Reconciler.Core.Ledgers;
using Reconciler.State;
using Reconciler.Testing.Hosts;
using Reconciler.Testing.State;

namespace Reconciler.Tests;

/// <summary>Where the password of a role comes from, with the real program and scram-sha-256.</summary>
[Trait("Runs", "Program")]
public sealed class PostgresPasswordTests : IDisposable
{
    private const string Right = PostgresProcess.LockedPassword;
    private const string Wrong = "wrong-password-7";
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PGPASSWORD")]
    [InlineData("PGPASSFILE")]
    [InlineData("HOME")]
    [InlineData("passwordfile")]
    public async Task A_password_lets_in_wherever_it_is_kept_and_a_wrong_one_is_never_shown(string kept)
    {
        var url = await StateAsync();
        var (code, said) = await ShowAsync(url, kept, Right);
        Assert.True(code == ExitCode.Done && said.Contains("ana@x.example", Sense), said);

        (code, said) = await ShowAsync(url, kept, Wrong);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(
            "refuses the user locked; check the user, and the password in the file that passwordfile names, in "
                + "PGPASSWORD or in ~/.pgpass",
            said,
            Sense
        );
        Assert.DoesNotContain(Wrong, said, Sense);
    }

    [Fact]
    public async Task Without_any_password_it_is_said_where_one_is_looked_for()
    {
        var (code, said) = await ShowAsync(await StateAsync(), "", "");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("wants a password, and none was found", said, Sense);
        Assert.Contains("PGPASSWORD", said, Sense);
    }

    public void Dispose() => _folder.Dispose();

    private const StringComparison Sense = StringComparison.Ordinal;

    // A state that the role made, over a connection that got the password from a file.
    private async Task<string> StateAsync()
    {
        PostgresProcess.Shared.MakeLocked();
        var url = PostgresProcess.Shared.NewUrl(PostgresProcess.Locked);
        await File.WriteAllTextAsync(_folder.At("owner"), Right, Cancellation);
        await using var store = StateStore.OpenOrCreate($"{url}&passwordfile={_folder.At("owner")}");
        await store.SaveAsync(
            new(TempFolder.Project, null, ""),
            TempFolder.Of(new PersonRecord("ana@x.example")),
            [],
            Cancellation
        );
        return url;
    }

    private Task<(int Code, string Said)> ShowAsync(string url, string kept, string password)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _folder.Path,
            ["RECONCILER_STATE"] = url,
        };
        var line = $"127.0.0.1:{PostgresProcess.Shared.Port}:postgres:{PostgresProcess.Locked}:{password}\n";
        switch (kept)
        {
            case "PGPASSWORD":
                variables[kept] = password;
                break;
            case "PGPASSFILE":
                variables[kept] = Private("passwords", line);
                break;
            case "HOME":
                Private(".pgpass", line);
                break;
            case "passwordfile":
                variables["RECONCILER_STATE"] = $"{url}&passwordfile={Private("password", password)}";
                break;
        }

        return TestedProgram.RunAsync(_folder.Path, variables, ["state", "show"], Cancellation);
    }

    private string Private(string name, string text)
    {
        var file = _folder.At(name);
        File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }
}
