using FsCheck;
using FsCheck.Fluent;
using RtcPlatform.LoadGenerator.Sessions;

namespace RtcPlatform.LoadGenerator.Tests.Floor;

public sealed class FloorRegistrationTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(100, FloorRegistration.KeyLength).Select(static i => (byte)i)];
    private static readonly byte[] Salt = [.. Enumerable.Range(200, FloorRegistration.SaltLength).Select(static i => (byte)i)];

    /// <summary>The table of tests/benchmarks/floor/README.md.</summary>
    [Fact]
    public void The_datagram_is_the_one_that_the_protocol_names()
    {
        byte[] datagram = Written(new FloorRegistration(FloorRole.Subscriber, 0x01020304, 0x05060708, 0x090A0B0C));

        Assert.Equal(
            [.. "FLOR"u8, 1, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, .. Key, .. Salt],
            datagram);
    }

    [Fact]
    public void What_was_written_is_read_and_its_echo_is_its_answer() =>
        Prop.ForAll((uint room, uint stream, uint ssrc) => Enum.GetValues<FloorRole>().All(role =>
        {
            var registration = new FloorRegistration(role, room, stream, ssrc);
            byte[] datagram = Written(registration);
            byte[] answer = datagram[..FloorRegistration.AnswerLength];
            answer[5] |= 0x80;
            return FloorRegistration.TryRead(datagram, out FloorRegistration read)
                && read == registration
                && registration.IsAnsweredBy(answer)
                && !(registration with { Ssrc = ssrc + 1 }).IsAnsweredBy(answer)
                && !registration.IsAnsweredBy(datagram)
                && !registration.IsAnsweredBy(datagram.AsSpan(0, FloorRegistration.AnswerLength));
        })).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, 'f')]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    public void Another_mark_version_or_role_is_no_registration(int index, byte octet)
    {
        byte[] datagram = Written(new FloorRegistration(FloorRole.Publisher, 1, 2, 3));
        Assert.False(FloorRegistration.TryRead(datagram.AsSpan(1), out _));
        datagram[index] = octet;

        Assert.False(FloorRegistration.TryRead(datagram, out _));
    }

    private static byte[] Written(FloorRegistration registration)
    {
        byte[] datagram = new byte[FloorRegistration.Length];
        registration.Write(datagram, Key, Salt);
        return datagram;
    }
}
