using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Forwarding.Consumers;

/// <summary>Remembers what was resent lately, so that a storm of NACKs cannot multiply traffic.</summary>
internal sealed class ResendRegister
{
    private const int Remembered = 64;

    // A second NACK for the same packet within this time was sent before the first answer could arrive.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    // Made by the first request: most consumers never see one.
    private (ulong Sequence, MonoTime At)[] _resent = [];

    public bool TryRegister(MonoTime now, ulong sequence)
    {
        if (_resent.Length == 0)
        {
            _resent = new (ulong, MonoTime)[Remembered];
        }

        ref (ulong Sequence, MonoTime At) slot = ref _resent[sequence % Remembered];
        if (slot.Sequence == sequence && slot.At != default && now - slot.At < Interval)
        {
            return false;
        }

        slot = (sequence, now);
        return true;
    }
}
