/** What a bulk edit starts from: the chosen rows, or a block pasted over some. */
import { ref, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'

import type { BatchRow } from '@/api/batch'
import type { Query } from '@/api/client'
import type { RecordRow, Schema, Values } from '@/api/shapes'
import { toWire } from '@/form/values'
import { notify } from '@/ui/notices'

import type { Column } from '../columns'
import { cellsOf, pastes, valueFrom } from './pasting'
import type { Chosen } from './selection'
import type { Place } from './walking'
import type { Rows } from './windows'

export interface Source {
  /** The rows themselves; else all of the question but some. */
  rows: BatchRow[] | null
  query: Query
  except: string[]
  /** A pasted block brings the values along. */
  pasted: boolean
  notes: string[]
}

const MOST_PASTED = 500

export function useBulk(
  schema: Ref<Schema | undefined>,
  columns: Ref<Column[]>,
  rows: Ref<Rows>,
  total: Ref<number | null>,
  need: (from: number, to: number) => Promise<unknown>,
) {
  const { t } = useI18n()
  const source = ref<Source | null>(null)

  function ofSelection({ all, ids }: Chosen, query: Query): void {
    source.value = {
      rows: all ? null : ids.map((id) => ({ id })),
      query,
      except: all ? ids : [],
      pasted: false,
      notes: [],
    }
  }

  function patchOf(cells: string[], start: number, line: number, row: RecordRow, notes: Set<string>): Values {
    const patch: Values = {}
    const skipped: string[] = []
    for (const [at, text] of cells.entries()) {
      const field = columns.value[start + at]?.field
      if (!field) continue
      if (!pastes(field)) {
        skipped.push(field.label)
        continue
      }
      const value = valueFrom(field, text)
      if (value === undefined) notes.add(t('bulk.badCell', { row: line, field: field.label, text }))
      else if (JSON.stringify(toWire(field, value)) !== JSON.stringify(toWire(field, row[field.name])))
        patch[field.name] = toWire(field, value)
    }
    if (skipped.length > 0) notes.add(t('bulk.skippedCells', { fields: skipped.join('、') }))
    return patch
  }

  async function ofPaste(at: Place, text: string): Promise<void> {
    const cells = cellsOf(text)
    if (!schema.value?.rights['batch'] || cells.length > MOST_PASTED) {
      if (cells.length > MOST_PASTED) notify(t('bulk.pasteLimit', { most: MOST_PASTED }), 'danger')
      return
    }
    const reach = Math.min(cells.length, (total.value ?? 0) - at.row)
    await need(at.row, at.row + reach - 1)
    const notes = new Set<string>()
    const found: BatchRow[] = []
    for (const [line, texts] of cells.slice(0, reach).entries()) {
      const row = rows.value.get(at.row + line)
      if (!row) continue
      const patch = patchOf(texts, at.column, line + 1, row, notes)
      if (Object.keys(patch).length > 0) found.push({ id: row.id, version: row.version, patch })
    }
    if (reach < cells.length) notes.add(t('bulk.skippedRows', { count: cells.length - reach }))
    if (found.length === 0) notify([...notes].join(' ') || t('bulk.pasteNothing'), 'danger')
    else source.value = { rows: found, query: {}, except: [], pasted: true, notes: [...notes] }
  }

  return { source, ofSelection, ofPaste }
}
