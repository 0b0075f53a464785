/** Draws: how one came about, who was drawn, and what anybody may read of it. */
import { call } from './client'
import type { Page } from './shapes'

export type Party = 'operator' | 'witness'

export interface Promised {
  party: Party
  label: string
  hash: string
  committed_at: string
  /** Told once both have shown theirs. */
  nonce?: string | null
  /** Whose promise it is; within the house alone. */
  name?: string
  revealed_at: string | null
}

export interface LogEntry {
  seq: number
  at: string
  kind: string
  label: string
  /** Which party, or which seat. */
  detail?: string | null
  hash: string
  /** Told within the house alone; the bundle holds them too. */
  facts?: Record<string, unknown>
}

/** What was settled before chance spoke; further entries bind but are not shown here. */
export interface Terms {
  seats: string[][]
  alternates: number
  per_unit_max: number
  parties: string[]
  method: 'commit_reveal' | 'beacon'
  beacon: string | null
  reveal_within_hours: number
  review_on: string | null
  quotas: { size: number; technical_min_percent: number; finance_min: number; offsite_min: number }
  fields: string[]
  top_n: number | null
  rules: string
  software: string
  verifier: string
}

export interface Drawn {
  kind: 'member' | 'alternate'
  position: number
  pseudonym: string | null
  name: string | null
  /** Who was drawn for the seat, where somebody else sits in it now. */
  drawn?: string | null
}

export interface PublicDrawLine {
  id: string
  title: string
  node: string
  state: string
  state_label: string
  root: string | null
  since: string
  published_at: string | null
}

export interface PublicDraw extends PublicDrawLine {
  terms_hash: string | null
  terms: Terms | null
  /** What the fields are called that were drawn from; none: all. */
  fields: string[]
  pool_size: number | null
  qualified: number | null
  commitments: Promised[]
  reveal_due_at: string | null
  beacon_value: string | null
  seed: string | null
  log: LogEntry[]
  void: { reason: string; at: string | null } | null
  supersedes: string | null
  ordered_by: string | null
  redraw_reason: string | null
  result: Drawn[] | null
  digest: string | null
  bundle_url: string | null
  verifier_url: string
}

export interface Count {
  code: string
  label: string
  count: number
}

/** How a draw came about so far, without a name. */
export interface Course {
  id: string
  state: string
  root: string | null
  terms_hash: string | null
  terms: Terms | null
  /** What the fields are called that were drawn from; none: all. */
  fields: string[]
  size: number | null
  qualified: number | null
  seats: { number: number; needs: string[]; label: string }[]
  strata: Count[]
  excluded: Count[]
  commitments: Promised[]
  events: LogEntry[]
}

/** Somebody in the pool, once the draw is held. */
export interface Person {
  place: number | null
  kind: 'member' | 'alternate' | null
  seat: number | null
  pseudonym: string
  expert_id: string
  name: string | null
  organisation: string | null
  strata: string[]
  excluded: Count[]
  reasons: string[]
  gone: boolean
}

export interface People {
  members: Person[]
  alternates: Person[]
  pool: Person[]
}

/** A draw in whose pool the person was. */
export interface MyDraw {
  id: string
  title: string
  state: string
  state_label: string
}

/** What an expert needs to check alone that they were in the frozen pool, and as what. */
export interface Proof {
  draw_id: string
  title: string
  state: string
  root: string
  terms_hash: string
  entry: Record<string, unknown>
  /** Side and hash of each neighbour from the leaf to the root; both null where there is none. */
  steps: [side: string | null, hash: string | null][]
  secret: string
  expert_id: string
  qualified: boolean
  excluded: Count[]
  reasons: string[]
}

export const draws = {
  course: (id: string): Promise<Course> => call(`/draws/${id}/course`),
  mine: (): Promise<{ items: MyDraw[] }> => call('/draws/mine'),
  proof: (id: string): Promise<Proof> => call(`/draws/${id}/my-proof`),
  people: (id: string): Promise<People> => call(`/draws/${id}/people`),
}

const BASE = '/public/draws'

/** Everything here works without signing in, and must never end the session of somebody who is. */
export const publicDraws = {
  list: (after: string | null): Promise<Page<PublicDrawLine>> =>
    call(BASE, { query: { after }, aboutSession: true }),
  read: (id: string): Promise<PublicDraw> => call(`${BASE}/${id}`, { aboutSession: true }),
}
