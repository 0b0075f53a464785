/** The five steps an enterprise follows its need by; states off the road show no line. */
export const STEPS = ['submitted', 'accepted', 'matching', 'in_progress', 'confirmed'] as const

const REACHED: Record<string, number> = {
  draft: 0,
  submitted: 0,
  returned: 0,
  accepted: 1,
  published: 1,
  escalated: 1,
  matching: 2,
  matched: 2,
  in_progress: 3,
  resolved: 4,
  confirmed: 5,
  follow_up: 5,
  closed: 5,
}

/** Index of the step that is under way, `STEPS.length` when all are done, null when off the road. */
export function progressOf(state: string | null | undefined): number | null {
  return REACHED[state ?? ''] ?? null
}
