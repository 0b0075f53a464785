/** Who is signed in, under which hat; read once and kept for all screens. */
import { computed, readonly, ref } from 'vue'

import { Problem, whenSignedOut } from '@/api/client'
import { self, session } from '@/api/session'
import type { Me } from '@/api/shapes'

const me = ref<Me | null>(null)
let asked = false

whenSignedOut(() => {
  me.value = null
})

/** Ask the server at most once; null means nobody is signed in. */
export async function ensureMe(): Promise<Me | null> {
  if (me.value || asked) return me.value as Me | null
  try {
    me.value = await self.read()
  } catch (cause) {
    if (!(cause instanceof Problem && cause.status === 401)) throw cause
  }
  asked = true
  return me.value as Me | null
}

export async function signIn(username: string, password: string): Promise<void> {
  me.value = await session.open(username, password)
  asked = true
}

export async function signOut(): Promise<void> {
  await session.close()
  me.value = null
}

export async function wearHat(hat: string): Promise<void> {
  me.value = await session.wear(hat)
}

/** Keep the chosen language with the account; the answer names the hats in it. */
export async function preferLocale(locale: string): Promise<void> {
  if (me.value) me.value = await self.prefer(locale)
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
