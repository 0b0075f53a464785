/** One way back at a time, the newest act first, and only the newest of each record. */
import { beforeEach, expect, test, vi } from 'vitest'

import { notices } from '@/ui/notices'

import { redoLast, undoable, undoLast } from './undo'

const asked: { url: string; version: string | null }[] = []

function answer(url: string, init?: RequestInit): Promise<Response> {
  asked.push({ url, version: new Headers(init?.headers).get('If-Match') })
  const body = url.includes('/undo/')
    ? { register_name: 'toys', batch: 'next', undone: 2, left: [], id: null }
    : { id: 'a', version: 9, became: 'changed' }
  return Promise.resolve(new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } }))
}

beforeEach(() => {
  asked.length = 0
  notices.value = []
  vi.stubGlobal('fetch', answer)
})

const act = (id: string, version: number) => ({ register: 'toys', id, version })

test('the newest act is undone first, against the version it wrote; each record is remembered once', async () => {
  undoable('one', act('a', 1))
  undoable('two', act('b', 4))
  undoable('three', act('a', 2))
  expect(notices.value.map((notice) => notice.text)).toEqual(['three'])
  expect(undoLast()).toBe(true)
  await vi.waitFor(() => expect(asked).toEqual([{ url: '/api/v1/toys/a/undo', version: '"2"' }]))
  expect(undoLast()).toBe(true)
  await vi.waitFor(() => expect(asked.at(-1)).toEqual({ url: '/api/v1/toys/b/undo', version: '"4"' }))
  expect(undoLast()).toBe(false)
})

test('what was undone is offered to be done again, also of many records', async () => {
  undoable('bulk', { register: 'toys', batch: 'this' })
  undoLast()
  await vi.waitFor(() => expect(notices.value.at(-1)?.action).toBeDefined())
  expect(redoLast()).toBe(true)
  await vi.waitFor(() => expect(asked.map((one) => one.url)).toEqual(['/api/v1/undo/this', '/api/v1/undo/next']))
})
