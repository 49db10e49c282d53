using System.CommandLine;
using Reconciler.Help;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests;

/// <summary>The reference page of commands, made from the command line.</summary>
public sealed class CommandPageTests
{
    private static string Page => CommandPage.Of(CommandLines.Root()).Content;

    [Fact]
    public void The_page_has_every_command_every_option_and_every_exit_code()
    {
        var page = Page;
        foreach (var (path, command) in All(CommandLines.Root(), "").Where(c => c.Path.Length > 0))
        {
            var section = Section(page, path);
            Assert.All(
                command.Options.Where(o => !o.Hidden && o.Name != "--help"),
                o => Assert.Contains($"| `{o.Name}`", section, StringComparison.Ordinal)
            );
            Assert.All(command.Arguments, a => Assert.Contains($"| `{a.Name}` |", section, StringComparison.Ordinal));
            Assert.All(HelpExamples.Of(path), e => Assert.Contains($"\n{e.Line}\n", section, StringComparison.Ordinal));
        }

        Assert.All(
            ExitCode.Meanings,
            m => Assert.Contains($"| {m.Code} | ", Section(page, "Exit codes"), StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Descriptions_cannot_break_a_table_or_become_markup()
    {
        var verb = new Command("odd", "A <b>bold</b> | verb");
        verb.Options.Add(
            new Option<string>("--what")
            {
                Description = "one | two\n<script> *x* [y](z)",
                DefaultValueFactory = _ => "a|b`c",
            }
        );
        var root = new RootCommand("*root*");
        root.Subcommands.Add(verb);

        var page = CommandPage.Of(root).Content;

        Assert.Contains("\n\\*root\\*\n", page, StringComparison.Ordinal);
        Assert.Contains(
            "| `--what` | text | one \\| two \\<script\\> \\*x\\* \\[y\\](z) | `` a\\|b`c `` |",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains("A \\<b\\>bold\\</b\\> \\| verb.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_an_option_takes_are_listed_with_the_default() =>
        Assert.Contains(
            "| `--format` | `github`, `json`, `markdown`, `text` |",
            string.Join('\n', Section(Page, "plan").Split('\n').Select(Sorted)),
            StringComparison.Ordinal
        );

    // The library may list words in any order.
    private static string Sorted(string row)
    {
        var cells = row.Split(" | ");
        if (cells.Length < 3)
            return row;
        cells[1] = string.Join(", ", cells[1].Split(", ").Order(StringComparer.Ordinal));
        return string.Join(" | ", cells);
    }

    private static string Section(string page, string heading)
    {
        var lines = page.Split('\n').ToList();
        var start = lines.FindIndex(l => l.TrimStart('#') == $" {heading}" && l.StartsWith('#'));
        Assert.True(start >= 0, $"there is no section {heading}");
        return string.Join(
            '\n',
            lines.Skip(start).TakeWhile((l, i) => i == 0 || !l.StartsWith("##", StringComparison.Ordinal))
        );
    }

    private static IEnumerable<(string Path, Command Command)> All(Command command, string path) =>
        command.Subcommands.SelectMany(c => All(c, $"{path} {c.Name}".Trim())).Prepend((path, command));
}
