import { expect, test } from 'vitest'

import type { Import, ImportError } from '@/api/imports'

import { byRow, chosen, columnsOf, kindOf, kindsOf, renewed, repeated } from './mistakes'

const error = (row: number, column: string | null, code: string, value = ''): ImportError => ({
  row,
  column,
  header: column ? `header ${column}` : 'absent',
  field: column ? `field ${column}` : 'absent',
  code,
  message: code,
  value,
})
const errors = [
  error(9, 'C', 'not_a_choice', '新材'),
  error(4, 'B', 'duplicate', '9199'),
  error(4, 'C', 'not_a_choice', '新材'),
  error(5, null, 'missing'),
  error(7, 'AA', 'strange', 'x'),
]
const rows = byRow(errors)

test('mistakes stand by row, in the order of the file', () => {
  expect(rows.map((row) => [row.row, row.errors.length])).toEqual([
    [4, 2],
    [5, 1],
    [7, 1],
    [9, 1],
  ])
})

test('a row is found by the column or the kind of any of its mistakes, and is shown whole', () => {
  expect(chosen(rows, { field: 'field C', kind: '' }).map((row) => row.row)).toEqual([4, 9])
  expect(chosen(rows, { field: 'field C', kind: 'duplicate' })).toEqual([])
  expect(chosen(rows, { field: '', kind: 'duplicate' })[0]?.errors).toHaveLength(2)
})

test('columns and kinds are counted in rows, columns in the order of the file', () => {
  expect(columnsOf(rows, '').map((one) => [one.label, one.count])).toEqual([
    ['absent', 1],
    ['header B', 1],
    ['header C', 2],
    ['header AA', 1],
  ])
  expect(columnsOf(rows, 'list').map((one) => one.name)).toEqual(['field C'])
  expect(kindsOf(rows, '').map((one) => [one.kind, one.count])).toEqual([
    ['missing', 1],
    ['list', 2],
    ['duplicate', 1],
    ['other', 1],
  ])
  expect(kindOf(error(1, 'A', 'check_digit'))).toBe('code')
})

test('a mistake made twice is one that one correction mends, unless it is of one record alone', () => {
  const often = repeated([...errors, error(10, 'B', 'duplicate', '9199')])
  expect(often(error(0, 'C', 'not_a_choice', '新材'))).toBe(2)
  expect(often(error(0, 'B', 'duplicate', '9199'))).toBe(0)
})

test('rows judged again take the place of what was known of them', () => {
  const before = { errors, counts: { bad: 4 }, moves: [] } as unknown as Import
  const judged = { rows: [4, 9], errors: [error(9, 'B', 'duplicate')], counts: { bad: 3 }, moves: ['commit'] }
  const after = renewed(before, judged as never)
  expect(after.errors.map((one) => [one.row, one.code])).toEqual([
    [5, 'missing'],
    [7, 'strange'],
    [9, 'duplicate'],
  ])
  expect([after.counts.bad, after.moves]).toEqual([3, ['commit']])
})
