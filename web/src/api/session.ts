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

/** What the pages before signing in have to know. */
export interface Ways {
  second_factor: 'required' | 'off'
  provider: string | null
  passwords: { profile: 'mlps3' | 'asvs'; shortest: number; classes: number; history: number }
}

export interface SecondFactor {
  enrolled: boolean
  expected: boolean
  recovery_codes_left: number
}

/** What an authenticator is fed with; `picture` is a data: address. */
export interface Seed {
  secret: string
  uri: string
  picture: string
}

export interface Identity {
  id: string
  issuer: string
  subject: string
  linked_at: string
}

/** One of the two, as `me.proof` says. */
export type Proof = { code: string } | { password: string }

export const session = {
  ways: (): Promise<Ways> => call('/auth/ways', { aboutSession: true }),
  open: (username: string, password: string, code?: string): Promise<Me> =>
    call('/auth/session', {
      method: 'POST',
      json: { username, password, ...(code ? { code } : {}) },
      aboutSession: true,
    }),
  prove: (proof: Proof): Promise<void> => call('/auth/step-up', { method: 'POST', json: proof }),
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

export const secondFactor = {
  read: (): Promise<SecondFactor> => call('/me/second-factor'),
  begin: (): Promise<Seed> => call('/me/second-factor', { method: 'POST' }),
  confirm: (code: string): Promise<{ codes: string[] }> =>
    call('/me/second-factor/confirm', { method: 'POST', json: { code } }),
  newCodes: (): Promise<{ codes: string[] }> => call('/me/second-factor/recovery-codes', { method: 'POST' }),
  end: (): Promise<void> => call('/me/second-factor', { method: 'DELETE' }),
}

export const identities = {
  list: (): Promise<{ items: Identity[] }> => call('/me/identities'),
  link: (): Promise<{ url: string }> => call('/me/identities', { method: 'POST' }),
  unlink: (id: string): Promise<void> => call(`/me/identities/${id}`, { method: 'DELETE' }),
}
