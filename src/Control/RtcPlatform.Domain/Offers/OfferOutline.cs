using System.Collections.Immutable;
using RtcPlatform.Domain.Rooms;

namespace RtcPlatform.Domain.Offers;

/// <summary>One media section as an edge needs to know it.</summary>
/// <param name="Kind">Null for what is neither audio nor video, such as a data channel.</param>
/// <param name="IsClosed">Port 0 and not bundle-only.</param>
public sealed record OfferedSection(string Mid, TrackKind? Kind, bool Sends, bool Receives, bool IsClosed);

/// <summary>
/// What an edge reads of an offer before it is passed on: which sections there are and which way they go. Not a parser of
/// SDP: the media node is, and refuses what is wrong inside.
/// </summary>
public sealed record OfferOutline(ImmutableArray<OfferedSection> Sections, string IceUfrag)
{
    private const int MaxSections = 64;

    /// <summary>The living audio and video sections.</summary>
    public IEnumerable<OfferedSection> Media => Sections.Where(static section => section is { Kind: not null, IsClosed: false });

    /// <summary>Null when the text is no session description (RFC 8866 section 5), or one without sections.</summary>
    public static OfferOutline? TryRead(string sdp)
    {
        if (!sdp.StartsWith("v=0", StringComparison.Ordinal))
        {
            return null;
        }

        var sections = ImmutableArray.CreateBuilder<OfferedSection>();
        string ufrag = string.Empty;
        Section? open = null;
        foreach (ReadOnlySpan<char> raw in sdp.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = raw.TrimEnd();
            if (line.StartsWith("m=", StringComparison.Ordinal))
            {
                Close(sections, open);
                open = new Section(line[2..]);
            }
            else if (ufrag.Length == 0 && line.StartsWith("a=ice-ufrag:", StringComparison.Ordinal))
            {
                ufrag = line[12..].Trim().ToString();
            }
            else if (line.Length > 0 && (line.Length < 2 || line[1] != '='))
            {
                return null;
            }
            else
            {
                open?.Read(line);
            }
        }

        Close(sections, open);
        return sections.Count is 0 or > MaxSections ? null : new OfferOutline(sections.ToImmutable(), ufrag);
    }

    private static void Close(ImmutableArray<OfferedSection>.Builder sections, Section? open)
    {
        if (open is not null)
        {
            sections.Add(open.End());
        }
    }

    private sealed class Section
    {
        private readonly TrackKind? _kind;
        private readonly bool _hasPortZero;
        private string _mid = string.Empty;
        private bool _sends = true;
        private bool _receives = true;
        private bool _bundleOnly;

        public Section(ReadOnlySpan<char> media)
        {
            int space = media.IndexOf(' ');
            _kind = space < 0 ? null : TrackSources.ParseKind(media[..space].ToString());
            _hasPortZero = space >= 0 && media[(space + 1)..].StartsWith("0 ", StringComparison.Ordinal);
        }

        public void Read(ReadOnlySpan<char> line)
        {
            switch (line)
            {
                case "a=sendonly":
                    _receives = false;
                    break;
                case "a=recvonly":
                    _sends = false;
                    break;
                case "a=inactive":
                    (_sends, _receives) = (false, false);
                    break;
                case "a=bundle-only":
                    _bundleOnly = true;
                    break;
                default:
                    if (line.StartsWith("a=mid:", StringComparison.Ordinal))
                    {
                        _mid = line[6..].Trim().ToString();
                    }

                    break;
            }
        }

        public OfferedSection End() => new(_mid, _kind, _sends, _receives, _hasPortZero && !_bundleOnly);
    }
}
