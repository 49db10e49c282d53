using System.Globalization;
using System.Text;

namespace Reconciler.Sources.Git;

/// <summary>
/// Reads the output of <c>git cat-file --batch</c> and <c>--batch-check</c>: lines, and contents whose length a line
/// states.
/// </summary>
/// <param name="stream">The output of git, buffered.</param>
internal sealed class BatchReader(Stream stream)
{
    private const int LongestLine = 64 * 1024;

    /// <summary>Reads the words of the next line.</summary>
    /// <exception cref="BrokenCopyException">There is no next line.</exception>
    public async Task<string[]> LineAsync(CancellationToken cancellation)
    {
        var line = new MemoryStream();
        while (true)
        {
            var one = await ByteAsync(cancellation);
            if (one == '\n')
                return Encoding.UTF8.GetString(line.ToArray()).Split(' ');
            if (line.Length == LongestLine)
                throw new BrokenCopyException("an answer of git has no end");
            line.WriteByte(one);
        }
    }

    /// <summary>Reads content of a given length, and the line end after it.</summary>
    public async Task<byte[]> ContentAsync(long length, CancellationToken cancellation)
    {
        var content = new byte[length];
        try
        {
            await stream.ReadExactlyAsync(content, cancellation);
        }
        catch (EndOfStreamException)
        {
            throw new BrokenCopyException("an answer of git broke off");
        }

        await ByteAsync(cancellation);
        return content;
    }

    /// <summary>Parses a number of a line.</summary>
    public static long Length(string word) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : throw new BrokenCopyException($"git answered {word} for a length");

    private async ValueTask<byte> ByteAsync(CancellationToken cancellation)
    {
        var one = new byte[1];
        return await stream.ReadAsync(one, cancellation) == 1
            ? one[0]
            : throw new BrokenCopyException("an answer of git broke off");
    }
}
