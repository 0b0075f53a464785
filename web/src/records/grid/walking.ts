/** Where a key leads in a grid: cells are walked by arrows, whole windows and ends by the keys of a spreadsheet. */
export interface Place {
  row: number
  column: number
}

export interface Extent {
  rows: number
  columns: number
  /** Rows that fit the window. */
  page: number
}

/** The row of the headings. */
export const HEADER = -1

type Step = (at: Place, extent: Extent, ctrl: boolean) => Place

const STEPS: Record<string, Step> = {
  ArrowDown: (at, extent, ctrl) => ({ ...at, row: ctrl ? extent.rows - 1 : at.row + 1 }),
  ArrowUp: (at, _extent, ctrl) => ({ ...at, row: ctrl ? 0 : at.row - 1 }),
  ArrowRight: (at, extent, ctrl) => ({ ...at, column: ctrl ? extent.columns - 1 : at.column + 1 }),
  ArrowLeft: (at, _extent, ctrl) => ({ ...at, column: ctrl ? 0 : at.column - 1 }),
  PageDown: (at, extent) => ({ ...at, row: at.row + extent.page }),
  PageUp: (at, extent) => ({ ...at, row: Math.max(0, at.row - extent.page) }),
  Home: (at, _extent, ctrl) => ({ row: ctrl ? 0 : at.row, column: 0 }),
  End: (at, extent, ctrl) => ({ row: ctrl ? extent.rows - 1 : at.row, column: extent.columns - 1 }),
}

export function within(place: Place, extent: Extent): Place {
  return {
    row: Math.max(HEADER, Math.min(place.row, extent.rows - 1)),
    column: Math.max(0, Math.min(place.column, extent.columns - 1)),
  }
}

/** The place a key leads to, null for a key that leads nowhere. */
export function walked(key: string, ctrl: boolean, at: Place, extent: Extent): Place | null {
  const step = STEPS[key]
  return step ? within(step(at, extent, ctrl), extent) : null
}

export interface Pressed {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  isComposing?: boolean
}

/** A key that writes a character, so that typing on a cell begins to edit it. */
export function writes(event: Pressed): boolean {
  return event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey
}

/** What a key asks of the heading it is pressed on: Shift changes the width, Ctrl the place, P holds it. */
export type HeadAct = { act: 'widen'; by: number } | { act: 'move'; by: number } | { act: 'pin' }

const WIDER = 20

export function headAct(event: Pressed & { shiftKey: boolean }): HeadAct | null {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
  if (by && event.shiftKey) return { act: 'widen', by: by * WIDER }
  if (by && (event.ctrlKey || event.metaKey)) return { act: 'move', by }
  return event.key.toLowerCase() === 'p' && writes(event) ? { act: 'pin' } : null
}
