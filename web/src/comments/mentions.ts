/** Mentions in a text: `@name`, taken from a list, so that the server knows whom it means. */
import type { Person } from '@/api/together'

/** What stands between the last `@` and the caret, if somebody is being named there; else null. */
export function beingNamed(text: string, caret: number): { from: number; words: string } | null {
  const before = text.slice(0, caret)
  const from = before.lastIndexOf('@')
  if (from < 0 || /[A-Za-z0-9.]/.test(before[from - 1] ?? '')) return null // an address, not a name
  const words = before.slice(from + 1)
  return /[\s@]/.test(words) || words.length > 20 ? null : { from, words }
}

/** The text with the name written out, and where the caret goes on. */
export function withName(text: string, from: number, caret: number, name: string): { text: string; caret: number } {
  const written = `@${name} `
  return { text: text.slice(0, from) + written + text.slice(caret), caret: from + written.length }
}

/** Of those taken from the list, the ones the text still names. */
export function stillNamed<P extends Pick<Person, 'id' | 'name'>>(text: string, taken: P[]): P[] {
  const byId = new Map(taken.filter((one) => text.includes(`@${one.name}`)).map((one) => [one.id, one]))
  return [...byId.values()]
}

export interface Piece {
  text: string
  named: boolean
}

/** The text cut where somebody is named. */
export function pieces(text: string, names: string[]): Piece[] {
  const wanted = names.filter(Boolean).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  if (wanted.length === 0) return [{ text, named: false }]
  const cut = text.split(new RegExp(`(@(?:${wanted.join('|')}))`))
  return cut.flatMap((one, at) => (one ? [{ text: one, named: at % 2 === 1 }] : []))
}
