/** What a device keeps over TLS goes before what was kept in the clear. */
import { expect, test, vi } from 'vitest'

import { keep, kept } from './kept'

test('the protected cookie is believed first', () => {
  expect(kept('park_lang', 'park_lang=en; __Host-park_lang=zh-TW')).toBe('zh-TW')
  expect(kept('park_lang', 'park_size=large; park_lang=en')).toBe('en')
  expect(kept('park_lang', 'not_park_lang=en')).toBeUndefined()
})

test('over TLS a cookie is written that no other host can write', () => {
  const write = vi.spyOn(document, 'cookie', 'set')
  keep('park_size', 'large', true)
  keep('park_size', 'large', false)
  const [secure, plain] = write.mock.calls.map(([text]) => text)
  expect(secure).toMatch(/^__Host-park_size=large; path=\/; .*; secure$/)
  expect(plain).toMatch(/^park_size=large; path=\/; (?!.*secure)/)
})
