import { h } from './dom.js';
import { icon, type IconName } from './icons.js';

const shownMs = 4500;

/** A short message that goes away by itself; errors stay longer and are read out at once. */
export function toast(message: string, kind: 'info' | 'error' | 'success' = 'info'): void {
  const host = document.getElementById('toasts');
  const symbol: Record<typeof kind, IconName> = { info: 'people', error: 'alert', success: 'check' };
  const same = [...(host?.children ?? [])].find((present) => present.querySelector('span')?.textContent === message);
  same?.remove();
  const element = h(
    'div',
    { class: `toast ${kind}`, 'data-testid': 'toast', role: kind === 'error' ? 'alert' : undefined },
    icon(symbol[kind]),
    h('span', {}, message),
    h('button', { class: 'toast-close', 'aria-label': 'Dismiss', onclick: () => element.remove() }, icon('close')),
  );
  host?.append(element);
  while ((host?.childElementCount ?? 0) > 4) {
    host?.firstElementChild?.remove();
  }
  setTimeout(() => element.remove(), kind === 'error' ? shownMs * 3 : shownMs);
}
