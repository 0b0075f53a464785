/** What the server has against a score sheet, moved from the places of what was sent to the criteria on the sheet. */
import { Problem } from '@/api/client'
import type { SheetValues } from '@/api/panels'
import { sentenceOf } from '@/api/problem'

export interface Refusal {
  pointer: string
  text: string
}

export function refusalsIn(cause: unknown, sent: SheetValues): Refusal[] {
  if (!(cause instanceof Problem) || cause.errors.length === 0) return [{ pointer: '', text: sentenceOf(cause) }]
  return cause.errors.map(({ pointer, detail }) => {
    const [, list, at] = pointer.split('/')
    const criterion = list === 'scores' ? sent.scores[Number(at)]?.criterion : undefined
    return { pointer: criterion ? `/${criterion}/points` : pointer, text: detail }
  })
}
