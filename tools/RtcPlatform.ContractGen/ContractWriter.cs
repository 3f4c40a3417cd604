using System.Reflection;
using System.Text;
using System.Text.Json;
using RtcPlatform.Signaling.Contract;

namespace RtcPlatform.ContractGen;

/// <summary>The TypeScript of everything in <c>RtcPlatform.Signaling/Contract</c>, in a fixed order.</summary>
internal static class ContractWriter
{
    private static readonly Type[] ContractTypes =
    [
        .. typeof(IRoomHub).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(IRoomHub).Namespace && type.IsPublic)
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    public static string Write()
    {
        StringBuilder text = new();
        text.Append("// Generated from src/Edge/RtcPlatform.Signaling/Contract by tools/RtcPlatform.ContractGen. Not edited by hand.\n");
        HashSet<Type> sent = ReachedFrom(Methods(typeof(IRoomHub)).SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.ParameterType));
        foreach (Type type in ContractTypes.Where(type => type.IsEnum))
        {
            WriteEnum(text, type);
        }

        foreach (Type type in ContractTypes.Where(type => type.IsClass))
        {
            WriteInterface(text, type, optional: sent.Contains(type));
        }

        WriteMethods(text, typeof(IRoomHub), "RoomHub", "What a client may say.");
        WriteMethods(text, typeof(IRoomClient), "RoomClient", "What a client is told.");
        return text.ToString();
    }

    private static void WriteEnum(StringBuilder text, Type type)
    {
        text.Append($"\nexport type {type.Name} =");
        foreach (string name in Enum.GetNames(type))
        {
            text.Append($"\n  | '{JsonNamingPolicy.SnakeCaseLower.ConvertName(name)}'");
        }

        text.Append(";\n");
    }

    /// <param name="optional">A client may leave out what may be null; the server always writes it.</param>
    private static void WriteInterface(StringBuilder text, Type type, bool optional)
    {
        NullabilityInfoContext nullability = new();
        text.Append($"\nexport interface {type.Name} {{\n");
        foreach (PropertyInfo property in Properties(type))
        {
            bool nullable = Nullable.GetUnderlyingType(property.PropertyType) is not null
                || nullability.Create(property).ReadState == NullabilityState.Nullable;
            string mark = nullable && optional ? "?" : "";
            string orNull = nullable ? " | null" : "";
            text.Append($"  readonly {Camel(property.Name)}{mark}: {TypeScriptTypes.NameOf(property.PropertyType)}{orNull};\n");
        }

        text.Append("}\n");
    }

    private static void WriteMethods(StringBuilder text, Type type, string name, string summary)
    {
        MethodInfo[] methods = Methods(type);
        text.Append($"\n/** {summary} The keys are the names on the wire. */\nexport interface {name} {{\n");
        foreach (MethodInfo method in methods)
        {
            IEnumerable<string> parameters = method.GetParameters()
                .Select(parameter => $"{parameter.Name}: {TypeScriptTypes.NameOf(parameter.ParameterType)}");
            string result = type == typeof(IRoomHub) ? $"Promise<{TypeScriptTypes.ResultOf(method.ReturnType)}>" : "void";
            text.Append($"  {method.Name}({string.Join(", ", parameters)}): {result};\n");
        }

        text.Append("}\n");
        text.Append($"\nexport const {Camel(name)}Methods = [\n");
        foreach (MethodInfo method in methods)
        {
            text.Append($"  '{method.Name}',\n");
        }

        text.Append($"] as const satisfies readonly (keyof {name})[];\n");
    }

    private static HashSet<Type> ReachedFrom(IEnumerable<Type> roots)
    {
        HashSet<Type> reached = [];
        Stack<Type> open = new(roots);
        while (open.TryPop(out Type? type))
        {
            foreach (Type argument in type.GetGenericArguments())
            {
                open.Push(argument);
            }

            if (ContractTypes.Contains(type) && reached.Add(type))
            {
                foreach (PropertyInfo property in Properties(type))
                {
                    open.Push(property.PropertyType);
                }
            }
        }

        return reached;
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(property => property.MetadataToken);

    private static MethodInfo[] Methods(Type type) => [.. type.GetMethods().OrderBy(method => method.MetadataToken)];

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
