/** A reviewer's total as the house counts it: out of 100, the weighted share of the points reached. */
import type { Criterion } from '@/api/panels'

export interface Total {
  value: number
  /** Criteria without points yet. */
  missing: number
}

const FULL = 100

const weightOf = (one: Criterion): number => Number(one.weight ?? one.max_points)

function numberOf(text: string | null | undefined): number | null {
  if (text === null || text === undefined || text.trim() === '') return null
  const number = Number(text)
  return Number.isFinite(number) ? number : null
}

export function totalOf(criteria: Criterion[], points: Record<string, string | null | undefined>): Total {
  const weights = criteria.reduce((sum, one) => sum + weightOf(one), 0)
  let reached = 0
  let missing = 0
  for (const one of criteria) {
    const number = numberOf(points[one.code])
    if (number === null) missing += 1
    else reached += (number / Number(one.max_points)) * weightOf(one)
  }
  return { value: weights > 0 ? (reached / weights) * FULL : 0, missing }
}

/** What is wrong with the points typed for a criterion, before the server looks at them. */
export function slipIn(criterion: Criterion, text: string | null | undefined): 'not_a_number' | 'out_of_range' | null {
  if (text === null || text === undefined || text.trim() === '') return null
  const number = numberOf(text)
  if (number === null) return 'not_a_number'
  return number < 0 || number > Number(criterion.max_points) ? 'out_of_range' : null
}
