using System.Text;
using Reconciler.Testing.Sources;

namespace Reconciler.Tests.Manifests;

/// <summary>Files that are no text, as a power failure or another editor leaves them.</summary>
public sealed class SourceTextTests : IDisposable
{
    private const string Nul = "is not text: NUL bytes stand here, as after a power failure; restore the file";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, byte[], string> Bytes =>
        new()
        {
            { "all NUL, of the old length", new byte[4096], $"a.yaml:1:1: {Nul}" },
            { "one NUL byte", [0], $"a.yaml:1:1: {Nul}" },
            {
                "the last block is NUL",
                [.. Utf8(TemporaryFolder.TeamNamed("t")), .. new byte[512]],
                $"a.yaml:5:1: {Nul}"
            },
            { "the last byte is NUL", [.. Utf8(TemporaryFolder.TeamNamed("t")), 0], $"a.yaml:5:1: {Nul}" },
            { "NUL in the middle of a word", Utf8("a: b\nc: d\0e\n"), $"a.yaml:2:5: {Nul}" },
            { "NUL in a comment", Utf8("# a\0\nb: c\n"), $"a.yaml:1:4: {Nul}" },
            { "NUL after the end of a document", Utf8("a: b\n...\n\0\0\0\0"), $"a.yaml:3:1: {Nul}" },
            { "NUL, then bytes that are no UTF-8", [.. Utf8("a: b\n"), 0, 0xff, 0xfe], $"a.yaml:2:1: {Nul}" },
            { "a mark of UTF-8, then NUL", [0xEF, 0xBB, 0xBF, 0, 0], $"a.yaml:1:1: {Nul}" },
            {
                "UTF-16 without a mark",
                Encoding.Unicode.GetBytes(TemporaryFolder.TeamNamed("t")),
                "a.yaml: is not text: it looks like UTF-16 without a byte order mark; save it as UTF-8"
            },
            {
                "big-endian UTF-16 without a mark",
                Encoding.BigEndianUnicode.GetBytes(TemporaryFolder.TeamNamed("t")),
                "a.yaml: is not text: it looks like UTF-16 without a byte order mark; save it as UTF-8"
            },
            { "NUL in UTF-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a: b\n\0")], $"a.yaml:2:1: {Nul}" },
            {
                "half a character of UTF-16",
                [0xFF, 0xFE, (byte)'a', 0, (byte)':'],
                "a.yaml: is not UTF-16 text; save it as UTF-8"
            },
            { "Latin-1", [.. Utf8("a: "), 0xE4, .. Utf8("\n")], "a.yaml: is not UTF-8 text" },
            { "UTF-8 that is cut short", [.. Utf8("a: "), 0xC3], "a.yaml: is not UTF-8 text" },
            {
                "an escape sequence of a terminal",
                Utf8("a: \u001b[31mb\n"),
                "a.yaml:1:4: is not text: the control character \\u001b stands here; delete it"
            },
            { "a gzip file", [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0], $"a.yaml:1:4: {Nul}" },
        };

    [Theory]
    [MemberData(nameof(Bytes))]
    public void What_is_not_text_is_refused_and_never_declares_nothing(string what, byte[] bytes, string expected)
    {
        File.WriteAllBytes(_folder["a.yaml"], bytes);
        _folder.Team("b.yaml", "other");

        var reading = Reading.Paths([_folder.Path]);

        Assert.True(
            reading.Problems is [var problem] && problem == $"{_folder.Path}/{expected}",
            $"{what}: {string.Join("; ", reading.Problems)}"
        );
        Assert.True(reading.Set.IsIncomplete);
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-8", false)]
    public void Text_with_a_byte_order_mark_is_read(string encoding, bool marked)
    {
        var writer = Encoding.GetEncoding(encoding);
        File.WriteAllBytes(
            _folder["a.yaml"],
            [.. marked ? writer.GetPreamble() : [], .. writer.GetBytes(TemporaryFolder.TeamNamed("t"))]
        );

        var reading = Reading.Paths([_folder.Path]);

        Assert.Empty(reading.Problems);
        Assert.Equal(1, reading.Set.Count);
    }

    // An editor and a review show one line where these stand, and a YAML parser reads two: an entry would hide in a
    // comment.
    [Theory]
    [InlineData("\u2028", "holds \\u2028, which hides how this line is read")]
    [InlineData("\u2029", "holds \\u2029, which hides how this line is read")]
    [InlineData("\u0085", "holds \\u0085, which hides how this line is read")]
    [InlineData("\u202e", "holds \\u202e, which hides how this line is read")]
    [InlineData("\r", "holds a carriage return without a line feed")]
    public void What_hides_an_entry_in_a_comment_is_refused_with_its_line(string character, string said)
    {
        var text =
            "apiVersion: reconciler.dev/v1alpha1\nkind: Team\nmetadata: {name: a}\nspec:\n  members:\n"
            + $"  - email: ana@example.com # note{character}  - email: eve@example.com\n";

        var problem = Assert.Single(Reading.Text(text).Problems);

        Assert.StartsWith("a.yaml:6:", problem, StringComparison.Ordinal);
        Assert.Contains(said, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_that_end_with_CR_and_LF_are_read() =>
        Assert.Empty(
            Reading
                .Text(
                    "apiVersion: reconciler.dev/v1alpha1\r\nkind: Team\r\nmetadata: {name: a}\r\nspec: {members: []}\r\n"
                )
                .Problems
        );

    // Wherever a run reads YAML, the same is said of a NUL byte, and nothing is planned.
    [Theory]
    [InlineData("validate manifests")]
    [InlineData("validate manifests/a.yaml")]
    [InlineData("plan manifests")]
    [InlineData("apply manifests --yes")]
    [InlineData("validate good --guardrails manifests")]
    [InlineData("validate good --connections manifests/a.yaml")]
    [InlineData("plan good --baseline manifests")]
    public async Task NUL_bytes(string words)
    {
        Directory.CreateDirectory(_folder["manifests"]);
        await File.WriteAllBytesAsync(
            _folder["manifests/a.yaml"],
            new byte[300],
            TestContext.Current.CancellationToken
        );
        _folder.Team("good/b.yaml", "other");

        var (code, output) = await RunAsync(words.Split(' '));

        Assert.Contains($"manifests/a.yaml:1:1: {Nul}", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Problems, code);
    }

    [Fact]
    public async Task NUL_bytes_in_an_ignore_file_leave_nothing_out_in_silence()
    {
        _folder.Team("manifests/b.yaml", "other");
        _folder.Write("manifests/.reconcilerignore", "drafts/\n\0\0\0");

        var (code, output) = await RunAsync("validate", "manifests");

        Assert.Contains("manifests/.reconcilerignore:2:1: is not text", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Problems, code);
    }

    [Fact]
    public async Task NUL_bytes_in_the_settings_of_a_worker_are_refused()
    {
        await File.WriteAllBytesAsync(_folder["worker.yaml"], new byte[64], TestContext.Current.CancellationToken);

        var (code, output) = await RunAsync("worker", "--config", _folder["worker.yaml"], "--check");

        Assert.Contains($"worker.yaml:1:1: {Nul}", output, StringComparison.Ordinal);
        Assert.NotEqual(ExitCode.Done, code);
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = output,
            Error = output,
            In = TextReader.Null,
            Variable = _ => null,
            Folder = _folder.Path,
        };
        return (await Cli.RunAsync(words, environment, TestContext.Current.CancellationToken), output.ToString());
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
