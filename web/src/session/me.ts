/** Who is signed in, under which hat; read once and kept for all screens. */
import { computed, readonly, ref } from 'vue'

import { Problem, whenDeserted, whenSignedOut } from '@/api/client'
import { self, session } from '@/api/session'
import type { Me } from '@/api/shapes'
import { agreeOnLetters } from '@/app/letters'
import { currentLocale, forgetChoice, isLocale, speakLocale, unsavedChoice } from '@/i18n'

import { untouchedFor } from './touched'

const me = ref<Me | null>(null)
let asked = false

/** True after a session came to its end by itself, until somebody signs in again. */
export const sessionEnded = ref(false)

whenDeserted(() => me.value !== null && untouchedFor() > me.value.idle_seconds)

whenSignedOut(() => {
  sessionEnded.value ||= me.value !== null
  me.value = null
})

/**
 * Page and account speak one language, for some labels follow the one and some the other: a choice made here before
 * signing in goes to the account, else the account's language is spoken.
 */
async function agreeOnLanguage(): Promise<void> {
  const choice = unsavedChoice()
  if (choice && choice !== me.value?.locale) {
    // not saved now: it stays the device's choice and is offered again with the next page
    await preferLocale(choice).catch(() => undefined)
    return
  }
  forgetChoice()
  if (isLocale(me.value?.locale) && me.value.locale !== currentLocale.value) await speakLocale(me.value.locale)
}

/** Ask the server at most once; null means nobody is signed in. */
export async function ensureMe(): Promise<Me | null> {
  if (me.value || asked) return me.value as Me | null
  try {
    me.value = await self.read()
    agreeOnLetters(me.value.large_letters)
    await agreeOnLanguage()
  } catch (cause) {
    if (!(cause instanceof Problem && cause.status === 401)) throw cause
  }
  asked = true
  return me.value as Me | null
}

export async function signIn(username: string, password: string, code?: string): Promise<void> {
  me.value = await session.open(username, password, code)
  sessionEnded.value = false
  asked = true
  agreeOnLetters(me.value.large_letters)
  await agreeOnLanguage()
}

/** Read again who is signed in, after a duty is done or an identity provider led back here. */
export async function readMe(): Promise<Me> {
  const found = await self.read()
  sessionEnded.value = false
  me.value = found
  asked = true
  agreeOnLetters(found.large_letters)
  await agreeOnLanguage()
  return me.value
}

export async function signOut(): Promise<void> {
  await session.close()
  if ('caches' in window) await caches.delete('park-data') // kept for opening without a network
  sessionStorage.clear() // what one person kept in this tab is not for the next
  me.value = null
}

export async function wearHat(hat: string): Promise<void> {
  me.value = await session.wear(hat)
}

/** Keep the chosen language with the account; the answer names the hats in it. */
export async function preferLocale(locale: string): Promise<void> {
  if (!me.value) return
  me.value = await self.prefer({ locale })
  forgetChoice()
}

/** Keep the chosen size of letters with the account too. */
export async function preferLetters(large: boolean): Promise<void> {
  if (me.value) me.value = await self.prefer({ large_letters: large })
}

export function useMe() {
  const sees = (register: string): boolean => me.value?.registers.includes(register) ?? false
  return {
    me: readonly(me),
    role: computed(() => me.value?.role ?? ''),
    isEnterprise: computed(() => me.value?.role === 'enterprise'),
    sees,
  }
}
