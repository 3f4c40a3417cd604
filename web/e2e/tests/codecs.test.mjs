// The same call with each video codec preferred; and with each SRTP profile, as the browsers report them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Platform } from '../harness/platform.mjs';
import { launchChromium, launchFirefox } from '../harness/browsers.mjs';
import { Customer, serveCustomerPage } from '../harness/customer.mjs';

let site, chromium;

before(async () => {
  site = await serveCustomerPage();
  chromium = await launchChromium();
});

after(async () => {
  await chromium?.close();
  site?.close();
});

async function pair(platform, room, browsers, options = {}) {
  const people = [];
  for (const [index, browser] of browsers.entries()) {
    const person = await Customer.open(browser, site.url, platform, `p${index}`);
    await person.join(platform.url, platform.token(room, person.identity), options);
    people.push(person);
  }
  return people;
}

describe('video codecs in Chromium', () => {
  let platform;
  before(async () => (platform = await Platform.start()));
  after(() => platform?.stop());

  for (const codec of ['vp8', 'vp9', 'h264', 'av1']) {
    test(`${codec} preferred is sent and decoded`, async (t) => {
      const [first, second] = await pair(platform, codec, [chromium, chromium], { codec });
      for (const [me, other] of [[first, 'p1'], [second, 'p0']]) {
        const { value } = await me.sees([other]);
        assert.equal(value[other].codec.toLowerCase(), `video/${codec}`);
        t.diagnostic(`${me.identity} decodes ${value[other].codec} ${value[other].width}x${value[other].height}`);
      }
      await Promise.all([first.page.close(), second.page.close()]);
    });
  }
});

describe('SRTP profiles', () => {
  const ciphers = { 'AEAD_AES_128_GCM': /AEAD_AES_128_GCM/, 'AES128_CM_HMAC_SHA1_80': /AES(_CM_128|128_CM)_HMAC_SHA1_80/ };
  for (const [profile, expected] of Object.entries(ciphers)) {
    test(`${profile} is negotiated by Chromium and Firefox`, async (t) => {
      const platform = await Platform.start({ args: ['--srtp-profiles', profile] });
      const firefox = await launchFirefox();
      try {
        const [first, second] = await pair(platform, 'profiles', [chromium, firefox]);
        await first.sees(['p1']);
        await second.sees(['p0']);
        const reported = await first.call('transport');
        t.diagnostic(`Chromium reports ${reported.srtpCipher}, DTLS ${reported.dtlsCipher}`);
        assert.match(reported.srtpCipher, expected);
        await first.page.close();
      } finally {
        await firefox.close();
        await platform.stop();
      }
    });
  }
});
