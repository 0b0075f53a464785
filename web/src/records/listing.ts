/** The question a list asks, as the address holds it. */
import { computed } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'

import { countFilters, listQuery, valuesIn } from './filters'

export function useListQuery() {
  const route = useRoute()
  const router = useRouter()
  const query = computed(() => listQuery(route.query))
  const filters = computed(() => countFilters(route.query))
  const narrowed = computed(() => filters.value > 0 || Boolean(route.query['q']))

  const valueOf = (name: string): string[] => valuesIn(route.query, name)

  function set(name: string, values: string[]): void {
    const others = Object.entries(route.query).filter(([other]) => other !== name)
    const next: LocationQuery = Object.fromEntries(others)
    if (values.length > 0) next[name] = values.length === 1 ? (values[0] ?? null) : values
    void router.replace({ query: next })
  }

  function clear(): void {
    void router.replace({ query: {} })
  }

  return { query, filters, narrowed, valueOf, set, clear }
}
