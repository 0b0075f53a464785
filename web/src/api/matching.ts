/** Ranked candidates for a need or a project, and the decisions taken on them. */
import { call, newKey } from './client'
import type { RecordRow } from './shapes'

/** A literal quotation; the spans are the words that speak for the candidate, counted in characters. */
export interface Reason {
  text: string
  field: string
  /** `register/id` of the record it is quoted from. */
  source: string
  spans: { begin: number; to: number }[]
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
}

export interface Candidate {
  kind: string
  id: string
  label: string
  note: string
  score: number
  parts: ScorePart[]
  documents: TopDocument[]
  reasons: Reason[]
  terms: string[]
  /** Codes of the fields of technology that agree. */
  fields: string[]
  keywords: string[]
  recency: { newest_year: number | null; factor: number }
  match: { id: string; state: string } | null
}

/** One rule that keeps somebody away, with what it rests on. */
export interface Finding {
  code: string
  reason: string
  /** `register/id#field` of what it rests on; null where that is not for the reader. */
  evidence: string | null
  since: string | null
  until: string | null
  /** Where the rule is laid down, in words. */
  source: string
}

export interface Excluded {
  kind: string
  id: string
  label: string
  findings: Finding[]
}

export interface Group {
  kind: string
  label: string
  /** How many were compared. */
  considered: number
  candidates: Candidate[]
  excluded: Excluded[]
}

export interface Matches {
  index: string
  weights: string
  rules: string
  day: string
  embedding: 'off' | 'used' | 'failed'
  groups: Group[]
}

/** To help or to judge: which rules of conflict keep somebody away. */
export type Purpose = 'match' | 'review'

/** What is being matched: the register it lives in and the field a match names it by. */
export const SUBJECT_FIELD: Record<string, string> = { needs: 'need_id', projects: 'project_id' }

export const matching = {
  rank: (register: string, id: string, purpose: Purpose = 'match'): Promise<Matches> =>
    call(`/${register}/${id}/matches`, { method: 'POST', query: { purpose } }),
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
