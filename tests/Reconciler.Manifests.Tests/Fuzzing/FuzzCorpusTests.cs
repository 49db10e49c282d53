using Reconciler.Testing.Fuzzing;

namespace Reconciler.Manifests.Tests.Fuzzing;

/// <summary>What a fuzzer found, and what it starts from, is tried again.</summary>
public sealed class FuzzCorpusTests
{
    public static TheoryData<string, string> Inputs => FuzzCorpus.Of(ManifestTargets.All);

    [Theory]
    [MemberData(nameof(Inputs))]
    public Task An_input_of_a_fuzzer_is_taken(string target, string input) =>
        FuzzCorpus.TryAsync(ManifestTargets.All, target, input);
}
