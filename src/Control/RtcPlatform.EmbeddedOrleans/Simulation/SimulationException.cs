namespace RtcPlatform.EmbeddedOrleans.Simulation;

/// <summary>The simulation cannot go on: it stalled, or work left the simulated scheduler.</summary>
public sealed class SimulationException(string message) : Exception(message);
