/** How values read. */
import { beforeAll, expect, test } from 'vitest'

import type { Field, RecordRow } from '@/api/shapes'
import { speakLocale } from '@/i18n'

import { textOf } from './display'

const one: Field = { name: 'merged_into', label: '并入', type: 'reference', reference: 'needs' }
const several: Field = { name: 'enterprise_ids', label: '企业', type: 'references', reference: 'enterprises' }

function aRow(labels: RecordRow['labels']): RecordRow {
  return { id: 'n', version: 1, created_at: '', updated_at: '', ...(labels && { labels }) }
}

beforeAll(() => speakLocale('zh-CN'))

test('a reference reads as the title of what it leads to', () => {
  expect(textOf(one, '01a2', aRow({ merged_into: '激光器封装' }))).toBe('激光器封装')
})

test('a record the reader may not see is said to be so, never named by its id', () => {
  expect(textOf(one, '01a2', aRow({ merged_into: null }))).toBe('（对您不可见）')
  expect(textOf(several, ['01a2', '01a3'], aRow({ enterprise_ids: ['甲公司', ''] }))).toBe('甲公司、（对您不可见）')
})
