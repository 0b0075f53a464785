/** Signing in and out, the person's own account, the hat worn. */
import { call } from './client'
import type { Me } from './shapes'

export interface Session {
  id: string
  created_at: string
  last_used_at: string
  expires_at: string
  ip: string
  user_agent: string
  current: boolean
}

/** The one-use link of another administrator, told once. */
export interface AdministratorLink {
  username: string
  role: string
  role_label: string
  link: string
}

export const session = {
  open: (username: string, password: string): Promise<Me> =>
    call('/auth/session', { method: 'POST', json: { username, password }, aboutSession: true }),
  close: (): Promise<void> => call('/auth/session', { method: 'DELETE', aboutSession: true }),
  setup: (values: {
    token: string
    username: string
    name: string
    password: string
  }): Promise<{ username: string; administrators: AdministratorLink[] }> =>
    call('/auth/setup', { method: 'POST', json: values, aboutSession: true }),
  wear: (hat: string): Promise<Me> => call('/auth/hat', { method: 'POST', json: { hat_id: hat } }),
}

export const self = {
  read: (): Promise<Me> => call('/me'),
  changePassword: (current: string, next: string): Promise<void> =>
    call('/me/password', { method: 'PUT', json: { current, new: next } }),
  sessions: (): Promise<{ items: Session[] }> => call('/me/sessions'),
  prefer: (wish: { locale?: string; large_letters?: boolean }): Promise<Me> =>
    call('/me/preferences', { method: 'PUT', json: wish }),
  revoke: (id: string): Promise<void> => call(`/me/sessions/${id}`, { method: 'DELETE' }),
}
