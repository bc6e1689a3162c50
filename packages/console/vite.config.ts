import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const target = process.env['STEPYARD_URL'] ?? 'http://127.0.0.1:8083';
/** The yard takes requests of its own origin only. */
const YARD = { target, changeOrigin: true, headers: { origin: target } };

/**
 * Builds the console into `dist`, which the server gives out under `/_stepyard/`. Everything lies in files of its own (no inlined
 * data, script or style), so that it works under a Content-Security-Policy without `unsafe-inline` and without `data:`.
 * `STEPYARD_URL=http://127.0.0.1:PORT npx vite` serves the sources while they are worked on, before a yard that runs.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: '/_stepyard/',
  plugins: [react()],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: Object.fromEntries(['/_stepyard/api', '^/$'].map((path) => [path, YARD])) },
});
