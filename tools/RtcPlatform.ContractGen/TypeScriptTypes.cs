namespace RtcPlatform.ContractGen;

/// <summary>What a .NET type of the contract is called in TypeScript; a type that has no equal there is an error.</summary>
internal static class TypeScriptTypes
{
    public static string NameOf(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(string) || plain == typeof(DateTimeOffset))
        {
            return "string";
        }

        if (plain == typeof(bool))
        {
            return "boolean";
        }

        // Numbers on the wire are JSON numbers: exact to 2^53, which no counter of ours reaches.
        if (plain == typeof(int) || plain == typeof(long) || plain == typeof(double))
        {
            return "number";
        }

        if (plain.IsGenericType)
        {
            return NameOfGeneric(plain);
        }

        return plain.Namespace == typeof(RtcPlatform.Signaling.Contract.IRoomHub).Namespace
            ? plain.Name
            : throw new NotSupportedException($"{plain} cannot stand in the signaling contract");
    }

    public static string ResultOf(Type type) => type.IsGenericType ? NameOf(type.GetGenericArguments()[0]) : "void";

    private static string NameOfGeneric(Type type)
    {
        Type[] arguments = type.GetGenericArguments();
        Type definition = type.GetGenericTypeDefinition();
        if (definition == typeof(IReadOnlyList<>))
        {
            return $"readonly {NameOf(arguments[0])}[]";
        }

        return definition == typeof(IReadOnlyDictionary<,>) && arguments[0] == typeof(string)
            ? $"Readonly<Record<string, {NameOf(arguments[1])}>>"
            : throw new NotSupportedException($"{type} cannot stand in the signaling contract");
    }
}
