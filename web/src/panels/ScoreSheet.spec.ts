/** A sheet is kept as it is and handed in only whole; refusals stand beside the criterion they are about. */
import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'

import type { Sheet } from '@/api/panels'
import { Problem } from '@/api/problem'
import { i18n, speakLocale } from '@/i18n'

import { refusalsIn, type Refusal } from './refusals'
import ScoreSheet from './ScoreSheet.vue'

const sheet: Sheet = {
  criteria: [
    { code: 'c1', name: '创新性', max_points: '20.00' },
    { code: 'c2', name: '可行性', max_points: '10.00' },
  ],
  scores: [{ criterion: 'c2', points: '7.50', comment: '路线清楚' }],
  opinion: null,
  comment: null,
  saved_at: null,
  submitted_at: null,
  may: ['draft', 'submit'],
}

async function aSheet(refusal: Refusal[] = [], given: Partial<Sheet> = {}) {
  await speakLocale('zh-CN')
  return mount(ScoreSheet, {
    props: { sheet: { ...sheet, ...given }, busy: false, refusal },
    global: { plugins: [i18n] },
    attachTo: document.body,
  })
}

test('a draft may lack what a sheet that is handed in must have', async () => {
  const view = await aSheet()
  await view.find('[data-test=score-keep]').trigger('click')
  expect(view.emitted('keep')).toEqual([
    [{ scores: [{ criterion: 'c2', points: '7.50', comment: '路线清楚' }], opinion: null, comment: null }],
  ])
  await view.find('form').trigger('submit')
  expect(view.emitted('submit')).toBeUndefined()
  const summary = view.find('[data-test=error-summary]').text()
  expect(summary).toContain('请为“创新性”评分（0 至 20）')
  expect(summary).toContain('请选择评审意见')
  view.unmount()
})

test('a whole sheet is handed in as it stands', async () => {
  const view = await aSheet()
  await view.find('[data-test=score-c1]').setValue(' 18 ')
  await view.find('[data-test=score-opinion-approve]').setValue(true)
  expect(view.find('[data-test=score-total]').text()).toContain('85.00')
  await view.find('form').trigger('submit')
  expect(view.emitted('submit')).toEqual([
    [
      {
        scores: [
          { criterion: 'c1', points: '18', comment: null },
          { criterion: 'c2', points: '7.50', comment: '路线清楚' },
        ],
        opinion: 'approve',
        comment: null,
      },
    ],
  ])
  view.unmount()
})

test('points beyond the scale are not even kept as a draft', async () => {
  const view = await aSheet()
  await view.find('[data-test=score-c2]').setValue('10.5')
  await view.find('[data-test=score-keep]').trigger('click')
  expect(view.emitted('keep')).toBeUndefined()
  expect(view.find('[data-test=score-c2]').attributes('aria-invalid')).toBe('true')
  view.unmount()
})

test('what was handed in is read, not written', async () => {
  const view = await aSheet([], { may: [], submitted_at: '2026-11-27T02:00:00Z' })
  expect(view.find('[data-test=score-submit]').exists()).toBe(false)
  expect(view.find('[data-test=score-c1]').attributes('readonly')).toBeDefined()
  view.unmount()
})

test('a refusal about the second line sent stands beside its criterion', async () => {
  const sent = { scores: [{ criterion: 'c2', points: '11' }], opinion: null, comment: null }
  const problem = new Problem({
    type: 'urn:park:invalid',
    title: '',
    status: 422,
    errors: [{ pointer: '/scores/0/points', code: 'out_of_range', detail: '应在 0 至 10 之间。' }],
  })
  const refusals = refusalsIn(problem, sent)
  expect(refusals).toEqual([{ pointer: '/c2/points', text: '应在 0 至 10 之间。' }])
  const view = await aSheet(refusals)
  expect(view.find('[data-test=score-c2]').attributes('aria-invalid')).toBe('true')
  view.unmount()
})
