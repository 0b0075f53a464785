/** The number committed to is the number revealed, whatever happens on the way. */
import { beforeEach, expect, test } from 'vitest'

import { commitmentOf, forgetSecret, newSecret, readSecret, rememberedSecret, rememberSecret, secretFile } from './secret'

beforeEach(() => localStorage.clear())

test('a number is 32 bytes, and no two are alike', () => {
  const made = Array.from({ length: 100 }, newSecret)
  expect(made.every((one) => /^[0-9a-f]{64}$/.test(one))).toBe(true)
  expect(new Set(made).size).toBe(100)
})

test('the commitment is the one the house and the verifier compute', async () => {
  // app.matching.drawing.chance.commitment('d-1', 'operator', '0123456789abcdef' * 4)
  const secret = '0123456789abcdef'.repeat(4)
  expect(commitmentOf('d-1', 'operator', secret)).toBe('304da5412e3197af126f7a7a5882d136cee18351f552b1b16d7a1866892d7340')
  const told = `["park-draw-v1","d-1",{"nonce":"${secret}","party":"operator"}]`
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(told)))
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  expect(commitmentOf('d-1', 'operator', secret)).toBe(hex)
  expect(commitmentOf('d-2', 'operator', secret)).not.toBe(hex)
  expect(commitmentOf('d-1', 'witness', secret)).not.toBe(hex)
})

test('what is pasted with blanks, line ends or capitals is the same number', () => {
  const secret = newSecret()
  expect(readSecret(` ${secret.slice(0, 32).toUpperCase()}\r\n ${secret.slice(32)}\n`)).toBe(secret)
  expect(commitmentOf('d', 'p', secret.toUpperCase())).toBe(commitmentOf('d', 'p', secret))
})

test('what is no such number is refused, not hashed', () => {
  for (const text of ['', 'abc', '0'.repeat(63), `${'0'.repeat(63)}g`, '0'.repeat(66)]) {
    expect(readSecret(text)).toBeNull()
    expect(() => commitmentOf('d', 'p', text)).toThrow(RangeError)
  }
})

test('each draw and each account has a number of its own, until it is forgotten', () => {
  const mine = newSecret()
  const hers = newSecret()
  rememberSecret('d1', 'a1', mine)
  rememberSecret('d1', 'a2', hers)
  expect(rememberedSecret('d1', 'a1')).toBe(mine)
  expect(rememberedSecret('d1', 'a2')).toBe(hers)
  expect(rememberedSecret('d2', 'a1')).toBeNull()
  forgetSecret('d1', 'a1')
  expect(rememberedSecret('d1', 'a1')).toBeNull()
  expect(rememberedSecret('d1', 'a2')).toBe(hers)
})

test('the kept file holds the number and what was committed to', async () => {
  const secret = newSecret()
  const text = await secretFile('抽取 2026-3', secret, 'c0ffee').text()
  expect(text.split('\n').slice(0, 3)).toEqual(['抽取 2026-3', `secret ${secret}`, 'sha256 c0ffee'])
})
