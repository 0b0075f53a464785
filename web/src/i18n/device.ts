/** The language to begin with: chosen on this device, else spoken here last, else the browser's, as the public pages do. */
import { keep, kept } from '../app/kept'
import { isLocale, lastLocale, LOCALES, type Locale } from '.'

const COOKIE = 'park_lang'

export function keepChoice(locale: Locale): void {
  keep(COOKIE, locale)
}

export function firstLocale(cookies: string = document.cookie, asked: readonly string[] = navigator.languages): Locale {
  const chosen = kept(COOKIE, cookies)
  if (isLocale(chosen)) return chosen
  return lastLocale() ?? asked.map(ours).find((one) => one !== undefined) ?? LOCALES[0]
}

function ours(tag: string): Locale | undefined {
  if (/^zh-(tw|hk|mo|hant)/i.test(tag)) return 'zh-TW'
  if (/^zh/i.test(tag)) return 'zh-CN'
  return /^en/i.test(tag) ? 'en' : undefined
}
