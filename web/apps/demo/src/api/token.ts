export interface Ticket {
  token: string;
  url: string;
}

/** The server would not give a token; `status` is undefined when it could not be asked. */
export class TokenError extends Error {
  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

/** A token from the development endpoint. A product asks its own backend, which knows who the person is. */
export async function fetchTicket(room: string, identity: string, name: string): Promise<Ticket> {
  let response: Response;
  try {
    response = await fetch('/api/dev/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ room, identity, name }),
    });
  } catch (error) {
    throw new TokenError(error instanceof Error ? error.message : String(error));
  }
  if (!response.ok) {
    throw new TokenError(await refusal(response), response.status);
  }
  const ticket = (await response.json()) as Partial<Ticket>;
  if (typeof ticket.token !== 'string') {
    throw new TokenError('The server gave no token.', response.status);
  }
  return { token: ticket.token, url: ticket.url ?? location.origin };
}

async function refusal(response: Response): Promise<string> {
  if (response.status === 404) {
    return 'This server gives no development tokens; it runs in production mode.';
  }
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as { detail?: string; message?: string; title?: string };
    return problem.detail ?? problem.message ?? problem.title ?? `The server said ${response.status}.`;
  } catch {
    return `The server said ${response.status}.`;
  }
}
