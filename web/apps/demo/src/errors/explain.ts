import { ConnectionError, MediaDeviceFailure } from '@rtcplatform/client';
import { TokenError } from '../api/token.js';

export interface Explanation {
  title: string;
  text: string;
}

type Device = 'camera' | 'microphone' | 'screen';

const connection: Partial<Record<string, Explanation>> = {
  server_unreachable: {
    title: 'The server cannot be reached',
    text: 'Check your internet connection. If it works elsewhere, the server may be restarting: try again in a moment.',
  },
  timeout: {
    title: 'The server is not answering',
    text: 'It took too long to join. Try again in a moment.',
  },
  media_timeout: {
    title: 'Audio and video are blocked on this network',
    text: 'The server answered, but a firewall or VPN keeps audio and video (UDP) out. Try another network or turn off the VPN.',
  },
  token_expired: {
    title: 'Your invitation has expired',
    text: 'Join again to get a new one.',
  },
  invalid_token: {
    title: 'Your invitation is not valid here',
    text: 'It was made for another server or was changed on the way. Ask for a new link.',
  },
  room_mismatch: {
    title: 'Your invitation is for another room',
    text: 'Check the link that you were sent.',
  },
  permission_denied: {
    title: 'You may not do that in this room',
    text: 'Whoever invited you can give you the right to.',
  },
  room_full: {
    title: 'The room is full',
    text: 'Try again when somebody has left.',
  },
  no_media_node: {
    title: 'No media server is available',
    text: 'All media servers are busy or restarting. Try again in a moment.',
  },
  unsupported_browser: {
    title: 'This browser cannot make calls',
    text: 'Use a current version of Chrome, Edge, Firefox or Safari.',
  },
};

/** What went wrong and what to do about it, in words for the person in front of the screen. */
export function explainConnection(error: unknown): Explanation {
  if (error instanceof TokenError) {
    return error.status === undefined
      ? (connection.server_unreachable as Explanation)
      : { title: 'You could not be let in', text: error.message };
  }
  if (error instanceof ConnectionError) {
    return connection[error.code] ?? { title: 'Joining did not work', text: error.message };
  }
  return { title: 'Something went wrong', text: error instanceof Error ? error.message : String(error) };
}

/** The same for a camera, a microphone or a screen; undefined when the person merely cancelled. */
export function explainDevice(device: Device, error: unknown): Explanation | undefined {
  if (error instanceof ConnectionError) {
    return explainConnection(error);
  }
  const failure = MediaDeviceFailure.getFailure(error);
  if (device === 'screen') {
    return failure === 'PermissionDenied'
      ? undefined
      : { title: 'Your screen could not be shared', text: 'The browser or the system does not allow it here.' };
  }
  switch (failure) {
    case 'PermissionDenied':
      return {
        title: `Your ${device} is blocked`,
        text: `Allow the ${device} for this page: click the icon left of the address, then try again.`,
      };
    case 'NotFound':
      return { title: `No ${device} was found`, text: `Connect a ${device} and try again. You can join without one.` };
    case 'DeviceInUse':
      return { title: `Your ${device} is busy`, text: `Another program uses the ${device}. Close it and try again.` };
    default:
      return { title: `Your ${device} did not start`, text: error instanceof Error ? error.message : String(error) };
  }
}

/** One explanation instead of two when the page as a whole was refused. */
export const explainBothBlocked: Explanation = {
  title: 'Your camera and microphone are blocked',
  text: 'Allow them for this page: click the icon left of the address, then try again. You can join without them.',
};

/** Why the call ended, when it was not the person who ended it. */
export function explainEnd(reason: string, error: ConnectionError | undefined): Explanation {
  switch (reason) {
    case 'client_left':
      return { title: 'You left the room', text: 'Come back whenever you like.' };
    case 'duplicate_identity':
      return { title: 'You joined from somewhere else', text: 'This call went on in another window or on another device.' };
    case 'participant_removed':
      return { title: 'You were removed from the room', text: 'A moderator ended your part of the call.' };
    case 'room_closed':
      return { title: 'The room was closed', text: 'The call is over for everybody.' };
    case 'server_shutdown':
      return { title: 'The server is being restarted', text: 'Join again in a moment.' };
    case 'connection_timeout':
      return { title: 'The connection was lost', text: 'It could not be restored. Check your internet connection and join again.' };
    case 'media_failed':
      return { title: 'Audio and video were lost', text: 'They could not be restored. Join again.' };
    default:
      return error === undefined ? { title: 'The call ended', text: 'You can join again.' } : explainConnection(error);
  }
}
