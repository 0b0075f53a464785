/** How the columns of a grid lie: their places, what is held at the left, and what a cell's field may be edited as. */
import type { Field, RecordRow } from '@/api/shapes'

import type { Column } from '../columns'
import { isNumeric } from '../display'

/** Width of the column of tick boxes. */
export const TICKS = 44
export const ROW = 40

export interface Laid {
  name: string
  field: Field
  width: number
  isTitle: boolean
  isState: boolean
  pinned: boolean
  class: string
  style: { left: string } | undefined
}

export function laidOut(columns: Column[], lead: number): Laid[] {
  let left = lead
  return columns.map((column) => {
    const place = { left: `${left}px` }
    if (column.pinned) left += column.width
    const marks = { number: isNumeric(column.field), pinned: column.pinned }
    return {
      name: column.field.name,
      field: column.field,
      width: column.width,
      isTitle: column.isTitle,
      isState: column.field.name === 'state',
      pinned: column.pinned,
      class: ['cell', ...Object.entries(marks).flatMap(([name, on]) => (on ? [name] : []))].join(' '),
      style: column.pinned ? place : undefined,
    }
  })
}

/** Columns held in place are exactly as wide as said, for what stands right of them counts on it. */
export function templateOf(columns: Column[], lead: number): string {
  const widths = columns.map((one) => (one.pinned ? `${one.width}px` : `minmax(${one.width}px, ${one.width}fr)`))
  return [...(lead ? [`${lead}px`] : []), ...widths].join(' ')
}

export const widthOf = (columns: Column[], lead: number): number =>
  columns.reduce((sum, column) => sum + column.width, lead)

export const heldWidth = (columns: Column[], lead: number): number =>
  columns.reduce((sum, column) => sum + (column.pinned ? column.width : 0), lead)

/** Kinds a cell is too small for; their place is the form. */
const TOO_LARGE = new Set(['rows'])

export function editableHere(field: Field, row: RecordRow | undefined): boolean {
  if (!row || field.disclosure === 'masked' || TOO_LARGE.has(field.type)) return false
  return row.editable?.includes(field.name) ?? false
}
