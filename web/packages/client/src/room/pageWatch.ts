interface PageListener {
  /** The network is back. */
  onOnline(): void;
  /** The page is being closed, reloaded or put away: the last chance to say something. */
  onHide(): void;
  /** A camera, microphone or speaker was plugged in or out. */
  onDevices(): void;
}

/** Hears what the browser says about the page; returns the way to stop. */
export function watchPage(
  page: Pick<Window, 'addEventListener' | 'removeEventListener'> | undefined,
  listener: PageListener,
): () => void {
  const { onOnline, onHide, onDevices } = listener;
  const devices = globalThis.navigator?.mediaDevices;
  page?.addEventListener('online', onOnline);
  page?.addEventListener('pagehide', onHide);
  devices?.addEventListener?.('devicechange', onDevices);
  return () => {
    page?.removeEventListener('online', onOnline);
    page?.removeEventListener('pagehide', onHide);
    devices?.removeEventListener?.('devicechange', onDevices);
  };
}
