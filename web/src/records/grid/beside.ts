/** The record shown beside its ledger, as the address holds it: `?open=<id>&tab=`. */
import { computed, ref, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import type { RecordRow } from '@/api/shapes'
import { useNarrow } from '@/ui/media'

import type { Rows } from './windows'

/** Below this width the two do not fit beside each other, and the record has its page. */
const TOGETHER = 1100

export function useBeside(
  register: string,
  rows: Ref<Rows>,
  total: Ref<number | null>,
  need: (from: number, to: number) => Promise<unknown>,
  back: (row?: number) => void,
) {
  const route = useRoute()
  const router = useRouter()
  const narrow = useNarrow(TOGETHER)
  const focus = ref(false)

  const asked = computed(() => String(route.query['open'] ?? ''))
  const opened = computed(() => (narrow.value ? '' : asked.value))
  const tab = computed(() => String(route.query['tab'] ?? ''))
  const place = computed(() => [...rows.value].find(([, row]) => row.id === opened.value)?.[0] ?? -1)
  const before = computed(() => place.value > 0)
  const after = computed(() => place.value >= 0 && place.value < (total.value ?? 0) - 1)

  function address(id: string | undefined, name: string | undefined): void {
    const { open: _open, tab: _tab, ...rest } = route.query
    void router.replace({ query: { ...rest, ...(id && { open: id }), ...(id && name && { tab: name }) } })
  }

  function open(row: RecordRow, byKey: boolean): void {
    if (narrow.value) {
      void router.push(`/r/${register}/${row.id}`)
      return
    }
    focus.value = byKey
    address(row.id, tab.value)
  }

  function close(): void {
    if (!asked.value) return
    const row = place.value
    address(undefined, undefined)
    back(row >= 0 ? row : undefined)
  }

  async function step(by: number): Promise<void> {
    const to = place.value + by
    if (!rows.value.has(to)) await need(to, to)
    const row = rows.value.get(to)
    if (row) address(row.id, tab.value)
  }

  const turn = (name: string | undefined): void => address(opened.value, name)

  return { opened, tab, before, after, focus, open, close, step, turn }
}
