using System.Globalization;
using System.Text;

namespace Reconciler.Sources.Git;

/// <summary>
/// Reads what <c>git cat-file --batch</c> and <c>--batch-check</c> write: lines, and contents of a length that a line
/// tells.
/// </summary>
/// <param name="stream">Its output, buffered.</param>
internal sealed class BatchReader(Stream stream)
{
    private const int LongestLine = 64 * 1024;

    /// <summary>The words of the next line.</summary>
    /// <exception cref="BrokenCopyException">There is none.</exception>
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

    /// <summary>The content that follows, as long as told, and the line's end behind it.</summary>
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

    /// <summary>A number of a line.</summary>
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
