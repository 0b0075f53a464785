/** What a form sends: nothing unasked, nothing masked, nothing mistyped. */
import { expect, test } from 'vitest'

import type { Field, RecordRow } from '@/api/shapes'

import { changed, complaints, elementId, filled, valuesOf } from './values'

function aField(given: Partial<Field> = {}): Field {
  return { name: 'title', label: '标题', type: 'text', ...given }
}

function aRecord(given: Partial<RecordRow> = {}): RecordRow {
  return { id: '1', version: 3, created_at: '', updated_at: '', ...given }
}

test('a new record is sent without the fields left empty', () => {
  const fields = [aField(), aField({ name: 'note' }), aField({ name: 'tags', type: 'tags' })]
  expect(filled({ title: ' 激光器 ', note: '', tags: [] }, fields)).toEqual({ title: '激光器' })
})

test('a whole number goes as a number, a decimal as it was typed', () => {
  const fields = [aField({ name: 'people', type: 'integer' }), aField({ name: 'budget', type: 'decimal' })]
  expect(filled({ people: '12', budget: '30.50' }, fields)).toEqual({ people: 12, budget: '30.50' })
})

test('a revision sends only what changed, emptied fields as null', () => {
  const fields = [aField(), aField({ name: 'note' }), aField({ name: 'people', type: 'integer' })]
  const before = { title: '甲', note: '乙', people: 5 }
  expect(changed(before, { title: '甲', note: '', people: '5' }, fields)).toEqual({ note: null })
})

test('a mask is never written back', () => {
  const fields = [aField({ name: 'phone', disclosure: 'masked' })]
  const values = valuesOf(aRecord({ phone: '138****0000' }), fields)
  expect(changed(values, values, fields)).toEqual({})
  expect(changed(values, { phone: '13900000000' }, fields)).toEqual({ phone: '13900000000' })
})

test('slips are found without asking the server, inside repeating groups too', () => {
  const fields = [
    aField({ required: true }),
    aField({ name: 'people', type: 'integer', minimum: 1 }),
    aField({ name: 'names', type: 'rows', columns: [aField({ name: 'name', required: true })] }),
  ]
  const found = complaints(fields, { title: '', people: '0', names: [{ name: '' }] })
  expect(found.map(({ pointer, code }) => [pointer, code])).toEqual([
    ['/title', 'missing'],
    ['/people', 'too_small'],
    ['/names/0/name', 'missing'],
  ])
})

test('a pointer becomes the id of the control', () => {
  expect(elementId('f', '/contacts/0/phone')).toBe('f-contacts-0-phone')
})
