/** Panels and reviews: who sits, what they score, what comes of it once the seal is broken. */
import { call } from './client'
import type { Link } from './invitations'

export interface Criterion {
  code: string
  name: string
  max_points: number | string
  /** Missing: the criterion counts as much as its points. */
  weight?: number | string | null
  help?: string | null
}

export interface Score {
  criterion: string
  points: string | null
  comment?: string | null
}

/** What a reviewer fills in, as it is sent. */
export interface SheetValues {
  scores: Score[]
  opinion: string | null
  comment: string | null
}

export interface Sheet extends SheetValues {
  criteria: Criterion[]
  saved_at: string | null
  submitted_at: string | null
  may: string[]
}

export interface Seat {
  review_id: string
  expert_id: string
  expert: string
  kind: 'member' | 'alternate'
  position: number
  /** The number of the seat, which whoever follows in it keeps. */
  seat: number
  /** Whom one follows, in words. */
  follows: string | null
  state: string
  state_label: string
  reason: string | null
  invited_at: string | null
  answered_at: string | null
  submitted_at: string | null
  replaces: string | null
  is_chair: boolean
  /** Answered by a link that staff had in hand; the expert may have contested it since. */
  lent: boolean
  contested_at: string | null
  link: Link | null
}

export interface Seats {
  size: number
  min_members: number
  sitting: number
  accepted: number
  submitted: number
  open_seats: number
  warnings: { code: string; text: string }[]
  items: Seat[]
}

export interface Spread {
  mean: string
  median: string
  lowest: string
  highest: string
  deviation: string
}

export interface Figures extends Spread {
  reviews: number
  missing: number
  trimmed_mean: string | null
  trimmed: number
  votes: Record<string, number>
  criteria: (Criterion & { weight: number | string } & Spread)[]
}

export interface ReviewerLine {
  label: string
  review_id: string | null
  total: string
  difference: string
  opinion: string | null
  comment: string | null
  scores: Score[]
}

export interface Summary {
  state: string
  figures: Figures | null
  reviewers: ReviewerLine[] | null
  conclusion: string | null
  opinion: string | null
  /** Fewer judged than was asked for, and why that was enough. */
  few: { submitted: number; least: number; reason: string } | null
  /** Told where few judged, or most were against the conclusion. */
  votes: Record<string, number> | null
  /** Who sums up for a panel with a chair, and what has come of it; the centre's to know. */
  chair?: { name: string; conclusion: string | null; opinion: string | null; at: string | null } | null
}

export const panels = {
  seats: (id: string): Promise<Seats> => call(`/panels/${id}/seats`),
  summary: (id: string): Promise<Summary> => call(`/panels/${id}/summary`),
}

export const sheets = {
  read: (review: string): Promise<Sheet> => call(`/reviews/${review}/scores`),
  keep: (review: string, values: SheetValues): Promise<Sheet> =>
    call(`/reviews/${review}/scores`, { method: 'PUT', json: values }),
}
