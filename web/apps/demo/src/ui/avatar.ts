/** Up to two letters for a person without a picture. */
export function initials(name: string): string {
  const words = name.trim().split(/[\s._-]+/).filter((word) => word !== '');
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toUpperCase() || '?';
}

/** One hue for one person, the same on every screen. */
export function hueOf(identity: string): number {
  let hash = 0;
  for (const char of identity) {
    hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 3600;
  }
  return hash % 360;
}
