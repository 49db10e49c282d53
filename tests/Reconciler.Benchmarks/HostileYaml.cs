using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Manifests;

namespace Reconciler.Benchmarks;

/// <summary>What it costs to refuse text that is made to cost: deep nesting, aliases that multiply.</summary>
internal static class HostileYaml
{
    public static async Task RunAsync()
    {
        Measure.Machine();
        await RefuseAsync("200 KB of nested brackets", new string('[', 200 * 1024));
        await RefuseAsync("400 bytes of aliases", Aliases());
        await RefuseAsync("200 KB of nested mappings", string.Concat(Enumerable.Repeat("{a: ", 50 * 1024)));
    }

    private static async Task RefuseAsync(string name, string text)
    {
        string said = "";
        var cost = await Measure.MedianAsync(
            9,
            () =>
            {
                var problems = new Problems();
                ManifestReader.ReadText("hostile.yaml", text, new ManifestSet(), problems);
                said = problems.Sorted[0].ToString();
            }
        );
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name, -26} {cost}: {said}"));
    }

    // Nine lists of nine aliases each: 9⁹ values from 400 bytes.
    private static string Aliases()
    {
        var lines = Enumerable
            .Range('a', 9)
            .Select(c =>
                c == 'a'
                    ? "a: &a [x,x,x,x,x,x,x,x,x]"
                    : $"{(char)c}: &{(char)c} [{string.Join(',', Enumerable.Repeat($"*{(char)(c - 1)}", 9))}]"
            );
        return string.Join('\n', lines);
    }
}
