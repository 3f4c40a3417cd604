using System.Reflection;
using Orleans;
using Orleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Serialization;

namespace RtcPlatform.EmbeddedOrleans.Rules;

/// <summary>One place where a grain interface would fail at run time.</summary>
/// <param name="Member">The interface and its method.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record GrainInterfaceViolation(string Member, string Problem)
{
    /// <inheritdoc />
    public override string ToString() => $"{Member}: {Problem}";
}

/// <summary>
/// Finds what compiles in a grain interface and then fails in <c>GetGrain</c>: results that are not tasks, and types without a
/// serializer. For tests; the runtime applies the same rules.
/// </summary>
public static class GrainInterfaceRules
{
    /// <summary>Looks at every grain and observer interface of the assembly.</summary>
    /// <returns>What is wrong; empty when nothing is.</returns>
    public static IReadOnlyList<GrainInterfaceViolation> Check(Assembly assembly) =>
        [.. InterfacesIn(assembly).SelectMany(type => CheckInterface(type, streams: true))];

    /// <summary>The grain and observer interfaces of the assembly, for tests that make sure there is something to check.</summary>
    public static IReadOnlyList<Type> InterfacesIn(Assembly assembly) =>
        [.. assembly.GetTypes().Where(t => t.IsInterface && typeof(IAddressable).IsAssignableFrom(t) && !IsRuntimeOwn(t))];

    internal static IReadOnlyList<GrainInterfaceViolation> CheckInterface(Type type, bool streams = false)
    {
        var found = new List<GrainInterfaceViolation>();
        foreach (var property in type.GetProperties())
        {
            found.Add(new($"{type.Name}.{property.Name}", "grain interfaces have methods only, no properties"));
        }

        foreach (var method in MethodsOf(type))
        {
            found.AddRange(CheckMethod(type, method, streams));
        }

        return found;
    }

    internal static IReadOnlyList<MethodInfo> MethodsOf(Type type) =>
    [
        .. type.GetInterfaces().Append(type)
            .SelectMany(t => t.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(m => m.IsVirtual && !m.IsFinal && !m.IsSpecialName),
    ];

    private static IEnumerable<GrainInterfaceViolation> CheckMethod(Type type, MethodInfo method, bool streams)
    {
        var member = $"{type.Name}.{method.Name}";
        if (method.IsGenericMethodDefinition)
        {
            yield return new(member, "generic methods cannot be called through this runtime");
            yield break;
        }

        if (ResultProblem(type, method.ReturnType, streams) is { } problem)
        {
            yield return new(member, problem);
        }
        else if (method.ReturnType.IsGenericType)
        {
            foreach (var violation in TypeRules.Violations(method.ReturnType.GetGenericArguments()[0]))
            {
                yield return new(member, $"result {violation}");
            }
        }

        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef)
            {
                yield return new(member, $"argument {parameter.Name} is ref, in or out");
                continue;
            }

            foreach (var violation in TypeRules.Violations(parameter.ParameterType))
            {
                yield return new(member, $"argument {parameter.Name}: {violation}");
            }
        }
    }

    private static string? ResultProblem(Type type, Type result, bool streams)
    {
        if (result == typeof(Task) || result == typeof(ValueTask))
        {
            return null;
        }

        if (result == typeof(void))
        {
            return typeof(IGrainObserver).IsAssignableFrom(type) ? null : "returns void; a grain's method returns a task";
        }

        var definition = result.IsGenericType ? result.GetGenericTypeDefinition() : null;
        if (definition == typeof(Task<>) || definition == typeof(ValueTask<>))
        {
            return null;
        }

        return definition == typeof(IAsyncEnumerable<>)
            ? streams ? null : "returns IAsyncEnumerable, which this runtime does not carry"
            : $"returns {result.Name}; a grain's method returns Task, ValueTask or IAsyncEnumerable";
    }

    private static bool IsRuntimeOwn(Type type) => type.Assembly == typeof(GrainInterfaceRules).Assembly;
}
