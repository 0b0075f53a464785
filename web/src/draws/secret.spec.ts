/** The number committed to is the number revealed, whatever happens on the way. */
import { beforeEach, expect, test } from 'vitest'

import { commitmentOf, forgetSecret, newSecret, readSecret, rememberedSecret, rememberSecret, secretFile } from './secret'

beforeEach(() => localStorage.clear())

test('a number is 32 bytes, and no two are alike', () => {
  const made = Array.from({ length: 100 }, newSecret)
  expect(made.every((one) => /^[0-9a-f]{64}$/.test(one))).toBe(true)
  expect(new Set(made).size).toBe(100)
})

test('the commitment is the SHA-256 of the bytes, not of the digits', async () => {
  // printf '00%.0s' {1..32} | xxd -r -p | sha256sum
  const zeros = '0'.repeat(64)
  expect(commitmentOf(zeros)).toBe('66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925')
  const secret = newSecret()
  const bytes = Uint8Array.from(secret.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  expect(commitmentOf(secret)).toBe(Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''))
})

test('what is pasted with blanks, line ends or capitals is the same number', () => {
  const secret = newSecret()
  expect(readSecret(` ${secret.slice(0, 32).toUpperCase()}\r\n ${secret.slice(32)}\n`)).toBe(secret)
  expect(commitmentOf(secret.toUpperCase())).toBe(commitmentOf(secret))
})

test('what is no such number is refused, not hashed', () => {
  for (const text of ['', 'abc', '0'.repeat(63), `${'0'.repeat(63)}g`, '0'.repeat(66)]) {
    expect(readSecret(text)).toBeNull()
    expect(() => commitmentOf(text)).toThrow(RangeError)
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
  const text = await secretFile('抽取 2026-3', secret).text()
  expect(text.split('\n').slice(0, 3)).toEqual(['抽取 2026-3', `secret ${secret}`, `sha256 ${commitmentOf(secret)}`])
})
