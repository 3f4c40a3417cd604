/** What the address of the page asks for. */
export interface Intent {
  room: string;
  name: string;
  identity: string | undefined;
  autojoin: boolean;
  camera: boolean;
  microphone: boolean;
  codec: 'vp8' | 'vp9' | 'h264' | 'av1' | undefined;
}

const codecs = ['vp8', 'vp9', 'h264', 'av1'] as const;

/** `?room=…&name=…&autojoin=1`, and for tests `identity`, `camera=0`, `mic=0`, `codec=vp9`. */
export function readIntent(search: string, rememberedName: string): Intent {
  const query = new URLSearchParams(search);
  const name = query.get('name')?.trim() || rememberedName;
  const room = query.get('room')?.trim() ?? '';
  return {
    room,
    name,
    identity: query.get('identity') ?? undefined,
    autojoin: query.get('autojoin') === '1' && name !== '' && room !== '',
    camera: query.get('camera') !== '0',
    microphone: query.get('mic') !== '0',
    codec: codecs.find((codec) => codec === query.get('codec')?.toLowerCase()),
  };
}

const adjectives = ['bright', 'calm', 'brisk', 'clear', 'kind', 'quiet', 'sunny', 'swift'];
const nouns = ['harbor', 'meadow', 'summit', 'river', 'garden', 'forest', 'island', 'valley'];

/** A room name that can be said on the phone. */
export function inventRoom(random: () => number): string {
  const pick = (words: string[]) => words[Math.floor(random() * words.length)];
  return `${pick(adjectives)}-${pick(nouns)}-${100 + Math.floor(random() * 900)}`;
}
