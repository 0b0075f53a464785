/** The administrators' routes: the audit trail, accounts, grants, organisations. */
import { call, download, newKey, type Query } from './client'
import type { Organisation, Page, Values } from './shapes'

export interface AuditEntry {
  id: string
  at: string
  account: { id: string; username: string; name: string } | null
  role: string | null
  role_label: string | null
  organisation: string
  verb: string
  verb_label: string
  register: string | null
  record_id: string | null
  record_label: string | null
  outcome: string
  ip: string | null
  request_id: string | null
  detail: Record<string, unknown> | null
}

export interface Grant {
  id: string
  role: string
  role_label: string
  organisation_id: number
  organisation: string
  party_register: string | null
  party_id: string | null
}

export interface Account {
  id: string
  username: string
  name: string
  locale: string
  state: 'pending' | 'active' | 'disabled'
  created_at: string
  email: string | null
  email_verified: boolean
  /** One use, told once. */
  setup_link: string | null
  grants: Grant[]
}

/** How far the trail is sealed: nothing up to there can be changed unnoticed. */
export interface Seals {
  seals: number
  sealed_until: string | null
  waiting: number
  lag_seconds: number
  key: string
  head: string | null
}

export interface SealFault {
  seal: number
  kind: string
  what: string
}

export interface SealCheck {
  sound: boolean
  seals: number
  entries: number
  waiting: number
  retired: number
  late: number
  first_faults: SealFault[]
  faults: number
}

export const audit = {
  seals: (): Promise<Seals> => call('/audit/seals'),
  check: (query: Query): Promise<SealCheck> => call('/audit/seals/check', { query }),
  takeSealed: (query: Query): Promise<void> =>
    download('/audit/seals/export.jsonl.gz', 'trail.jsonl.gz', query),
  list: (query: Query): Promise<Page<AuditEntry>> => call('/audit', { query }),
  exportAs: (format: string, query: Query): Promise<void> =>
    download(`/audit/export.${format}`, `audit.${format}`, query),
}

export const accounts = {
  list: (query: Query): Promise<Page<Account>> => call('/accounts', { query }),
  create: (values: Values): Promise<Account> =>
    call('/accounts', { method: 'POST', json: values, idempotencyKey: newKey() }),
  move: (id: string, move: string): Promise<Account> =>
    call(`/accounts/${id}/moves/${move}`, { method: 'POST' }),
  resetFactor: (id: string): Promise<void> => call(`/accounts/${id}/second-factor/reset`, { method: 'POST' }),
  grants: (id: string): Promise<{ items: Grant[] }> => call(`/accounts/${id}/grants`),
  /** Ask for a role: a second administrator confirms it under `/acts`. */
  grant: (id: string, values: Values): Promise<{ act_id: string }> =>
    call(`/accounts/${id}/grants`, { method: 'POST', json: values }),
  withdraw: (id: string, grant: string): Promise<void> =>
    call(`/accounts/${id}/grants/${grant}`, { method: 'DELETE' }),
}

export const organisations = {
  list: async (): Promise<Organisation[]> => (await call<{ items: Organisation[] }>('/organisations')).items,
  create: (values: Values): Promise<Organisation> =>
    call('/organisations', { method: 'POST', json: values }),
  revise: (id: number, values: Values): Promise<Organisation> =>
    call(`/organisations/${id}`, { method: 'PUT', json: values }),
}
