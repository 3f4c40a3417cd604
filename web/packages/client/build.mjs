import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

const shared = {
  entryPoints: ['src/index.ts'],
  bundle: true,
  minify: true,
  sourcemap: true,
  target: 'es2022',
  platform: 'browser',
  define: { __SDK_VERSION__: JSON.stringify(version) },
};

await build({ ...shared, format: 'esm', outfile: 'dist/rtc-client.mjs' });
await build({ ...shared, format: 'iife', globalName: 'RtcPlatform', outfile: 'dist/rtc-client.js' });

const bytes = gzipSync(readFileSync('dist/rtc-client.js')).length;
const budget = 60 * 1024;
console.log(`rtc-client.js: ${(bytes / 1024).toFixed(1)} KiB gzipped (budget ${budget / 1024} KiB)`);
if (bytes > budget) {
  console.error('The bundle is larger than its budget.');
  process.exit(1);
}
