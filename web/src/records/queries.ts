/** Reading registers and their records, cached by vue-query. */
import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'

import type { Query } from '@/api/client'
import { records, registers } from '@/api/registers'
import { currentLocale } from '@/i18n'

/** The registers this person may see, each with the rights over it. */
export function useRegisters() {
  return useQuery({
    queryKey: computed(() => ['registers', currentLocale.value]),
    queryFn: registers.all,
    staleTime: Infinity,
  })
}

export function useSchema(register: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: computed(() => ['schema', toValue(register), currentLocale.value]),
    queryFn: () => registers.schema(toValue(register)),
    enabled: computed(() => toValue(register) !== ''),
    staleTime: Infinity,
  })
}

export const recordKey = (register: string, id: string) => ['record', register, id] as const

export function useRecord(register: MaybeRefOrGetter<string>, id: MaybeRefOrGetter<string | undefined>) {
  return useQuery({
    queryKey: computed(() => recordKey(toValue(register), toValue(id) ?? '')),
    queryFn: () => records.read(toValue(register), toValue(id) ?? ''),
    enabled: computed(() => Boolean(toValue(id))),
  })
}

/** A short list with its count, as the home page and the tabs show it. */
export function useShortList(
  register: MaybeRefOrGetter<string>,
  query: MaybeRefOrGetter<Query>,
  enabled: MaybeRefOrGetter<boolean> = true,
) {
  return useQuery({
    queryKey: computed(() => ['list', toValue(register), toValue(query), 'short']),
    queryFn: ({ signal }) => records.list(toValue(register), { ...toValue(query), count: true }, signal),
    enabled: computed(() => toValue(enabled)),
    refetchOnMount: 'always', // coming back to a desk means asking what is new on it
  })
}
