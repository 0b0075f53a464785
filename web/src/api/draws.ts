/** Draws as anybody may read them. */
import { API, call } from './client'
import type { Page } from './shapes'

export interface Promised {
  party: 'operator' | 'witness'
  hash: string
  committed_at: string
  nonce: string | null
  revealed_at: string | null
}

export interface LogEntry {
  seq: number
  at: string
  kind: string
  hash: string
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
}

export interface PublicDraw {
  title: string
  state: string
  node: string
  root: string | null
  terms_hash: string | null
  terms: Terms | null
  pool_size: number | null
  qualified: number | null
  commitments: Promised[]
  reveal_due_at: string | null
  beacon_value: string | null
  seed: string | null
  log: LogEntry[]
  published_at: string | null
  void: { reason: string; at: string | null } | null
  supersedes: string | null
  ordered_by: string | null
  result?: Drawn[]
  digest?: string
}

export interface PublicDrawLine {
  id: string
  title: string
  state: string
  node: string
  since: string
}

const BASE = '/public/draws'

/** Everything here works without signing in, and must never end the session of somebody who is. */
export const publicDraws = {
  list: (after: string | null): Promise<Page<PublicDrawLine>> =>
    call(BASE, { query: { after }, aboutSession: true }),
  read: (id: string): Promise<PublicDraw> => call(`${BASE}/${id}`, { aboutSession: true }),
  bundleAt: (id: string): string => `${API}${BASE}/${id}/bundle.json`,
  verifierAt: `${API}${BASE}/verify_draw.py`,
}
