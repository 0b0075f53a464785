/** A list's question as a view keeps it, and whether two of them are the same. */
import type { LocationQuery } from 'vue-router'

export type Question = Record<string, string[]>

/** What an address holds for the screen itself, not for the list. */
const OF_THE_SCREEN = new Set(['tab', 'open', 'view'])

export function questionOf(query: LocationQuery): Question {
  const kept = Object.entries(query).filter(([name]) => !OF_THE_SCREEN.has(name))
  const named = kept.map(([name, value]) => {
    const values = (Array.isArray(value) ? value : [value]).filter((one): one is string => Boolean(one))
    return [name, values] as const
  })
  return Object.fromEntries(named.filter(([, values]) => values.length > 0))
}

export function addressOf(question: Question, view: string): LocationQuery {
  const values = Object.entries(question).map(([name, all]) => [name, all.length === 1 ? (all[0] ?? null) : all])
  return { ...(Object.fromEntries(values) as LocationQuery), view }
}

/** Order of names and of values says nothing. */
export function same(one: Question, other: Question): boolean {
  const said = (question: Question): string =>
    JSON.stringify(
      Object.entries(question)
        .map(([name, values]) => [name, values.toSorted()] as const)
        .toSorted(([left], [right]) => left.localeCompare(right)),
    )
  return said(one) === said(other)
}
