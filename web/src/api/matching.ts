/** Ranked candidates for a need or a project, and the decisions taken on them. */
import { call, newKey } from './client'
import type { RecordRow } from './shapes'

export interface Reason {
  text: string
  field: string
  source: string
  label?: string | null
}

export interface Candidate {
  kind: string
  id: string
  label: string
  score: number
  parts: Record<string, number>
  reasons: Reason[]
}

export interface Excluded {
  kind: string
  id: string
  label?: string | null
  code: string
  reason: string
}

export interface Ranking {
  candidates: Candidate[]
  excluded: Excluded[]
}

/** What is being matched: the register it lives in and the field a match names it by. */
export const SUBJECT_FIELD: Record<string, string> = { needs: 'need_id', projects: 'project_id' }

export const matching = {
  rank: (register: string, id: string): Promise<Ranking> =>
    call(`/${register}/${id}/matches`, { method: 'POST' }),
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
