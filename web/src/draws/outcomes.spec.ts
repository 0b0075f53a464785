/** The list of a draw says of each who was passed over and why, in the order chance gave. */
import { expect, test } from 'vitest'

import type { LogEntry, Person } from '@/api/draws'

import { inOrder, telling } from './outcomes'

function aPerson(pseudonym: string, given: Partial<Person>): Person {
  return {
    place: null,
    kind: null,
    seat: null,
    pseudonym,
    expert_id: pseudonym,
    name: pseudonym,
    organisation: null,
    strata: [],
    excluded: [],
    reasons: [],
    gone: false,
    ...given,
  }
}

function seated(by: string, passed: string[]): LogEntry {
  return { seq: 1, at: '', kind: 'seated', label: '', hash: '', facts: { seat: 0, gone: [], by, passed } }
}

test('the order is that of the places, and the excluded have none', () => {
  const pool = [
    aPerson('c', { place: 3 }),
    aPerson('x', { excluded: [{ code: 'load', label: '任务已满', count: 1 }] }),
    aPerson('a', { place: 1, kind: 'member', seat: 1 }),
    aPerson('b', { place: 2 }),
  ]
  const placed = inOrder(pool, [seated('a', []), seated('d', ['b'])])
  expect(placed.map(({ person, outcome }) => [person.pseudonym, outcome])).toEqual([
    ['a', 'member'],
    ['b', 'passed'],
    ['c', 'not_drawn'],
  ])
  expect(telling(placed)).toBe(2)
})

test('who left is said to have left, whatever they were', () => {
  const pool = [
    aPerson('a', { place: 1, gone: true }),
    aPerson('b', { place: 2, kind: 'member', seat: 1 }),
    aPerson('c', { place: 3, kind: 'alternate' }),
  ]
  expect(inOrder(pool, []).map((one) => one.outcome)).toEqual(['gone', 'member', 'alternate'])
  expect(telling([])).toBe(0)
})
