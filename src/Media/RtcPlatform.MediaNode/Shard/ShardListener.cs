using RtcPlatform.Media.Contracts;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>Who hears of a shard's life-cycle changes; called on the shard's thread and must not wait.</summary>
/// <param name="TransportChanged">Transport id, state, one readable reason.</param>
/// <param name="ProducerStarted">Transport id, track sid, MIME type.</param>
public sealed record ShardListener(Action<string, TransportState, string> TransportChanged, Action<string, string, string> ProducerStarted);
