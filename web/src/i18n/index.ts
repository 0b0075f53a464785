/** Three languages; a catalogue is fetched when it is first spoken. */
import { computed } from 'vue'
import { createI18n } from 'vue-i18n'

import { speak } from '@/api/client'
import type { Texts } from '@/locales/gathered'

export const LOCALES = ['zh-CN', 'zh-TW', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** Each language named in itself, as a reader who knows only that one must find it. */
export const LOCALE_NAMES: Record<Locale, string> = {
  'zh-CN': '简体中文',
  'zh-TW': '繁體中文',
  en: 'English',
}

const STORED = 'park.locale'
const CHOSEN = 'park.locale.chosen'
const catalogues = import.meta.glob<{ default: Texts }>(['../locales/zh-CN.ts', '../locales/zh-TW.ts', '../locales/en.ts'])

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

function known(name: string): Locale | null {
  const stored = localStorage.getItem(name)
  return isLocale(stored) ? stored : null
}

/** What this device spoke last; null when it never did. */
export const lastLocale = (): Locale | null => known(STORED)

/** A choice made on this device that no account knows of yet. */
export const unsavedChoice = (): Locale | null => known(CHOSEN)

export function chooseLocale(locale: Locale): Promise<void> {
  localStorage.setItem(CHOSEN, locale)
  return speakLocale(locale)
}

/** The account now says the language: what was chosen here is done with. */
export function forgetChoice(): void {
  localStorage.removeItem(CHOSEN)
}

/** Load the catalogue, switch the page and tell the server which language to answer in. */
export async function speakLocale(locale: Locale): Promise<void> {
  if (!i18n.global.availableLocales.includes(locale)) {
    const catalogue = await catalogues[`../locales/${locale}.ts`]?.()
    if (catalogue) i18n.global.setLocaleMessage(locale, catalogue.default)
  }
  speak(locale)
  localStorage.setItem(STORED, locale)
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
}
