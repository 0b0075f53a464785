/** Importing a workbook: upload, dry run, mending in place, commit and undo. */
import { call, newKey } from './client'
import type { Page, Values } from './shapes'

export interface ImportError {
  row: number
  column: string | null
  header: string | null
  field: string | null
  code: string
  message: string
  value: string
}

export interface Import {
  id: string
  state: 'checked' | 'committed' | 'undone'
  file_name: string
  sheet: string
  header_row: number
  rows: number
  mapping: { column: string; header: string; field: string | null }[]
  counts: Record<'create' | 'update' | 'unchanged' | 'bad' | 'written' | 'undone' | 'kept' | 'ignored', number>
  errors: ImportError[]
  ignored: { row: number; reason: string; message: string }[]
  created_at: string
  created_by: string
  moves: string[]
}

export const imports = {
  list: (register: string): Promise<Page<Import>> => call(`/${register}/imports`),
  read: (register: string, id: string): Promise<Import> => call(`/${register}/imports/${id}`),
  upload: (register: string, file: File): Promise<Import> =>
    call(`/${register}/imports`, { method: 'POST', file }),
  mend: (register: string, id: string, row: number, values: Values): Promise<Import> =>
    call(`/${register}/imports/${id}/rows/${row}`, { method: 'PATCH', json: { values } }),
  move: (register: string, id: string, move: string): Promise<Import> =>
    call(`/${register}/imports/${id}/moves/${move}`, {
      method: 'POST',
      idempotencyKey: newKey(),
    }),
}
