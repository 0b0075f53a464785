/** Which columns a person wants to see in a ledger, kept on this device. */
import { computed, ref, watch, type Ref } from 'vue'

import type { Field, Schema } from '@/api/shapes'

const STORED = 'park.columns.'
const WIDTHS: Partial<Record<Field['type'], number>> = {
  integer: 120,
  decimal: 120,
  date: 116,
  datetime: 156,
  boolean: 90,
  choice: 120,
  longtext: 260,
  reference: 220,
}
const TITLE_WIDTH = 280
const KEY_WIDTH = 200
const USUAL_WIDTH = 150
const CHARACTER = 14
const PADDING = 44 // room for the arrow of the order too

/** Wide enough for what usually stands in it, and for its own heading. */
function widthOf(field: Field): number {
  const usualWidth = field.natural_key ? KEY_WIDTH : (WIDTHS[field.type] ?? USUAL_WIDTH)
  const heading = field.label.length + (field.unit ? field.unit.length + 2 : 0)
  return Math.min(TITLE_WIDTH, Math.max(usualWidth, heading * CHARACTER + PADDING))
}

export interface Column {
  field: Field
  width: number
  isTitle: boolean
}

/** The title, then the state, which a clerk looks for in every row; the others as the register orders them. */
export function offered(schema: Schema): Field[] {
  const first = [schema.title_field, 'state']
  const leading = first.flatMap((name) => schema.fields.filter((field) => field.name === name))
  return [...leading, ...schema.fields.filter((field) => !first.includes(field.name) && field.name !== 'id')]
}

function usual(schema: Schema): string[] {
  const listed = schema.fields.filter((field) => field.in_list || field.name === 'state')
  return [schema.title_field, ...listed.map((field) => field.name).filter((name) => name !== schema.title_field)]
}

export function useColumns(schema: Ref<Schema | undefined>) {
  const chosen = ref<string[]>([])
  watch(
    () => schema.value?.name,
    (name) => {
      if (!schema.value || !name) return
      const stored = localStorage.getItem(STORED + name)
      chosen.value = stored ? (JSON.parse(stored) as string[]) : usual(schema.value)
    },
    { immediate: true },
  )

  const columns = computed<Column[]>(() => {
    if (!schema.value) return []
    const wanted = new Set(chosen.value)
    const title = schema.value.title_field
    return offered(schema.value)
      .filter((field) => wanted.has(field.name) || field.name === title)
      .map((field) => {
        const isTitle = field.name === title
        return { field, isTitle, width: isTitle ? TITLE_WIDTH : widthOf(field) }
      })
  })

  function choose(names: string[]): void {
    chosen.value = names
    if (schema.value) localStorage.setItem(STORED + schema.value.name, JSON.stringify(names))
  }

  function reset(): void {
    if (!schema.value) return
    localStorage.removeItem(STORED + schema.value.name)
    chosen.value = usual(schema.value)
  }

  return { columns, chosen, choose, reset }
}
