/** Where keys lead in a grid. */
import { expect, test } from 'vitest'

import { headAct, HEADER, walked, writes } from './walking'

const extent = { rows: 10_000, columns: 6, page: 12 }
const at = { row: 40, column: 2 }
const key = (name: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
})

test('arrows go one cell, and nowhere beyond the edges', () => {
  expect(walked('ArrowDown', false, at, extent)).toEqual({ row: 41, column: 2 })
  expect(walked('ArrowUp', false, { row: 0, column: 0 }, extent)).toEqual({ row: HEADER, column: 0 })
  expect(walked('ArrowUp', false, { row: HEADER, column: 0 }, extent)).toEqual({ row: HEADER, column: 0 })
  expect(walked('ArrowRight', false, { row: 3, column: 5 }, extent)).toEqual({ row: 3, column: 5 })
  expect(walked('ArrowLeft', false, { row: 3, column: 0 }, extent)).toEqual({ row: 3, column: 0 })
})

test('End with Ctrl goes to the last row of all, Home to the first', () => {
  expect(walked('End', true, at, extent)).toEqual({ row: 9_999, column: 5 })
  expect(walked('Home', true, at, extent)).toEqual({ row: 0, column: 0 })
  expect(walked('End', false, at, extent)).toEqual({ row: 40, column: 5 })
  expect(walked('ArrowDown', true, at, extent)).toEqual({ row: 9_999, column: 2 })
})

test('a page up stops at the first row, not at the headings', () => {
  expect(walked('PageUp', false, { row: 5, column: 1 }, extent)).toEqual({ row: 0, column: 1 })
  expect(walked('PageDown', false, { row: 9_995, column: 1 }, extent)).toEqual({ row: 9_999, column: 1 })
})

test('other keys lead nowhere', () => {
  expect(walked('a', false, at, extent)).toBeNull()
  expect(walked('Enter', false, at, extent)).toBeNull()
})

test('typing begins an edit: characters do, Space and commands do not', () => {
  expect(writes(key('a'))).toBe(true)
  expect(writes(key('7'))).toBe(true)
  expect(writes(key(' '))).toBe(false)
  expect(writes(key('c', { ctrlKey: true }))).toBe(false)
  expect(writes(key('F2'))).toBe(false)
})

test('on a heading Shift widens, Ctrl moves, P pins', () => {
  expect(headAct(key('ArrowRight', { shiftKey: true }))).toEqual({ act: 'widen', by: 20 })
  expect(headAct(key('ArrowLeft', { ctrlKey: true }))).toEqual({ act: 'move', by: -1 })
  expect(headAct(key('p'))).toEqual({ act: 'pin' })
  expect(headAct(key('ArrowLeft'))).toBeNull()
})
