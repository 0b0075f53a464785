/** How far a draw has come. */
export const STEPS = ['frozen', 'committed', 'drawn', 'released', 'published'] as const

/** Index of the step that is next, `STEPS.length` when all are done, null for one that was declared void. */
export function reachedBy(state: string | null | undefined): number | null {
  if (state === 'void') return null
  return STEPS.findIndex((step) => step === state) + 1
}

const TONES: Record<string, string> = {
  frozen: 'info',
  committed: 'info',
  drawn: 'warning',
  released: 'success',
  published: 'success',
  void: 'danger',
}

export function toneOf(state: string): string {
  return TONES[state] ?? 'neutral'
}
