import { build } from 'esbuild';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';

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
  logLevel: 'warning',
});

copyFileSync('src/index.html', 'dist/index.html');
copyFileSync('src/icon.svg', 'dist/assets/icon.svg');
console.log('demo: dist/index.html');
