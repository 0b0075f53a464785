/** Three languages; a catalogue is fetched when it is first spoken. */
import { computed } from 'vue'
import { createI18n, type MessageCompiler, type MessageContext } from 'vue-i18n'

import { speak } from '@/api/client'
import { sayFailures } from '@/api/problem'
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
const catalogues = import.meta.glob<{ default: Texts }>(['../locales/*.ts', '!../locales/*.spec.ts'])
const complete = new Set<string>()
const learning = new Map<string, Promise<void>>()

/** Texts have places for values and nothing else, so the library's own compiler need not travel. */
const compiled: MessageCompiler = (text) => {
  const pieces = String(text).split(/\{(\w+)\}/)
  if (pieces.length === 1) return () => pieces[0] ?? ''
  return ({ named }: MessageContext) => pieces.map((piece, at) => (at % 2 ? String(named(piece) ?? '') : piece)).join('')
}

const spoken = (): Locale => currentLocale.value

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: {},
  messageCompiler: compiled,
  // the library names the last language of its chain (zh of zh-CN): what is spoken now is what lacks the text
  missing: (_, key) => (complete.has(spoken()) ? key : (void addRest(spoken()), '')),
  missingWarn: import.meta.env.DEV,
  fallbackWarn: import.meta.env.DEV,
})

sayFailures((failure) => i18n.global.t(`common.failure.${failure}`))

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
  await learn(locale, '')
  speak(locale)
  localStorage.setItem(STORED, locale)
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
}

/** A text was asked for that no first screen shows: fetch them all; what asked shows it when it comes. */
export async function addRest(locale: string): Promise<void> {
  await learn(locale, '.rest')
  complete.add(locale)
}

function learn(locale: string, part: string): Promise<void> {
  const path = `../locales/${locale}${part}.ts`
  const learned = learning.get(path) ?? add(locale, path)
  learning.set(path, learned)
  learned.catch(() => learning.delete(path)) // the network was away: asked for again
  return learned
}

async function add(locale: string, path: string): Promise<void> {
  const catalogue = await catalogues[path]?.()
  if (!catalogue) return
  // set, not merged: what asked in vain before looks again only when a language is set as a whole
  i18n.global.setLocaleMessage(locale, { ...i18n.global.getLocaleMessage(locale), ...catalogue.default })
}
