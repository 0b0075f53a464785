/** All languages say the same things. */
import { expect, test } from 'vitest'

import english from './en'
import englishRest from './en.rest'
import type { Texts } from './gathered'
import chineseFirst from './zh-CN'
import chineseRest from './zh-CN.rest'
import taiwanFirst from './zh-TW'
import taiwanRest from './zh-TW.rest'

const sources = import.meta.glob<string>(['../**/*.vue', '../**/*.ts', '!../**/*.spec.ts'], {
  eager: true,
  query: '?raw',
  import: 'default',
})

function keysOf(catalogue: Texts, path = ''): string[] {
  return Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${path}${key}`] : keysOf(value, `${path}${key}.`),
  )
}

function textAt(catalogue: Texts, key: string): string {
  return key.split('.').reduce<string | Texts>((at, name) => (at as Texts)[name] ?? '', catalogue) as string
}

const placesIn = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).toSorted()

const chinese: Texts = { ...chineseFirst, ...chineseRest }
const taiwan: Texts = { ...taiwanFirst, ...taiwanRest }
const catalogues = Object.entries({ 'zh-CN': chinese, 'zh-TW': taiwan, en: { ...english, ...englishRest } })

test.each(catalogues)('%s has the keys of zh-CN and no empty text', (_, catalogue) => {
  expect(keysOf(catalogue).toSorted()).toEqual(keysOf(chinese).toSorted())
  for (const key of keysOf(catalogue)) expect(textAt(catalogue, key), key).not.toBe('')
})

test.each(catalogues)('%s names the same places for values as zh-CN', (_, catalogue) => {
  for (const key of keysOf(chinese)) {
    expect(placesIn(textAt(catalogue, key)), key).toEqual(placesIn(textAt(chinese, key)))
  }
})

test('every text a screen asks for by name is there', () => {
  const keys = new Set(keysOf(chinese))
  const asked = Object.values(sources).flatMap((source) =>
    [...source.matchAll(/\bt\(\s*'([\w.]+)'/g)].map((match) => match[1] ?? ''),
  )
  expect(asked.length).toBeGreaterThan(100)
  expect(asked.filter((key) => !keys.has(key))).toEqual([])
})

test('Taiwan reads 台帳, 匯入 and 登入, not their mainland forms', () => {
  const text = JSON.stringify(taiwan)
  expect(text).not.toMatch(/臺賬|台賬|臺帳|登錄|賬號|平臺/)
  expect(textAt(taiwan, 'shell.floors.ledgers')).toBe('三台帳')
})

test('Taiwan reads no simplified character: each is among the common ones of Big5', () => {
  const decoder = new TextDecoder('big5')
  const common = new Set<string>()
  for (let first = 0xa4; first <= 0xc6; first += 1) {
    for (let second = 0x40; second <= 0xfe; second += 1) common.add(decoder.decode(new Uint8Array([first, second])))
  }
  const written = JSON.stringify(taiwan).match(/\p{Script=Han}/gu) ?? []
  expect([...new Set(written)].filter((character) => !common.has(character))).toEqual([])
})
