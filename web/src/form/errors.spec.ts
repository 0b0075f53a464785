/** A refusal is shown beside the field it is about, wherever in its value the server points. */
import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { defineComponent, h } from 'vue'

import { Problem } from '@/api/problem'
import type { Field } from '@/api/shapes'
import { i18n } from '@/i18n'

import { useFormErrors, type FormErrors } from './errors'

const global = { plugins: [i18n] }
const fields: Field[] = [
  { name: 'tags', label: '关键词', type: 'tags' },
  { name: 'people', label: '人员', type: 'rows', columns: [{ name: 'phone', label: '电话', type: 'text' }] },
]

function errorsOf(...pointers: string[]): FormErrors {
  const errors = pointers.map((pointer) => ({ pointer, code: 'x', detail: `错在${pointer}` }))
  const refusal = new Problem({ type: 'urn:park:invalid', title: '不行', status: 422, errors })
  let found: FormErrors | undefined
  const view = defineComponent(() => {
    found = useFormErrors('f').fromProblem(refusal, fields)
    return () => h('p')
  })
  mount(view, { global })
  return found ?? { lines: [], messages: {} }
}

test('an item of a list is a matter of its field', () => {
  const { lines, messages } = errorsOf('/tags/2', '/tags/5')
  expect(messages).toEqual({ '/tags': '错在/tags/2 错在/tags/5' })
  expect(lines.map((line) => line.target)).toEqual(['f-tags', 'f-tags'])
})

test('a cell of a repeating group keeps its place, a whole row is a matter of the group', () => {
  expect(Object.keys(errorsOf('/people/1/phone', '/people/1').messages)).toEqual(['/people/1/phone', '/people'])
})

test('what belongs to no field of the form is told above it', () => {
  expect(errorsOf('/owner').lines).toEqual([{ target: null, text: '错在/owner' }])
})
