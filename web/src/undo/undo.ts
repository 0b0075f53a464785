/** What was done on this page and can be taken back at once: by the button of its notice or Ctrl+Z. */
import { shallowRef } from 'vue'

import { sentenceOf } from '@/api/problem'
import { undoing, type Became } from '@/api/undo'
import { queryClient } from '@/app/queries'
import { i18n } from '@/i18n'
import { notify, withoutActions } from '@/ui/notices'

/** One record's newest version. */
interface One {
  register: string
  id: string
  version: number
}

/** All that one act wrote. */
interface Many {
  register: string
  batch: string
}

export type Act = One | Many

const MOST = 20
const acts = shallowRef<Act[]>([])
const undone = shallowRef<Act | null>(null)
let leave: (register: string, id: string) => void = () => undefined

const t = (key: string, values: Record<string, unknown> = {}): string => i18n.global.t(key, values)
const isOne = (act: Act): act is One => 'id' in act

/** Of one record, or one batch, only the newest act can be taken back. */
function others(act: Act): Act[] {
  const key = (one: Act): string => (isOne(one) ? one.id : one.batch)
  return acts.value.filter((one) => key(one) !== key(act))
}

/** Say where to go when the record on screen is no longer there. */
export function whenGone(go: (register: string, id: string) => void): void {
  leave = go
}

/** Tell what was done, with the way back beside it; only the newest such notice stays. */
export function undoable(text: string, act: Act): void {
  acts.value = [...others(act), act].slice(-MOST)
  tell(text, t('undo.do'), act)
}

function tell(text: string, label: string, act: Act): void {
  withoutActions()
  notify(text, 'success', { label, run: () => void takeBack(act) })
}

/** Ctrl+Z: the newest act of this page. Says whether there was one. */
export function undoLast(): boolean {
  const act = acts.value.at(-1)
  if (act) void takeBack(act)
  return Boolean(act)
}

/** Ctrl+Shift+Z: what was just taken back is done again, as another undoing. */
export function redoLast(): boolean {
  const act = undone.value
  if (act) void takeBack(act)
  return Boolean(act)
}

export async function takeBack(act: Act): Promise<boolean> {
  acts.value = others(act)
  undone.value = null
  withoutActions()
  try {
    await (isOne(act) ? undoOne(act) : undoBatch(act.register, act.batch))
    return true
  } catch (cause) {
    notify(sentenceOf(cause), 'danger')
    return false
  } finally {
    await renew()
  }
}

async function undoOne(act: One): Promise<void> {
  const answer = await undoing.undo(act.register, act.id, act.version)
  if (answer.became === 'deleted') leave(act.register, act.id)
  const again = answer.became === 'unmerged' ? null : { ...act, version: answer.version }
  done(t(`undo.done.${answer.became satisfies Became}`), again)
}

async function undoBatch(register: string, id: string): Promise<void> {
  const answer = await undoing.batch(id)
  const text = answer.id ? t('undo.done.unmerged') : t('undo.batch', { count: answer.undone })
  done(text, answer.batch ? { register, batch: answer.batch } : null)
}

function done(text: string, again: Act | null): void {
  undone.value = again
  if (again) tell(text, t('undo.again'), again)
  else notify(text)
}

/** Everything on screen may show what was taken back. */
export async function renew(): Promise<void> {
  const shown = ['list', 'record', 'history', 'undo', 'doubles']
  await Promise.all(shown.map((name) => queryClient.invalidateQueries({ queryKey: [name] })))
}
