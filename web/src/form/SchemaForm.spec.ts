/** A form drawn from a schema: a control per type, messages beside their fields. */
import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'

import type { Field, FieldType } from '@/api/shapes'
import { i18n } from '@/i18n'

import SchemaForm from './SchemaForm.vue'

const global = { plugins: [i18n] }

function aField(name: string, type: FieldType, more: Partial<Field> = {}): Field {
  return { name, label: name, type, ...more }
}

function aForm(fields: Field[], more: object = {}) {
  return mount(SchemaForm, { props: { prefix: 'f', fields, modelValue: {}, messages: {}, ...more }, global })
}

test('every type of field gets a labelled control', () => {
  const choices = [{ value: 'a', label: '甲' }]
  const fields = [
    aField('text', 'text'),
    aField('longtext', 'longtext'),
    aField('integer', 'integer'),
    aField('decimal', 'decimal'),
    aField('date', 'date'),
    aField('datetime', 'datetime'),
    aField('boolean', 'boolean'),
    aField('choice', 'choice', { choices }),
    aField('tags', 'tags'),
    aField('code', 'code', { scheme: 'industry' }),
    aField('codes', 'codes', { scheme: 'industry' }),
  ]
  const view = aForm(fields)
  for (const field of fields) {
    const control = view.find(`[data-test=field-${field.name}]`)
    expect(control.exists(), field.name).toBe(true)
    expect(view.find(`label[for="${control.attributes('id')}"]`).exists(), field.name).toBe(true)
  }
})

test('a message stands beside its field and the control points at it', () => {
  const view = aForm([aField('title', 'text')], { messages: { '/title': '请填写标题' } })
  const control = view.find('[data-test=field-title]')
  expect(control.attributes('aria-invalid')).toBe('true')
  expect(view.find(`#${control.attributes('aria-describedby')}`).text()).toBe('请填写标题')
})

test('a masked value is shown as its mask and its box stays empty', () => {
  const record = { id: '1', version: 1, created_at: '', updated_at: '', phone: '138****0000' }
  const view = aForm([aField('phone', 'text', { disclosure: 'masked' })], { record })
  expect(view.text()).toContain('138****0000')
  expect((view.find('[data-test=field-phone]').element as HTMLInputElement).value).toBe('')
})

test('a repeating group grows by a row', async () => {
  const view = aForm([aField('names', 'rows', { columns: [aField('name', 'text')] })])
  await view.find('[data-test=field-names-add]').trigger('click')
  expect(view.emitted('update:modelValue')).toEqual([[{ names: [{}] }]])
})

test('fields stand under the headings of their sections', () => {
  const fields = [aField('a', 'text', { section: 'basic' }), aField('b', 'text')]
  const view = aForm(fields, { sections: [{ name: 'basic', label: '基本情况' }] })
  expect(view.find('legend').text()).toBe('基本情况')
  expect(view.find('fieldset [data-test=field-a]').exists()).toBe(true)
})
