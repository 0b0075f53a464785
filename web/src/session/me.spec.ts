/** One language for page and account: whichever was chosen last. */
import { beforeEach, expect, test, vi } from 'vitest'

import { chooseLocale, currentLocale, speakLocale, unsavedChoice } from '@/i18n'

import { signIn, useMe } from './me'

function serverSpeaking(locale: string) {
  const fake = vi.fn<typeof fetch>().mockImplementation((_, request) => {
    const asked = JSON.parse(String(request?.body)) as { locale?: string }
    return Promise.resolve(Response.json({ id: 'a', locale: asked.locale ?? locale, registers: [] }))
  })
  vi.stubGlobal('fetch', fake)
  return fake
}

beforeEach(async () => {
  localStorage.clear()
  await speakLocale('zh-CN')
})

test('after signing in the page speaks the language of the account', async () => {
  serverSpeaking('en')
  await signIn('li', 'secret')
  expect(currentLocale.value).toBe('en')
})

test('what an earlier person chose and saved on this device binds nobody after them', async () => {
  serverSpeaking('zh-CN')
  await signIn('li', 'secret')
  await speakLocale('en')
  await signIn('wang', 'secret')
  expect(currentLocale.value).toBe('zh-CN')
})

test('a language chosen before signing in stays, and the account learns it', async () => {
  const fake = serverSpeaking('zh-CN')
  await chooseLocale('zh-TW')
  await signIn('li', 'secret')
  expect(currentLocale.value).toBe('zh-TW')
  expect(fake.mock.calls.map(([url]) => url)).toEqual(['/api/v1/auth/session', '/api/v1/me/preferences'])
  expect(useMe().me.value?.locale).toBe('zh-TW')
  expect(unsavedChoice()).toBeNull()
})
