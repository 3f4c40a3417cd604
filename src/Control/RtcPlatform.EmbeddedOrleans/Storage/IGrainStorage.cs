using Orleans.Runtime;

namespace Orleans
{
    /// <summary>A grain's state on its way from and to storage.</summary>
    public interface IGrainState<T>
    {
        /// <summary>The content.</summary>
        T? State { get; set; }

        /// <summary>The version read or written last.</summary>
        string? ETag { get; set; }

        /// <summary>Whether the record exists.</summary>
        bool RecordExists { get; set; }
    }

    /// <summary>A grain's state on its way from and to storage.</summary>
    [GenerateSerializer]
    public sealed class GrainState<T> : IGrainState<T>
    {
        /// <summary>No content.</summary>
        public GrainState()
        {
        }

        /// <summary>With content.</summary>
        public GrainState(T? state)
            : this(state, null)
        {
        }

        /// <summary>With content and version.</summary>
        public GrainState(T? state, string? eTag)
        {
            State = state;
            ETag = eTag;
        }

        /// <inheritdoc />
        [Id(0)]
        public T? State { get; set; }

        /// <inheritdoc />
        [Id(1)]
        public string? ETag { get; set; }

        /// <inheritdoc />
        [Id(2)]
        public bool RecordExists { get; set; }
    }
}

namespace Orleans.Storage
{
    /// <summary>A place that keeps grains' states. Registered under a name with <c>AddGrainStorage</c>.</summary>
    public interface IGrainStorage
    {
        /// <summary>Reads into <paramref name="grainState"/>; without a record, its content becomes a new one.</summary>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <inheritdoc cref="ReadStateAsync{T}(string, GrainId, IGrainState{T})" />
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
            ReadStateAsync(stateName, grainId, grainState);

        /// <summary>Writes when the record still has the version in <paramref name="grainState"/>, which gets the new version.</summary>
        /// <exception cref="InconsistentStateException">It has another version.</exception>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <inheritdoc cref="WriteStateAsync{T}(string, GrainId, IGrainState{T})" />
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
            WriteStateAsync(stateName, grainId, grainState);

        /// <summary>Removes the record when it still has the version in <paramref name="grainState"/>.</summary>
        /// <exception cref="InconsistentStateException">It has another version.</exception>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <inheritdoc cref="ClearStateAsync{T}(string, GrainId, IGrainState{T})" />
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
            ClearStateAsync(stateName, grainId, grainState);
    }

    /// <summary>Another has written the state since this activation read it. The activation ends, and the next call reads anew.</summary>
    [GenerateSerializer]
    public class InconsistentStateException : OrleansException
    {
        /// <summary>A conflict in words.</summary>
        public InconsistentStateException(string message)
            : base(message)
        {
        }

        /// <summary>A conflict with its cause.</summary>
        public InconsistentStateException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }

        /// <summary>A conflict between two versions.</summary>
        public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
            : base(errorMsg)
        {
            StoredEtag = storedEtag;
            CurrentEtag = currentEtag;
        }

        /// <summary>A conflict between two versions, with its cause.</summary>
        public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
            : base(errorMsg, storageException)
        {
            StoredEtag = storedEtag;
            CurrentEtag = currentEtag;
        }

        /// <summary>The version of the activation.</summary>
        [Id(2)]
        public string? CurrentEtag { get; }

        /// <summary>The version in storage.</summary>
        [Id(1)]
        public string? StoredEtag { get; }

        /// <summary>Whether the conflict is still inside of the activation that met it.</summary>
        internal bool IsSourceActivation { get; set; } = true;
    }
}
