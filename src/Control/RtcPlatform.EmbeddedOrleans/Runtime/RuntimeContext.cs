using Orleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Scheduling;

namespace RtcPlatform.EmbeddedOrleans.Runtime;

/// <summary>Which activation the current code belongs to.</summary>
internal static class RuntimeContext
{
    /// <summary>The activation whose turn this is; null outside of the grains.</summary>
    public static IGrainContext? Current => Lane.Running?.Context;
}
