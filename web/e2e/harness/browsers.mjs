// Real browsers of the distribution, headless, with fake cameras and microphones, all over loopback.
import puppeteer from 'puppeteer-core';

const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection',
  '--auto-select-desktop-capture-source=Entire screen',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

const firefoxPreferences = {
  'media.navigator.streams.fake': true,
  // Granted, not only unasked: Firefox uses loopback for media only for a page that may use the camera.
  'permissions.default.camera': 1,
  'permissions.default.microphone': 1,
  'media.peerconnection.ice.loopback': true,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  'app.update.auto': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

/** A browser that does not answer within 20 s is started anew: a start that hangs was seen once. */
async function launch(options) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await puppeteer.launch({ headless: true, timeout: 20_000, ...options });
    } catch (error) {
      if (attempt === 4) throw error;
    }
  }
}

export const launchChromium = (...more) =>
  launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...chromiumArguments, ...more] });

export const launchFirefox = (preferences = {}) =>
  launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    extraPrefsFirefox: { ...firefoxPreferences, ...preferences },
  });
