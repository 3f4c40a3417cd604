namespace Orleans.Core
{
    /// <summary>A record in storage.</summary>
    public interface IStorage
    {
        /// <summary>The version that was read or written last; null when there is no record.</summary>
        string? Etag { get; }

        /// <summary>Whether the record exists.</summary>
        bool RecordExists { get; }

        /// <summary>Removes the record.</summary>
        Task ClearStateAsync();

        /// <summary>Writes the record.</summary>
        /// <exception cref="Orleans.Storage.InconsistentStateException">Another has written since it was read.</exception>
        Task WriteStateAsync();

        /// <summary>Reads the record anew, losing what was not written.</summary>
        Task ReadStateAsync();

        /// <inheritdoc cref="ClearStateAsync()" />
        Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

        /// <inheritdoc cref="WriteStateAsync()" />
        Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

        /// <inheritdoc cref="ReadStateAsync()" />
        Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
    }

    /// <summary>A record in storage, with its content.</summary>
    public interface IStorage<TState> : IStorage
    {
        /// <summary>The content in memory; written only by <see cref="IStorage.WriteStateAsync()"/>.</summary>
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    using Orleans.Core;

    /// <summary>A grain's state, read before it is activated. Injected into its constructor.</summary>
    public interface IPersistentState<TState> : IStorage<TState>;

    /// <summary>Names the state of a constructor's parameter and the storage that holds it.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public class PersistentStateAttribute : Attribute
    {
        /// <summary>A state by name, in a storage by name; without one, in the default storage.</summary>
        public PersistentStateAttribute(string stateName, string? storageName = null)
        {
            ArgumentNullException.ThrowIfNull(stateName);
            StateName = stateName;
            StorageName = storageName;
        }

        /// <summary>The state's name, unique within the grain.</summary>
        public string StateName { get; }

        /// <summary>The storage's name; null for the default one.</summary>
        public string? StorageName { get; }
    }
}
