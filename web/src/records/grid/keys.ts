/** What keys, clicks and the clipboard do in a ledger, beside walking it. */
import { nextTick, ref, type Ref } from 'vue'

import type { RecordRow } from '@/api/shapes'

import { editableHere, ROW, type Laid } from './layout'
import type { Selection } from './selection'
import { HEADER, headAct, walked, within, writes, type Extent, type Place } from './walking'
import type { Rows } from './windows'

export interface Edited {
  changed: boolean
  go: 'down' | 'next' | 'before' | 'stay' | 'none'
}

/** What a ledger asks of the screen it is part of. */
interface Acts {
  sort: (value: string) => void
  open: (row: RecordRow, focus: boolean) => void
  close: () => void
  changed: (row: RecordRow) => void
  paste: (at: Place, text: string) => void
  resize: (column: string, width: number) => void
  move: (column: string, by: number) => void
  pin: (column: string) => void
  /** Say that the cell is not to be edited here. */
  refuse: () => void
}

interface Grid {
  box: Ref<HTMLElement | undefined>
  columns: Ref<Laid[]>
  selectable: Ref<boolean>
  rows: () => Rows
  total: () => number
  selection: () => Selection
  scrollTo: (row: number) => void
  order: () => string
  acts: Acts
}

const FRAMES = 6 // a row far away needs some to be drawn

function placeOf(event: Event): Place | null {
  const found = (event.target as Element).closest<HTMLElement>('[data-at]')?.dataset['at']?.split(':').map(Number)
  return found ? { row: found[0] ?? HEADER, column: found[1] ?? 0 } : null
}

export function useGridKeys(grid: Grid) {
  const at = ref<Place>({ row: HEADER, column: 0 })
  const editing = ref<(Place & { first: string | null }) | null>(null)

  const lead = (): number => Number(grid.selectable.value)
  const columnAt = (column: number): Laid | undefined => grid.columns.value[column - lead()]
  const rowAt = (row: number): RecordRow | undefined => grid.rows().get(row)
  const cell = (place: Place): HTMLElement | null =>
    grid.box.value?.querySelector<HTMLElement>(`[data-at="${place.row}:${place.column}"]`) ?? null
  const extent = (): Extent => ({
    rows: grid.total(),
    columns: grid.columns.value.length + lead(),
    page: Math.max(1, Math.floor((grid.box.value?.clientHeight ?? ROW) / ROW) - 2),
  })

  async function goTo(row: number, column: number): Promise<void> {
    const place = within({ row, column }, extent())
    at.value = place
    if (place.row >= 0) grid.scrollTo(place.row)
    await focusOn(place, FRAMES)
  }

  async function focusOn(place: Place, frames: number): Promise<void> {
    await nextTick()
    await new Promise(requestAnimationFrame)
    const found = cell(place)
    if (found) found.focus()
    else if (frames > 1) await focusOn(place, frames - 1)
  }

  function edit(place: Place, first: string | null): boolean {
    const column = columnAt(place.column)
    if (!column || !editableHere(column.field, rowAt(place.row))) return false
    editing.value = { ...place, first }
    return true
  }

  function toggleSort(column: Laid | undefined): void {
    if (!column?.field.sortable) return
    grid.acts.sort(grid.order() === column.name ? `-${column.name}` : column.name)
  }

  /** Enter edits what may be edited here and opens the record elsewhere; on a heading it orders. */
  function enter(): void {
    const { row, column } = at.value
    const found = rowAt(row)
    if (row === HEADER && lead() && column === 0) grid.selection().everything()
    else if (row === HEADER) toggleSort(columnAt(column))
    else if (found && !edit(at.value, null)) grid.acts.open(found, true)
  }

  function escape(): void {
    if (grid.selection().count.value > 0) grid.selection().clear()
    else grid.acts.close()
  }

  const ACTS: Record<string, (event: KeyboardEvent) => void> = {
    Enter: enter,
    F2: () => {
      if (at.value.row !== HEADER && !edit(at.value, null)) grid.acts.refuse()
    },
    Escape: escape,
    ' ': (event) => space(event.shiftKey),
  }

  function space(shift: boolean): void {
    if (!grid.selectable.value) return
    if (at.value.row === HEADER) grid.selection().everything()
    else if (shift) grid.selection().stretch(at.value.row)
    else grid.selection().toggle(at.value.row)
  }

  function onHead(event: KeyboardEvent): boolean {
    const column = columnAt(at.value.column)
    const asked = at.value.row === HEADER ? headAct(event) : null
    if (!asked || !column) return false
    if (asked.act === 'widen') grid.acts.resize(column.name, column.width + asked.by)
    else if (asked.act === 'pin') grid.acts.pin(column.name)
    else {
      grid.acts.move(column.name, asked.by)
      void goTo(HEADER, at.value.column + asked.by)
    }
    return true
  }

  function walk(event: KeyboardEvent): boolean {
    const ctrl = event.ctrlKey || event.metaKey
    if (event.altKey) return false
    const place = walked(event.key, ctrl, at.value, extent())
    if (!place) return false
    if (event.shiftKey && grid.selectable.value && place.row !== at.value.row && at.value.row !== HEADER) {
      const { count, anchor, stretch } = grid.selection()
      if (count.value === 0) anchor.value = at.value.row
      stretch(place.row)
    }
    void goTo(place.row, place.column)
    return true
  }

  function acted(event: KeyboardEvent): boolean {
    const ctrl = event.ctrlKey || event.metaKey
    if (ctrl && event.key.toLowerCase() === 'a' && grid.selectable.value) {
      grid.selection().everything()
      return true
    }
    const act = ctrl || event.altKey ? undefined : ACTS[event.key]
    act?.(event)
    return act !== undefined || (writes(event) && edit(at.value, event.key))
  }

  function key(event: KeyboardEvent): void {
    if (editing.value || event.isComposing) return
    if (onHead(event) || walk(event) || acted(event)) event.preventDefault()
  }

  function click(event: MouseEvent): void {
    const place = placeOf(event)
    const onLink = (event.target as Element).closest('a')
    if (!place || (event.target as Element).closest('.editor')) return
    if (onLink && (event.ctrlKey || event.metaKey || event.shiftKey)) return
    const row = rowAt(place.row)
    if (place.row === HEADER) toggleSort(columnAt(place.column))
    else if (lead() && place.column === 0) tick(place.row, event.shiftKey)
    else if (row && document.getSelection()?.isCollapsed !== false) {
      event.preventDefault()
      at.value = place
      grid.acts.open(row, false)
    }
  }

  function tick(row: number, shift: boolean): void {
    if (shift) grid.selection().stretch(row)
    else grid.selection().toggle(row)
  }

  function doubled(event: MouseEvent): void {
    const place = placeOf(event)
    if (place && !editing.value) edit(place, null)
  }

  function focused(event: FocusEvent): void {
    const place = placeOf(event)
    if (place && !editing.value) at.value = place
  }

  /** Editing came to an end: keep the place, or go on to where the key that ended it leads. */
  function edited({ changed, go }: Edited): void {
    const place = editing.value
    editing.value = null
    if (!place) return
    const row = rowAt(place.row)
    if (changed && row) grid.acts.changed(row)
    const by = { down: [1, 0], next: [0, 1], before: [0, -1], stay: [0, 0], none: null }[go]
    if (by) void goTo(place.row + (by[0] ?? 0), place.column + (by[1] ?? 0))
  }

  function pasted(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (editing.value || at.value.row === HEADER || text === '') return
    event.preventDefault()
    grid.acts.paste({ row: at.value.row, column: at.value.column - lead() }, text)
  }

  /** The cell's text goes to the clipboard, unless letters are marked. */
  function copied(event: ClipboardEvent): void {
    if (editing.value || document.getSelection()?.isCollapsed === false) return
    event.clipboardData?.setData('text/plain', cell(at.value)?.innerText ?? '')
    event.preventDefault()
  }

  return { at, editing, goTo, key, click, doubled, focused, edited, pasted, copied }
}
