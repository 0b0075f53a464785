/** The order of a ledger's columns. */
import { expect, test } from 'vitest'

import type { Field, Schema } from '@/api/shapes'

import { fitting, offered } from './columns'

const names = ['id', 'number', 'title', 'kind', 'state']
const fields = names.map((name): Field => ({ name, label: name, type: 'text' }))

test('the state stands right after the title, the rest as the register orders it', () => {
  const schema = { name: 'needs', title_field: 'title', fields } as Schema
  expect(offered(schema).map((field) => field.name)).toEqual(['title', 'state', 'number', 'kind'])
})

test('a register without states just begins with its title', () => {
  const schema = { name: 'experts', title_field: 'title', fields: fields.slice(0, 4) } as Schema
  expect(offered(schema).map((field) => field.name)).toEqual(['title', 'number', 'kind'])
})

test('kept columns are shown in their order, what is held in place first, unknown names passed over', () => {
  const schema = { name: 'needs', title_field: 'title', fields } as Schema
  const settings = [
    { name: 'kind', width: 90, pinned: false },
    { name: 'gone', width: 90, pinned: false },
    { name: 'title', width: 9_000, pinned: false },
    { name: 'state', width: 1, pinned: true },
  ]
  const shown = fitting(schema, settings)
  expect(shown.map((column) => column.field.name)).toEqual(['state', 'kind', 'title'])
  expect(shown.map((column) => column.width)).toEqual([64, 90, 800])
})

test('the title is shown even where it was not kept', () => {
  const schema = { name: 'needs', title_field: 'title', fields } as Schema
  expect(fitting(schema, [{ name: 'kind', width: 90, pinned: false }])[0]?.field.name).toBe('title')
})
