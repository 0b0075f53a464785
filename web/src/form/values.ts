/** Between what a person types and what the server takes: wire values, differences, first checks. */
import type { Field, RecordRow, Values } from '@/api/shapes'

/** `/contacts/0/phone` under `f1` becomes the element id `f1-contacts-0-phone`. */
export function elementId(prefix: string, pointer: string): string {
  return prefix + pointer.replaceAll('/', '-')
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

function wireRow(columns: Field[], row: Values): Values {
  return Object.fromEntries(columns.map((column) => [column.name, toWire(column, row[column.name])]))
}

/** The value as the API takes it: no empty strings, whole numbers as numbers, decimals as typed. */
export function toWire(field: Field, value: unknown): unknown {
  if (field.type === 'rows') return ((value ?? []) as Values[]).map((row) => wireRow(field.columns ?? [], row))
  if (field.type === 'choices' || field.type === 'tags' || field.type === 'codes' || field.type === 'references')
    return value ?? []
  if (isBlank(value)) return null
  if (field.type === 'integer') {
    const number = Number(value)
    return Number.isInteger(number) ? number : value
  }
  return typeof value === 'string' ? value.trim() : value
}

/** JSON in, JSON out: what Vue has made reactive cannot be cloned otherwise. */
function copied(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value))
}

/** The editable values of a record; a masked one starts unknown, so that a mask is never written back. */
export function valuesOf(record: RecordRow, fields: Field[]): Values {
  const values: Values = {}
  for (const field of fields) {
    if (field.disclosure !== 'masked') values[field.name] = copied(record[field.name])
  }
  return values
}

/** What to send to create: everything that was filled in. */
export function filled(values: Values, fields: Field[]): Values {
  const wire = fields.map((field) => [field.name, toWire(field, values[field.name])] as const)
  return Object.fromEntries(wire.filter(([, value]) => !isBlank(value)))
}

/** What to send to revise: only what differs from the version that was read. */
export function changed(before: Values, after: Values, fields: Field[]): Values {
  const patch: Values = {}
  for (const field of fields) {
    if (field.disclosure === 'masked' && after[field.name] === undefined) continue
    const wire = toWire(field, after[field.name])
    if (JSON.stringify(wire) !== JSON.stringify(toWire(field, before[field.name]))) patch[field.name] = wire
  }
  return patch
}

export interface Complaint {
  pointer: string
  code: 'missing' | 'too_short' | 'too_long' | 'not_a_number' | 'too_small' | 'too_great' | 'pattern'
  field: Field
}

function complaintAbout(field: Field, value: unknown): Complaint['code'] | null {
  if (isBlank(value)) return field.required ? 'missing' : null
  if (typeof value === 'string' && field.type !== 'decimal') {
    const { length } = value.trim()
    if (field.min_length && length < field.min_length) return 'too_short'
    if (field.max_length && length > field.max_length) return 'too_long'
    if (field.pattern && !matches(field.pattern, value.trim())) return 'pattern'
  }
  if (field.type === 'integer' || field.type === 'decimal') {
    const number = Number(value)
    if (!Number.isFinite(number) || (field.type === 'integer' && !Number.isInteger(number))) return 'not_a_number'
    if (!isBlank(field.minimum) && number < Number(field.minimum)) return 'too_small'
    if (!isBlank(field.maximum) && number > Number(field.maximum)) return 'too_great'
  }
  return null
}

/** A pattern the browser cannot read is left for the server to judge. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value)
  } catch {
    return true
  }
}

/** The plain checks that need no server, so that a slip is shown at once. */
export function complaints(fields: Field[], values: Values, path = ''): Complaint[] {
  return fields.flatMap((field) => {
    const pointer = `${path}/${field.name}`
    const value = values[field.name]
    if (field.disclosure === 'masked' && value === undefined) return []
    const code = complaintAbout(field, value)
    const own = code ? [{ pointer, code, field }] : []
    if (field.type !== 'rows' || !Array.isArray(value)) return own
    const rows = (value as Values[]).flatMap((row, at) => complaints(field.columns ?? [], row, `${pointer}/${at}`))
    return [...own, ...rows]
  })
}
