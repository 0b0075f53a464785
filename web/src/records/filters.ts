/** Filters live in the address, so that a list can be sent to a colleague: `state=a&budget__gte=50`. */
import type { LocationQuery } from 'vue-router'

import type { Query } from '@/api/client'
import type { Field, Schema } from '@/api/shapes'

export type Operator = 'eq' | 'gte' | 'lte' | 'contains' | 'isnull'

/** Addresses keep these for the screen itself. */
const NOT_FILTERS = new Set(['tab', 'open', 'view'])

export function parameter(field: Field, operator: Operator): string {
  return operator === 'eq' ? field.name : `${field.name}__${operator}`
}

/** The address's query as the list route takes it. */
export function listQuery(query: LocationQuery): Query {
  const given: Query = {}
  for (const [name, value] of Object.entries(query)) if (!NOT_FILTERS.has(name)) given[name] = value
  return given
}

export function valuesIn(query: LocationQuery, name: string): string[] {
  const value = query[name]
  if (value === undefined || value === null) return []
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => one !== null)
}

export function filterable(schema: Schema): Field[] {
  return schema.fields.filter((field) => field.name !== 'state' && controlOf(field) !== null)
}

export type FilterControl = 'choice' | 'range' | 'dates' | 'lookup' | 'boolean' | 'contains'

/** Which control serves a field's filters; null where the server offers none we can draw. */
export function controlOf(field: Field): FilterControl | null {
  const offered = new Set(field.filters ?? [])
  if (offered.size === 0 || field.type === 'rows') return null
  if (field.type === 'choice' || field.type === 'choices') return 'choice'
  if (field.type === 'boolean') return 'boolean'
  if ((field.type === 'date' || field.type === 'datetime') && offered.has('gte')) return 'dates'
  if ((field.type === 'integer' || field.type === 'decimal') && offered.has('gte')) return 'range'
  if (field.reference || field.scheme) return 'lookup'
  // equality of free text is what the search box is for
  return offered.has('contains') ? 'contains' : null
}

/** How many filters are set beside the search box and the order. */
export function countFilters(query: LocationQuery): number {
  return Object.keys(query).filter((name) => !NOT_FILTERS.has(name) && name !== 'q' && name !== 'sort').length
}
