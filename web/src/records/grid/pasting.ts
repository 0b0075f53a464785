/** A block of cells from a spreadsheet's clipboard, as values of a ledger's fields. */
import type { Field } from '@/api/shapes'

/** The cells of tab-separated text; a quoted cell may hold tabs, line ends and doubled quotes. */
export function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  const plain = text.replace(/\r\n?/g, '\n').replace(/\n$/, '')
  for (let at = 0; at < plain.length; at += 1) {
    const sign = plain[at]
    if (quoted && sign === '"' && plain[at + 1] === '"') {
      cell += '"'
      at += 1
    } else if (sign === '"' && (quoted || cell === '')) quoted = !quoted
    else if (!quoted && (sign === '\t' || sign === '\n')) {
      rows.at(-1)?.push(cell)
      cell = ''
      if (sign === '\n') rows.push([])
    } else cell += sign
  }
  rows.at(-1)?.push(cell)
  return rows
}

/** What a cell says for a field; undefined when it cannot be read as such a value. */
export function valueFrom(field: Field, text: string): unknown {
  const plain = text.trim()
  if (plain === '' || plain === '—') return null
  const read = READERS[field.type]
  return read ? read(field, plain) : plain
}

const choiceOf = (field: Field, text: string): string | undefined =>
  field.choices?.find((one) => one.label === text || one.value === text)?.value

function several(field: Field, text: string): unknown {
  const found = parts(text).map((one) => choiceOf(field, one))
  return found.includes(undefined) ? undefined : found
}

const parts = (text: string): string[] => text.split(/[、;；,，\n]/).flatMap((one) => (one.trim() ? [one.trim()] : []))

function number(field: Field, text: string): unknown {
  const bare = text.normalize('NFKC').replace(/[,\s]/g, '')
  const without = field.unit && bare.endsWith(field.unit) ? bare.slice(0, -field.unit.length) : bare
  return /^-?\d+(\.\d+)?$/.test(without) ? without : undefined
}

function day(_: Field, text: string): unknown {
  const found = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(text.normalize('NFKC'))
  return found ? [found[1], found[2]?.padStart(2, '0'), found[3]?.padStart(2, '0')].join('-') : undefined
}

const YES = new Set(['是', '有', 'true', 'yes', '1', '✓', '√'])
const NO = new Set(['否', '无', '無', 'false', 'no', '0', '×'])

function truth(_: Field, text: string): unknown {
  const word = text.toLowerCase()
  return YES.has(word) ? true : NO.has(word) ? false : undefined
}

const codeOf = (text: string): string => text.split(/\s/)[0] ?? ''

const READERS: Partial<Record<Field['type'], (field: Field, text: string) => unknown>> = {
  choice: choiceOf,
  choices: several,
  tags: (_, text) => parts(text),
  integer: number,
  decimal: number,
  date: day,
  boolean: truth,
  code: (_, text) => codeOf(text),
  codes: (_, text) => parts(text).map(codeOf),
}

/** Kinds that no text can stand for: they are chosen, or have several lines of their own. */
const CHOSEN = new Set<Field['type']>(['reference', 'references', 'rows', 'datetime'])

export const pastes = (field: Field): boolean =>
  field.writable === true && field.disclosure !== 'masked' && !CHOSEN.has(field.type)
