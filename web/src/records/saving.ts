/** Creating or revising one record from a form: what is sent, what is kept, what a conflict leads to. */
import { useQueryClient } from '@tanstack/vue-query'
import { computed, ref, shallowRef, type Ref } from 'vue'

import { newKey } from '@/api/client'
import { isStale, Problem } from '@/api/problem'
import { records } from '@/api/registers'
import type { Field, RecordRow, Schema, Values } from '@/api/shapes'
import { changed, filled, valuesOf } from '@/form/values'

import { recordKey } from './queries'

/** Fields the form offers: what the server lets this person write. */
export function writableFields(schema: Schema, row: RecordRow | null): Field[] {
  if (!row) return schema.fields.filter((field) => field.writable)
  const editable = new Set(row.editable ?? [])
  return schema.fields.filter((field) => editable.has(field.name))
}

export function useSaving(schema: Schema, first: RecordRow | null, values: Ref<Values>) {
  const cache = useQueryClient()
  const base = shallowRef<RecordRow | null>(first)
  const conflict = shallowRef<RecordRow | null>(null)
  const fields = computed(() => writableFields(schema, base.value))
  const before = computed<Values>(() => (base.value ? valuesOf(base.value, fields.value) : {}))
  const busy = ref(false)
  // one key per form: pressing twice, or again after a broken line, files the record once
  let key = newKey()

  function write(): Promise<RecordRow> {
    if (!base.value) return records.create(schema.name, filled(values.value, fields.value), key)
    const patch = changed(before.value, values.value, fields.value)
    return records.revise(schema.name, base.value.id, base.value.version, patch)
  }

  /** Save; null when somebody else was faster and the person must decide. Throws Problem. */
  async function save(): Promise<RecordRow | null> {
    busy.value = true
    try {
      const row = await write()
      cache.setQueryData(recordKey(schema.name, row.id), row)
      await cache.invalidateQueries({ queryKey: ['list'] })
      await cache.invalidateQueries({ queryKey: ['history', schema.name, row.id] })
      return row
    } catch (cause) {
      // an answer, if only a refusal: what is sent next is another record; without one it is this one again
      if (cause instanceof Problem && cause.status < 500) key = newKey()
      if (!isStale(cause) || !base.value) throw cause
      conflict.value = await records.read(schema.name, base.value.id)
      return null
    } finally {
      busy.value = false
    }
  }

  /** What a new record would be sent as, with the key it was sent with if the line broke. */
  function unsent(): { key: string; values: Values } {
    return { key, values: filled(values.value, fields.value) }
  }

  /** Go on from the newest version: with what was typed here, or with what stands there. */
  function settle(keepMine: boolean): void {
    if (!conflict.value) return
    const mine = changed(before.value, values.value, fields.value)
    base.value = conflict.value
    const theirs = valuesOf(conflict.value, fields.value)
    values.value = keepMine ? { ...theirs, ...mine } : theirs
    conflict.value = null
  }

  return { base, before, fields, conflict, busy, save, settle, unsent }
}
