/** New records that could not be sent: kept on this device, sent once when the network is back. */
import { computed, ref, watch } from 'vue'

import { Problem } from '@/api/client'
import { sentenceOf, Unreachable } from '@/api/problem'
import { records } from '@/api/registers'
import type { Values } from '@/api/shapes'
import { useMe } from '@/session/me'

export interface Waiting {
  /** Sent with every try, so that the server writes the record once however often it is tried. */
  key: string
  register: string
  values: Values
  /** The step to take once it is there. */
  move: string | null
  title: string
  /** The record, once it was made but its step not yet taken. */
  made?: string
}

export interface Outcome {
  title: string
  /** Why the server did not take it; null when it did. */
  refused: string | null
}

const PREFIX = 'park.outbox.'
const PAUSE = 30_000
const { me } = useMe()
const place = computed(() => (me.value ? `${PREFIX}${me.value.id}` : ''))

export const waiting = ref<Waiting[]>([])

function read(): Waiting[] {
  const text = place.value && localStorage.getItem(place.value)
  return text ? (JSON.parse(text) as Waiting[]) : []
}

function write(all: Waiting[]): void {
  if (!place.value) return
  if (all.length > 0) localStorage.setItem(place.value, JSON.stringify(all))
  else localStorage.removeItem(place.value)
  waiting.value = all
}

watch(place, () => (waiting.value = read()), { immediate: true })

export function keepForLater(entry: Waiting): void {
  write([...read().filter((one) => one.key !== entry.key), entry])
}

const replace = (entry: Waiting): void => write(read().map((one) => (one.key === entry.key ? entry : one)))
const drop = (entry: Waiting): void => write(read().filter((one) => one.key !== entry.key))

/** Without an answer, without a session or from a troubled server nothing is decided: it is tried again. */
function undecided(cause: unknown): boolean {
  if (cause instanceof Unreachable) return true
  return !(cause instanceof Problem) || cause.status === 401 || cause.status === 429 || cause.status >= 500
}

async function sendOne(entry: Waiting): Promise<void> {
  const made = entry.made
    ? await records.read(entry.register, entry.made)
    : await records.create(entry.register, entry.values, entry.key)
  replace({ ...entry, made: made.id })
  // the step may have been taken by a try whose answer was lost
  if (entry.move && made.moves?.includes(entry.move)) await records.move(entry.register, made, entry.move, {})
}

async function sendEach(): Promise<Outcome[]> {
  const done: Outcome[] = []
  for (const entry of read()) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, in the order they were written
      await sendOne(entry)
      done.push({ title: entry.title, refused: null })
    } catch (cause) {
      if (undecided(cause)) return done
      giveBack(read().find((one) => one.key === entry.key) ?? entry)
      done.push({ title: entry.title, refused: sentenceOf(cause) })
    }
    drop(entry)
  }
  return done
}

/** What was refused goes back into the form, as its draft, unless another is being written there. */
function giveBack(entry: Waiting): void {
  const draft = `park.draft.${me.value?.id ?? ''}.${entry.register}.new`
  if (!entry.made && !localStorage.getItem(draft)) localStorage.setItem(draft, JSON.stringify(entry.values))
}

/** Send what waits, in one tab at a time; tells what became of each that was decided. */
export function sendWaiting(): Promise<Outcome[]> {
  if (read().length === 0) return Promise.resolve([])
  const locks = navigator.locks as LockManager | null | undefined // only where the page came over TLS
  if (!locks) return sendEach()
  return locks.request('park-outbox', { ifAvailable: true }, (lock) => (lock ? sendEach() : []))
}

/** Try when the network comes back, and now and then; returns how to stop. */
export function tryAgain(told: (outcomes: Outcome[]) => void): () => void {
  const attempt = (): void => void sendWaiting().then(told, () => undefined)
  window.addEventListener('online', attempt)
  const timer = setInterval(attempt, PAUSE)
  attempt()
  return () => {
    window.removeEventListener('online', attempt)
    clearInterval(timer)
  }
}
