using System.Linq.Expressions;
using System.Reflection;
using Orleans.Concurrency;
using Orleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Runtime;
using RtcPlatform.EmbeddedOrleans.Serialization;

namespace RtcPlatform.EmbeddedOrleans.Calls;

/// <summary>One method of a grain interface: its rules, and how its arguments are copied.</summary>
internal abstract class GrainMethod
{
    private readonly Copier?[] _argumentCopiers;
    private readonly bool _copiesNothing;

    protected GrainMethod(MethodInfo method)
    {
        Method = method;
        Name = $"{method.DeclaringType!.Name}.{method.Name}";
        OneWay = method.ReturnType == typeof(void) || method.IsDefined(typeof(OneWayAttribute));
        AlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        ReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        _argumentCopiers = Array.ConvertAll(
            method.GetParameters(),
            p => p.IsDefined(typeof(Orleans.ImmutableAttribute)) ? null : Copiers.For(p.ParameterType));
        _copiesNothing = Array.TrueForAll(_argumentCopiers, c => c is null);
    }

    public MethodInfo Method { get; }

    public string Name { get; }

    public bool OneWay { get; }

    public bool AlwaysInterleave { get; }

    public bool ReadOnly { get; }

    /// <summary>The method with the answer's type that its result implies.</summary>
    public static GrainMethod Create(MethodInfo method)
    {
        var result = method.ReturnType;
        var answer = result.IsGenericType ? result.GetGenericArguments()[0] : typeof(Nothing);
        return (GrainMethod)Activator.CreateInstance(typeof(GrainMethod<>).MakeGenericType(answer), method)!;
    }

    /// <summary>Copies what is not immutable, in place; objects that occur twice stay one object.</summary>
    protected void CopyArguments(object?[] arguments)
    {
        if (_copiesNothing)
        {
            return;
        }

        var context = new CopyContext();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (_argumentCopiers[i] is { } copier && arguments[i] is { } argument)
            {
                arguments[i] = copier.Copy(argument, context);
            }
        }
    }
}

/// <summary>The answer of methods that return nothing.</summary>
internal readonly struct Nothing;

/// <summary>A method whose answer is a <typeparamref name="T"/>.</summary>
internal sealed class GrainMethod<T> : GrainMethod
{
    private readonly Copier? _resultCopier;
    private readonly Lazy<Func<object, object?[], Task<T>>> _invoke;

    public GrainMethod(MethodInfo method)
        : base(method)
    {
        var shared = typeof(T) == typeof(Nothing) || method.ReturnParameter.IsDefined(typeof(Orleans.ImmutableAttribute), false);
        _resultCopier = shared ? null : Copiers.For(typeof(T));
        _invoke = new(() => CompileInvoke(method));
    }

    /// <summary>An answer that is there already.</summary>
    public static readonly Task<T> Nothing = Task.FromResult<T>(default!);

    /// <summary>Sends the call; the task is the answer.</summary>
    public Task<T> Send(Silo silo, GrainId target, object?[] arguments)
    {
        try
        {
            CopyArguments(arguments);
        }
        catch (Exception exception)
        {
            return Task.FromException<T>(exception);
        }

        var call = new MethodCall<T>(silo, this, target, arguments);
        call.StartTimeout();
        try
        {
            silo.Deliver(target, call);
        }
        catch (Exception exception)
        {
            call.Reject(exception);
        }

        return call.Answer;
    }

    /// <summary>Calls the method on the object.</summary>
    public Task<T> Invoke(object target, object?[] arguments) =>
        _invoke.Value(target, arguments)
        ?? throw new InvalidOperationException($"{Name} returned null instead of a task");

    /// <summary>The answer as the caller may have it.</summary>
    public T CopyResult(T result) =>
        _resultCopier is null || result is null ? result : (T)_resultCopier.Copy(result, new CopyContext());

    private static Func<object, object?[], Task<T>> CompileInvoke(MethodInfo method)
    {
        var target = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object?[]));
        var typed = method.GetParameters().Select((p, i) =>
            (Expression)Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(i)), p.ParameterType));
        Expression body = Expression.Call(Expression.Convert(target, method.DeclaringType!), method, typed);
        if (method.ReturnType == typeof(void))
        {
            body = Expression.Block(body, Expression.Constant(Nothing));
        }
        else if (method.ReturnType != typeof(Task<T>))
        {
            var adapt = typeof(TaskShapes).GetMethods(BindingFlags.Public | BindingFlags.Static)
                .Single(m => Matches(m, method.ReturnType));
            body = Expression.Convert(
                Expression.Call(adapt.IsGenericMethodDefinition ? adapt.MakeGenericMethod(typeof(T)) : adapt, body), typeof(Task<T>));
        }

        return Expression.Lambda<Func<object, object?[], Task<T>>>(body, target, arguments).Compile();
    }

    private static bool Matches(MethodInfo adapter, Type result)
    {
        var parameter = adapter.GetParameters()[0].ParameterType;
        return result.IsGenericType
            ? parameter.IsGenericType && parameter.GetGenericTypeDefinition() == result.GetGenericTypeDefinition()
            : parameter == result;
    }
}

/// <summary>Brings every kind of task that a grain method may return to one shape.</summary>
internal static class TaskShapes
{
    public static Task<T> FromValueTask<T>(ValueTask<T> task) => task.AsTask();

    public static Task<Nothing> FromValueTask(ValueTask task) =>
        task.IsCompletedSuccessfully ? GrainMethod<Nothing>.Nothing : Await(task.AsTask());

    public static Task<Nothing> FromTask(Task task) =>
        task is { IsCompletedSuccessfully: true } ? GrainMethod<Nothing>.Nothing : Await(task);

    private static async Task<Nothing> Await(Task task)
    {
        await (task ?? throw new InvalidOperationException("A grain method returned null instead of a task"));
        return default;
    }
}
