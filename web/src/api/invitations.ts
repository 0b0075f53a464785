/** Links by which somebody answers without an account, seen from both ends. */
import { call } from './client'
import type { Sheet, SheetValues } from './panels'

export type MailState = 'waiting' | 'sent' | 'failed' | 'no_address' | 'no_server'

/** How a link fares, as those who may make one see it; the link itself is told once only. */
export interface Link {
  issued_at: string
  expires_at: string
  opened_at: string | null
  answered_at: string | null
  revoked_at: string | null
  mail: MailState
  mail_to: string | null
  mail_at: string | null
  mail_error: string | null
}

export interface IssuedLink {
  invitation_url: string
  expires_at: string
  mail: MailState
  mail_to: string | null
}

/** What everybody said, without names, and what the chair has made of it so far. */
export interface ToSumUp {
  heard: { total: string; opinion: string; comment: string | null }[]
  conclusion: string | null
  summary: string | null
  summarised_at: string | null
}

/** What the holder of a link is asked. */
export interface Invitation {
  register: 'matches' | 'reviews'
  state: string
  state_label: string
  expert: string
  title: string
  subject: string | null
  text: string | null
  asked_by: string | null
  expected: string | null
  meeting_on: string | null
  place: string | null
  online_url: string | null
  answer_by: string | null
  review_by: string | null
  expires_at: string
  pledge: string | null
  pledged_at: string | null
  may: string[]
  sheet: Sheet | null
  /** A chair's, once the scores are open. */
  to_sum_up: ToSumUp | null
  /** Told once, after the pledge: the token to go on by; the link in hand has ended. */
  own_token: string | null
}

export const links = {
  read: (register: string, id: string): Promise<{ link: Link | null }> => call(`/${register}/${id}/invitation`),
  issue: (register: string, id: string): Promise<IssuedLink> =>
    call(`/${register}/${id}/invitation`, { method: 'POST' }),
}

const at = (token: string): string => `/public/invitations/${encodeURIComponent(token)}`

/** Everything here works without signing in, and must never end the session of somebody who is. */
export const invitation = {
  read: (token: string): Promise<Invitation> => call(at(token), { aboutSession: true }),
  answer: (token: string, move: string, form: Record<string, unknown>): Promise<Invitation> =>
    call(`${at(token)}/${move}`, { method: 'POST', json: form, aboutSession: true }),
  keepScores: (token: string, values: SheetValues): Promise<Invitation> =>
    call(`${at(token)}/scores`, { method: 'PUT', json: values, aboutSession: true }),
  submitScores: (token: string, values: SheetValues): Promise<Invitation> =>
    call(`${at(token)}/scores`, { method: 'POST', json: values, aboutSession: true }),
}
