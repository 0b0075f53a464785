/** Blocks from a spreadsheet's clipboard. */
import { expect, test } from 'vitest'

import type { Field } from '@/api/shapes'

import { cellsOf, pastes, valueFrom } from './pasting'

const field = (type: Field['type'], more: Partial<Field> = {}): Field => ({
  name: 'f',
  label: 'f',
  type,
  writable: true,
  ...more,
})

test('tabs part cells, lines part rows, a closing line end adds none', () => {
  expect(cellsOf('a\tb\r\nc\td\r\n')).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
})

test('a quoted cell holds tabs, line ends and doubled quotes', () => {
  expect(cellsOf('"a\n""b"""\tc')).toEqual([['a\n"b"', 'c']])
  expect(cellsOf('5" pipe\tx')).toEqual([['5" pipe', 'x']])
})

test('numbers come with separators, full width and the unit of the column', () => {
  const money = field('decimal', { unit: '万元' })
  expect(valueFrom(money, '1,234.5')).toBe('1234.5')
  expect(valueFrom(money, '１２万元')).toBe('12')
  expect(valueFrom(money, '约12')).toBeUndefined()
})

test('days are read in the ways people write them', () => {
  expect(valueFrom(field('date'), '2026年3月5日')).toBe('2026-03-05')
  expect(valueFrom(field('date'), '2026/3/5')).toBe('2026-03-05')
  expect(valueFrom(field('date'), '明天')).toBeUndefined()
})

test('choices are known by their labels, several of them too', () => {
  const choices = [
    { value: 'a', label: '甲' },
    { value: 'b', label: '乙' },
  ]
  expect(valueFrom(field('choice', { choices }), '乙')).toBe('b')
  expect(valueFrom(field('choice', { choices }), '丙')).toBeUndefined()
  expect(valueFrom(field('choices', { choices }), '甲、乙')).toEqual(['a', 'b'])
})

test('an empty cell clears, a code is what stands before its name', () => {
  expect(valueFrom(field('text'), ' ')).toBeNull()
  expect(valueFrom(field('code'), '3562 半导体器件专用设备制造')).toBe('3562')
  expect(valueFrom(field('boolean'), '否')).toBe(false)
})

test('references, masked and read-only fields take nothing from the clipboard', () => {
  expect(pastes(field('reference'))).toBe(false)
  expect(pastes(field('text', { disclosure: 'masked' }))).toBe(false)
  expect(pastes(field('text', { writable: false }))).toBe(false)
  expect(pastes(field('text'))).toBe(true)
})
