/** How the page is built: Element Plus piece by piece, text assets compressed beforehand. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import Components from 'unplugin-vue-components/vite'
import { defineConfig, type Plugin } from 'vite'

const COMPRESSIBLE = /\.(?:js|css|html|svg|json)$/
const WORTH_COMPRESSING = 1024

/** Writes x.br and x.gz beside each text asset, with Node's own zlib: no plugin to keep up to date. */
function precompress(): Plugin {
  let out = 'dist'
  return {
    name: 'precompress',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      out = join(config.root, config.build.outDir)
    },
    async writeBundle() {
      const names = (await readdir(out, { recursive: true })).filter((name) => COMPRESSIBLE.test(name))
      await Promise.all(names.map((name) => writeTwins(join(out, name))))
    },
  }
}

async function writeTwins(path: string): Promise<void> {
  const text = await readFile(path)
  if (text.length < WORTH_COMPRESSING) return
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11 }
  await writeFile(`${path}.gz`, gzipSync(text, { level: 9 }))
  await writeFile(`${path}.br`, brotliCompressSync(text, { params: quality }))
}

const REM = 16 // px

const inRem = (_: string, size: string): string => `${Number(size) / REM}rem`

/** Writes sizes of letters as rem: a reader's own size and the large letters then scale every text. */
function remLetters(): { postcssPlugin: string; Declaration: (found: { prop: string; value: string }) => void } {
  return {
    postcssPlugin: 'rem-letters',
    Declaration(found) {
      if (/^font$|font-size/.test(found.prop)) found.value = found.value.replace(/(\d*\.?\d+)px/g, inRem)
    },
  }
}

/**
 * What every screen needs comes in two pieces: sixty small ones cost as much in headers as in code. The frame's own
 * parts are named; of the rest, what a dozen screens share.
 */
const FRAME =
  /web\/src\/(main|app\/|session\/|i18n\/|tasks\/(TaskTray|follow)|notices\/(NoticeBell|BellIcon)|undo\/(undo|keys)|palette\/(lazy|open)|records\/(screens|moving|queries)|offline\/(outbox|OutboxBar))/
const LIBRARIES = /node_modules\/(@?vue|vue-router|vue-i18n|@intlify|@tanstack\/(query-core|vue-query))\//
const CHUNKS = [
  { name: 'libraries', test: LIBRARIES, priority: 3 },
  { name: 'house', test: FRAME, priority: 2 },
  { name: 'house', test: /web\/src\/(?!locales)/, minShareCount: 8, priority: 2 },
]

export default defineConfig({
  css: { postcss: { plugins: [remLetters()] } },
  plugins: [
    vue(),
    Components({ dts: false, dirs: [], resolvers: [ElementPlusResolver({ importStyle: 'css' })] }),
    precompress(),
  ],
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('./src', import.meta.url)),
      // without the message compiler: src/i18n has all that our texts need
      'vue-i18n': 'vue-i18n/dist/vue-i18n.runtime.esm-bundler.js',
    },
  },
  define: {
    __VUE_OPTIONS_API__: false, // no component of ours or of Element Plus has options
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_DROP_MESSAGE_COMPILER__: true,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __VUE_PROD_DEVTOOLS__: false,
  },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups: CHUNKS } } },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
})
