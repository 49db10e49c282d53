using System.Text;

namespace Reconciler.Testing.Fuzzing;

/// <summary>
/// Code that takes what others write, for a fuzzer to try. Whatever the input is, it must end soon and without an
/// exception, except those that callers expect; what the target asserts besides must hold.
/// </summary>
/// <param name="Name">The name, which is that of the folder with its inputs.</param>
/// <param name="Try">Tries one input; throws where something is wrong.</param>
public sealed record FuzzTarget(string Name, Func<byte[], Task> Try)
{
    /// <summary>A target that takes a text and waits for nothing.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="try">Tries one text.</param>
    public static FuzzTarget Of(string name, Action<string> @try) =>
        new(
            name,
            input =>
            {
                @try(Text(input));
                return Task.CompletedTask;
            }
        );

    /// <summary>
    /// Reads an input as UTF-8. A byte that is none becomes half a surrogate pair, so that a fuzzer can make texts that
    /// a vendor's JSON can hold and no file can.
    /// </summary>
    /// <param name="input">The input.</param>
    public static string Text(ReadOnlySpan<byte> input)
    {
        var text = new StringBuilder(input.Length);
        while (!input.IsEmpty)
        {
            var isWhole =
                Rune.DecodeFromUtf8(input, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            if (isWhole)
                text.Append(rune);
            else
                text.Append((char)(0xd800 + ((input[0] & 0x7f) << 4)));
            input = input[(isWhole ? length : 1)..];
        }

        return text.ToString();
    }

    /// <summary>Throws where something does not hold of an input.</summary>
    /// <param name="holds">Whether it holds.</param>
    /// <param name="what">What is wrong where it does not.</param>
    public static void Hold(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException(what);
    }
}
