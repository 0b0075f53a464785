/** A service entry on its way from one line to the ledger: what was understood, what was corrected by hand. */
import { useQueryClient } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref } from 'vue'

import { newKey } from '@/api/client'
import { palette, type Piece, type ServiceDraft, type Understood } from '@/api/palette'
import { records } from '@/api/registers'
import type { RecordRow } from '@/api/shapes'

const PAUSE = 250

export interface Whom {
  id: string
  label: string
}

export function useEntry(whom: () => Whom | undefined) {
  const cache = useQueryClient()
  const draft = ref<ServiceDraft | null>(null)
  const told = ref<Understood | null>(null)
  const enterprise = ref<Whom | null>(null)
  const byHand = ref(new Set<Piece['field']>())
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking: AbortController | undefined
  let understoodLine = ''
  let key = newKey()

  const unsure = computed(() =>
    (told.value?.pieces ?? [])
      .filter((piece) => !piece.sure && !byHand.value.has(piece.field))
      .map((piece) => piece.field)
      .filter((field) => !(field === 'enterprise_ids' && whom())),
  )

  async function understand(line: string): Promise<void> {
    clearTimeout(timer)
    const words = line.trim()
    if (words === understoodLine) return
    if (words === '') return forget()
    asking?.abort()
    asking = new AbortController()
    const answer = await palette.understand(words, asking.signal)
    understoodLine = words
    told.value = answer
    if (!byHand.value.has('enterprise_ids')) enterprise.value = whom() ?? answer.enterprises[0] ?? null
    const kept = draft.value
    const merged: ServiceDraft = { ...answer.draft }
    if (kept) for (const field of byHand.value) Object.assign(merged, { [field]: kept[field] })
    draft.value = merged
  }

  function later(line: string, failed: (cause: unknown) => void): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      understand(line).catch((cause: unknown) => {
        if (!(cause instanceof DOMException)) failed(cause)
      })
    }, PAUSE)
  }

  function corrected(field: Piece['field']): void {
    byHand.value = new Set([...byHand.value, field])
  }

  function forget(): void {
    draft.value = told.value = enterprise.value = null
    byHand.value = new Set()
    understoodLine = ''
    key = newKey()
  }

  async function save(): Promise<RecordRow> {
    const values = { ...draft.value, enterprise_ids: enterprise.value ? [enterprise.value.id] : [] }
    const made = await records.create('service-log', values, key)
    forget()
    await cache.invalidateQueries({ queryKey: ['list'] })
    return made
  }

  /** A refused entry that is corrected is another one: it goes with a key of its own. */
  function renewKey(): void {
    key = newKey()
  }

  onScopeDispose(() => {
    clearTimeout(timer)
    asking?.abort()
  })
  return { draft, enterprise, unsure, told, understand, later, corrected, save, renewKey }
}
