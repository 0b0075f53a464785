/** Numbers and times as the chosen language writes them. */
import { currentLocale } from '.'

export function formatNumber(value: number | string): string {
  const number = Number(value)
  if (!Number.isFinite(number)) return String(value)
  return new Intl.NumberFormat(currentLocale.value, { maximumFractionDigits: 6 }).format(number)
}

export function formatDate(value: string): string {
  return value.slice(0, 10)
}

export function formatTime(value: string): string {
  const time = new Date(value)
  if (Number.isNaN(time.getTime())) return value
  return new Intl.DateTimeFormat(currentLocale.value, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(time)
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
