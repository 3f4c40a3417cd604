using System.Reflection;
using BenchmarkDotNet.Attributes;
using RtcPlatform.Benchmarks.Srtp;

namespace RtcPlatform.Benchmarks.Tests;

/// <summary>The benchmarks as methods that can be called: every class, method and combination of parameters.</summary>
internal static class BenchmarkCatalog
{
    public static IEnumerable<Type> Classes() =>
        typeof(GcmProtectBenchmarks).Assembly.GetExportedTypes().Where(static type => Methods(type).Any());

    /// <summary>As it stands in expected-allocations.json.</summary>
    public static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    public static IEnumerable<MethodInfo> Methods(Type type) =>
        type.GetMethods().Where(static method => method.GetCustomAttribute<BenchmarkAttribute>() is not null);

    /// <summary>Instances that are set up, one for each combination of parameters, with the words that name it.</summary>
    public static IEnumerable<(object Instance, string Parameters)> Instances(Type type)
    {
        PropertyInfo[] parameters = [.. type.GetProperties().Where(static property => property.GetCustomAttribute<ParamsAttribute>() is not null)];
        IEnumerable<object?[]> combinations = [[]];
        foreach (PropertyInfo parameter in parameters)
        {
            object?[] values = parameter.GetCustomAttribute<ParamsAttribute>()!.Values;
            combinations = combinations.SelectMany(start => values.Select(value => (object?[])[.. start, value]));
        }

        foreach (object?[] values in combinations)
        {
            object instance = Activator.CreateInstance(type)!;
            for (int index = 0; index < parameters.Length; index++)
            {
                parameters[index].SetValue(instance, values[index]);
            }

            Invoke<GlobalSetupAttribute>(instance);
            yield return (instance, string.Join(", ", parameters.Zip(values, static (parameter, value) => $"{parameter.Name} {value}")));
            Invoke<GlobalCleanupAttribute>(instance);
        }
    }

    private static void Invoke<TAttribute>(object instance)
        where TAttribute : Attribute
    {
        foreach (MethodInfo method in instance.GetType().GetMethods().Where(static m => m.GetCustomAttribute<TAttribute>() is not null))
        {
            method.Invoke(instance, null);
        }
    }
}
