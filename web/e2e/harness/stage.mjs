// Where foreign WHIP and WHEP clients perform: the platform on every address of the machine, both browsers, and alice in a room
// with our SDK, who says whom she sees come and go.
import { launchChromium, launchFirefox } from './browsers.mjs';
import { Customer, eventually, serveCustomerPage } from './customer.mjs';
import { serveEyevinnPage } from './eyevinn.mjs';
import { Platform } from './platform.mjs';
import { joinClaims, signToken } from './tokens.mjs';

export const room = 'stage';

export class Stage {
  browsers = {};

  /** joining: alice's options, such as { publish: false }. What was started before a failure ends with close(). */
  async open(joining) {
    this.platform = await Platform.start({ host: null });
    this.site = await serveCustomerPage();
    this.eyevinn = await serveEyevinnPage();
    this.browsers.Chromium = await launchChromium();
    this.browsers.Firefox = await launchFirefox();
    this.alice = await Customer.open(this.browsers.Chromium, this.site.url, this.platform, 'alice');
    await this.alice.join(this.platform.url, this.token('alice'), joining);
  }

  async close() {
    await Promise.allSettled(Object.values(this.browsers).map((browser) => browser.close()));
    this.site?.close();
    this.eyevinn?.close();
    await this.platform?.stop();
  }

  token(identity) {
    return this.platform.token(room, identity);
  }

  /** grant: the one that is taken away, such as { canPublish: false }. */
  tokenWithout(identity, grant) {
    return signToken(this.platform.credentials, joinClaims(room, identity, { video: { roomJoin: true, room, ...grant } }));
  }

  isGone(identity) {
    return eventually(`alice is told that ${identity} left`, async () =>
      (await this.alice.events()).some((e) => e.event === 'ParticipantDisconnected' && e.identity === identity));
  }
}
