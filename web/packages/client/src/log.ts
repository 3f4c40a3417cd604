export const LogLevel = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 } as const;
export type LogLevel = keyof typeof LogLevel;

let threshold: number = LogLevel.warn;

/** What the SDK writes to the console; `warn` at first. Tokens and SDP are never written. */
export function setLogLevel(level: LogLevel): void {
  threshold = LogLevel[level];
}

function write(level: LogLevel, method: 'debug' | 'info' | 'warn' | 'error', args: unknown[]): void {
  if (LogLevel[level] >= threshold) {
    console[method]('[rtc]', ...args);
  }
}

/** @internal */
export const log = {
  debug: (...args: unknown[]) => write('debug', 'debug', args),
  info: (...args: unknown[]) => write('info', 'info', args),
  warn: (...args: unknown[]) => write('warn', 'warn', args),
  error: (...args: unknown[]) => write('error', 'error', args),
};
