/** The pieces of the interface, as a reader meets them. */
import { mount } from '@vue/test-utils'
import { createI18n } from 'vue-i18n'
import { expect, test } from 'vitest'

import messages from '@/locales/zh-CN.json'

import ErrorSummary from './ErrorSummary.vue'
import MarkedText from './MarkedText.vue'
import ProgressLine from './ProgressLine.vue'
import TabStrip from './TabStrip.vue'
import TagsInput from './TagsInput.vue'

const global = { plugins: [createI18n({ legacy: false, locale: 'zh-CN', messages: { 'zh-CN': messages } })] }

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
