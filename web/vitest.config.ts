/** The unit tests run in happy-dom, with the same plugins and aliases as the build. */
import { defineConfig, mergeConfig } from 'vitest/config'

import page from './vite.config.ts'

export default mergeConfig(
  page,
  defineConfig({
    test: {
      environment: 'happy-dom',
      setupFiles: ['src/i18n/whole.ts'],
      restoreMocks: true,
      unstubGlobals: true,
      server: { deps: { inline: ['element-plus'] } },
    },
  }),
)
