using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Engine.Tests.TwoPeers;

/// <summary>Two peers over one network, run in virtual time: the first publishes, the second receives.</summary>
internal sealed class Call
{
    public Call(int seed, PeerPlan sending, PeerPlan receiving)
    {
        Network = new LossyNetwork(seed);
        Publisher = new PeerEnd("pub", 1000, "sub", 2000, Network, sending, DtlsRole.Client);
        Subscriber = new PeerEnd("sub", 2000, "pub", 1000, Network, receiving, DtlsRole.Server);
    }

    public LossyNetwork Network { get; }

    public PeerEnd Publisher { get; }

    public PeerEnd Subscriber { get; }

    public MonoTime Now { get; private set; }

    public static Call Video(int seed) => new(
        seed,
        Plans.Sending(Plans.SendVideo),
        Plans.Receiving(Plans.ReceiveVideo(new SourceBinding(Plans.VideoSsrc, Plans.VideoRtxSsrc))));

    public Call Connected()
    {
        RunFor(TimeSpan.FromMilliseconds(200));
        Assert.Equal(PeerState.Connected, Publisher.Peer.State);
        Assert.Equal(PeerState.Connected, Subscriber.Peer.State);
        return this;
    }

    public void RunFor(TimeSpan span) => RunUntil(Now + span);

    public void RunUntil(MonoTime end)
    {
        while (true)
        {
            MonoTime next = MonoTime.Min(Network.NextArrival, MonoTime.Min(Publisher.NextDeadline, Subscriber.NextDeadline));
            if (next > end)
            {
                Now = end;
                return;
            }

            Now = next > Now ? next : Now;
            while (Network.TryReceive(Now, out (TransportAddress From, TransportAddress To, byte[] Datagram) arrived))
            {
                PeerEnd? target = arrived.To == Publisher.Address ? Publisher : arrived.To == Subscriber.Address ? Subscriber : null;
                target?.Handle(Now, arrived.From, arrived.Datagram);
            }

            foreach (PeerEnd end2 in (PeerEnd[])[Publisher, Subscriber])
            {
                if (end2.NextDeadline <= Now)
                {
                    end2.HandleTimeout(Now);
                }
            }
        }
    }
}
