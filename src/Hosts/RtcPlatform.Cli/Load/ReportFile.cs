using System.Text;
using RtcPlatform.Cli.Up;

namespace RtcPlatform.Cli.Load;

/// <summary>Where a report will be written. What stood there stays until then; without a report no new file is left behind.</summary>
internal sealed class ReportFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly bool _isNew;
    private bool _saved;

    private ReportFile(FileStream stream, bool isNew)
    {
        _stream = stream;
        _isNew = isNew;
    }

    /// <exception cref="UpException">It cannot be written there; the message says why.</exception>
    public static ReportFile Open(string path)
    {
        try
        {
            bool isNew = !File.Exists(path);
            return new ReportFile(new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write), isNew);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UpException(UpException.StartFailed, $"--json: {error.Message}");
        }
    }

    /// <exception cref="UpException">The disk did not take it.</exception>
    public void Save(string text)
    {
        try
        {
            if (_stream.CanSeek)
            {
                _stream.SetLength(0);
            }

            _stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
            _stream.Flush();
            _saved = true;
        }
        catch (IOException error)
        {
            throw new UpException(UpException.StartFailed, $"--json: {error.Message}");
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        if (_isNew && !_saved)
        {
            File.Delete(_stream.Name);
        }
    }
}
