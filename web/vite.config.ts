import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  // The server names the site in <base href>, so that every asset must be relative to it.
  base: './',
  plugins: [react()],
  // The CSP allows no data: images, and one file a module is what the server can cache by its hash.
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 900 },
});
