/** Numbers and times as the chosen language writes them. */
import { currentLocale } from '.'

/** Making a formatter costs more than a hundred uses of it, and a ledger uses many. */
function kept<Made>(make: (locale: string) => Made): (locale: string) => Made {
  const known = new Map<string, Made>()
  return (locale) => {
    const made = known.get(locale) ?? make(locale)
    known.set(locale, made)
    return made
  }
}

const numbers = kept((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 6 }))
const times = kept(
  (locale) =>
    new Intl.DateTimeFormat(locale, {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hour12: false,
    }),
)

export function formatNumber(value: number | string): string {
  const number = Number(value)
  if (!Number.isFinite(number)) return String(value)
  return numbers(currentLocale.value).format(number)
}

export function formatDate(value: string): string {
  return value.slice(0, 10)
}

export function formatTime(value: string): string {
  const time = new Date(value)
  if (Number.isNaN(time.getTime())) return value
  return times(currentLocale.value).format(time)
}

const KIB = 1024

export function formatSize(bytes: number): string {
  if (bytes < KIB) return `${bytes} B`
  if (bytes < KIB * KIB) return `${(bytes / KIB).toFixed(1)} kB`
  return `${(bytes / KIB / KIB).toFixed(1)} MB`
}

export function formatPercent(share: number): string {
  return new Intl.NumberFormat(currentLocale.value, { style: 'percent', maximumFractionDigits: 1 }).format(share)
}
