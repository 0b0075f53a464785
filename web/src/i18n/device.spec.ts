/** The first screen speaks what the public pages spoke. */
import { beforeEach, expect, test } from 'vitest'

import { firstLocale } from './device'

beforeEach(() => localStorage.clear())

test('a choice made on the public pages goes before everything else', () => {
  localStorage.setItem('park.locale', 'zh-CN')
  expect(firstLocale('park_size=large; park_lang=en', ['zh-TW'])).toBe('en')
})

test('then comes what was spoken here last, then the browser, then simplified Chinese', () => {
  expect(firstLocale('park_lang=xx', ['fr', 'zh-HK', 'en'])).toBe('zh-TW')
  expect(firstLocale('', ['en-GB', 'zh-CN'])).toBe('en')
  expect(firstLocale('', ['de'])).toBe('zh-CN')
  localStorage.setItem('park.locale', 'en')
  expect(firstLocale('', ['zh-CN'])).toBe('en')
})
