/** The pieces of the interface, as a reader meets them. */
import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'

import { i18n } from '@/i18n'

import ErrorSummary from './ErrorSummary.vue'
import MarkedText from './MarkedText.vue'
import PartsBar from './PartsBar.vue'
import ProgressLine from './ProgressLine.vue'
import { roundedParts } from './rounding'
import { piecesOf } from './spans'
import TabStrip from './TabStrip.vue'
import TagsInput from './TagsInput.vue'

const global = { plugins: [i18n] }

test('quoted pieces are highlighted where they stand, overlapping ones as one', () => {
  const view = mount(MarkedText, { props: { text: '研究半导体激光器封装', quotes: ['半导体激光', '激光器'] } })
  expect(view.findAll('mark').map((mark) => mark.text())).toEqual(['半导体激光器'])
  expect(view.text()).toBe('研究半导体激光器封装')
})

test('the error summary takes the focus and leads to the field', async () => {
  const view = mount(ErrorSummary, {
    props: { lines: [{ target: 'f-title', text: '请填写标题' }] },
    global,
    attachTo: document.body,
  })
  await new Promise((done) => setTimeout(done))
  expect(document.activeElement).toBe(view.element)
  expect(view.find('a').attributes('href')).toBe('#f-title')
})

test('arrow keys walk the tabs', async () => {
  const tabs = [
    { name: 'details', label: '详情' },
    { name: 'history', label: '历史' },
  ]
  const view = mount(TabStrip, { props: { tabs, chosen: 'details', label: '各部分' } })
  await view.find('[data-test=tab-details]').trigger('keydown', { key: 'ArrowRight' })
  expect(view.emitted('choose')).toEqual([['history']])
})

test('a comma or Enter takes the word, a repeated word is taken once', async () => {
  const view = mount(TagsInput, { props: { id: 'x', modelValue: ['激光'] }, global })
  const input = view.find('input')
  await input.setValue('激光、封装，')
  expect(view.emitted('update:modelValue')).toEqual([[['激光', '封装']]])
})

test('the reached step is the current one', () => {
  const view = mount(ProgressLine, { props: { steps: ['提交', '受理', '确认'], reached: 1, label: '进度' } })
  expect(view.find('[aria-current=step]').text()).toContain('受理')
})

test('spans are counted in characters, not in the halves of rare ones', () => {
  const view = mount(MarkedText, { props: { text: '𠮷田的激光器封装', spans: [[3, 6]] } })
  expect(view.findAll('mark').map((mark) => mark.text())).toEqual(['激光器'])
  expect(view.text()).toBe('𠮷田的激光器封装')
})

test('spans that overlap, touch or leave the text become sound pieces', () => {
  const marked = piecesOf('激光器封装', [
    [0, 2],
    [1, 3],
    [4, 99],
  ])
  expect(marked).toEqual([
    { text: '激光器', marked: true },
    { text: '封', marked: false },
    { text: '装', marked: true },
  ])
})

test('the figures of a bar add up to the figure they explain', () => {
  for (const parts of [[0.333, 0.333, 0.334], [0.125, 0.125, 0.005], [0, 0, 0], [0.2149, 0.4449, 0.0302, 0.0101]]) {
    const total = parts.reduce((sum, part) => sum + part, 0)
    const shown = roundedParts(parts, 2)
    expect(shown.reduce((sum, part) => sum + part, 0)).toBeCloseTo(Number(total.toFixed(2)), 10)
    for (const [at, part] of shown.entries()) expect(Math.abs(part - (parts[at] ?? 0))).toBeLessThan(0.01)
  }
})

test('the pieces of a bar are as long as what they stand for', () => {
  const parts = [
    { name: 'bm25', label: '词语', value: 0.42, colour: 1 },
    { name: 'field', label: '领域', value: 0.08, colour: 4 },
  ]
  const view = mount(PartsBar, { props: { parts, scale: 2, label: '得分构成' } })
  const widths = view.findAll('.piece').map((piece) => Number.parseFloat(piece.attributes('style')?.match(/width: ([\d.]+)%/)?.[1] ?? ''))
  expect(widths).toEqual([21, 4])
  expect(view.findAll('li').map((one) => one.text())).toEqual(['词语 0.420', '领域 0.080'])
})
