/** What could not be sent is sent once, in order, and what is refused comes back into the form. */
import { beforeEach, expect, test, vi } from 'vitest'

import { signIn } from '@/session/me'

import { keepForLater, sendWaiting, waiting, type Waiting } from './outbox'

const ENTRY: Waiting = { key: 'k1', register: 'needs', values: { title: '甲' }, move: 'submit', title: '甲' }
const MADE = { id: 'n1', version: 1, moves: ['submit'], title: '甲' }
let sent: { method: string; path: string; key: string | null; body: string }[] = []

function serve(answers: Record<string, () => Response>): void {
  vi.stubGlobal('fetch', (input: string, init: RequestInit) => {
    const path = input.replace('/api/v1', '')
    const method = init.method ?? 'GET'
    const headers = new Headers(init.headers)
    sent.push({ method, path, key: headers.get('Idempotency-Key'), body: String(init.body) })
    const answer = answers[`${method} ${path}`]
    return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError('Failed to fetch'))
  })
}

beforeEach(async () => {
  localStorage.clear()
  serve({ 'POST /auth/session': () => Response.json({ id: 'me', locale: 'zh-CN', registers: [], large_letters: false }) })
  await signIn('firm', 'secret')
  waiting.value = []
  sent = []
})

test('without a network it stays, and every try bears the same key and body', async () => {
  keepForLater(ENTRY)
  serve({})
  expect(await sendWaiting()).toEqual([])
  expect(await sendWaiting()).toEqual([])
  expect(waiting.value).toHaveLength(1)
  expect(new Set(sent.map((one) => `${one.key} ${one.body}`)).size).toBe(1)
  expect(sent[0]?.key).toBe('k1')
})

test('with a network it is made, takes its step and is gone', async () => {
  keepForLater(ENTRY)
  serve({
    'POST /needs': () => Response.json(MADE, { status: 201 }),
    'POST /needs/n1/moves/submit': () => Response.json({ ...MADE, state: 'submitted' }),
  })
  expect(await sendWaiting()).toEqual([{ title: '甲', refused: null }])
  expect(waiting.value).toEqual([])
  expect(await sendWaiting()).toEqual([])
  expect(sent.map((one) => `${one.method} ${one.path}`)).toEqual(['POST /needs', 'POST /needs/n1/moves/submit'])
})

test('a step whose answer was lost is not taken twice', async () => {
  keepForLater(ENTRY)
  serve({ 'POST /needs': () => Response.json(MADE, { status: 201 }) })
  await sendWaiting()
  expect(waiting.value[0]?.made).toBe('n1')
  serve({ 'GET /needs/n1': () => Response.json({ ...MADE, moves: [] }) })
  expect(await sendWaiting()).toEqual([{ title: '甲', refused: null }])
  expect(sent.filter((one) => one.path === '/needs')).toHaveLength(1)
})

test('what is refused goes back into the form with the reason', async () => {
  keepForLater(ENTRY)
  const refusal = { type: 'urn:park:invalid', title: '有误', status: 422, detail: '标题太短', errors: [] }
  serve({ 'POST /needs': () => Response.json(refusal, { status: 422 }) })
  expect(await sendWaiting()).toEqual([{ title: '甲', refused: '标题太短' }])
  expect(waiting.value).toEqual([])
  expect(localStorage.getItem('park.draft.me.needs.new')).toBe(JSON.stringify(ENTRY.values))
})

test('a troubled server decides nothing', async () => {
  keepForLater(ENTRY)
  serve({ 'POST /needs': () => Response.json({ title: 'x', status: 503 }, { status: 503 }) })
  expect(await sendWaiting()).toEqual([])
  expect(waiting.value).toHaveLength(1)
})
