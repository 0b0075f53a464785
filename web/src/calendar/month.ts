/** Days as texts of the civil calendar (2026-11-27): no clock and no time zone in them. */
const DAY = 86_400_000
const WEEK = 7

export const asText = (time: number): string => new Date(time).toISOString().slice(0, 10)
export const asTime = (day: string): number => Date.parse(`${day}T00:00:00Z`)

/** Monday is 0. */
const weekday = (time: number): number => (new Date(time).getUTCDay() + WEEK - 1) % WEEK

/** The weeks, Monday first, that hold a month given as 2026-11. */
export function weeksOf(month: string): string[][] {
  const first = asTime(`${month}-01`)
  const last = asTime(`${monthAfter(month, 1)}-01`) - DAY
  const weeks: string[][] = []
  for (let monday = first - weekday(first) * DAY; monday <= last; monday += WEEK * DAY) {
    weeks.push(Array.from({ length: WEEK }, (_, at) => asText(monday + at * DAY)))
  }
  return weeks
}

export function monthAfter(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return asText(Date.UTC(year, number - 1 + by, 1)).slice(0, 7)
}

export const isMonth = (text: unknown): text is string => typeof text === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(text)
