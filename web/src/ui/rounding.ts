/** Figures that are shown rounded and must still add up. */

/** Each value rounded to `digits`, so that their sum is the rounded sum: the remainders that lose most get the rest. */
export function roundedParts(values: readonly number[], digits: number): number[] {
  const unit = 10 ** digits
  const exact = values.map((value) => value * unit)
  const floors = exact.map((value) => Math.floor(value + 1e-9))
  const total = Math.round(exact.reduce((sum, value) => sum + value, 0))
  const missing = total - floors.reduce((sum, value) => sum + value, 0)
  const byLoss = exact.map((_, at) => at).toSorted((a, b) => loss(exact, floors, b) - loss(exact, floors, a))
  const raised = new Set(byLoss.slice(0, Math.max(0, missing)))
  return floors.map((value, at) => (value + Number(raised.has(at))) / unit)
}

function loss(exact: readonly number[], floors: readonly number[], at: number): number {
  return (exact[at] ?? 0) - (floors[at] ?? 0)
}
