using Reconciler.Core.Manifests;

namespace Reconciler.Reports.Masking;

/// <summary>Masks the addresses in the problems of manifests.</summary>
public static class MaskedProblems
{
    /// <summary>Returns the problems in their order, masked where there is a mask.</summary>
    public static IReadOnlyList<Problem> Masked(this Problems problems, AddressMask? mask) =>
        mask is null
            ? problems.Sorted
            :
            [
                .. problems.Sorted.Select(p =>
                    p with
                    {
                        Position = p.Position with { Path = mask.Text(p.Position.Path) },
                        Field = mask.Text(p.Field),
                        Message = mask.Text(p.Message),
                    }
                ),
            ];
}
