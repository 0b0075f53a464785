import { expect, test } from 'vitest'

import { isMonth, monthAfter, weeksOf } from './month'

test('a month lies in whole weeks that begin on Monday', () => {
  const weeks = weeksOf('2026-11')
  expect(weeks[0]?.[0]).toBe('2026-10-26')
  expect(weeks.at(-1)?.at(-1)).toBe('2026-12-06')
  expect(weeks.every((week) => week.length === 7)).toBe(true)
  expect(weeksOf('2027-02')).toHaveLength(4)
})

test('months follow one another across the year', () => {
  expect(monthAfter('2026-12', 1)).toBe('2027-01')
  expect(monthAfter('2026-01', -1)).toBe('2025-12')
  expect(['2026-13', '2026-1', '', undefined].some(isMonth)).toBe(false)
})
