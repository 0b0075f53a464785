/** The rows of a list of any length: windows of them are asked for where one looks, in any order. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref, shallowRef, watch, type Ref } from 'vue'

import type { Query } from '@/api/client'
import { records } from '@/api/registers'
import type { RecordRow } from '@/api/shapes'

export const WINDOW = 100
const FRESH = 30_000

export type Rows = ReadonlyMap<number, RecordRow>

export function useWindows(register: string, query: Ref<Query>, fields: Ref<string>) {
  const cache = useQueryClient()
  const question = computed<Query>(() => ({ ...query.value, fields: fields.value }))
  const keyOf = (part: string | number) => ['list', register, question.value, part]
  const rows = shallowRef<Rows>(new Map())
  const total = ref<number | null>(null)
  let asked = new Map<number, Promise<void>>()
  let seen = { from: 0, to: 0 }
  let generation = 0
  let answered: Query | null = null

  // the first window brings the count, and is asked again with whatever makes lists stale
  const first = useQuery({
    queryKey: computed(() => keyOf('first')),
    queryFn: ({ signal }) => records.list(register, { ...question.value, limit: WINDOW, count: true }, signal),
    enabled: computed(() => fields.value !== ''),
    placeholderData: keepPreviousData,
  })

  function put(start: number, found: RecordRow[], before: Rows): void {
    const next = new Map(before)
    for (const [at, row] of found.entries()) next.set(start + at, row)
    rows.value = next
  }

  watch(
    [first.data, first.isPlaceholderData],
    ([page, isOld]) => {
      if (!page || isOld) return
      generation += 1
      asked = new Map([[0, Promise.resolve()]])
      total.value = page.total ?? page.items.length
      const kept = answered === question.value ? [...rows.value].filter(([at]) => at < (total.value ?? 0)) : []
      answered = question.value
      put(0, page.items, new Map(kept))
      need(seen.from, seen.to)
    },
    { immediate: true },
  )

  async function load(window: number): Promise<void> {
    const mine = generation
    const start = window * WINDOW
    const page = await cache.fetchQuery({
      queryKey: keyOf(window),
      queryFn: ({ signal }) => records.list(register, { ...question.value, offset: start, limit: WINDOW }, signal),
      staleTime: FRESH,
    })
    if (mine === generation) put(start, page.items, rows.value)
  }

  function ask(window: number): Promise<void> {
    const known = asked.get(window)
    if (known) return known
    const mine = asked
    const found = load(window).catch(() => void mine.delete(window))
    asked.set(window, found)
    return found
  }

  /** See to it that these rows are there, or on their way. */
  function need(from: number, to: number): Promise<unknown> {
    seen = { from, to }
    if (total.value === null || total.value === 0) return Promise.resolve()
    const last = Math.min(to, total.value - 1)
    const windows = []
    for (let window = Math.floor(from / WINDOW); window <= Math.floor(last / WINDOW); window += 1) windows.push(window)
    return Promise.all(windows.map(ask))
  }

  /** Read one row again as the list shows it, where it stands now. */
  async function renew(id: string): Promise<void> {
    const page = await records.list(register, { id, fields: fields.value, limit: 1 })
    const found = page.items[0]
    const place = [...rows.value].find(([, row]) => row.id === id)?.[0]
    if (found && place !== undefined) put(place, [found], rows.value)
    void cache.invalidateQueries({ queryKey: ['list', register], refetchType: 'none' })
  }

  return { rows, total, need, renew, first, stale: first.isPlaceholderData }
}

/** How many rows stand under each value; asked apart from the rows, so that these need not wait. */
export function useFacets(register: string, query: Ref<Query>, names: Ref<string>, ready: Ref<boolean>) {
  const question = computed<Query>(() => {
    const { sort: _, ...rest } = query.value
    return rest
  })
  return useQuery({
    queryKey: computed(() => ['list', register, question.value, 'facets', names.value]),
    queryFn: ({ signal }) =>
      records.list(register, { ...question.value, fields: 'id', limit: 1, facets: names.value }, signal),
    enabled: computed(() => ready.value && names.value !== ''),
    placeholderData: keepPreviousData,
  })
}
