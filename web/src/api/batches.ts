/** Candidates for many needs at once: asking for them, and what was found. */
import { call, type Query } from './client'
import type { Task } from './tasks'

/** Some needs by name, or all of a list. */
export type Which = { ids: string[] } | { query: Query }

export interface FoundCandidate {
  id: string
  label: string
  note: string
  score: number
  reason: string
}

export interface FoundGroup {
  kind: string
  label: string
  candidates: FoundCandidate[]
  excluded: number
}

export interface FoundNeed {
  id: string
  label: string
  state: string
  /** Why nobody was looked for. */
  closed: string | null
  groups: FoundGroup[]
}

export interface Found {
  items: FoundNeed[]
  total: number
}

/** A list's question as a body takes it: what is not filled in is not said. */
const said = (query: Query): Query =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== null && value !== undefined))

export const batches = {
  ask: (which: Which, kinds: string[], limit: number): Promise<Task> =>
    call('/needs/matches', {
      method: 'POST',
      json: { ...('query' in which ? { query: said(which.query) } : which), kinds, limit },
    }),
  read: (id: string, offset: number, limit: number): Promise<Found> =>
    call(`/matching/batches/${id}`, { query: { offset, limit } }),
}
