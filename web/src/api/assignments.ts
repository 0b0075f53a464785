/** Batches in which experts are assigned to projects: how far one is, and what came out. */
import { call } from './client'

export interface Named {
  id: string
  label: string | null
}

export interface Progress {
  state: string
  run: number
  phase: string
  phase_label: string
  percent: number
  told_at: string | null
  started_at: string | null
  finished_at: string | null
  failure: string | null
}

export interface Certificate {
  total: number
  /** A total that no assignment can pass. */
  bound: number
  /** Relative; nothing when the best is proved. */
  gap: number
  proved: boolean
  pairs_priced: number
  pairs_considered: number
  rounds: number
  /** What the worst-off project reaches. */
  worst: number
  worst_bound: number | null
  worst_proved: boolean | null
}

export interface Clash {
  text: string
  projects: Named[]
  experts: Named[]
  smallest: boolean
  changes_text: string
  /** At most ten lines, and how many more there are. */
  summary: string[]
  changes: { text: string }[]
  alternative_text: string | null
  alternative: { text: string }[]
}

export interface Full {
  expert: Named
  load: number
  price: number
}

export interface Binding {
  requirement: string
  requirement_label: string
  project: Named
  price: number
}

export interface RunnerUp {
  expert: Named
  score: number
  why: string
  why_label: string
  /** At least; null where no such bound is known. */
  cost: number | null
}

export interface Assigned {
  project: Named
  seats: { expert: Named; score: number; alternate: boolean }[]
  total: number
  runners_up: RunnerUp[]
  panel_id: string | null
}

export interface Result {
  progress: Progress
  certificate: Certificate | null
  clash: Clash | null
  full: Full[]
  binding: Binding[]
  projects: Assigned[]
  project_count: number
  expert_count: number
  refused: { project: Named; reason: string }[]
  next: number | null
}

export const assignments = {
  progress: (id: string): Promise<Progress> => call(`/assignments/${id}/progress`),
  result: (id: string, after: number): Promise<Result> => call(`/assignments/${id}/result`, { query: { after } }),
}
