namespace System.Runtime.CompilerServices;

/// <summary>Known to the .NET runtime by name: the assembly that carries it may use the named assembly's internals.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>The assembly whose internals are visible.</summary>
    public string AssemblyName { get; } = assemblyName;
}
