using System.Text;

namespace Reconciler.Testing.Fuzzing;

/// <summary>
/// Code that takes what others write, for a fuzzer to try. Whatever the input is, it must end soon and without an
/// exception; a refusal that callers expect is none.
/// </summary>
/// <param name="Name">The name, which is that of the folder with its inputs.</param>
/// <param name="Try">Tries one input; throws where something is wrong.</param>
public sealed record FuzzTarget(string Name, Func<byte[], Task> Try)
{
    /// <summary>A target that needs no waiting.</summary>
    public static FuzzTarget Of(string name, Action<string> @try) =>
        new(
            name,
            input =>
            {
                @try(Encoding.UTF8.GetString(input));
                return Task.CompletedTask;
            }
        );

    /// <summary>Throws where something does not hold of an input.</summary>
    public static void Hold(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException(what);
    }
}
