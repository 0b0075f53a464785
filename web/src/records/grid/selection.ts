/** Which rows of a list are chosen: some by name, or all of the filter but some. */
import { computed, ref, shallowRef, watch, type Ref } from 'vue'

import type { Query } from '@/api/client'
import type { RecordRow } from '@/api/shapes'

import type { Rows } from './windows'

export interface Chosen {
  /** All rows of the filter, those named left out; else those named. */
  all: boolean
  ids: string[]
}

export function useSelection(rows: Ref<Rows>, total: Ref<number | null>, query: Ref<Query>) {
  const all = ref(false)
  const named = shallowRef<ReadonlySet<string>>(new Set())
  const anchor = ref(0)
  const count = computed(() => (all.value ? Math.max(0, (total.value ?? 0) - named.value.size) : named.value.size))
  const chosen = computed<Chosen>(() => ({ all: all.value, ids: [...named.value] }))

  const has = (row: RecordRow | undefined): boolean => row !== undefined && all.value !== named.value.has(row.id)

  function set(ids: string[], on: boolean): void {
    const next = new Set(named.value)
    for (const id of ids) {
      if (on === all.value) next.delete(id)
      else next.add(id)
    }
    named.value = next
  }

  function toggle(at: number): void {
    const row = rows.value.get(at)
    if (!row) return
    anchor.value = at
    set([row.id], !has(row))
  }

  /** Choose everything between the row last chosen and this one. */
  function stretch(to: number): void {
    const [low, high] = [Math.min(anchor.value, to), Math.max(anchor.value, to)]
    const ids = []
    for (let at = low; at <= high; at += 1) {
      const row = rows.value.get(at)
      if (row) ids.push(row.id)
    }
    set(ids, true)
  }

  function everything(): void {
    all.value = true
    named.value = new Set()
  }

  function clear(): void {
    all.value = false
    named.value = new Set()
  }

  // another filter shows other rows: nothing stays chosen that one does not see
  watch(() => JSON.stringify({ ...query.value, sort: null }), clear)

  return { all, count, chosen, anchor, has, toggle, stretch, everything, clear }
}

export type Selection = ReturnType<typeof useSelection>
