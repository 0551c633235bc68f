import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The service that pages ask while they are written: `karma serve` in another terminal. */
const service = process.env['KARMA_SERVICE'] ?? 'http://127.0.0.1:7575';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Files find each other by relative addresses: a static site may stand in any folder.
  base: './',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../dist/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '/v1': {
        target: service,
        changeOrigin: true,
        // The service answers to its own origin only.
        configure: (proxy) => proxy.on('proxyReq', (request) => request.removeHeader('origin')),
      },
    },
  },
});
