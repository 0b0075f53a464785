/** Texts of a language by area: `draw.json` holds what is asked for as `draw.…`. */
export interface Texts {
  [key: string]: string | Texts
}

const area = (path: string): string => path.replace(/^.*\/|\.json$/g, '')

export function gathered(files: Record<string, unknown>): Texts {
  return Object.fromEntries(Object.entries(files).map(([path, texts]) => [area(path), texts as Texts]))
}
