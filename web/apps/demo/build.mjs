import { build } from 'esbuild';
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';

// The SDK is bundled from its sources (tsconfig.json, paths), so that the demo builds without it and shows its lines.
const { version } = JSON.parse(readFileSync('../../packages/client/package.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist/assets', { recursive: true });

await build({
  entryPoints: { app: 'src/main.ts', style: 'src/style.css' },
  outdir: 'dist/assets',
  bundle: true,
  minify: true,
  sourcemap: true,
  format: 'esm',
  target: 'es2022',
  platform: 'browser',
  define: { __SDK_VERSION__: JSON.stringify(version) },
  logLevel: 'warning',
});

copyFileSync('src/index.html', 'dist/index.html');
copyFileSync('src/icon.svg', 'dist/assets/icon.svg');
console.log('demo: dist/index.html');
