const key = 'rtc.identity';

/**
 * The same person after a reload, so that the others do not see a ghost of the former page, but another one in a duplicated
 * tab: the identity is taken out of the tab's storage while the page lives and put back when it goes.
 */
export function takeIdentity(name: string): string {
  const kept = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  const slug = name.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 24) || 'guest';
  const identity = kept?.startsWith(`${slug}-`) === true ? kept : `${slug}-${crypto.randomUUID().slice(0, 8)}`;
  addEventListener('pagehide', () => sessionStorage.setItem(key, identity), { once: true });
  return identity;
}

export const rememberedName = (): string => localStorage.getItem('rtc.name') ?? '';

export const rememberName = (name: string): void => localStorage.setItem('rtc.name', name);
