/** The only door to the server: cookies, CSRF header, versions, idempotency, one silent renewal of the session. */
import { Problem, problemOf, Unreachable } from './problem'

export const API = '/api/v1'
const UNSAFE = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
const STEP_UP = 'urn:park:step-up'
const RENEWED_AT = 'park.session.renewed-at'

export type QueryValue = string | number | boolean | null | undefined
export type Query = Record<string, QueryValue | QueryValue[]>

export interface Asked {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  query?: Query
  json?: unknown
  file?: File
  /** Version of the record this call changes; sent as If-Match. */
  version?: number
  /** Makes a repeated create harmless; sent as Idempotency-Key. */
  idempotencyKey?: string
  signal?: AbortSignal
  /** A call about the session itself is never answered by renewing the session. */
  aboutSession?: boolean
}

let locale = 'zh-CN'
let onSignedOut: () => void = () => undefined

export function speak(language: string): void {
  locale = language
}

export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback
}

/** How the page lets its person prove who they are; false when they would rather not. */
let proveIt: () => Promise<boolean> = () => Promise.resolve(false)
/** Nobody has touched the page for longer than a session may idle: what it asks for by itself keeps nothing alive. */
let deserted: () => boolean = () => false

export function whenProofIsWanted(callback: typeof proveIt): void {
  proveIt = callback
}

export function whenDeserted(callback: typeof deserted): void {
  deserted = callback
}

export function queryString(query: Query = {}): string {
  const pairs = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') pairs.append(name, String(one))
    }
  }
  const text = pairs.toString()
  return text && `?${text}`
}

/** A fresh Idempotency-Key; crypto.randomUUID is missing where the page did not come over TLS. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function headersOf(asked: Asked, method: string): Headers {
  const headers = new Headers({ Accept: 'application/json', 'Accept-Language': locale })
  if (UNSAFE.has(method)) headers.set('X-Park-CSRF', '1')
  if (UNSAFE.has(method) && !asked.file) {
    headers.set('Content-Type', method === 'PATCH' ? 'application/merge-patch+json' : 'application/json')
  }
  if (asked.version !== undefined) headers.set('If-Match', `"${asked.version}"`)
  if (asked.idempotencyKey) headers.set('Idempotency-Key', asked.idempotencyKey)
  return headers
}

function bodyOf(asked: Asked, method: string): BodyInit | null {
  if (asked.file) {
    const form = new FormData()
    form.append('file', asked.file, asked.file.name)
    return form
  }
  return UNSAFE.has(method) && method !== 'DELETE' ? JSON.stringify(asked.json ?? {}) : null
}

async function send(path: string, asked: Asked): Promise<Response> {
  const method = asked.method ?? 'GET'
  try {
    return await fetch(API + path + queryString(asked.query), {
      method,
      headers: headersOf(asked, method),
      body: bodyOf(asked, method),
      credentials: 'same-origin',
      signal: asked.signal ?? null,
    })
  } catch (cause) {
    // the browser's own words for a broken line are English and say nothing to a clerk
    throw cause instanceof TypeError ? new Unreachable(cause.message) : cause
  }
}

/** Renew the session once for all tabs: whoever waited for the lock finds it already renewed. */
async function renew(startedAt: number): Promise<boolean> {
  const work = async (): Promise<boolean> => {
    if (Number(localStorage.getItem(RENEWED_AT) ?? 0) > startedAt) return true
    const answer = await send('/auth/session/refresh', { method: 'POST' })
    if (answer.ok) localStorage.setItem(RENEWED_AT, String(Date.now()))
    else await answer.body?.cancel() // nobody reads why; unread it would stay under way
    return answer.ok
  }
  const locks = navigator.locks as LockManager | null | undefined // only where the page came over TLS
  return locks ? locks.request('park-session', work) : work()
}

export async function answerTo(path: string, asked: Asked = {}): Promise<Response> {
  const startedAt = Date.now()
  let response = await send(path, asked)
  if (response.status === 401 && !asked.aboutSession) {
    if (!deserted() && (await renew(startedAt))) response = await send(path, asked)
    if (response.status === 401) onSignedOut()
  }
  if (response.ok) return response
  const problem = await problemOf(response)
  if (problem.kind !== STEP_UP || !(await proveIt())) throw problem
  const again = await send(path, asked)
  if (!again.ok) throw await problemOf(again)
  return again
}

/** Call the server and give its JSON (undefined for 204). Throws Problem. */
export async function call<Answer>(path: string, options: Asked = {}): Promise<Answer> {
  const response = await answerTo(path, options)
  return (response.status === 204 ? undefined : await response.json()) as Answer
}

/** Fetch a file through the session and hand it to the browser's downloads. Throws Problem. */
export async function download(path: string, fileName: string, query: Query = {}): Promise<void> {
  const response = await answerTo(path, { query })
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = fileNameIn(response) ?? fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

function fileNameIn(response: Response): string | null {
  const header = response.headers.get('Content-Disposition') ?? ''
  const encoded = /filename\*=(?:utf-8|UTF-8)''([^;]+)/.exec(header)?.[1]
  return encoded ? decodeURIComponent(encoded) : (/filename="([^"]+)"/.exec(header)?.[1] ?? null)
}

export { Problem }
