/** Many records changed by one act, and what became of each. */
import { call, type Query } from './client'
import { records } from './registers'
import type { Change, RecordRow, Values } from './shapes'

export interface BatchRow {
  id: string
  version?: number
  patch?: Values
}

export interface BatchWhat {
  patch?: Values
  move?: string
  form?: Values
}

export interface BatchItem {
  id: string
  version: number
  label: string
  outcome: 'changed' | 'unchanged' | 'refused'
  reason: string | null
  errors: { field: string; detail: string }[]
  changes: Change[]
}

export interface BatchDone {
  batch_id: string | null
  dry_run: boolean
  changed: number
  unchanged: number
  refused: number
  items: BatchItem[]
}

/** A batch too long for one answer goes on as a task. */
export interface BatchTask {
  id: string
}

const WINDOW = 500
const AT_A_TIME = 100

export function send(register: string, rows: BatchRow[], what: BatchWhat, dry_run: boolean, signal?: AbortSignal) {
  return call<BatchDone | BatchTask>(`/${register}/batch`, {
    method: 'POST',
    json: { rows, ...what, dry_run },
    ...(signal && { signal }),
  })
}

export const isTask = (answer: BatchDone | BatchTask): answer is BatchTask => !('items' in answer)

/** All rows of a list, a window after the other; `told` hears how many have come. */
export async function everyRow(
  register: string,
  query: Query,
  signal: AbortSignal,
  told: (done: number) => void = () => undefined,
): Promise<RecordRow[]> {
  const found: RecordRow[] = []
  let after: string | null = null
  do {
    // oxlint-disable-next-line no-await-in-loop -- each window says where the next begins
    const page = await records.list(register, { ...query, limit: WINDOW, after }, signal)
    found.push(...page.items)
    told(found.length)
    after = page.next
  } while (after)
  return found
}

/** Every row of a list, as far as a batch must name it. */
export async function rowsOf(register: string, query: Query, signal: AbortSignal): Promise<BatchRow[]> {
  const items = await everyRow(register, { ...query, fields: 'id' }, signal)
  return items.map(({ id, version }) => ({ id, version }))
}

/** What would become of each row, some at a time, so that it can be watched and stopped. */
export async function preview(
  register: string,
  rows: BatchRow[],
  what: BatchWhat,
  signal: AbortSignal,
  told: (done: number) => void,
): Promise<BatchItem[]> {
  const items: BatchItem[] = []
  for (let start = 0; start < rows.length; start += AT_A_TIME) {
    told(start)
    // oxlint-disable-next-line no-await-in-loop -- one at a time, so that a stop leaves little behind
    const answer = await send(register, rows.slice(start, start + AT_A_TIME), what, true, signal)
    if (!isTask(answer)) items.push(...answer.items)
  }
  told(rows.length)
  return items
}
