/** Acts that take two people: what waits, and the second person's word. */
import { call } from './client'
import type { Values } from './shapes'

export interface Act {
  id: string
  kind: string
  label: string
  says: string
  record_label: string
  path: string | null
  asked_by: string
  asked_at: string
  expires_at: string
  expired: boolean
  mine: boolean
  may_confirm: boolean
  refused: string | null
}

export const acts = {
  waiting: async (): Promise<Act[]> => (await call<{ items: Act[] }>('/acts')).items,
  ask: (kind: string, record: string, params: Values): Promise<Act> =>
    call('/acts', { method: 'POST', json: { kind, record_id: record, params } }),
  confirm: (id: string): Promise<void> => call(`/acts/${id}/confirm`, { method: 'POST' }),
  withdraw: (id: string): Promise<void> => call(`/acts/${id}/withdraw`, { method: 'POST' }),
  renew: (id: string): Promise<void> => call(`/acts/${id}/renew`, { method: 'POST' }),
  refuse: (id: string, reason: string): Promise<void> =>
    call(`/acts/${id}/refuse`, { method: 'POST', json: { reason } }),
}
