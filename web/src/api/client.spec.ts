/** The door to the server: headers it always sends, problems it throws, the session it renews once. */
import { beforeEach, expect, test, vi } from 'vitest'

import { call, Problem, queryString, speak, whenDeserted, whenProofIsWanted, whenSignedOut } from './client'
import { Unreachable } from './problem'

function answers(...given: Response[]) {
  const fake = vi.fn<typeof fetch>()
  for (const one of given) fake.mockResolvedValueOnce(one)
  vi.stubGlobal('fetch', fake)
  return fake
}

function json(body: unknown, status = 200): Response {
  return Response.json(body, { status })
}

function problem(status: number, more: object = {}): Response {
  return json({ type: 'urn:park:test', title: '不行', status, detail: '原因', ...more }, status)
}

function headersOf(fake: ReturnType<typeof answers>, nth = 0): Headers {
  return new Headers(fake.mock.calls[nth]?.[1]?.headers)
}

beforeEach(() => {
  localStorage.clear()
  speak('zh-CN')
})

test('a change carries the CSRF header, the version and the key', async () => {
  const fake = answers(json({ id: '1' }))
  await call('/needs/1', { method: 'PATCH', json: { title: '新' }, version: 7, idempotencyKey: 'k' })
  const headers = headersOf(fake)
  expect(headers.get('X-Park-CSRF')).toBe('1')
  expect(headers.get('If-Match')).toBe('"7"')
  expect(headers.get('Idempotency-Key')).toBe('k')
  expect(fake.mock.calls[0]?.[1]?.credentials).toBe('same-origin')
})

test('a reading carries the language and no CSRF header', async () => {
  speak('zh-TW')
  const fake = answers(json({}))
  await call('/needs')
  expect(headersOf(fake).get('Accept-Language')).toBe('zh-TW')
  expect(headersOf(fake).has('X-Park-CSRF')).toBe(false)
})

test('a refusal is thrown with its fields', async () => {
  answers(problem(422, { errors: [{ pointer: '/title', code: 'too_short', detail: '太短' }] }))
  const refusal = await call('/needs', { method: 'POST' }).catch((cause: unknown) => cause)
  expect(refusal).toBeInstanceOf(Problem)
  expect((refusal as Problem).errors[0]?.pointer).toBe('/title')
})

test('an expired session is renewed once and the call repeated', async () => {
  const fake = answers(problem(401), new Response(null, { status: 204 }), json({ ok: true }))
  await expect(call('/needs')).resolves.toEqual({ ok: true })
  expect(fake.mock.calls.map(([url]) => url)).toEqual([
    '/api/v1/needs',
    '/api/v1/auth/session/refresh',
    '/api/v1/needs',
  ])
})

test('a session that cannot be renewed signs the page out', async () => {
  const left = vi.fn<() => void>()
  whenSignedOut(left)
  answers(problem(401), problem(401))
  await expect(call('/needs')).rejects.toBeInstanceOf(Problem)
  expect(left).toHaveBeenCalledOnce()
})

test('a wrong password is not answered by renewing the session', async () => {
  const fake = answers(problem(401))
  await expect(call('/auth/session', { method: 'POST', aboutSession: true })).rejects.toBeInstanceOf(Problem)
  expect(fake).toHaveBeenCalledOnce()
})

test('several values of one filter repeat its name, empty ones are left out', () => {
  expect(queryString({ state: ['a', 'b'], q: '', after: null, limit: 50 })).toBe('?state=a&state=b&limit=50')
})

test('no answer at all is told apart from a refusal; a call taken back is neither', async () => {
  vi.stubGlobal('fetch', vi.fn<typeof fetch>().mockRejectedValueOnce(new TypeError('Failed to fetch')))
  await expect(call('/needs')).rejects.toBeInstanceOf(Unreachable)
  const stopped = new DOMException('stopped', 'AbortError')
  vi.stubGlobal('fetch', vi.fn<typeof fetch>().mockRejectedValueOnce(stopped))
  await expect(call('/needs')).rejects.toBe(stopped)
})

const stepUp = (): Response => problem(403, { type: 'urn:park:step-up' })

test('a grave act goes on once its person has proved who they are', async () => {
  whenProofIsWanted(() => Promise.resolve(true))
  const fake = answers(stepUp(), json({ done: 1 }))
  await expect(call('/reveals', { method: 'POST', json: { a: 1 } })).resolves.toEqual({ done: 1 })
  expect(fake.mock.calls[1]?.[1]?.body).toBe(fake.mock.calls[0]?.[1]?.body)
  answers(stepUp(), stepUp())
  await expect(call('/reveals', { method: 'POST' })).rejects.toMatchObject({ kind: 'urn:park:step-up' })
  whenProofIsWanted(() => Promise.resolve(false))
  const refused = answers(stepUp())
  await expect(call('/reveals', { method: 'POST' })).rejects.toMatchObject({ status: 403 })
  expect(refused).toHaveBeenCalledTimes(1)
})

test('a page nobody touches renews no session', async () => {
  whenDeserted(() => true)
  const fake = answers(problem(401))
  await expect(call('/needs')).rejects.toMatchObject({ status: 401 })
  expect(fake).toHaveBeenCalledTimes(1)
  whenDeserted(() => false)
})
