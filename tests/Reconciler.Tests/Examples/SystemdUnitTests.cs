using Reconciler.Testing;
using Reconciler.Worker.Settings;

namespace Reconciler.Tests.Examples;

/// <summary>
/// <c>examples/systemd</c>: the unit holds the worker tightly, and the settings name what the unit gives it.
/// </summary>
public sealed class SystemdUnitTests
{
    private const string Name = "reconciler-worker.service";
    private const string Credentials = $"/run/credentials/{Name}/";

    private static IReadOnlyList<(string Section, string Key, string Value)> Unit { get; } = [.. Read()];

    [Theory]
    [InlineData("ProtectSystem", "strict")]
    [InlineData("ProtectHome", "yes")]
    [InlineData("PrivateTmp", "yes")]
    [InlineData("PrivateDevices", "yes")]
    [InlineData("DynamicUser", "yes")]
    [InlineData("NoNewPrivileges", "yes")]
    [InlineData("CapabilityBoundingSet", "")]
    [InlineData("RestrictNamespaces", "yes")]
    [InlineData("MemoryDenyWriteExecute", "yes")]
    [InlineData("SystemCallFilter", "@system-service")]
    [InlineData("UMask", "0077")]
    [InlineData("StateDirectoryMode", "0700")]
    public void The_worker_has_no_right_that_it_does_not_need(string key, string value) =>
        Assert.Equal(value, Service(key));

    [Fact]
    public void It_reloads_with_a_signal_and_is_given_time_to_end()
    {
        Assert.Equal("/bin/kill -HUP $MAINPID", Service("ExecReload"));
        Assert.Equal("35", Service("TimeoutStopSec"));
        Assert.Equal("on-failure", Service("Restart"));
        Assert.Equal("/usr/local/bin/reconciler worker --config /etc/reconciler/worker.yaml", Service("ExecStart"));
    }

    [Fact]
    public void The_settings_name_the_state_and_the_secrets_that_the_unit_gives_them()
    {
        var settings = WorkerFiles.Read("examples/systemd/worker.yaml");
        var loaded = Unit.Where(l => l.Key == "LoadCredential").Select(l => l.Value.Split(':')).ToList();

        Assert.All(loaded, c => Assert.Equal($"/etc/reconciler/secrets/{c[0]}", c[1]));
        string[] named = [settings.Source.Git!.TokenFile!, .. settings.Notifications!.Select(n => n.UrlFile!)];
        Assert.All(named, f => Assert.Contains(f, loaded.Select(c => Credentials + c[0])));
        Assert.Equal(Credentials.TrimEnd('/'), settings.SecretsDir);
        Assert.Equal($"/var/lib/{Service("StateDirectory")}/state.db", settings.State);
        Assert.Equal($"/var/lib/{Service("StateDirectory")}", Service("WorkingDirectory"));
    }

    [Fact]
    public void Every_line_is_a_setting_of_a_section() =>
        Assert.Equal(["Unit", "Service", "Install"], Unit.Select(l => l.Section).Distinct());

    private static string Service(string key) => Assert.Single(Unit, l => l.Section == "Service" && l.Key == key).Value;

    private static IEnumerable<(string Section, string Key, string Value)> Read()
    {
        var section = "";
        foreach (
            var line in File.ReadLines(Repository.At($"examples/systemd/{Name}"))
                .Where(l => l.Length > 0 && l[0] is not ('#' or ';'))
        )
        {
            if (line[0] == '[')
                section = line.Trim('[', ']');
            else if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
                yield return (section, line[..at], line[(at + 1)..]);
            else
                throw new FormatException($"{Name}: '{line}' is no setting");
        }
    }
}
