/** One search over all registers, and one line read as a service entry. */
import { call } from './client'

export interface Hits {
  register_name: string
  label: string
  items: { id: string; title: string; state_label: string | null }[]
}

export interface Piece {
  field: 'served_on' | 'channel' | 'kind' | 'enterprise_ids' | 'title'
  /** The words that said it; null: nobody did, it is the likeliest. */
  said: string | null
  label: string
  sure: boolean
}

export interface ServiceDraft {
  served_on: string
  channel: string
  kind: string
  title: string
  enterprise_ids: string[]
}

export interface Understood {
  draft: ServiceDraft
  pieces: Piece[]
  enterprises: { id: string; label: string }[]
}

export const palette = {
  search: (q: string, signal?: AbortSignal): Promise<{ registers: Hits[] }> =>
    call('/search', { query: { q }, ...(signal && { signal }) }),
  understand: (text: string, signal?: AbortSignal): Promise<Understood> =>
    call('/service-log/quick', { method: 'POST', json: { text }, ...(signal && { signal }) }),
}
