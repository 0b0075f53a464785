/** The routes every register has alike: schema, list, record, moves, history, attachments. */
import { call, download, newKey, type Query } from './client'
import type {
  Attachment,
  Code,
  HistoryEntry,
  Observation,
  Observations,
  Page,
  RecordPage,
  RecordRow,
  RegisterEntry,
  Schema,
  Values,
} from './shapes'

export const registers = {
  all: (): Promise<RegisterEntry[]> => call('/registers'),
  schema: (register: string): Promise<Schema> => call(`/registers/${register}`),
}

/** Personal values of one record, by field. */
export interface Revealed {
  values: Record<string, string>
  left_today: number
}

export const records = {
  list: (register: string, query: Query, signal?: AbortSignal): Promise<RecordPage> =>
    call(`/${register}`, { query, ...(signal && { signal }) }),
  read: (register: string, id: string, asOf?: string): Promise<RecordRow> =>
    call(`/${register}/${id}`, asOf ? { query: { as_of: asOf } } : {}),
  create: (register: string, values: Values, idempotencyKey: string): Promise<RecordRow> =>
    call(`/${register}`, { method: 'POST', json: values, idempotencyKey }),
  revise: (register: string, id: string, version: number, values: Values): Promise<RecordRow> =>
    call(`/${register}/${id}`, { method: 'PATCH', json: values, version }),
  remove: (register: string, id: string, version: number): Promise<void> =>
    call(`/${register}/${id}`, { method: 'DELETE', version }),
  reveal: (register: string, id: string, reason: string): Promise<Revealed> =>
    call(`/${register}/${id}/reveal`, { method: 'POST', json: { reason } }),
  move: (register: string, record: RecordRow, move: string, values: Values): Promise<RecordRow> =>
    call(`/${register}/${record.id}/moves/${move}`, {
      method: 'POST',
      json: values,
      version: record.version,
      idempotencyKey: newKey(),
    }),
  history: (register: string, id: string, after: string | null): Promise<Page<HistoryEntry>> =>
    call(`/${register}/${id}/history`, { query: { after } }),
  template: (register: string): Promise<void> =>
    download(`/${register}/template.xlsx`, `${register}-template.xlsx`),
}

export const attachments = {
  list: (register: string, id: string): Promise<Page<Attachment>> =>
    call(`/${register}/${id}/attachments`),
  add: (register: string, id: string, file: File): Promise<Attachment> =>
    call(`/${register}/${id}/attachments`, { method: 'POST', file }),
  fetch: (register: string, id: string, attachment: Attachment): Promise<void> =>
    download(`/${register}/${id}/attachments/${attachment.id}`, attachment.name),
  remove: (register: string, id: string, attachment: string): Promise<void> =>
    call(`/${register}/${id}/attachments/${attachment}`, { method: 'DELETE' }),
}

export const codes = {
  search: (scheme: string, query: Query, signal?: AbortSignal): Promise<Page<Code>> =>
    call(`/codes/${scheme}`, { query, ...(signal && { signal }) }),
}

export const observations = {
  list: (enterprise: string): Promise<Observations> =>
    call(`/enterprises/${enterprise}/observations`),
  add: (enterprise: string, values: Values): Promise<Observation> =>
    call(`/enterprises/${enterprise}/observations`, {
      method: 'POST',
      json: values,
      idempotencyKey: newKey(),
    }),
}
