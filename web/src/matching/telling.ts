/** The words of a need a candidate was found by. */
import type { Candidate } from '@/api/matching'

const SHORTEST = 2 // one character alone tells nothing

/** Shared terms and keywords, and what the quotations highlight; each word once. */
export function telling(candidate: Candidate): string[] {
  const marked = candidate.reasons.flatMap((reason) => {
    const characters = Array.from(reason.text)
    return reason.spans.map(({ begin, to }) => characters.slice(begin, to).join(''))
  })
  const words = [...candidate.terms, ...candidate.keywords, ...marked]
  return [...new Set(words)].filter((word) => Array.from(word).length >= SHORTEST)
}
