/** The mistakes of a workbook in an order a person can work through: by row, column and kind. */
import type { Import, ImportError, Judged } from '@/api/imports'

export interface BadRow {
  row: number
  errors: ImportError[]
}

export const KINDS = ['missing', 'list', 'number', 'date', 'code', 'duplicate', 'reference', 'locked', 'other'] as const
export type Kind = (typeof KINDS)[number]

const OF_KIND: Partial<Record<Kind, readonly string[]>> = {
  missing: ['missing'],
  list: ['not_a_choice', 'not_a_boolean', 'unknown_code', 'enum', 'literal_error'],
  number: [
    'not_a_number',
    'not_an_integer',
    'negative',
    'too_small',
    'too_large',
    'bad_unit',
    'more_than_whole',
    'greater_than_equal',
    'less_than_equal',
  ],
  date: ['not_a_date', 'in_future', 'ambiguous_month', 'year_only', 'minguo_date'],
  code: ['lost_digits', 'bad_shape', 'bad_check_digit', 'check_digit', 'length', 'character', 'not_a_phone'],
  duplicate: ['duplicate'],
  reference: ['reference'],
  locked: ['locked'],
}
const KIND_OF = new Map(KINDS.flatMap((kind) => (OF_KIND[kind] ?? []).map((code) => [code, kind] as const)))
/** What one correction may put right in many rows: words and units, never a code of one record. */
const SHARED: ReadonlySet<Kind> = new Set(['list', 'number', 'date', 'reference'])

export const kindOf = (error: ImportError): Kind => KIND_OF.get(error.code) ?? 'other'

export function byRow(errors: readonly ImportError[]): BadRow[] {
  const rows = new Map<number, ImportError[]>()
  for (const error of errors) rows.set(error.row, [...(rows.get(error.row) ?? []), error])
  return [...rows].map(([row, told]) => ({ row, errors: told })).toSorted((a, b) => a.row - b.row)
}

export interface Wanted {
  field: string
  kind: Kind | ''
}

const fits = (error: ImportError, wanted: Wanted): boolean =>
  (!wanted.field || error.field === wanted.field) && (!wanted.kind || kindOf(error) === wanted.kind)

/** The rows with a mistake that is asked for; such a row is shown with all its mistakes. */
export function chosen(rows: readonly BadRow[], wanted: Wanted): BadRow[] {
  return rows.filter((row) => row.errors.some((error) => fits(error, wanted)))
}

export interface Counted {
  name: string
  label: string
  count: number
}

const place = (column: string | null): string => (column ?? '').padStart(4, ' ')

/** How many rows have a mistake in each column, in the order of the file. */
export function columnsOf(rows: readonly BadRow[], kind: Kind | ''): Counted[] {
  const found = new Map<string, Counted & { column: string | null }>()
  for (const row of rows) {
    const fields = new Map(row.errors.filter((e) => fits(e, { field: '', kind })).map((e) => [e.field, e]))
    for (const [name, error] of fields) {
      const known = found.get(name)
      if (known) known.count += 1
      else found.set(name, { name, label: error.header ?? name, column: error.column, count: 1 })
    }
  }
  return [...found.values()].toSorted((a, b) => place(a.column).localeCompare(place(b.column)))
}

/** How many rows have a mistake of each kind. */
export function kindsOf(rows: readonly BadRow[], field: string): { kind: Kind; count: number }[] {
  return KINDS.map((kind) => ({ kind, count: chosen(rows, { field, kind }).length })).filter((one) => one.count > 0)
}

const sameness = (error: ImportError): string => JSON.stringify([error.field, error.code, error.value])

/** How often each mistake that one correction may mend is made. */
export function repeated(errors: readonly ImportError[]): (error: ImportError) => number {
  const counts = new Map<string, number>()
  for (const error of errors) {
    if (error.column && error.value && SHARED.has(kindOf(error))) {
      counts.set(sameness(error), (counts.get(sameness(error)) ?? 0) + 1)
    }
  }
  return (error) => counts.get(sameness(error)) ?? 0
}

/** The import after some of its rows were judged again. */
export function renewed(current: Import, judged: Judged): Import {
  const again = new Set(judged.rows)
  const errors = [...current.errors.filter((error) => !again.has(error.row)), ...judged.errors]
  return { ...current, counts: judged.counts, moves: judged.moves, errors: errors.toSorted((a, b) => a.row - b.row) }
}
