using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Offboarding;
using Reconciler.Core.Text;
using Reconciler.Testing.Fuzzing;
using static Reconciler.Testing.Fuzzing.FuzzTarget;

namespace Reconciler.Core.Tests.Fuzzing;

/// <summary>Values of manifests and vendors: addresses, logins, durations, days.</summary>
public static class CoreTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } = [Of("email", Address), Of("values", Values)];

    // Two ways to the same key must agree, or one person is two.
    private static void Address(string text)
    {
        var key = EmailAddress.KeyOf(text);
        Hold(EmailAddress.KeyOf(key) == key, $"the key of {text} has another key");
        if (EmailAddress.Parse(text) is not { } address)
            return;
        Hold(address.Key == EmailAddress.KeyOf(address.Text), $"{text} has two keys");
        Hold(EmailAddress.Parse(address.Text)?.Key == address.Key, $"{text} is no address any more");
        Hold(EmailAddress.IsUsable(address.Text), $"{text} is declared and cannot be sent");
        Hold(!address.Text.Any(char.IsControl), $"{text} has control characters");
    }

    private static void Values(string text)
    {
        _ = Login.Parse(text);
        _ = Duration.Parse(text);
        _ = Expiry.Parse(text);
        _ = DomainName.Parse(text);
        _ = AddressPattern.Parse(text);
        _ = NamedPerson.Parse(text);
        var shown = TerminalText.Escape(text);
        Hold(!shown.Any(char.IsControl), "a terminal gets control characters");
    }
}
