/** Working together on records: comments, following, notifications and their letters, saved views. */
import { call } from './client'

export interface Comment {
  id: string
  text: string
  internal: boolean
  mentions: { id: string; name: string }[]
  created_at: string
  edited_at: string | null
  name: string
  role_label: string
  organisation: string
  mine: boolean
}

export interface CommentPage {
  items: Comment[]
  next: string | null
  may_write: boolean
  may_be_internal: boolean
  parties_read: boolean
}

export interface Person {
  id: string
  name: string
  role_label: string
  organisation: string
}

export interface Notice {
  id: string
  kind: string
  at: string
  read: boolean
  text: string
  reason: string
  record: { register: string; register_label: string; id: string; title: string } | null
  path: string
}

export interface MyMail {
  address: string | null
  verified: boolean
  wish: MailWish
  configured: boolean
}

export type MailWish = 'off' | 'immediate' | 'daily'
export type Shared = 'nobody' | 'node' | 'below'

export interface ViewColumn {
  name: string
  width: number | null
  pinned: boolean
}

export interface ViewValues {
  title: string
  query: Record<string, string[]>
  columns: ViewColumn[]
  shared: Shared
  pinned: boolean
  position: number
}

export interface SavedView extends ViewValues {
  id: string
  mine: boolean
  by: string
  default: boolean
  partial: boolean
}

const at = (register: string, id: string): string => `/${register}/${id}`

export const comments = {
  list: (register: string, id: string, after: string | null): Promise<CommentPage> =>
    call(`${at(register, id)}/comments`, { query: { after } }),
  add: (register: string, id: string, values: { text: string; mentions: string[]; internal?: boolean }): Promise<Comment> =>
    call(`${at(register, id)}/comments`, { method: 'POST', json: values }),
  edit: (register: string, id: string, comment: string, values: { text: string; mentions: string[] }): Promise<Comment> =>
    call(`${at(register, id)}/comments/${comment}`, { method: 'PUT', json: values }),
  remove: (register: string, id: string, comment: string): Promise<void> =>
    call(`${at(register, id)}/comments/${comment}`, { method: 'DELETE' }),
  people: (register: string, id: string, q: string, internal: boolean): Promise<{ items: Person[] }> =>
    call(`${at(register, id)}/mentionable`, { query: { q, internal } }),
}

export const following = {
  read: (register: string, id: string): Promise<{ following: boolean; may: boolean }> =>
    call(`${at(register, id)}/following`),
  change: (register: string, id: string, wanted: boolean): Promise<{ following: boolean }> =>
    call(`${at(register, id)}/following`, { method: 'PUT', json: { following: wanted } }),
}

export const notices = {
  list: (unread: boolean, after: string | null): Promise<{ items: Notice[]; next: string | null }> =>
    call('/notifications', { query: { unread, after } }),
  /** Asked by the clock, so it must not keep alive the session of somebody who has gone. */
  unread: (): Promise<{ count: number }> => call('/notifications/unread', { aboutSession: true }),
  mark: (id: string, read: boolean): Promise<Notice> => call(`/notifications/${id}`, { method: 'PUT', json: { read } }),
  markAll: (record?: string): Promise<void> =>
    call('/notifications/read', { method: 'POST', query: { record_id: record } }),
}

export const myMail = {
  read: (): Promise<MyMail> => call('/me/mail'),
  setAddress: (address: string | null): Promise<MyMail> =>
    call('/me/mail/address', { method: 'PUT', json: { address } }),
  verify: (code: string): Promise<MyMail> => call('/me/mail/verify', { method: 'POST', json: { code } }),
  wish: (wish: MailWish): Promise<MyMail> => call('/me/mail', { method: 'PUT', json: { wish } }),
  ofAccount: (account: string, address: string | null): Promise<MyMail> =>
    call(`/accounts/${account}/mail`, { method: 'PUT', json: { address } }),
}

export const views = {
  list: (register: string): Promise<{ items: SavedView[]; may_share: Shared[] }> => call('/views', { query: { register } }),
  save: (register: string, values: ViewValues): Promise<SavedView> =>
    call('/views', { method: 'POST', json: { ...values, register } }),
  revise: (id: string, values: ViewValues): Promise<SavedView> =>
    call(`/views/${id}`, { method: 'PUT', json: values }),
  remove: (id: string): Promise<void> => call(`/views/${id}`, { method: 'DELETE' }),
  beginWith: (register: string, view: string | null): Promise<void> =>
    call('/views/default', { method: 'PUT', json: { register, view_id: view } }),
}
