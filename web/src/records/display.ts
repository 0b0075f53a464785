/** How a field's value reads on a screen: labels for codes, the language's numbers, nothing for nothing. */
import type { Field, RecordRow, Schema, Values } from '@/api/shapes'
import { i18n } from '@/i18n'
import { formatDate, formatNumber, formatTime } from '@/i18n/formats'

export const NOTHING = '—'

function choiceLabel(field: Field, value: unknown): string {
  return field.choices?.find((choice) => choice.value === value)?.label ?? String(value)
}

/** What stands for a record this person may not see: the server gives it no label. */
export const hidden = (): string => i18n.global.t('record.hidden')

/** The register a field's value points into: its own, or the one another field of the row names. */
export function referenceOf(field: Field, row: Values | null): string | null {
  if (field.reference) return field.reference
  const named = field.reference_by ? row?.[field.reference_by] : null
  return typeof named === 'string' ? named : null
}

function labelled(field: Field, row: RecordRow | null, value: unknown): string {
  const label = row?.labels?.[field.name]
  if (referenceOf(field, row) && (label === null || label === '')) return hidden()
  if (typeof label === 'string') return label
  if (Array.isArray(label)) return label.map((one) => one || hidden()).join('、')
  const names = Array.isArray(value) ? value.map(String) : [String(value)]
  return names.map((name) => label?.[name] ?? name).join('、')
}

/** One line of text for a value; `row` gives the labels of references and codes. */
export function textOf(field: Field, value: unknown, row: RecordRow | null = null): string {
  if (value === null || value === undefined || value === '') return NOTHING
  if (Array.isArray(value) && value.length === 0) return NOTHING
  switch (field.type) {
    case 'integer':
      // a number without a unit is a year or a level, not an amount
      return field.unit ? formatNumber(value as number | string) : String(value)
    case 'decimal':
      return formatNumber(value as number | string)
    case 'boolean':
      return i18n.global.t(value ? 'common.yes' : 'common.no')
    case 'date':
      return formatDate(String(value))
    case 'datetime':
      return formatTime(String(value))
    case 'choice':
      return choiceLabel(field, value)
    case 'choices':
      return (value as string[]).map((one) => choiceLabel(field, one)).join('、')
    case 'tags':
      return (value as string[]).join('、')
    case 'rows':
      return (value as Values[]).map((one) => rowText(field, one)).join('；')
    case 'reference':
    case 'references':
    case 'code':
    case 'codes':
      return labelled(field, row, value)
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
}

function rowText(field: Field, row: Values): string {
  const shown = (field.columns ?? []).filter((column) => row[column.name] !== null && row[column.name] !== undefined)
  return shown.map((column) => textOf(column, row[column.name])).join(' ')
}

export function isNumeric(field: Field): boolean {
  return field.type === 'integer' || field.type === 'decimal'
}

export function titleOf(schema: Schema, row: RecordRow): string {
  return String(row[schema.title_field] ?? row.id)
}

export function stateOf(schema: Schema, value: string | null | undefined) {
  if (!value) return null
  return schema.states?.find((state) => state.value === value) ?? { value, label: value, tone: 'neutral' as const }
}

/** Text of a field of a record, its state included. */
export function cellText(schema: Schema, field: Field, row: RecordRow): string {
  if (field.name === 'state') return stateOf(schema, row.state)?.label ?? NOTHING
  return textOf(field, row[field.name], row)
}
