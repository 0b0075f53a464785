/** Words for codes that came without them. */
import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'

import { searchCodes } from '@/form/lookups'
import { currentLocale } from '@/i18n'

export function useCodeLabels(scheme: string, codes: MaybeRefOrGetter<string[]>) {
  const wanted = computed(() => [...new Set(toValue(codes))].toSorted())
  const { data } = useQuery({
    queryKey: computed(() => ['code-labels', scheme, wanted.value, currentLocale.value]),
    queryFn: async () => {
      const found = await Promise.all(wanted.value.map((code) => searchCodes(scheme, code)))
      return found.flat().map((option) => [option.value, option.label] as const)
    },
    enabled: computed(() => wanted.value.length > 0),
    staleTime: Infinity,
  })
  return computed(() => new Map(data.value ?? []))
}
