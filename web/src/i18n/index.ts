/** Three languages; a catalogue is fetched when it is first spoken. */
import { computed } from 'vue'
import { createI18n } from 'vue-i18n'

import { speak } from '@/api/client'

export const LOCALES = ['zh-CN', 'zh-TW', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** Each language named in itself, as a reader who knows only that one must find it. */
export const LOCALE_NAMES: Record<Locale, string> = {
  'zh-CN': '简体中文',
  'zh-TW': '繁體中文',
  en: 'English',
}

const STORED = 'park.locale'
const catalogues = import.meta.glob<{ default: Record<string, never> }>('../locales/*.json')

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: {},
  missingWarn: import.meta.env.DEV,
  fallbackWarn: import.meta.env.DEV,
})

export const currentLocale = computed(() => i18n.global.locale.value as Locale)

export function isLocale(value: unknown): value is Locale {
  return LOCALES.includes(value as Locale)
}

/** What was chosen on this device; null when nobody has. */
export function chosenLocale(): Locale | null {
  const stored = localStorage.getItem(STORED)
  return isLocale(stored) ? stored : null
}

export function chooseLocale(locale: Locale): Promise<void> {
  localStorage.setItem(STORED, locale)
  return speakLocale(locale)
}

/** Load the catalogue, switch the page and tell the server which language to answer in. */
export async function speakLocale(locale: Locale): Promise<void> {
  if (!i18n.global.availableLocales.includes(locale)) {
    const catalogue = await catalogues[`../locales/${locale}.json`]?.()
    if (catalogue) i18n.global.setLocaleMessage(locale, catalogue.default)
  }
  speak(locale)
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
}
