using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization;

namespace RtcPlatform.EmbeddedOrleans.Serialization;

/// <summary>Copies values whose declared type says little, by the type that they have.</summary>
internal sealed class RunTimeTypeCopier : Copier
{
    public static readonly RunTimeTypeCopier Instance = new();

    public override object Copy(object source, CopyContext context)
    {
        var type = source.GetType();
        return type == typeof(object)
            ? throw new CodecNotFoundException("A bare object cannot be copied")
            : Member(Copiers.ForExact(type), source, context);
    }
}

/// <summary>Passes references of grains and observers; a grain's own object becomes its reference.</summary>
internal sealed class ReferenceCopier : Copier
{
    public static readonly ReferenceCopier Instance = new();

    public override object Copy(object source, CopyContext context) => source switch
    {
        GrainReference => source,
        IGrainBase => throw new ArgumentException(
            $"{source.GetType()} was passed as itself; pass this.AsReference<TGrainInterface>()"),
        _ => throw new ArgumentException(
            $"{source.GetType()} is not a reference; observers are passed as what CreateObjectReference returned"),
    };
}

/// <summary>Copies the serialized members of one <c>[GenerateSerializer]</c> type.</summary>
internal sealed class MemberCopier : Copier
{
    private static readonly MethodInfo CopyMember = typeof(Copier).GetMethod(nameof(Member))!;

    private readonly Type _type;
    private readonly bool _hasConstructor;
    private readonly Lazy<(Action<object, object, Copier?[], CopyContext> Copy, Copier?[] Members)> _code;

    public MemberCopier(Type type)
    {
        _type = type;
        _hasConstructor = !type.IsValueType
            && type.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []) is not null;

        // Later, because a type may contain itself.
        _code = new(() => Compile(type));
    }

    public override object Copy(object source, CopyContext context)
    {
        if (!_type.IsValueType && context.TryGet(source, out var known))
        {
            return known;
        }

        var copy = _hasConstructor
            ? Activator.CreateInstance(_type, nonPublic: true)!
            : RuntimeHelpers.GetUninitializedObject(_type);
        if (!_type.IsValueType)
        {
            context.Remember(source, copy);
        }

        var (code, members) = _code.Value;
        code(source, copy, members, context);
        return copy;
    }

    // Expression trees refuse to assign init-only fields; IL may.
    private static (Action<object, object, Copier?[], CopyContext> Copy, Copier?[] Members) Compile(Type type)
    {
        var fields = TypeRules.IsContainer(type)
            ? type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            : SerializedMembers.Of(type).Fields;
        var copiers = fields.Select(f => IsShared(f) ? null : Copiers.For(f.FieldType)).ToArray();
        var method = new DynamicMethod(
            $"Copy_{type.Name}",
            null,
            [typeof(object), typeof(object), typeof(Copier?[]), typeof(CopyContext)],
            typeof(MemberCopier).Module,
            skipVisibility: true);
        var il = method.GetILGenerator();
        var open = type.IsValueType ? OpCodes.Unbox : OpCodes.Castclass;
        for (var i = 0; i < fields.Count; i++)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(open, type);
            if (copiers[i] is not null)
            {
                il.Emit(OpCodes.Ldarg_2);
                il.Emit(OpCodes.Ldc_I4, i);
                il.Emit(OpCodes.Ldelem_Ref);
            }

            il.Emit(OpCodes.Ldarg_0);
            il.Emit(open, type);
            il.Emit(OpCodes.Ldfld, fields[i]);
            if (copiers[i] is not null)
            {
                il.Emit(OpCodes.Ldarg_3);
                il.Emit(OpCodes.Call, CopyMember.MakeGenericMethod(fields[i].FieldType));
            }

            il.Emit(OpCodes.Stfld, fields[i]);
        }

        il.Emit(OpCodes.Ret);
        return (method.CreateDelegate<Action<object, object, Copier?[], CopyContext>>(), copiers);
    }

    private static bool IsShared(FieldInfo field) =>
        field.IsDefined(typeof(ImmutableAttribute))
        || SerializedMembers.PropertyOf(field.DeclaringType!, field)?.IsDefined(typeof(ImmutableAttribute)) == true;
}
