/** The one-line entry, fetched together with its words: it is never seen without them. */
import { defineAsyncComponent } from 'vue'

import { addRest, currentLocale } from '@/i18n'

export const LazyQuickEntry = defineAsyncComponent(async () => {
  const [made] = await Promise.all([import('./QuickEntry.vue'), addRest(currentLocale.value)])
  return made
})

export const LazyPalette = defineAsyncComponent(async () => {
  const [made] = await Promise.all([import('./CommandPalette.vue'), addRest(currentLocale.value)])
  return made
})
