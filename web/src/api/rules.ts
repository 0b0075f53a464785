/** The conflict rules in force on a day: the built-in ones with the region's own in their place. */
import { call } from './client'

export type Purpose = 'match' | 'review'

export interface EffectiveRule {
  code: string
  name: string
  purpose: Purpose
  purpose_label: string
  applies: boolean
  parameters: Record<string, number>
  source: string
  valid_from: string | null
  valid_to: string | null
  /** Cannot be switched off. */
  fixed: boolean
  origin: 'built_in' | 'region'
  rule_id: string | null
}

export interface EffectiveRules {
  on: string
  version: string
  rules: EffectiveRule[]
}

export const conflictRules = {
  effective: (on: string): Promise<EffectiveRules> => call('/conflict-rules/effective', { query: { on } }),
}
