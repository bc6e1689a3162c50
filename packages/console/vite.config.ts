import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const target = process.env['STEPYARD_URL'] ?? 'http://127.0.0.1:8083';
/** The yard takes requests of its own origin only. */
const YARD = { target, changeOrigin: true, headers: { origin: target } };

/** Our own small parts; not those that stand on Cloudscape or CodeMirror, which come when they are wanted. */
function isPart(path: string): boolean {
  return (
    /\/console\/src\/(?:api|components|model|router|state)\//u.test(path) &&
    !/dialog|field|editor|mirror|flashes/u.test(path)
  );
}

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
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What several pages share would else be thirty files of a kilobyte each, and asking for a file takes longer than a kilobyte.
          groups: [{ name: 'common', test: isPart, minShareCount: 2, includeDependenciesRecursively: false }],
        },
      },
    },
  },
  server: { proxy: Object.fromEntries(['/_stepyard/api', '^/$'].map((path) => [path, YARD])) },
});
