using System.Collections.Concurrent;
using System.Text;

namespace RtcPlatform.Cli.Tests.Up;

/// <summary>Lines as they are written, to wait for.</summary>
internal sealed class LineWriter : TextWriter
{
    private readonly BlockingCollection<string> _lines = [];

    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value) => _lines.Add(value ?? "");

    public string WaitFor(string part)
    {
        var seen = new List<string>();
        while (_lines.TryTake(out string? line, TimeSpan.FromSeconds(60)))
        {
            seen.Add(line);
            if (line.Contains(part, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"no line with '{part}' within 60 s, but:\n{string.Join('\n', seen)}");
    }
}
