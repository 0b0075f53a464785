/** The language to begin with: chosen on this device, else spoken here last, else the browser's, as the public pages do. */
import { isLocale, lastLocale, LOCALES, type Locale } from '.'

const COOKIE = 'park_lang'
const A_YEAR = 31_536_000

export function keepChoice(locale: Locale): void {
  document.cookie = `${COOKIE}=${locale}; path=/; max-age=${A_YEAR}; samesite=lax`
}

export function firstLocale(cookies: string = document.cookie, asked: readonly string[] = navigator.languages): Locale {
  const chosen = cookies.split('; ').find((one) => one.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1)
  if (isLocale(chosen)) return chosen
  return lastLocale() ?? asked.map(ours).find((one) => one !== undefined) ?? LOCALES[0]
}

function ours(tag: string): Locale | undefined {
  if (/^zh-(tw|hk|mo|hant)/i.test(tag)) return 'zh-TW'
  if (/^zh/i.test(tag)) return 'zh-CN'
  return /^en/i.test(tag) ? 'en' : undefined
}
