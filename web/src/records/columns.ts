/** Which columns a person wants to see in a ledger, in which order and width, kept on this device. */
import { computed, ref, watch, type Ref } from 'vue'

import type { Field, Schema } from '@/api/shapes'
import { useMe } from '@/session/me'

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
const LEAST_WIDTH = 64
const MOST_WIDTH = 800

/** Wide enough for what usually stands in it, and for its own heading. */
function widthOf(field: Field): number {
  const usualWidth = field.natural_key ? KEY_WIDTH : (WIDTHS[field.type] ?? USUAL_WIDTH)
  const heading = field.label.length + (field.unit ? field.unit.length + 2 : 0)
  return Math.min(TITLE_WIDTH, Math.max(usualWidth, heading * CHARACTER + PADDING))
}

/**
 * One column as it is kept: with a person here, with a saved view elsewhere. A list of these, in screen order, is the
 * whole model and stays plain JSON; a name the schema does not know (any more) is passed over when it is read.
 */
export interface ColumnSetting {
  name: string
  width: number
  pinned: boolean
}

export interface Column {
  field: Field
  width: number
  pinned: boolean
  isTitle: boolean
}

/** The title, then the state, which a clerk looks for in every row; the others as the register orders them. */
export function offered(schema: Schema): Field[] {
  const first = [schema.title_field, 'state']
  const leading = first.flatMap((name) => schema.fields.filter((field) => field.name === name))
  return [...leading, ...schema.fields.filter((field) => !first.includes(field.name) && field.name !== 'id')]
}

function settingOf(schema: Schema, field: Field): ColumnSetting {
  const isTitle = field.name === schema.title_field
  return { name: field.name, width: isTitle ? TITLE_WIDTH : widthOf(field), pinned: isTitle }
}

export function usual(schema: Schema): ColumnSetting[] {
  const listed = offered(schema).filter(
    (field) => field.in_list || field.name === 'state' || field.name === schema.title_field,
  )
  return listed.map((field) => settingOf(schema, field))
}

/** What was kept, as far as it can be shown: the title always, what is held in place before what scrolls. */
export function fitting(schema: Schema, settings: ColumnSetting[]): Column[] {
  const byName = new Map(offered(schema).map((field) => [field.name, field]))
  const title = byName.get(schema.title_field)
  const named = settings.some((one) => one.name === schema.title_field)
  const whole = named || !title ? settings : [settingOf(schema, title), ...settings]
  const columns = whole.flatMap((one) => {
    const field = byName.get(one.name)
    const width = Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, one.width))
    return field ? [{ field, width, pinned: one.pinned, isTitle: field.name === schema.title_field }] : []
  })
  return [...columns.filter((column) => column.pinned), ...columns.filter((column) => !column.pinned)]
}

function parsed(text: string | null): ColumnSetting[] | null {
  try {
    const found: unknown = JSON.parse(text ?? 'null')
    const isList = Array.isArray(found) && found.every((one) => typeof one === 'object' && one && 'name' in one)
    return isList ? (found as ColumnSetting[]) : null
  } catch {
    return null
  }
}

export function useColumns(schema: Ref<Schema | undefined>) {
  const { me } = useMe()
  const settings = ref<ColumnSetting[]>([])
  const place = (name: string): string => `${STORED}${me.value?.id ?? ''}.${name}`
  watch(
    () => schema.value?.name,
    (name) => {
      if (schema.value && name) settings.value = parsed(localStorage.getItem(place(name))) ?? usual(schema.value)
    },
    { immediate: true },
  )

  const columns = computed<Column[]>(() => (schema.value ? fitting(schema.value, settings.value) : []))
  const chosen = computed(() => columns.value.map((column) => column.field.name))
  /** The names in screen order, as a list or an export asks for them. */
  const fields = computed(() => chosen.value.join(','))

  /** Show these columns, in this order (a saved view's, or what follows from one change here). */
  function apply(next: ColumnSetting[]): void {
    settings.value = next
    if (schema.value) localStorage.setItem(place(schema.value.name), JSON.stringify(next))
  }

  const present = (): ColumnSetting[] =>
    columns.value.map(({ field, width, pinned }) => ({ name: field.name, width, pinned }))

  function change(name: string, to: Partial<ColumnSetting>): void {
    apply(present().map((one) => (one.name === name ? { ...one, ...to } : one)))
  }

  function toggle(name: string, on: boolean): void {
    const field = schema.value?.fields.find((one) => one.name === name)
    if (!schema.value || !field) return
    const rest = present().filter((one) => one.name !== name)
    apply(on ? [...rest, settingOf(schema.value, field)] : rest)
  }

  function move(name: string, by: number): void {
    const next = present()
    const from = next.findIndex((one) => one.name === name)
    const [one] = next.splice(from, 1)
    if (one) next.splice(Math.max(0, Math.min(next.length, from + by)), 0, one)
    apply(next)
  }

  const resize = (name: string, width: number): void =>
    change(name, { width: Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, Math.round(width))) })
  const pin = (name: string, pinned: boolean): void => change(name, { pinned })

  function reset(): void {
    if (!schema.value) return
    localStorage.removeItem(place(schema.value.name))
    settings.value = usual(schema.value)
  }

  return { columns, chosen, fields, settings, apply, toggle, move, resize, pin, reset }
}
