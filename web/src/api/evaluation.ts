/** How the ranking of today places what the platform's own people took and refused. */
import { call } from './client'

export interface Figure {
  id: string
  value: number | null
  low: number | null
  high: number | null
  of: number
}

export interface Judged {
  match_id: string
  candidate_id: string
  label: string
  taken: boolean
  score: number
  rank: number | null
  code: string | null
  code_label: string | null
  reason: string | null
}

export interface Case {
  register_name: string
  id: string
  label: string
  wrong: number
  pairs: number
  judged: Judged[]
}

export interface Evaluation {
  kind: string
  index: string
  weights: string
  taken: number
  refused: number
  figures: Figure[]
  reasons: { code: string; label: string; count: number }[]
  cases: Case[]
}

export const KINDS = ['experts', 'achievements', 'projects', 'needs'] as const

export const evaluation = {
  read: (kind: string): Promise<Evaluation> => call('/matching/evaluation', { query: { kind } }),
}
