import { ConnectionError } from '../errors.js';
import type { SignalErrorCode, SignalFailure } from './contract.js';

const marker = 'HubException: ';

/** The server's refusal inside a SignalR error's text, which ends with `{"code":…,"message":…}`; SignalR writes words before it. */
export function parseSignalFailure(text: string): SignalFailure | undefined {
  const at = text.indexOf('{');
  if (at < 0) {
    return undefined;
  }
  const json = text.slice(at);
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string') {
      const message = 'message' in value && typeof value.message === 'string' ? value.message : value.code;
      return { code: value.code as SignalErrorCode, message };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
  }
  return undefined;
}

/** The typed error for whatever a SignalR call was rejected with. */
export function toConnectionError(method: string, error: unknown): ConnectionError {
  if (error instanceof ConnectionError) {
    return error;
  }
  const text = error instanceof Error ? error.message : String(error);
  const failure = parseSignalFailure(text);
  if (failure !== undefined) {
    return new ConnectionError(failure.code, failure.message, { cause: error });
  }
  if (/connection (being |was |is )?(closed|stopped)|not in the 'Connected' State|underlying connection|WebSocket is not/i.test(text)) {
    return new ConnectionError('signal_lost', 'The connection to the server was lost.', { cause: error });
  }
  const reason = text.includes(marker) ? text.slice(text.indexOf(marker) + marker.length) : text;
  return new ConnectionError('internal', `The server could not do '${method}': ${reason}`, { cause: error });
}

/** Errors after which the same call may succeed a moment later. */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof ConnectionError &&
    ['no_media_node', 'media_node_lost', 'signal_lost', 'server_unreachable', 'timeout', 'media_timeout', 'internal',
      'stale_offer'].includes(error.code)
  );
}
