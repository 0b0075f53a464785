/** Cutting a text at the places that are to be highlighted. */
export interface Piece {
  text: string
  marked: boolean
}

/** From and to, counted in characters as the server counts them: one per code point, not per UTF-16 unit. */
export type Span = readonly [from: number, to: number]

/** The text in pieces, marked ones where a span covers it; overlapping spans become one, what lies outside is cut off. */
export function piecesOf(text: string, spans: readonly Span[]): Piece[] {
  const characters = Array.from(text)
  const flags = characters.map((_, at) => spans.some(([from, to]) => from <= at && at < to))
  const pieces: Piece[] = []
  for (const [at, marked] of flags.entries()) {
    const last = pieces.at(-1)
    if (last?.marked === marked) last.text += characters[at] ?? ''
    else pieces.push({ text: characters[at] ?? '', marked })
  }
  return pieces
}

/** Every place where one of the quotes stands in the text. */
export function spansOf(text: string, quotes: readonly string[]): Span[] {
  const characters = Array.from(text)
  return quotes.flatMap((quote) => {
    const wanted = Array.from(quote)
    if (wanted.length === 0) return []
    return characters.flatMap((_, at) =>
      wanted.every((one, by) => characters[at + by] === one) ? [[at, at + wanted.length] as const] : [],
    )
  })
}

/** The spans of a quote moved to where it stands in the text; null when it does not stand there. */
export function spansWithin(text: string, quote: string, spans: readonly Span[]): Span[] | null {
  const before = text.indexOf(quote)
  if (before < 0) return null
  const shift = Array.from(text.slice(0, before)).length
  return spans.map(([from, to]) => [from + shift, to + shift] as const)
}
