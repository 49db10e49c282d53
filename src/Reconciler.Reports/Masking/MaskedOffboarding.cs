using Reconciler.Engine.Offboarding;

namespace Reconciler.Reports.Masking;

/// <summary>Masks the addresses in an offboarding, for any output format.</summary>
public static class MaskedOffboarding
{
    /// <summary>Masks every text of the plan; returns the plan itself where there is no mask.</summary>
    public static OffboardPlan Masked(this OffboardPlan plan, AddressMask? mask)
    {
        if (mask is null)
            return plan;
        mask.Learn(plan.Subject.OtherAddresses.Append(plan.Subject.Email).Concat(plan.Traces.Similar));
        var masked = new OffboardPlan(
            new(
                mask.Text(plan.Subject.Email),
                [.. plan.Subject.OtherAddresses.Select(mask.Text)],
                [.. plan.Subject.Persons.Select(mask.Text)]
            ),
            plan.Plan.Masked(mask),
            [
                .. plan.LookedAt.Select(l =>
                    l with
                    {
                        Listed = l.Listed with
                        {
                            Failure = l.Listed.Failure is { } failure ? mask.Text(failure) : null,
                        },
                    }
                ),
            ],
            [
                .. plan.Mentions.Select(m =>
                    m with
                    {
                        At = m.At with { Path = mask.Text(m.At.Path) },
                        Name = mask.Text(m.Name),
                    }
                ),
            ],
            [.. plan.StillDeclared.Select(p => p with { Id = mask.Text(p.Id) })]
        );
        return masked with { Traces = Of(plan.Traces, mask) };
    }

    private static OffboardingTraces Of(OffboardingTraces traces, AddressMask mask) =>
        new(
            [.. traces.Remembered.Select(r => r with { Name = mask.Text(r.Name) })],
            traces.Removed is { } removed
                ? removed with
                {
                    Person = mask.Text(removed.Person),
                    Document = mask.Text(removed.Document),
                }
                : null,
            [.. traces.Similar.Select(mask.Text)]
        );
}
