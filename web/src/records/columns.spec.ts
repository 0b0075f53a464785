/** The order of a ledger's columns. */
import { expect, test } from 'vitest'

import type { Field, Schema } from '@/api/shapes'

import { offered } from './columns'

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
