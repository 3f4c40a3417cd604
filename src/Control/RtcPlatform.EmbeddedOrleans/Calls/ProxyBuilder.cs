using System.Reflection;
using System.Reflection.Emit;
using Orleans.Runtime;

namespace RtcPlatform.EmbeddedOrleans.Calls;

/// <summary>
/// Emits, for each grain interface, the class whose methods put their arguments into an array and hand them to
/// <see cref="GrainReference"/>: what Orleans' source generator writes at compile time.
/// </summary>
internal static class ProxyBuilder
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Opened = [];
    private static readonly AssemblyBuilder Assembly =
        AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("RtcPlatform.EmbeddedOrleans.Proxies"), AssemblyBuilderAccess.Run);

    private static readonly ModuleBuilder Module = Assembly.DefineDynamicModule("Proxies");
    private static int count;

    /// <summary>The proxy class, with a constructor without parameters.</summary>
    public static Type Build(Type grainInterface, IReadOnlyList<MethodInfo> methods)
    {
        lock (Gate)
        {
            Open(typeof(GrainReference).Assembly);
            foreach (var type in grainInterface.GetInterfaces().Append(grainInterface).Concat(methods.SelectMany(TypesOf)))
            {
                Open(type.Assembly);
            }

            var builder = Module.DefineType(
                $"{grainInterface.Name}_Proxy{count++}",
                TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Class,
                typeof(GrainReference),
                [grainInterface]);
            DefineConstructor(builder);
            for (var i = 0; i < methods.Count; i++)
            {
                DefineMethod(builder, methods[i], i);
            }

            return builder.CreateType();
        }
    }

    private static IEnumerable<Type> TypesOf(MethodInfo method) =>
        method.GetParameters().Select(p => p.ParameterType).Append(method.ReturnType).SelectMany(WithArguments);

    private static IEnumerable<Type> WithArguments(Type type) =>
        type.IsArray ? WithArguments(type.GetElementType()!) : type.GetGenericArguments().SelectMany(WithArguments).Append(type);

    // Grain interfaces may be internal to their assembly; the runtime lets an assembly with this attribute see them.
    private static void Open(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        if (Opened.Add(name))
        {
            var constructor = typeof(System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute).GetConstructors()[0];
            Assembly.SetCustomAttribute(new CustomAttributeBuilder(constructor, [name]));
        }
    }

    private static void DefineConstructor(TypeBuilder builder)
    {
        var il = builder.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, []).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(
            OpCodes.Call,
            typeof(GrainReference).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [])!);
        il.Emit(OpCodes.Ret);
    }

    private static void DefineMethod(TypeBuilder builder, MethodInfo method, int index)
    {
        var parameters = Array.ConvertAll(method.GetParameters(), p => p.ParameterType);
        var proxy = builder.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.NewSlot
                | MethodAttributes.HideBySig,
            method.ReturnType,
            parameters);
        var il = proxy.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Ldc_I4, parameters.Length);
        il.Emit(OpCodes.Newarr, typeof(object));
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
            if (parameters[i].IsValueType)
            {
                il.Emit(OpCodes.Box, parameters[i]);
            }

            il.Emit(OpCodes.Stelem_Ref);
        }

        il.Emit(OpCodes.Call, CallerFor(method.ReturnType));
        il.Emit(OpCodes.Ret);
        builder.DefineMethodOverride(proxy, method);
    }

    private static MethodInfo CallerFor(Type result)
    {
        if (!result.IsGenericType)
        {
            return Caller(result == typeof(void) ? "CallVoid" : result == typeof(Task) ? "CallTask" : "CallValueTask");
        }

        var name = result.GetGenericTypeDefinition() == typeof(Task<>) ? "CallTaskOf" : "CallValueTaskOf";
        return Caller(name).MakeGenericMethod(result.GetGenericArguments());
    }

    private static MethodInfo Caller(string name) =>
        typeof(GrainReference).GetMethod(name, BindingFlags.Instance | BindingFlags.NonPublic)!;
}
