/** After somebody was turned down one is led on: below, above, to another kind, or nowhere. */
import { expect, test } from 'vitest'

import type { Candidate, Group } from '@/api/matching'

import { nextOpen } from './onward'

const one = (kind: string, id: string): Candidate => ({ kind, id }) as Candidate
const group = (kind: string, ...ids: string[]): Group =>
  ({ kind, candidates: ids.map((id) => one(kind, id)) }) as unknown as Group

const groups = [group('experts', 'a', 'b', 'c'), group('achievements', 'd', 'e')]
const next = (from: Candidate, ...decided: string[]): string | undefined =>
  nextOpen(groups, from, (candidate) => !decided.includes(candidate.id))?.id

test('the next one below comes first, then those above', () => {
  expect(next(one('experts', 'b'))).toBe('c')
  expect(next(one('experts', 'c'))).toBe('a')
  expect(next(one('experts', 'a'), 'b')).toBe('c')
})

test('when a kind is done the next kind follows, and at the end there is nobody', () => {
  expect(next(one('experts', 'b'), 'a', 'c')).toBe('d')
  expect(next(one('achievements', 'e'), 'd')).toBe('a')
  expect(next(one('experts', 'b'), 'a', 'c', 'd', 'e')).toBeUndefined()
})
