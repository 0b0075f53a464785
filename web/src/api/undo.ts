/** Taking back what was done, records that may be one, and making them one. */
import { call } from './client'
import type { Change, Values } from './shapes'

export interface Who {
  name: string
  role_label: string
  organisation: string
}

export type Became = 'changed' | 'deleted' | 'back' | 'unmerged' | 'merged'

export interface UndoOffer {
  version: number
  verb: string
  verb_label: string
  at: string
  by: Who
  until: string
  batch: string | null
  possible: boolean
  why: string | null
  becomes: Became
  changes: Change[]
}

export interface Undone {
  id: string
  version: number
  became: Became
}

export interface VersionOffer {
  version: number
  at: string
  verb_label: string
  by: Who
  possible: boolean
  why: string | null
  changes: Change[]
}

export interface ActShown extends Omit<UndoOffer, 'changes'> {
  register_name: string
  register_label: string
  id: string
  title: string
  mine: boolean
  deleted: boolean
  count: number
}

export interface BatchUndone {
  register_name: string
  batch: string | null
  undone: number
  left: { id: string; title: string }[]
  id: string | null
}

export const undoing = {
  list: (): Promise<{ mine: ActShown[]; bin: ActShown[] }> => call('/undo'),
  offer: (register: string, id: string): Promise<UndoOffer> => call(`/${register}/${id}/undo`),
  undo: (register: string, id: string, version: number): Promise<Undone> =>
    call(`/${register}/${id}/undo`, { method: 'POST', version }),
  batch: (batch: string, skip = false): Promise<BatchUndone> =>
    call(`/undo/${batch}`, { method: 'POST', query: skip ? { skip_changed: true } : {} }),
  version: (register: string, id: string, version: number): Promise<VersionOffer> =>
    call(`/${register}/${id}/versions/${version}`),
  restore: (register: string, id: string, version: number, read: number): Promise<Undone> =>
    call(`/${register}/${id}/versions/${version}/restore`, { method: 'POST', version: read }),
}

export interface Candidate {
  id: string
  title: string
  why: string[]
  score: number
}

export interface Candidates {
  items: Candidate[]
  may_merge: boolean
}

export interface DuplicatePair {
  one: { id: string; title: string }
  other: { id: string; title: string }
  why: string[]
  score: number
}

export interface Pairs {
  items: DuplicatePair[]
  total: number
  may_merge: boolean
}

export interface Side {
  id: string
  version: number
  title: string
  created_at: string
  updated_at: string
}

export type Which = 'this' | 'other'

export interface ComparedField {
  field: string
  label: string
  section: string
  this: string | null
  other: string | null
  differs: boolean
  writable: boolean
  suggested: Which
}

export interface Comparison {
  this: Side
  other: Side
  fields: ComparedField[]
  following: { label: string; count: number }[]
  possible: boolean
  why: string | null
}

export const doubles = {
  of: (register: string, id: string): Promise<Candidates> => call(`/${register}/${id}/duplicates`),
  pairs: (register: string): Promise<Pairs> => call(`/${register}/duplicates`),
  similar: (register: string, values: Values, signal: AbortSignal): Promise<Candidates> =>
    call(`/${register}/similar`, { method: 'POST', json: { values }, signal }),
  dismiss: (register: string, id: string, other: string): Promise<void> =>
    call(`/${register}/${id}/duplicates/${other}/dismissal`, { method: 'PUT' }),
  propose: (register: string, id: string, other: string): Promise<void> =>
    call(`/${register}/${id}/duplicates/${other}/dismissal`, { method: 'DELETE' }),
  compare: (register: string, id: string, other: string): Promise<Comparison> =>
    call(`/${register}/${id}/merge/${other}`),
  merge: (register: string, kept: Side, gone: Side, take: Record<string, Which>): Promise<Undone> =>
    call(`/${register}/${kept.id}/merge`, {
      method: 'POST',
      version: kept.version,
      json: { other: gone.id, other_version: gone.version, take },
    }),
}
