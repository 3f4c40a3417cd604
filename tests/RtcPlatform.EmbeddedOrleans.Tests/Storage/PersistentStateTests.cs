using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using RtcPlatform.EmbeddedOrleans.Simulation;

namespace RtcPlatform.EmbeddedOrleans.Tests.Storage;

[GenerateSerializer]
public sealed class Account
{
    [Id(0)]
    public int Balance { get; set; }

    [Id(1)]
    public List<string> Notes { get; set; } = [];
}

public interface IAccount : IGrainWithStringKey
{
    Task Add(int amount, bool write);

    Task<(int Balance, bool Exists, string? Etag)> Read();

    Task Clear();

    Task OverwriteBehindItsBack();
}

public sealed class AccountGrain(
    [PersistentState("account", "accounts")] IPersistentState<Account> state,
    [PersistentState("second")] IPersistentState<Account> second,
    [Microsoft.Extensions.DependencyInjection.FromKeyedServices("accounts")] IGrainStorage storage) : Grain, IAccount
{
    private int _balanceAtActivation;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _balanceAtActivation = state.State.Balance;
        return Task.CompletedTask;
    }

    public async Task Add(int amount, bool write)
    {
        state.State.Balance += amount;
        state.State.Notes.Add($"{amount}");
        if (write)
        {
            await state.WriteStateAsync();
        }
    }

    public Task<(int Balance, bool Exists, string? Etag)> Read() =>
        Task.FromResult((state.State.Balance, state.RecordExists && !second.RecordExists, state.Etag));

    public Task Clear() => state.ClearStateAsync();

    public Task OverwriteBehindItsBack() => storage.WriteStateAsync(
        "account",
        this.GetGrainId(),
        new GrainState<Account>(new Account { Balance = _balanceAtActivation + 1000 }, state.Etag));
}

public interface IUnstored : IGrainWithStringKey
{
    Task Touch();
}

public sealed class UnstoredGrain([PersistentState("s", "nowhere")] IPersistentState<Account> state) : Grain, IUnstored
{
    public Task Touch() => state.ReadStateAsync();
}

public sealed class PersistentStateTests : IDisposable
{
    private readonly SimulatedSilo _silo = new(1, configureSilo: s => s.AddMemoryGrainStorage("accounts"));

    private IAccount Account => _silo.Grains.GetGrain<IAccount>("a");

    public void Dispose() => _silo.Dispose();

    [Fact]
    public void What_was_written_survives_a_crash_and_nothing_else()
    {
        _silo.Run(() => Account.Add(5, write: true));
        _silo.Run(() => Account.Add(7, write: false));
        Assert.Equal(12, _silo.Run(Account.Read).Balance);

        _silo.CrashAll();

        var (balance, exists, etag) = _silo.Run(Account.Read);
        Assert.Equal((5, true), (balance, exists));
        Assert.NotNull(etag);
    }

    [Fact]
    public void A_cleared_state_is_new_again()
    {
        _silo.Run(() => Account.Add(5, write: true));
        _silo.Run(Account.Clear);

        Assert.Equal((0, false, null), _silo.Run(Account.Read));
        _silo.Run(() => Account.Add(1, write: true));
        Assert.Equal(1, _silo.Run(Account.Read).Balance);
    }

    [Fact]
    public void A_conflict_reaches_the_caller_and_the_next_call_reads_anew()
    {
        _silo.Run(() => Account.Add(5, write: true));
        _silo.Run(() => Account.OverwriteBehindItsBack());

        Assert.Throws<InconsistentStateException>(() => _silo.Run(() => Account.Add(1, write: true)));

        Assert.Equal(1000, _silo.Run(Account.Read).Balance);
        _silo.Run(() => Account.Add(1, write: true));
        Assert.Equal(1001, _silo.Run(Account.Read).Balance);
    }

    [Fact]
    public void A_storage_that_is_not_registered_fails_the_call_by_name()
    {
        var error = Assert.Throws<OrleansConfigurationException>(
            () => _silo.Run(() => _silo.Grains.GetGrain<IUnstored>("u").Touch()));

        Assert.Contains("\"nowhere\"", error.Message, StringComparison.Ordinal);
    }
}
