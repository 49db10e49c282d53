using Reconciler.Core.Ports;

namespace Reconciler.State.Postgres;

/// <summary>A right to write to one account.</summary>
/// <param name="Right">The right.</param>
/// <param name="Epoch">How often the right to the account was taken, this time included.</param>
/// <param name="Holder">The name under which it was taken.</param>
internal sealed record HeldRight(WriteRight Right, long Epoch, Holder Holder);
