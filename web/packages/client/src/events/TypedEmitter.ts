import { log } from '../log.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a listener's arguments are given by the event map
type Listener = (...args: any[]) => void;

/** Typed events. A listener that throws is reported and does not keep the others from being called. */
export class TypedEmitter<Events extends { [K in keyof Events]: Listener }> {
  private readonly listeners = new Map<keyof Events, Listener[]>();

  on<E extends keyof Events>(event: E, listener: Events[E]): this {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
    return this;
  }

  once<E extends keyof Events>(event: E, listener: Events[E]): this {
    const wrapped: Listener = (...args) => {
      this.remove(event, wrapped);
      listener(...args);
    };
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), wrapped]);
    return this;
  }

  off<E extends keyof Events>(event: E, listener: Events[E]): this {
    this.remove(event, listener);
    return this;
  }

  addListener<E extends keyof Events>(event: E, listener: Events[E]): this {
    return this.on(event, listener);
  }

  removeListener<E extends keyof Events>(event: E, listener: Events[E]): this {
    return this.off(event, listener);
  }

  removeAllListeners(event?: keyof Events): this {
    if (event === undefined) {
      this.listeners.clear();
    } else {
      this.listeners.delete(event);
    }
    return this;
  }

  /** True when somebody listened. */
  emit<E extends keyof Events>(event: E, ...args: Parameters<Events[E]>): boolean {
    const current = this.listeners.get(event) ?? [];
    for (const listener of current) {
      try {
        listener(...args);
      } catch (error) {
        log.error(`a listener of '${String(event)}' threw`, error);
      }
    }
    return current.length > 0;
  }

  private remove(event: keyof Events, listener: Listener): void {
    const left = (this.listeners.get(event) ?? []).filter((candidate) => candidate !== listener);
    this.listeners.set(event, left);
  }
}
