namespace Orleans.Runtime
{
    /// <summary>Anything that calls can be sent to: a grain or an observer.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    using Orleans.Runtime;

    /// <summary>Root of all grain interfaces.</summary>
    public interface IGrain : IAddressable;

    /// <summary>A grain whose key is text.</summary>
    public interface IGrainWithStringKey : IGrain;

    /// <summary>A grain whose key is a <see cref="Guid"/>.</summary>
    public interface IGrainWithGuidKey : IGrain;

    /// <summary>A grain whose key is a number.</summary>
    public interface IGrainWithIntegerKey : IGrain;

    /// <summary>
    /// An object outside of the grains that they can call. The runtime holds it weakly: whoever created its reference keeps it alive.
    /// </summary>
    public interface IGrainObserver : IAddressable;
}
