using Reconciler.Worker.Notifications;

namespace Reconciler.Worker.Tests.Notifications;

public sealed class MessageRateTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly MessageRate _rate = new();

    [Fact]
    public void The_first_message_need_not_wait_and_the_second_waits_ten_seconds()
    {
        Assert.Equal(TimeSpan.Zero, _rate.Wait(Start));
        _rate.Sent(Start);
        Assert.Equal(TimeSpan.FromSeconds(10), _rate.Wait(Start));
        Assert.Equal(TimeSpan.FromSeconds(3), _rate.Wait(Start.AddSeconds(7)));
        Assert.Equal(TimeSpan.Zero, _rate.Wait(Start.AddSeconds(10)));
    }

    [Fact]
    public void The_thirty_first_message_waits_until_the_first_is_an_hour_old()
    {
        var now = Start;
        for (var i = 0; i < MessageRate.MostAnHour; i++)
        {
            Assert.Equal(TimeSpan.Zero, _rate.Wait(now));
            _rate.Sent(now);
            now += MessageRate.Gap;
        }

        Assert.Equal(Start.AddHours(1) - now, _rate.Wait(now));
        Assert.Equal(TimeSpan.Zero, _rate.Wait(Start.AddHours(1)));
        _rate.Sent(Start.AddHours(1));
        Assert.Equal(TimeSpan.FromSeconds(10), _rate.Wait(Start.AddHours(1)));
    }
}
