using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RtcPlatform.Domain.Rooms;
using RtcPlatform.EmbeddedOrleans.Simulation;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.Tests.Scripted;

/// <summary>A silo, a media node and whoever joins.</summary>
internal sealed class Stage : IDisposable
{
    // The silo holds what is outside of it weakly: without this, whom a test does not name again is lost to the garbage collector.
    private readonly List<object> _cast = [];

    public Stage(int seed = 1, int maxParticipants = 0, bool startNode = true)
    {
        Silo = new SimulatedSilo(seed, services =>
        {
            services.AddLogging();
            services.AddSingleton(Options.Create(new RoomOptions { MaxParticipants = maxParticipants }));
        });
        Node = NewNode("node-1");
        if (startNode)
        {
            Run(Node.StartAsync);
        }
    }

    public SimulatedSilo Silo { get; }

    public ScriptedNode Node { get; }

    public IRoomGrain Room => Silo.Grains.GetGrain<IRoomGrain>(GrainKeys.Room("project", "room"));

    public IProjectRoomsGrain Index => Silo.Grains.GetGrain<IProjectRoomsGrain>("project");

    public RoomSnapshot Snapshot => Silo.Run(Room.Snapshot);

    /// <summary>A media node that is not started.</summary>
    public ScriptedNode NewNode(string id)
    {
        var node = new ScriptedNode(Silo, id);
        _cast.Add(node);
        return node;
    }

    public ScriptedClient Client(string identity)
    {
        var client = new ScriptedClient(Silo, identity);
        _cast.Add(client);
        return client;
    }

    /// <summary>A client that joined, with all that follows from it done.</summary>
    public ScriptedClient Joined(string identity)
    {
        ScriptedClient client = Client(identity);
        Outcome<JoinResult> outcome = Silo.Run(() => client.JoinAsync());
        Assert.True(outcome.IsOk, outcome.Error?.ToString());
        Settle();
        return client;
    }

    public void Run(Func<Task> body)
    {
        Silo.Run(body);
        Silo.RunUntilIdle();
    }

    public T Run<T>(Func<Task<T>> body)
    {
        T result = Silo.Run(body);
        Silo.RunUntilIdle();
        return result;
    }

    /// <summary>One second: past every short delay, before every timeout.</summary>
    public void Settle() => Silo.Advance(TimeSpan.FromSeconds(1));

    /// <summary>kill -9 of the server: grains, edges and control streams are gone at once.</summary>
    public void KillServer(params ScriptedClient[] clients)
    {
        Silo.CrashAll();
        Node.LoseServer();
        foreach (ScriptedClient client in clients)
        {
            client.LoseServer();
        }

        Silo.RunUntilIdle();
    }

    public void Dispose() => Silo.Dispose();
}
