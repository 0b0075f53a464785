/** What became of each person in the order that chance gave, and why some were passed over. */
import type { LogEntry, Person } from '@/api/draws'

export type Outcome = 'member' | 'alternate' | 'gone' | 'passed' | 'not_drawn'

export interface Placed {
  person: Person
  outcome: Outcome
}

/** Those whose organisation was full when their turn came. */
function passedOver(log: readonly LogEntry[]): Set<string> {
  const seated = log.filter((entry) => entry.kind === 'seated')
  return new Set(seated.flatMap((entry) => (entry.facts?.['passed'] ?? []) as string[]))
}

/** The qualified in their order; who is excluded has no place in it. */
export function inOrder(pool: readonly Person[], log: readonly LogEntry[]): Placed[] {
  const passed = passedOver(log)
  return pool
    .filter((person) => person.place !== null)
    .toSorted((a, b) => (a.place ?? 0) - (b.place ?? 0))
    .map((person) => ({ person, outcome: outcomeOf(person, passed) }))
}

function outcomeOf(person: Person, passed: Set<string>): Outcome {
  if (person.kind === 'member') return 'member'
  if (person.gone) return 'gone'
  if (person.kind === 'alternate') return 'alternate'
  return passed.has(person.pseudonym) ? 'passed' : 'not_drawn'
}

/** How far the order must be shown for everybody who matters to be in it. */
export function telling(placed: readonly Placed[]): number {
  return placed.findLastIndex((one) => one.outcome !== 'not_drawn') + 1
}
