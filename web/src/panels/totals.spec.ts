/** The total a reviewer sees while scoring is the one the house will count. */
import { expect, test } from 'vitest'

import type { Criterion } from '@/api/panels'

import { slipIn, totalOf } from './totals'

const criteria: Criterion[] = [
  { code: 'c1', name: '创新性', max_points: 20, weight: '2' },
  { code: 'c2', name: '可行性', max_points: 10, weight: '1' },
]

test('weights count, not the height of a scale', () => {
  expect(totalOf(criteria, { c1: '20', c2: '10' }).value).toBe(100)
  expect(totalOf(criteria, { c1: '10', c2: '10' }).value).toBeCloseTo(66.67, 2)
})

test('a criterion without a weight counts as much as its points', () => {
  const plain = criteria.map((one) => ({ ...one, weight: null }))
  expect(totalOf(plain, { c1: '20', c2: '0' }).value).toBeCloseTo(66.67, 2)
})

test('a criterion without points is told, and counts nothing', () => {
  expect(totalOf(criteria, { c1: '20', c2: ' ' })).toEqual({ value: (2 / 3) * 100, missing: 1 })
})

test('points beyond the scale and words are slips, nothing yet is none', () => {
  const [first] = criteria
  if (!first) throw new Error('no criterion')
  expect(slipIn(first, '20.5')).toBe('out_of_range')
  expect(slipIn(first, '-1')).toBe('out_of_range')
  expect(slipIn(first, '好')).toBe('not_a_number')
  expect(slipIn(first, '')).toBeNull()
  expect(slipIn(first, '18.5')).toBeNull()
})
