/** Importing a workbook: upload, columns, dry run, mending in place, commit and undo. */
import { call, download, newKey } from './client'
import type { Page, Values } from './shapes'
import type { Task } from './tasks'

export interface ImportError {
  row: number
  column: string | null
  header: string | null
  field: string
  code: string
  message: string
  value: string
}

export interface ImportColumn {
  column: string
  header: string
  field: string | null
  samples: string[]
}

export interface ImportField {
  name: string
  label: string
  required: boolean
}

export interface ImportNote {
  field: string
  column: string | null
  header: string | null
  code: string
  count: number
  cells: { row: number; was: string; message: string }[]
}

export interface ImportBrief {
  id: string
  state: 'checked' | 'committed' | 'undone'
  file_name: string
  sheet: string
  header_row: number
  rows: number
  counts: Record<'create' | 'update' | 'unchanged' | 'bad' | 'written' | 'undone' | 'kept' | 'ignored', number>
  created_at: string
  created_by: string
  moves: string[]
}

export interface Import extends ImportBrief {
  mapping: ImportColumn[]
  fields: ImportField[]
  sheets: { name: string; rows: number; recognised: number }[]
  problems: { code: string; message: string }[]
  notes: ImportNote[]
  errors: ImportError[]
  ignored: { row: number; reason: string; message: string }[]
  kept: { row: number; record_id: string; name: string }[]
}

/** Rows judged again after mending: what is wrong with them now. */
export interface Judged extends Pick<ImportBrief, 'counts' | 'moves'> {
  rows: number[]
  errors: ImportError[]
}

export interface Chosen {
  sheet?: string
  columns?: Record<string, string | null>
}

export interface Alike {
  field: string
  was: string
  value: string | null
}

const at = (register: string, id: string): string => `/${register}/imports/${id}`

export const imports = {
  list: (register: string): Promise<Page<ImportBrief>> => call(`/${register}/imports`),
  read: (register: string, id: string): Promise<Import> => call(at(register, id)),
  upload: (register: string, file: File): Promise<Import> => call(`/${register}/imports`, { method: 'POST', file }),
  map: (register: string, id: string, chosen: Chosen): Promise<Import> =>
    call(`${at(register, id)}/mapping`, { method: 'PUT', json: chosen }),
  mend: (register: string, id: string, row: number, values: Values): Promise<Judged> =>
    call(`${at(register, id)}/rows/${row}`, { method: 'PATCH', json: { values } }),
  mendAlike: (register: string, id: string, alike: Alike): Promise<Judged> =>
    call(`${at(register, id)}/rows`, { method: 'PATCH', json: alike }),
  file: (register: string, id: string, which: 'marked' | 'bad'): Promise<void> =>
    download(`${at(register, id)}/${which}.xlsx`, `${which}.xlsx`),
  /** Answered with the import where the work is done at once, else with the work to follow. */
  move: (register: string, id: string, move: string): Promise<Import | Task> =>
    call(`${at(register, id)}/moves/${move}`, { method: 'POST', idempotencyKey: newKey() }),
}
