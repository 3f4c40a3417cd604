namespace Orleans.Runtime
{
    /// <summary>An error of the grain runtime.</summary>
    [GenerateSerializer]
    public class OrleansException : Exception
    {
        /// <summary>An error without words.</summary>
        public OrleansException()
            : base("Unexpected error.")
        {
        }

        /// <summary>An error in words.</summary>
        public OrleansException(string message)
            : base(message)
        {
        }

        /// <summary>An error with its cause.</summary>
        public OrleansException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }
    }

    /// <summary>A call that could not be delivered.</summary>
    [GenerateSerializer]
    public class OrleansMessageRejectionException : OrleansException
    {
        internal OrleansMessageRejectionException(string message, Exception? innerException = null)
            : base(message, innerException)
        {
        }
    }

    /// <summary>The process that held the grain is gone; whether the call took effect is unknown.</summary>
    [GenerateSerializer]
    public class SiloUnavailableException : OrleansMessageRejectionException
    {
        /// <summary>The silo is gone.</summary>
        public SiloUnavailableException()
            : base("SiloUnavailableException")
        {
        }

        /// <summary>The silo is gone, in words.</summary>
        public SiloUnavailableException(string message)
            : base(message)
        {
        }

        /// <summary>The silo is gone, with its cause.</summary>
        public SiloUnavailableException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }
    }

    /// <summary>The runtime was set up wrongly.</summary>
    [GenerateSerializer]
    public sealed class OrleansConfigurationException : Exception
    {
        /// <summary>What is wrong.</summary>
        public OrleansConfigurationException(string message)
            : base(message)
        {
        }

        /// <summary>What is wrong, with its cause.</summary>
        public OrleansConfigurationException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }
    }
}

namespace Orleans.Serialization
{
    /// <summary>A type that travels in a grain call has no serializer.</summary>
    [GenerateSerializer]
    public class CodecNotFoundException : Exception
    {
        /// <summary>Which type, and what it lacks.</summary>
        public CodecNotFoundException(string message)
            : base(message)
        {
        }
    }
}
