import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { __SDK_VERSION__: JSON.stringify('test') },
  test: { environment: 'node', include: ['test/**/*.test.ts'] },
});
