namespace RtcPlatform.Domain.Participants;

/// <summary>So many sections of an SDP by kind.</summary>
public readonly record struct SectionCount(int Audio, int Video)
{
    public static readonly SectionCount None = default;

    public bool IsNone => Audio == 0 && Video == 0;

    /// <summary>How many of each kind are lacking here to reach <paramref name="needed"/>; never negative.</summary>
    public SectionCount LackingTo(SectionCount needed) => new(Math.Max(0, needed.Audio - Audio), Math.Max(0, needed.Video - Video));
}

/// <summary>Counts what a client is ready to receive. Not a parser of SDP: the media node is; nothing here refuses an offer.</summary>
public static class OfferSections
{
    /// <summary>
    /// The sections of an offer in which the offerer may receive: <c>recvonly</c>, or <c>sendrecv</c> (also by default,
    /// RFC 8866 section 6.7) where it publishes nothing; sections with port 0 and without bundle-only are closed ones.
    /// </summary>
    /// <param name="publishing">Mids in which the offerer sends a track.</param>
    public static SectionCount CountReceiving(ReadOnlySpan<char> sdp, IReadOnlySet<string> publishing)
    {
        SectionCount count = default;
        Section section = default;
        foreach (ReadOnlySpan<char> raw in sdp.EnumerateLines())
        {
            ReadOnlySpan<char> line = raw.TrimEnd();
            if (line.StartsWith("m=", StringComparison.Ordinal))
            {
                count = section.AddTo(count, publishing);
                section = Section.Begin(line);
            }
            else
            {
                section.Read(line);
            }
        }

        return section.AddTo(count, publishing);
    }

    private struct Section
    {
        private bool _isAudio;
        private bool _isVideo;
        private bool _closed;
        private bool _receives;
        private bool _sends;
        private string? _mid;

        public static Section Begin(ReadOnlySpan<char> line)
        {
            ReadOnlySpan<char> media = line[2..];
            int space = media.IndexOf(' ');
            return new Section
            {
                _isAudio = media.StartsWith("audio ", StringComparison.Ordinal),
                _isVideo = media.StartsWith("video ", StringComparison.Ordinal),
                _closed = space >= 0 && media[(space + 1)..].StartsWith("0 ", StringComparison.Ordinal),
                _receives = true,
                _sends = true,
            };
        }

        public void Read(ReadOnlySpan<char> line)
        {
            switch (line)
            {
                case "a=recvonly":
                    _sends = false;
                    break;
                case "a=sendonly":
                    _receives = false;
                    break;
                case "a=inactive":
                    _sends = false;
                    _receives = false;
                    break;
                case "a=bundle-only":
                    _closed = false;
                    break;
                default:
                    if (line.StartsWith("a=mid:", StringComparison.Ordinal))
                    {
                        _mid = line[6..].ToString();
                    }

                    break;
            }
        }

        public readonly SectionCount AddTo(SectionCount count, IReadOnlySet<string> publishing)
        {
            if (_closed || !_receives || (_sends && _mid is not null && publishing.Contains(_mid)))
            {
                return count;
            }

            return _isAudio ? count with { Audio = count.Audio + 1 }
                : _isVideo ? count with { Video = count.Video + 1 }
                : count;
        }
    }
}
