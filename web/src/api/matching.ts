/** Ranked candidates for a need or a project, and the decisions taken on them. */
import { call, newKey } from './client'
import type { RecordRow } from './shapes'

/** A literal quotation; the spans are the words that speak for the candidate, counted in characters. */
export interface Reason {
  text: string
  field: string
  /** `register/id` of the record it is quoted from. */
  source: string
  spans: [number, number][]
}

export interface ScorePart {
  part: string
  points: number
}

/** A paper or a result that brought the candidate up, with its share of the score. */
export interface TopDocument {
  title: string
  year: number | null
  share: number
  field: string
  source: string
}

export interface Candidate {
  kind: string
  id: string
  label: string
  note: string | null
  score: number
  parts: ScorePart[]
  documents: TopDocument[]
  reasons: Reason[]
  terms: string[]
  fields: { code: string; label?: string | null; full: boolean }[]
  keywords: string[]
  recency: { newest_year: number | null; factor: number } | null
  match: { id: string; state: string } | null
}

/** One rule that keeps somebody away, with what it rests on. */
export interface Finding {
  code: string
  reason: string
  evidence: string | null
  since: string | null
  until: string | null
  source: string | null
}

export interface Excluded {
  kind: string
  id: string
  label: string
  findings: Finding[]
}

export interface Group {
  kind: string
  candidates: Candidate[]
  excluded: Excluded[]
}

export interface Matches {
  index: { version: string; seq: number }
  weights: string
  rules: string
  embedding: 'off' | 'used' | 'failed'
  groups: Group[]
}

/** What is being matched: the register it lives in and the field a match names it by. */
export const SUBJECT_FIELD: Record<string, string> = { needs: 'need_id', projects: 'project_id' }

/** All that is looked for, in the order in which it is shown. */
export const KINDS = ['experts', 'achievements', 'projects', 'needs'] as const

export const matching = {
  rank: (register: string, id: string): Promise<Matches> =>
    call(`/${register}/${id}/matches`, { method: 'POST', query: { kinds: KINDS.join(',') } }),
  propose: (register: string, id: string, candidate: Candidate, note: string | null): Promise<RecordRow> =>
    call('/matches', {
      method: 'POST',
      json: {
        [SUBJECT_FIELD[register] ?? 'need_id']: id,
        candidate_kind: candidate.kind,
        candidate_id: candidate.id,
        ...(note && { note }),
      },
      idempotencyKey: newKey(),
    }),
}
