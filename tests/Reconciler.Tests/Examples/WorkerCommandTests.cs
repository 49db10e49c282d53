using System.Text.Json;
using Reconciler.Testing;
using Reconciler.Testing.Hosts;
using Reconciler.Worker.Settings;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Tests.Examples;

/// <summary>What the image, Compose and systemd run is what the program takes, and each settings file is one.</summary>
public sealed class WorkerCommandTests
{
    private const string Settings = "/etc/reconciler/worker.yaml";

    public static TheoryData<string> Files => [.. WorkerFiles.Paths];

    [Fact]
    public void What_the_image_runs_is_a_command_with_the_settings_that_the_examples_mount()
    {
        string[] run = [.. Words("ENTRYPOINT "), .. Words("CMD ")];

        Assert.Equal([], CommandLines.ErrorsOf(string.Join(' ', run)));
        Assert.Equal(["reconciler", "worker", "--config", Settings], run);
    }

    [Fact]
    public void The_health_check_of_the_image_is_a_command()
    {
        var check = Words("HEALTHCHECK ");

        Assert.Equal([], CommandLines.ErrorsOf(string.Join(' ', check)));
        Assert.Equal(["reconciler", "health"], check);
    }

    [Fact]
    public void What_systemd_starts_is_a_command_with_the_settings_beside_it()
    {
        var start = File.ReadLines(Repository.At("examples/systemd/reconciler-worker.service"))
            .Single(l => l.StartsWith("ExecStart=", StringComparison.Ordinal))["ExecStart=".Length..];

        Assert.Equal([], CommandLines.ErrorsOf(start));
        Assert.Equal(["worker", "--config", Settings], CommandLines.WordsOf(start));
    }

    [Fact]
    public void What_Compose_runs_instead_of_the_images_command_is_one()
    {
        var stream = new YamlStream();
        using var text = File.OpenText(Repository.At("examples/compose/compose.yaml"));
        stream.Load(text);
        var services = CiWorkflow.Map(stream.Documents[0].RootNode["services"]);
        var commands = services
            .Select(s => (YamlMappingNode)s.Value)
            .Where(s => s.Children.ContainsKey("command"))
            .Select(s => $"reconciler {string.Join(' ', ((YamlSequenceNode)s["command"]).Select(CiWorkflow.TextOf))}")
            .ToList();

        Assert.NotEmpty(commands);
        Assert.Equal([], commands.SelectMany(CommandLines.ErrorsOf));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_settings_file_is_read_without_a_problem_and_names_its_schema(string path)
    {
        Assert.NotNull(WorkerFiles.Read(path).Source);

        var named = File.ReadLines(Repository.At(path)).First();
        Assert.StartsWith("# yaml-language-server: $schema=", named, StringComparison.Ordinal);
        Assert.Equal(
            Repository.At(SettingsPage.SchemaPath),
            Path.GetFullPath(named.Split('=')[1], Path.GetDirectoryName(Repository.At(path))!)
        );
    }

    [Fact]
    public void Settings_files_are_found() =>
        Assert.Equal(["examples/compose/worker.yaml", "examples/systemd/worker.yaml"], WorkerFiles.Paths);

    // An instruction of the Dockerfile in its form of a JSON array, whatever stands before the array.
    private static string[] Words(string instruction)
    {
        var line = File.ReadLines(Repository.At("Dockerfile"))
            .Single(l => l.StartsWith(instruction, StringComparison.Ordinal));
        return JsonSerializer.Deserialize<string[]>(line[line.IndexOf('[', StringComparison.Ordinal)..])!;
    }
}
